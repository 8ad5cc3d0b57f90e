package risk_test

import (
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

			r := risk.Default().Check(c.text, agent)
			require.Equal(t, c.want, r.Verdict, "%v", spans(c.text, r))
		})
	}
}
