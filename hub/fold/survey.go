package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Survey is one satisfaction survey of a session.
type Survey struct {
	ID       event.SurveyID  `json:"id"`
	Sent     bool            `json:"s,omitzero"`
	SentDay  metric.Day      `json:"d,omitzero"`
	SentHour int8            `json:"h,omitzero"`
	Agent    event.AgentID   `json:"a,omitzero"` // last assigned when it was sent; if never sent, when answered
	Channel  event.ChannelID `json:"c,omitzero"` // of that agent's row
	Team     event.TeamID    `json:"t,omitzero"`

	Stars      int64      `json:"r,omitzero"` // 0: not answered
	AnswerDay  metric.Day `json:"n,omitzero"`
	AnswerHour int8       `json:"m,omitzero"`
	Negative   bool       `json:"g,omitzero"` // as counted, under the profile of then
	Reasons    []string   `json:"e,omitzero"` // each once, as counted
}

func (v *Survey) rechannel(from, to event.ChannelID) {
	if v.Channel == from {
		v.Channel = to
	}
}

// survey finds a survey in any session of the conversation.
func (st *State) survey(c *Conversation, id event.SurveyID) (*Session, *Survey) {
	for _, s := range c.Sessions {
		list := s.More().Surveys
		for i := range list {
			if list[i].ID == id {
				st.touch(c, s)
				return s, &list[i]
			}
		}
	}
	return nil, nil
}

func (s *Session) newSurvey(id event.SurveyID) *Survey {
	x := s.rare()
	x.Surveys = append(x.Surveys, Survey{ID: id, Agent: s.LastAgent, Channel: s.Channel, Team: s.MomentTeam()})
	return &x.Surveys[len(x.Surveys)-1]
}

func (st *State) surveySent(at int64, d *event.SurveySent) {
	c := st.conversation(d.Conversation, at, "")
	s, v := st.survey(c, d.Survey)
	if v == nil {
		s = c.Current()
		v = s.newSurvey(d.Survey)
	}
	if v.Sent {
		return
	}
	if v.Stars != 0 { // answered before: it is the agent's of the sending after all
		s.rate(v, -1)
		v.Agent, v.Channel, v.Team = s.LastAgent, s.Channel, s.MomentTeam()
		s.rate(v, 1)
	}
	slot := st.calendar.Slot(at)
	v.Sent, v.SentDay, v.SentHour = true, slot.Day, slot.Hour
	s.once(slot, v.Agent, v.Team, metric.SurveysSent)
	if v.Stars != 0 {
		s.joinAnswer(v)
	}
}

func (st *State) surveyAnswered(at int64, d *event.SurveyAnswered) {
	c := st.conversation(d.Conversation, at, "")
	s, v := st.survey(c, d.Survey)
	if v == nil {
		s = c.Current()
		v = s.newSurvey(d.Survey)
	}
	if v.Stars != 0 {
		s.rate(v, -1)
	}
	slot := st.calendar.Slot(at)
	v.Stars, v.AnswerDay, v.AnswerHour = d.Rating(), slot.Day, slot.Hour
	v.Negative = v.Stars <= 2 || v.Stars == 3 && st.profile.NeutralIsNegative
	v.Reasons = each(d.Reasons)
	s.rate(v, 1)
	x := s.rare()
	x.Stars, x.Reasons = v.Stars, d.Reasons
	if v.Sent {
		s.joinAnswer(v)
	}
}

// joinAnswer counts the day of a survey's sending as answered.
func (s *Session) joinAnswer(v *Survey) {
	s.beside(v.SentDay, "", metric.SurveysSent, metric.SurveysSentAnswered)
	if v.Agent != "" {
		s.beside(v.SentDay, v.Agent, metric.SurveysSent, metric.SurveysSentAnswered)
	}
}

// rate counts an answer, or takes it back, on its own day.
func (s *Session) rate(v *Survey, n int64) {
	level := metric.Dissatisfied
	switch {
	case v.Stars >= 4:
		level = metric.Satisfied
	case v.Stars == 3:
		level = metric.Neutral
	}
	cs := []metric.Counter{metric.Rated, level}
	if v.Negative {
		cs = append(cs, metric.NegativeRatings)
	}
	at := metric.Slot{Day: v.AnswerDay, Hour: v.AnswerHour}
	count := func(r *Row) {
		for _, c := range cs {
			r.Counts.Add(c, n)
		}
		r.Dirty = true
		if v.Negative {
			for _, reason := range v.Reasons {
				r.addParts(metric.Part{Dimension: metric.ByReason, Value: reason, Counter: metric.NegativeRatings, N: n})
			}
		}
	}
	count(s.row(at, "", "", ""))
	if v.Agent != "" {
		count(s.row(at, v.Agent, v.Channel, v.Team))
	}
}

// each is the list with every element there once.
func each(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
