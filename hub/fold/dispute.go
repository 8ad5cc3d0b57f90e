package fold

import (
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// Dispute is a blocked message that its author holds to be harmless, until it is
// decided. Times are milliseconds.
type Dispute struct {
	At           int64                `json:"at"`
	Blocked      int64                `json:"blocked"`
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	Channel      event.ChannelID      `json:"channel,omitzero"` // where the conversation stood then
	Team         event.TeamID         `json:"team,omitzero"`
	Text         string               `json:"text"`
	Violations   []event.Violation    `json:"violations"`
	Comment      string               `json:"comment,omitzero"`
}

// DisputeID names a dispute among its agent's. Ids of conversations and messages
// may hold a slash; escaped, two pairs never have one name.
func DisputeID(c event.ConversationID, m event.MessageID) string {
	return strings.NewReplacer("%", "%25", "/", "%2F").Replace(string(c)) + "/" + string(m)
}

// disputeOpened counts the first dispute of a message that was blocked; others
// say nothing new.
func (st *State) disputeOpened(at int64, d *event.DisputeOpened) {
	c := st.conversation(d.Conversation, at, "")
	s := c.Current()
	a := st.touchAgent(d.Agent)
	m := c.Marks.at(d.Message)
	if m.bits&markBlocked == 0 || m.bits&markDisputed != 0 {
		return
	}
	m.bits |= markDisputed
	if a.Disputes == nil {
		a.Disputes = make(map[string]*Dispute)
	}
	a.Disputes[DisputeID(d.Conversation, d.Message)] = &Dispute{
		At: at, Blocked: millis(d.Blocked), Conversation: d.Conversation, Message: d.Message,
		Channel: s.Channel, Team: s.MomentTeam(), Text: d.Text, Violations: d.Violations, Comment: d.Comment,
	}
	st.change.Disputes = true
}

// disputeDecided ends an open dispute, and tells the agent who disputed.
func (st *State) disputeDecided(at int64, d *event.DisputeDecided) {
	st.conversation(d.Conversation, at, "")
	a := st.touchAgent(d.Agent)
	id := DisputeID(d.Conversation, d.Message)
	open, ok := a.Disputes[id]
	if !ok {
		return
	}
	delete(a.Disputes, id)
	st.change.Disputes = true
	st.notify(a, &Notice{
		At: at, Kind: "dispute_decided", Conversation: d.Conversation, Message: d.Message, Text: open.Text, Violations: open.Violations,
		Decision: d.Decision, Reason: d.Reason, By: d.By, Released: d.Released,
	})
}

func millis(t time.Time) int64 { return t.UnixMilli() }
