package risk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestCombinations holds that words of several senses are an offence in any order
// and any form that a view reads, that a sentence's end parts them, and that
// words of warning in the same sentence take the meaning away.
func TestCombinations(t *testing.T) {
	t.Parallel()

	e := withoutWording(t)
	for _, c := range []struct {
		name, text string
		want       event.Verdict
	}{
		{"one order", "transfer the balance to my wallet", event.Block},
		{"the other order", "to my wallet, please, the balance, as a transfer", event.Block},
		{"one sense missing", "your wallet has a balance", event.Allow},
		{"parted by a sentence's end", "We bill the balance. Bring cards to my desk if you need help.", event.Allow},
		{"a warning in the same sentence", "a scam mail: to my wallet, please, the balance, as a transfer", event.Allow},
		{"a warning in another sentence", "Scammers exist. Transfer the balance to my wallet", event.Block},
		{"letters as digits", "tr4nsf3r the b4l4nce to my w4ll3t", event.Block},
		{"Chinese", "余额宝可以，钱转过来就行", event.Block},
		{"Chinese with a warning", "谨防诈骗：让您用余额宝转过来的都是骗子", event.Allow},
		{"too far apart", "the money for the sofa was booked by the bank last week on Monday in the morning when the shop opened; my wallet", event.Allow},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			r := e.Check(c.text, agent)
			require.Equal(t, c.want, r.Verdict, "%v", spans(c.text, r))
		})
	}
}

// TestLongTalkIsJudged holds that an ordinary text of several hundred Chinese
// characters leaves most of the work unspent: what is not judged is held back.
func TestLongTalkIsJudged(t *testing.T) {
	t.Parallel()

	text := "您好，我是今天接手您这件事的客服，先跟您道个歉，让您前后说了三遍。您上周五买的净水器，安装师傅周日上门时发现厨房下水口比标准的细一圈，转接头又没有带，所以只装了一半，这个情况在我们的记录里都有。刚才我跟安装站的站长通过电话，他答应明天上午九点到十一点之间再安排一位师傅过去，这次会带上两种规格的转接头，材料费由我们承担，您不需要再付一分钱。装好以后请您放十分钟水，把前面的水用来浇花或者拖地，滤芯里的碳粉冲干净以后水就清了。如果明天下雨，师傅可能会晚到半个小时，他出发之前会先给您打招呼。另外您提到水龙头有一点松，我让他顺手帮您紧一下。发票我已经按您留的抬头开好，两个小时之内可以在订单页面下载，保修从安装完成那一天开始算，一共三年，滤芯每半年提醒您更换一次。还有什么想问的，您直接在这里留言就可以，我今天晚上八点之前都在。"
	require.Less(t, risk.Default().Work(text, agent), risk.Share(text)/2)
	require.Equal(t, event.Allow, risk.Default().Check(text, agent).Verdict)
}

// TestEveryMixture composes requests and threats of what each is made of, polite
// or not, plain and disguised: it is the mixture that must be seen, not a list.
func TestEveryMixture(t *testing.T) {
	t.Parallel()

	spaced := func(s string) string {
		words := strings.Fields(s)
		for k, w := range words {
			words[k] = strings.Join(strings.Split(w, ""), ".")
		}
		return strings.Join(words, " ")
	}
	digits := strings.NewReplacer("o", "0", "e", "3", "a", "4").Replace
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r + 0xfee0
			}
			return r
		}, s)
	}
	for _, c := range []struct {
		name                    string
		before, verb, what, who []string
		disguises               []func(string) string
	}{
		{
			"payment",
			[]string{"", "please ", "it's cheaper if you ", "could you kindly "},
			[]string{"send ", "transfer ", "wire ", "put "},
			[]string{"the money ", "the balance ", "the rest ", "fifty euros "},
			[]string{"to my account", "into my wallet", "to my brother", "straight to me", "to my private PayPal"},
			[]func(string) string{digits, wide},
		},
		{
			"way",
			[]string{"", "actually ", "you could ", "for a discount "},
			[]string{"pay me ", "send it ", "do it "},
			[]string{"with ", "by ", "over "},
			[]string{"zelle", "venmo", "bitcoin", "western union", "usdt"},
			[]func(string) string{digits, wide, spaced},
		},
		{
			"move",
			[]string{"", "perhaps ", "to be quick, ", "honestly "},
			[]string{"let's continue ", "can we talk ", "shall we chat "},
			[]string{"on ", "over ", "via "},
			[]string{"whatsapp", "telegram", "wechat", "another app", "some other place"},
			[]func(string) string{digits, wide, spaced},
		},
		{
			"付款",
			[]string{"", "麻烦您", "不用走平台，", "急的话"},
			[]string{"把钱", "尾款", "差价"},
			[]string{"转到", "打到", "汇到", "付到"},
			[]string{"我卡上", "我支付宝", "我个人账户", "我老婆微信"},
			nil,
		},
		{
			"离开",
			[]string{"", "要不", "价格好说，", "方便的话"},
			[]string{"咱们", "我们", "您跟我"},
			[]string{"换个软件", "去别的平台", "到外面", "线下"},
			[]string{"聊", "谈", "细说", "交易"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			n := 0
			var missed []string
			try := func(text string) {
				n++
				if risk.Default().Check(text, agent).Verdict != event.Block {
					missed = append(missed, text)
				}
			}
			for _, before := range c.before {
				for _, verb := range c.verb {
					for _, what := range c.what {
						for _, who := range c.who {
							try(before + verb + what + who)
							for _, disguise := range c.disguises {
								try(before + verb + what + disguise(who))
							}
						}
					}
				}
			}
			require.LessOrEqual(t, float64(len(missed)), 0.03*float64(n), "%d of %d: %q", len(missed), n, missed)
		})
	}
}

