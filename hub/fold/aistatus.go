package fold

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

const handoffTicket = "ticket"

// isAI reports whether the session counts as a conversation with a bot: one was
// assigned, or wrote.
func (s *Session) isAI() bool { return s.AssignedBot || s.BotInvolved }

// settle brings what became of a conversation with a bot up to the session's marks.
func (st *State) settle(s *Session) {
	status := metric.AINone
	if s.isAI() {
		switch {
		case s.More().Handoff == handoffTicket || s.HumanInvolved:
			status = metric.AIRouted
		case s.More().Handoff != "":
			status = metric.AIClosed
		case s.Closed && s.Outcome == event.OutcomeResolved && s.LastMessageBy.Kind() == event.Bot:
			status = metric.AIDone
		default:
			status = metric.AIOpen
		}
	}
	before := s.AIStatus
	if status == before {
		return
	}
	s.hands().AIStatus = status
	if before == metric.AINone {
		s.add(s.Start(), metric.AIConversations, 1)
		st.clicksCount(s)
	}
	if status == metric.AIDone {
		s.add(s.Start(), metric.AIResolved, 1)
	} else if before == metric.AIDone {
		s.add(s.Start(), metric.AIResolved, -1)
	}
	s.remark()
}
