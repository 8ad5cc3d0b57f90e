package fold

import (
	"slices"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
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
// say nothing new. It stands where its block stands, so that no rate of blocks
// can pass 100 %; a dispute of a block that was at another time is none.
func (st *State) disputeOpened(at int64, d *event.DisputeOpened) {
	c := st.conversation(d.Conversation, at, "")
	s := c.Current()
	a := st.touchAgent(d.Agent)
	m := c.Marks.at(d.Message)
	if !m.has(markBlocked) || m.has(markDisputed) {
		return
	}
	open := &Dispute{
		At: at, Blocked: d.Blocked.UnixMilli(), Conversation: d.Conversation, Message: d.Message,
		Channel: s.Channel, Team: s.MomentTeam(), Text: d.Text, Violations: d.Violations, Comment: d.Comment,
	}
	if !st.besideBlock(c, d.Agent, open, metric.DisputedMessages) {
		return
	}
	m.set(markDisputed)
	if a.Disputes == nil {
		a.Disputes = make(map[string]*Dispute)
	}
	a.Disputes[DisputeID(d.Conversation, d.Message)] = open
	st.change.Disputes = true
}

// disputeDecided ends an open dispute, and tells the agent who disputed.
func (st *State) disputeDecided(at int64, d *event.DisputeDecided) {
	c := st.conversation(d.Conversation, at, "")
	a := st.touchAgent(d.Agent)
	id := DisputeID(d.Conversation, d.Message)
	open, ok := a.Disputes[id]
	if !ok {
		return
	}
	delete(a.Disputes, id)
	st.change.Disputes = true
	if d.Decision == event.Overturned {
		st.besideBlock(c, d.Agent, open, metric.OverturnedBlocks)
	}
	st.notify(a, &Notice{
		At: at, Kind: "dispute_decided", Conversation: d.Conversation, Message: d.Message, Text: open.Text, Violations: open.Violations,
		Decision: d.Decision, Reason: d.Reason, By: d.By, Released: d.Released,
	})
}

// besideBlock counts one of n on the rows on which the block is counted: the
// session's, and its author's. It reports whether there are any.
func (st *State) besideBlock(c *Conversation, agent event.AgentID, d *Dispute, n metric.Counter) bool {
	slot, parts := st.calendar.Slot(d.Blocked), violationParts(n, d.Violations)
	for _, s := range slices.Backward(c.Sessions) {
		whole, own := s.blockedRow(slot, ""), s.blockedRow(slot, agent)
		if whole < 0 || own < 0 {
			continue
		}
		st.touch(c, s)
		for _, i := range []int{whole, own} {
			r := &s.Rows[i]
			r.Counts.Add(n, 1)
			r.Dirty = true
			for _, p := range parts {
				r.addPart(p)
			}
		}
		return true
	}
	return false
}

// blockedRow is the place of the row of an hour that counts blocked messages, of
// the session or of an agent; -1: there is none.
func (s *Session) blockedRow(at metric.Slot, agent event.AgentID) int {
	return slices.IndexFunc(s.Rows, func(r Row) bool {
		return r.Slot() == at && r.Agent == agent && r.Counts.At(metric.BlockedMessages) > 0
	})
}
