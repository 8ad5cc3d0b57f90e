package fold_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// TestOneStateIsWrittenInOneWay: verify compares states by their bytes, and amounts in
// several currencies on one row must not come in another order each time.
func TestOneStateIsWrittenInOneWay(t *testing.T) {
	t.Parallel()

	st, seq, at := fold.New("star"), uint64(0), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	apply := func(d event.Data) {
		seq++
		e := event.New("star", "test", strconv.FormatUint(seq, 10), at, d)
		require.Nil(t, st.Apply(seq, &e).Refused)
	}
	apply(&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web", Attribution: &event.Attribution{Touch: "message", Hours: 24}})
	apply(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
	apply(&event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Bot}, Text: "hi"})
	for _, currency := range []string{"USD", "CNY", "BRL", "JPY", "EUR"} {
		apply(&event.OrderPaid{Order: event.OrderID(currency), Customer: "u1", Amount: "1.00", Currency: currency})
		apply(&event.TemplateCharged{Category: "utility", Amount: "1.00", Currency: currency, Channel: "web"})
	}
	refs := []fold.Ref{{Kind: fold.KindConversation, ID: "c1"}, {Kind: fold.KindTenant}, {Kind: fold.KindCustomer, ID: "u1"}}
	for l := range st.Loose() {
		refs = append(refs, l.Ref())
	}
	require.Len(t, refs, 4)
	for _, r := range refs {
		first, err := st.Encode(r)
		require.NoError(t, err)
		for range 50 {
			again, err := st.Encode(r)
			require.NoError(t, err)
			require.Equal(t, string(first), string(again), r)
		}
	}
}
