package risk_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// maxStep is what the last piece of work may go beyond a text's share: to read
// the longest view of it.
const maxStep = 8*maxRunes + 4_000

// maxRunes is how long a text is for which the engine promises 2 ms.
const maxRunes = 4000

// fragments are what the search for the most expensive text puts together:
// literals, cues, separators and digits, in all disguises.
var fragments = []string{
	"1", "13", "138", "0", "07", "+1", "+44 ", "一", "三八", "one ", "four", "o", "l", " ", "-", ".", ",", "*", "(", ")", "@", "$", "!", "\n", "。", "，", "微", "信", "微信", "加", "加我", "wechat", "whatsapp", "w3", "tahcew", "信微", "dot", " dot ", "点", " at ", "com", "a.com", "www.",
	"pay ", "me ", "paypal", "send ", "transfer ", "to my ", "account", "bank ", "转账", "给我", "红包", "好评", "返", "五星", "review ", "refund ", "guarantee ", "cure", "你", "傻", "card ", "6222", "4111 1111 ", "iban ", "never ", "请勿", "order ", "订单", "\u200b", "\u0301", "\u202e", "а", "е", "ο", "①", "３", "\ufdfa", "❤", "backwards ", "倒着", "a", "z", "gmail", "x", "v", "vx", ":", "my ", "id ", "号", "是",
	// Words for digits and marks, and what stands backwards.
	"1o", "l3", "double ", "twenty ", "yao", "liu", "啊", " dot com", "圈a", "艾特", ". ", " . ", "(at)", "gmail dot ", "moc.", "liamg", "elpmis ", "kcuf ", "•", "丶", "v-", "微:", "then ", "and ",
	// Other scripts, signs of letters, and marks that are left out.
	"б", "м", "ɹ", "💬", "🅰", "𝐰", "＠", "．", "\u0336", "\u20dd", "aaa", "S5", "O0",
	// Numbers in parts, and letters beside digits.
	"the last four ", "and the rest ", "后四位", "然后", "five5", "S", "3IO ", "下半段",
	// Words of senses that many combinations share.
	"my own ", "scan it ", "qr ", "call ", "in the picture ", "我微信", "图片里", "便宜", "偷偷", "退全款",
	// How the rules' forms begin.
	"加好友", "add ", "text ", "call ", "i will ", "we guarantee ", "保证", "私下", "line ",
}

// foundText builds a text of at most maxRunes.
func foundText(r *rand.Rand) string {
	var b strings.Builder
	n := 0
	// A short motif over and over is what makes work grow faster than the text.
	motif := make([]string, 1+r.IntN(6))
	for i := range motif {
		motif[i] = fragments[r.IntN(len(fragments))]
	}
	for n < maxRunes {
		f := motif[n%len(motif)]
		if r.IntN(40) == 0 {
			f = fragments[r.IntN(len(fragments))]
		}
		b.WriteString(f)
		n++
	}
	runes := []rune(b.String())
	return string(runes[:min(len(runes), maxRunes)])
}

// piecesOf are short texts, which are read together with those before them.
func piecesOf(r *rand.Rand) []string {
	var out []string
	for range 100 {
		text := []rune(foundText(r))
		out = append(out, string(text[:1+r.IntN(40)]))
	}
	return out
}

// TestNoTextCostsMoreThanItsShare searches for texts that are expensive, and
// holds that the work on each is bounded whatever they are made of. It counts
// work and not time: the unit is a step of a pattern, of about 10 ns.
func TestNoTextCostsMoreThanItsShare(t *testing.T) {
	t.Parallel()

	s := largeSet(t)
	e, err := s.Compile()
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(4, 2))
	worst, exhausted := 0, 0
	var texts []string
	for _, h := range hostile(maxRunes) {
		texts = append(texts, h.text)
	}
	for range 150 {
		texts = append(texts, foundText(r))
	}
	texts = append(texts, piecesOf(r)...)
	for _, text := range texts {
		c := agent
		c.Window, c.At = new(risk.Window), time.UnixMilli(1_600_000_000_000)
		for k := range 12 {
			// Pieces of the text, as many as a window holds.
			at := k * len(text) / 24
			c.Window.Add(strings.ToValidUTF8(text[at:min(at+12+k, len(text))], ""), c.At)
		}
		work := e.Work(text, c)
		require.LessOrEqual(t, work, risk.Share(text)+maxStep, "%.80q", text)
		worst = max(worst, work)
		got := e.Check(text, c)
		sound(t, text, got)
		require.NoError(t, got.Fault)
		if work > risk.Share(text) {
			exhausted++
			// Nothing that was not read to its end is let through.
			require.Equal(t, event.Block, got.Verdict, "%.80q", text)
		}
	}
	t.Logf("%d texts, the most expensive took %d of %d; %d were not read to their end", len(texts), worst, risk.Share(""), exhausted)
}

// TestOrdinaryTextsAreFarFromTheShare: what desks write is always judged. It
// prints the distribution of the work of the real messages.
func TestOrdinaryTextsAreFarFromTheShare(t *testing.T) {
	t.Parallel()

	s := largeSet(t)
	e, err := s.Compile()
	require.NoError(t, err)
	long := func(runes int, texts []string) string {
		all := strings.Join(texts, "\n") + "\n"
		return string([]rune(strings.Repeat(all, 1+4*runes/len(all)))[:runes])
	}
	talk := starTexts(t, "agent")
	texts := slices.Clone(talk)
	good := map[string][]string{}
	for _, s := range corpus(t, "good") {
		texts = append(texts, s.text)
		if s.class == "long" {
			good[s.language] = append(good[s.language], s.text)
		}
	}
	work := make([]int, len(texts))
	for i, text := range texts {
		work[i] = e.Work(text, agent)
	}
	slices.Sort(work)
	at := func(p float64) int { return work[int(p*float64(len(work)-1))] }
	t.Logf("messages: p50 %d, p99 %d, p99.9 %d, max %d of %d", at(0.5), at(0.99), at(0.999), at(1), risk.Share(""))
	require.Less(t, at(1), risk.Share("")/5)

	for name, text := range map[string]string{"4,000 characters of STAR": long(maxRunes, talk), "2,000 of English near the rules": long(2000, good["en"]), "2,000 of Chinese near them": long(2000, good["zh"])} {
		spent := e.Work(text, agent)
		t.Logf("%s: %d", name, spent)
		require.Less(t, spent, risk.Share(text)*4/5, name)
	}
}

// BenchmarkWorst is the time that the most expensive texts of 4,000 runes take,
// with the large set.
func BenchmarkWorst(b *testing.B) {
	s := largeSet(b)
	e, err := s.Compile()
	require.NoError(b, err)
	var texts []string
	for _, h := range hostile(maxRunes) {
		texts = append(texts, string([]rune(h.text)[:maxRunes]))
	}
	r := rand.New(rand.NewPCG(4, 2))
	for range 150 {
		texts = append(texts, foundText(r))
	}
	fastest := make([]time.Duration, len(texts))
	for b.Loop() {
		for i, text := range texts {
			began := time.Now()
			e.Check(text, agent)
			if d := time.Since(began); fastest[i] == 0 || d < fastest[i] {
				fastest[i] = d
			}
		}
	}
	worst := 0
	for i, d := range fastest {
		if d > fastest[worst] {
			worst = i
		}
	}
	b.Logf("the slowest is %.60q", texts[worst])
	b.ReportMetric(float64(fastest[worst].Microseconds()), "worst-µs")
}
