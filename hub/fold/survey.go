package fold

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Survey is one satisfaction survey of a session.
type Survey struct {
	ID      event.SurveyID  `json:"id"`
	Sent    bool            `json:"s,omitzero"`
	SentDay metric.Day      `json:"d,omitzero"`
	Agent   event.AgentID   `json:"a,omitzero"` // last assigned when it was sent; if never sent, when answered
	Channel event.ChannelID `json:"c,omitzero"` // of that agent's row
	Team    event.TeamID    `json:"t,omitzero"`

	Stars     int64      `json:"r,omitzero"` // 0: not answered
	AnswerDay metric.Day `json:"n,omitzero"`
	Negative  bool       `json:"g,omitzero"` // as counted, under the profile of then
}

func (v *Survey) rechannel(from, to event.ChannelID) {
	if v.Channel == from {
		v.Channel = to
	}
}

// survey finds a survey in any session of the conversation.
func (st *State) survey(c *Conversation, id event.SurveyID) (*Session, *Survey) {
	for _, s := range c.Sessions {
		for i := range s.Surveys {
			if s.Surveys[i].ID == id {
				st.touch(c, s)
				return s, &s.Surveys[i]
			}
		}
	}
	return nil, nil
}

func (s *Session) newSurvey(id event.SurveyID) *Survey {
	s.Surveys = append(s.Surveys, Survey{ID: id, Agent: s.LastAgent, Channel: s.Channel, Team: s.MomentTeam()})
	return &s.Surveys[len(s.Surveys)-1]
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
	v.Sent, v.SentDay = true, st.calendar.Day(at)
	s.once(v.SentDay, v.Agent, v.Team, metric.SurveysSent)
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
	v.Stars, v.AnswerDay = d.Rating(), st.calendar.Day(at)
	v.Negative = v.Stars <= 2 || v.Stars == 3 && st.profile.NeutralIsNegative
	s.rate(v, 1)
	s.Stars, s.Reasons = v.Stars, d.Reasons
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
	for _, c := range cs {
		s.add(v.AnswerDay, c, n)
		if v.Agent != "" {
			r := s.row(v.AnswerDay, v.Agent, v.Channel, v.Team)
			r.Counts[c] += n
			r.Dirty = true
		}
	}
}
