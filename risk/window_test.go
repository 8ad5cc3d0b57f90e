package risk_test

import (
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

var noon = time.Date(2020, 5, 20, 12, 0, 0, 0, time.UTC)

// after is the context of a message sent at a time, behind others.
func after(w *risk.Window, at time.Time) risk.Context {
	c := agent
	c.Window, c.At = w, at
	return c
}

func TestASplitNumberIsFoundInItsLastPiece(t *testing.T) {
	t.Parallel()

	var w risk.Window
	for i, part := range []string{"先记 138", "1234"} {
		at := noon.Add(time.Duration(i) * 10 * time.Second)
		require.Equal(t, event.Allow, risk.Default().Check(part, after(&w, at)).Verdict, part)
		w.Add(part, at)
	}
	text := "最后 5678"
	got := risk.Default().Check(text, after(&w, noon.Add(20*time.Second)))
	require.Equal(t, event.Block, got.Verdict)
	v := got.Violations[0]
	require.Equal(t, "contact.phone", v.Rule)
	require.Equal(t, "5678", text[v.Start:v.End], "the span is of the message that is judged")
	require.Equal(t, got, risk.Default().Check(text, after(&w, noon.Add(20*time.Second))), "Check only reads the window")
}

// TestWhatIsSaidBeforeANumberSaysWhatItIs, unless it is a sentence of its own.
func TestWhatIsSaidBeforeANumberSaysWhatItIs(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"Please check your order page. ¶ 98 ¶ 45 ¶ 21 ¶ 7703 call": event.Block,
		"The courier will come Friday ¶ my no. is 6123 ¶ 8904":     event.Block,
		"Awb no. 3390 ¶ 1827 ¶ 552 ¶ that's Delhivery madam":       event.Allow,
		"the tracking number is ¶ 9845 ¶ 217703":                   event.Allow,
		"Thanks. ¶ top": event.Flag,
		"mydeal ¶ .com": event.Block,
	})
}

func TestAWindowLastsAMinute(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name  string
		later time.Duration
		want  event.Verdict
	}{
		{"at once", 0, event.Block},
		{"within", 59 * time.Second, event.Block},
		{"after", 61 * time.Second, event.Allow},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var w risk.Window
			w.Add("1381234", noon)
			require.Equal(t, tt.want, risk.Default().Check("5678", after(&w, noon.Add(tt.later))).Verdict)
			require.Equal(t, tt.want == event.Allow, w.Empty(noon.Add(tt.later)))
		})
	}
}

func TestWhatComesBetweenEndsASplitNumber(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name  string
		parts []string
		want  event.Verdict
	}{
		{"pieces", []string{"415", "555", "2671"}, event.Block},
		{"an order's", []string{"your order number is 415", "555", "2671"}, event.Allow},
		{"a price between", []string{"415", "that is 30 dollars in total", "555 2671 dollars"}, event.Allow},
		{"prices", []string{"45 dollars", "129 dollars", "1388 dollars"}, event.Allow},
		{"pieces that are called so", []string{"Write 161 down please", "Now 771", "And finally 38471, that's the whole thing"}, event.Block},
		{"counted pieces", []string{"(1/3) 090", "(2/3) 8501", "(3/3) 801"}, event.Block},
		{"talk between", []string{"记住135387", "稍等", "还有83022"}, event.Block},
		{"put together afterwards", []string{"06704", "32187", "join those two and dial"}, event.Block},
		{"a card", []string{"6222 0269", "3371 7187"}, event.Block},
		{"balances", []string{"Your balance is 9448 in credit.", "At what question would you like to start?", "Your balance is 1944 in credit."}, event.Allow},
		{"quantities", []string{"库存还有1859件", "客户编号31591317"}, event.Allow},
		{"a tracking number", []string{"The tracking number is 520996075272, it should update tonight.", "您前面还有40位在排队"}, event.Allow},
		{"dates", []string{"then it leaves on 2020-05-20", "and it arrives on 2020-05-23"}, event.Allow},
		{"one message alone is judged as ever", []string{"hello", "call 415-555-2671"}, event.Block},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			verdict, found := judged(risk.Default(), strings.Join(tt.parts, " ¶ "))
			require.Equal(t, tt.want, verdict, found)
		})
	}
}

func TestAWordOrAnAddressSplitIsFoundInItsLastPiece(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name  string
		parts []string
		want  event.Verdict
	}{
		{"a name in two", []string{"add me on we", "chat: tombaker77"}, event.Block},
		{"a name and its handle", []string{"find me on tele", "gram", "@pavel_trade"}, event.Block},
		{"a handle in two", []string{"wechat: kevin", "and then", "2019cn"}, event.Block},
		{"an address", []string{"kate.w", "@", "icloud", ".", "com"}, event.Block},
		{"an address's end", []string{"drop me a mail", "anna77", "@gmx", ".net"}, event.Block},
		{"Chinese", []string{"加我微", "信", "lulu5566"}, event.Block},
		{"numerals", []string{"扣扣", "三六五", "二二一", "九零八"}, event.Block},
		{"two sentences", []string{"Then let's try it another way", "The snap button of the jacket can be replaced"}, event.Allow},
		{"words that would join", []string{"Here we", "chat all day about lamps"}, event.Allow},
		{"a greeting", []string{"Hello!", "How can I help?", "Sure."}, event.Allow},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			verdict, found := judged(risk.Default(), strings.Join(tt.parts, " ¶ "))
			require.Equal(t, tt.want, verdict, found)
		})
	}
}

