package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestADayOrASumBehindAWayToPayIsNoAccount, nor are the sizes that a list is sorted by.
func TestADayOrASumBehindAWayToPayIsNoAccount(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]event.Verdict{
		"Your Google Pay on 2024-05-03 was refunded.":              event.Allow,
		"We got your Zelle on 2024-05-03, thanks.":                 event.Allow,
		"GrabPay on 03-05-2024 at 10:22 failed, please try again.": event.Allow,
		"PayMe on 2024-05-03 14:02 shows as pending here.":         event.Allow,
		"Please pay now: 1 250 000 IDR is due.":                    event.Allow,
		"Pay now 1250000 VND at checkout.":                         event.Allow,
		"Sort 10/20/50 rows per page.":                             event.Allow,
		"zelle to 4155552671":                                      event.Block,
		"zelle me at 415-555-2671":                                 event.Block,
		"venmo 98 45 217703":                                       event.Block,
		"bizum 612 34 56 78":                                       event.Block,
		"vipps 41 23 45 67":                                        event.Block,
		"swish 0 7 0 1 2 3 4 5 6 7":                                event.Block,
		"pay now to 9123 4567":                                     event.Block,
		"paynow +65 91234567":                                      event.Block,
		"gpay: 98450 21770":                                        event.Block,
		"acct 33819204, sort 20-45-77":                             event.Block,
	} {
		got := risk.Default().Check(text, agent)
		require.Equal(t, want, got.Verdict, "%s %v", text, spans(text, got))
	}
}