// TestListsOfSensesAreRefused holds that a slip in a file of senses is named.
func TestListsOfSensesAreRefused(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ name, text, want string }{
		{"no slip", "offence a + b within 9 beside c unless d\nlist a: one\nx(?:y|z)?\nlist b: two\nb |\nbb\nlist c: three\nc\nlist d: four\nd", ""},
		{"a word before a list", "a | b", "belongs to no list"},
		{"a list twice", "list a: one\na\nlist a: two\nb", "stands twice"},
		{"a list without a meaning", "list a\na", "has no meaning"},
		{"a list that is not there", "offence a + b\nlist a: one\na", "there is no list b"},
		{"a list that nothing needs", "list a: one\na", "no offence needs list a"},
		{"no number", "offence a within far\nlist a: one\na", "invalid syntax"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			err := risk.ReadSenses(c.text)
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		})
	}
}

// TestPhrasesStandOnce holds that a list has a word once, sorted, so that a newcomer
// finds its place and sees that it is there.
func TestPhrasesStandOnce(t *testing.T) {
	t.Parallel()

	for _, pattern := range []string{"phrases/*.txt", "senses/*.txt"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			last := map[string]string{}
			require.NoError(t, risk.ReadWords(string(raw), func(list, entry string) {
				before, after := strings.ToLower(last[list]), strings.ToLower(entry)
				require.True(t, before < after || before == after && last[list] < entry, "%s, %s: %q stands behind %q", file, list, entry, last[list])
				last[list] = entry
			}))
		}
	}
}

// TestForms holds what a file of forms is written out to, and that a slip in one is
// named.
func TestForms(t *testing.T) {
	t.Parallel()

	lists := "list a: one\nx | y(?:z|w)?\nlist b: two\nv | <a>\n"
	for _, c := range []struct {
		name, text string
		want       []string
		fault      string
	}{
		{"lists and lines", lists + "# why\nform both\n\\b<b> <a>\nq…r\nform again\n<a>", []string{`\b(?:v|x|y(?:z|w)?) (?:x|y(?:z|w)?)|q[^.!?\n。！？；;]{0,30}?r`, `(?:x|y(?:z|w)?)`}, ""},
		{"a form too long", "list a: one\n" + strings.Repeat("long | ", 209) + "last\nform it\n<a>", []string{
			"(?:" + strings.TrimSuffix(strings.Repeat("long|", 105), "|") + ")", "(?:" + strings.Repeat("long|", 104) + "last)",
		}, ""},
		{"no lines", "form nothing\nform it\nx", nil, "a form has no lines"},
		{"a line before a form", "x", nil, "belongs to no list"},
		{"a list that is not there", "form it\n<a>", nil, "there is no list a"},
		{"a list that nothing needs", lists + "form it\n<a>", nil, "no form needs list b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			got, err := risk.ReadForms(c.text)
			if c.fault != "" {
				require.ErrorContains(t, err, c.fault)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}
