package history

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestForWhomATurnWaits follows a conversation from the queue to an agent, to
// another, to his answer.
func TestForWhomATurnWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	n := 0
	tell := func(data event.Data) string {
		n++
		d.publish(event.New("desk", "test", "awaits/"+strconv.Itoa(n), noon.Add(time.Duration(n)*time.Second), data))
		d.write()
		var awaits *string
		require.NoError(t, d.db.pool.QueryRow(t.Context(), "SELECT awaits FROM conversations WHERE tenant = 'desk' AND conversation = 'c'").Scan(&awaits))
		if awaits == nil {
			return "nobody"
		}
		return *awaits
	}
	write := func(kind event.Kind, id string) event.Data {
		return &event.MessageSent{Conversation: "c", Message: event.MessageID("m" + strconv.Itoa(n)), From: event.Actor{Kind: kind, ID: id}, Text: "x"}
	}
	assign := func(id string) event.Data {
		return &event.ConversationAssigned{Conversation: "c", To: event.Actor{Kind: event.Agent, ID: id}}
	}
	require.Equal(t, "nobody", tell(&event.ConversationStarted{Conversation: "c", Channel: "wa", Customer: event.Profile{ID: "u"}}))
	require.Equal(t, "nobody", tell(write(event.Customer, "u")))
	require.Empty(t, tell(&event.ConversationQueued{Conversation: "c"}))
	require.Equal(t, "a1", tell(assign("a1")))
	require.Equal(t, "a2", tell(assign("a2")))
	require.Equal(t, "nobody", tell(write(event.Agent, "a2")))
	require.Equal(t, "a2", tell(write(event.Customer, "u")))
	require.Equal(t, "nobody", tell(&event.ConversationClosed{Conversation: "c", By: event.Actor{Kind: event.Agent, ID: "a2"}}))
}
