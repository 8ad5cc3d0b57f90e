package risk_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/floorlight/floorlight/risk"
)

const (
	cleanEN = "Thank you for waiting. Your order has left our warehouse and should arrive within three working days. Can I help you with anything else?"
	cleanZH = "您好，感谢您的耐心等待，您的订单已经从仓库发出，预计三个工作日内送达，请问还有什么可以帮您？"
)

func BenchmarkCheckClean(b *testing.B) {
	e := risk.Default()
	for _, bb := range []struct{ name, text string }{{"en", cleanEN}, {"zh", cleanZH}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				e.Check(bb.text, agent)
			}
		})
	}
}

// BenchmarkCheckWindow checks and adds short messages of one sender, each of which
// is read behind those before it.
func BenchmarkCheckWindow(b *testing.B) {
	e := risk.Default()
	var w risk.Window
	at := noon
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range talk {
			at = at.Add(2 * time.Second)
			e.Check(text, after(&w, at))
			w.Add(text, at)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(talk)), "ns/message")
}

// BenchmarkCheckSTAR checks every agent's message of the real conversations.
// The other two read the same texts, with less work: plain is a loop over the
// built-in patterns and words on the lower-case text without normalisation,
// detectors or offsets; joined has the words in one expression.
func BenchmarkCheckSTAR(b *testing.B) {
	texts := starTexts(b, "agent")
	perMessage := func(b *testing.B) {
		b.Helper()
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(texts)), "ns/message")
	}
	b.Run("engine", func(b *testing.B) {
		e := risk.Default()
		b.ReportAllocs()
		for b.Loop() {
			for _, text := range texts {
				e.Check(text, agent)
			}
		}
		perMessage(b)
	})
	var patterns []*regexp.Regexp
	var words, quoted []string
	for _, r := range builtin(b) {
		for _, p := range r.Patterns {
			patterns = append(patterns, regexp.MustCompile(p))
		}
		for _, p := range r.Phrases {
			words = append(words, strings.ToLower(p))
			quoted = append(quoted, regexp.QuoteMeta(strings.ToLower(p)))
		}
	}
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, text := range texts {
				text = strings.ToLower(text)
				for _, re := range patterns {
					re.MatchString(text)
				}
				for _, w := range words {
					_ = strings.Contains(text, w)
				}
			}
		}
		perMessage(b)
	})
	b.Run("joined", func(b *testing.B) {
		re := regexp.MustCompile(strings.Join(quoted, "|"))
		b.ReportAllocs()
		for b.Loop() {
			for _, text := range texts {
				re.MatchString(strings.ToLower(text))
			}
		}
		perMessage(b)
	})
}

func BenchmarkCheckBlocked(b *testing.B) {
	e := risk.Default()
	b.ReportAllocs()
	for b.Loop() {
		e.Check("add me on wechat: lily_88", agent)
	}
}

// talk is short messages of one sender in a row, which are read together.
var talk = []string{
	"Hi there", "one moment please", "your order is 20200520", "and the second part", "ships on 24 May", "in 2 parcels", "at 10:30",
	"您好", "请稍等", "订单号 20200520", "第二件", "明天 10:30 到", "好的", "then the last one: 45",
}
