package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestAnExtensionIsTakenOffOnlyBehindDigits: what ends in the word for one, or counts the
// pieces before it, is read like any other message.
func TestAnExtensionIsTakenOffOnlyBehindDigits(t *testing.T) {
	t.Parallel()

	for _, parts := range [][]string{
		{" 转", "5678"},
		{"1381234", " 转"},
		{"1381234", "\n转5"},
		{"#1 ext 5", "first 138"},
		{"#2 ext 5", "the front 138"},
	} {
		var w risk.Window
		for _, part := range parts {
			got := risk.Default().Check(part, after(&w, noon))
			sound(t, part, got)
			w.Add(part, noon)
		}
	}
}

// TestNumbersThatGoUpAreAList: prices and readings in a row are no number, nor does what
// counts them begin one.
func TestNumbersThatGoUpAreAList(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		"The first is 129 ¶ the second 149 ¶ the last one 169":  event.Allow,
		"第一款129 ¶ 第二款149 ¶ 最后一款169":                             event.Allow,
		"I found 3 ¶ 1200 ¶ 1450 ¶ 1600 ¶ which one?":           event.Allow,
		"水表 ¶ 04821 ¶ 上个月04655":                                 event.Allow,
		"The first is 415 ¶ the second 555 ¶ the last one 2671": event.Block,
		"call ¶ 9129 ¶ 1499":                                    event.Block,
	})
}