func TestASpanNeverPointsIntoAnEarlierMessage(t *testing.T) {
	t.Parallel()

	var w risk.Window
	w.Add("ok: fastrefunds", noon)
	w.Add("then @", noon.Add(time.Second))
	text := "then ｍａｉｌ.com"
	got := risk.Default().Check(text, after(&w, noon.Add(2*time.Second)))
	sound(t, text, got)
	require.Equal(t, event.Block, got.Verdict)
	require.Contains(t, spans(text, got), `contact.email "ｍａｉｌ.com"`)
}

func TestAWindowIsSmallWhateverIsWritten(t *testing.T) {
	t.Parallel()

	var w risk.Window
	require.LessOrEqual(t, unsafe.Sizeof(w), uintptr(1024))
	for i := range 1000 {
		w.Add(strings.Repeat("9\u0301\xff中", 20_000), noon.Add(time.Duration(i)*time.Millisecond))
	}
	require.False(t, w.Empty(noon))
	got := risk.Default().Check("12", after(&w, noon.Add(time.Second)))
	sound(t, "12", got)
	require.True(t, w.Empty(noon.Add(2*time.Minute)))
}

// TestAHandleBehindABareName: a messenger's name alone in a message makes a handle of what
// follows it alone.
func TestAHandleBehindABareName(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"insta ¶ petsbyjo":                        event.Block,
		"飞 ¶ 机 ¶ dongguan ¶ toys":                 event.Block,
		"K ¶ a ¶ k ¶ a ¶ o ¶ seoulskin_amy":       event.Block,
		"Wechat ¶ Yes I can hold it ¶ linda-silk": event.Block,
		"add me on fb ¶ Graham Pottle":            event.Block,
		"淘宝搜 ¶ 梅姐窗帘":                              event.Block,
		"kofi ¶ 77 ¶ parts ¶ that's telegram":     event.Block,
		"my line: rosa ¶ gold":                    event.Block,
		"DM ¶ @rosa ¶ gold":                       event.Block,
		"Facebook page ¶ Rosa Gold Works":         event.Block,
		"Facebook ¶ Thanks Anna":                  event.Allow,
		"Instagram? ¶ thanks":                     event.Allow,
		"Which one? ¶ PayPal ¶ or card":           event.Allow,
		"Zip or snap? ¶ snap ¶ brass":             event.Allow,
		"公众号 ¶ 右下角 ¶ 我的订单":                        event.Allow,
		"微信 ¶ 好的查到了":                              event.Allow,
		"Facebook ¶ Good Morning":                 event.Allow,
	})
}

// TestPiecesInAnotherOrder: the words of the pieces tell in which order they are dialled.
func TestPiecesInAnotherOrder(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"the last 3: 642 ¶ the first 5: 07700 ¶ middle: 900":       event.Block,
		"尾号9086 ¶ 中间3321 ¶ 开头170":                                  event.Block,
		"Part A: nine one two two ¶ Part B: three oh seven eight":  event.Block,
		"13 ¶ 00 ¶ oo7 ¶ 428 ¶ 1":                                  event.Block,
		"number pt 1: 0151 ¶ pt 2: 2345 ¶ pt 3: 6789":              event.Block,
		"138****5678 ¶ 中间是1234":                                    event.Block,
		"138****5678 ¶ 1234":                                       event.Allow,
		"start reading 20394 ¶ end reading 21882":                  event.Allow,
		"PayNow ¶ 9122 ¶ 7048":                                     event.Block,
		"8123 ¶ one sec ¶ 4097 ¶ this is my handphone":             event.Block,
		"the last four of your card 4417 ¶ the first six 453211":   event.Allow,
		"tracking H00A ¶ 7719 ¶ 0264 ¶ 83":                         event.Allow,
		"宽2180 ¶ 深945 ¶ 高880":                                      event.Allow,
		"开头的两箱 ¶ 中间三箱 ¶ 最后五箱":                                      event.Allow,
		"out for delivery ¶ 604 ¶ by 6pm ¶ 555 ¶ sign here ¶ 0142": event.Block,
		"604 ¶ by 6pm ¶ 555 ¶ 2 left ¶ 214":                        event.Allow,
		"batch 0412 ¶ 3345 ¶ best before 09 2021":                  event.Allow,
	})
}

// TestAnAddressWhoseMarkIsToldLast holds that an address is found whose @ or end comes
// after other talk.
func TestAnAddressWhoseMarkIsToldLast(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"derek ¶ @happypaws ¶ does that fit your dog's size? ¶ .sg":   event.Block,
		"nina_okafor82 ¶ yahoo ¶ co.uk ¶ put the @ after the 82":      event.Block,
		"邮箱前半 may.fabric ¶ 后半 outlook.com ¶ 中间那个圈a":                   event.Block,
		"Is the size right? ¶ .5 more":                                event.Allow,
		"we meet @ the shop ¶ put it between the doors ¶ see you @ 5": event.Allow,
	})
}
