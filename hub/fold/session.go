package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Session is one run of a conversation, from its start to its close, reopenings
// included. Times are milliseconds since 1970; 0 is never.
type Session struct {
	Conversation event.ConversationID `json:"c"`
	Number       int                  `json:"n"` // 1 is the conversation's first

	*Under                    // shared: see under
	*Hands                    // shared: see hands
	Customer event.CustomerID `json:"cu,omitzero"`

	Started   int64      `json:"st"`
	StartDay  metric.Day `json:"sd"`
	StartHour int8       `json:"sh,omitzero"`

	// Marks, side by side since each would else take a word.
	Unannounced   bool `json:"ua,omitzero"` // began without conversation.started
	Closed        bool `json:"cl,omitzero"`
	Queued        bool `json:"qu,omitzero"`
	Responsible   bool `json:"re,omitzero"` // a human is
	Unanswered    bool `json:"un,omitzero"`
	TurnOpen      bool `json:"to,omitzero"`
	Wrote         bool `json:"w,omitzero"` // the customer: it is a chat
	HumanInvolved bool `json:"hi,omitzero"`
	BotInvolved   bool `json:"bi,omitzero"`
	Assigned      bool `json:"as,omitzero"`
	AssignedAgent bool `json:"aa,omitzero"`
	AssignedBot   bool `json:"ao,omitzero"`
	Responded     bool `json:"rd,omitzero"` // a human turn was answered
	HasFirst      bool `json:"hf,omitzero"` // FirstResponse is known
	Abandoned     bool `json:"ab,omitzero"` // counted as abandoned
	EverAbandoned bool `json:"ea,omitzero"`
	Risky         bool `json:"ri,omitzero"`

	LastMessageBy Author `json:"lb,omitzero"`

	// How often, ever.
	SegmentCount  int32 `json:"sg,omitzero"`
	HumanSegments int32 `json:"hs,omitzero"`
	FromCustomer  int32 `json:"mc,omitzero"` // messages, by kind of author
	FromAgent     int32 `json:"ma,omitzero"`
	FromBot       int32 `json:"mb,omitzero"`

	// When.
	ClosedAt        int64  `json:"ca,omitzero"` // the last closing, also after a reopening
	Updated         int64  `json:"up"`          // latest time of any of its events
	FirstCustomer   int64  `json:"fc,omitzero"`
	UnansweredSince int64  `json:"us,omitzero"`
	LastReply       int64  `json:"lr,omitzero"` // latest time of an agent's or bot's message
	Cause           uint64 `json:"cs,omitzero"` // sequence of the last message, else of the start or the reopening
	CauseAt         int64  `json:"ct,omitzero"` // its time, from which automatic closing counts
	LastMessageAt   int64  `json:"lt,omitzero"`

	FirstQuestion string `json:"fq,omitzero"` // at most 240 bytes of the customer's first message
	Rows          []Row  `json:"r,omitzero"`

	Extra *Extra `json:",embed"` // nil: all of it is zero; read by More
}

// Extra is what a session has once a human owes an answer.
type Extra struct {
	InForce          int64     `json:"if,omitzero"` // time of the queueing or assignment in force
	QueuedSince      int64     `json:"qs,omitzero"`
	ResponsibleSince int64     `json:"rs,omitzero"`
	TurnSince        int64     `json:"ts,omitzero"`
	Voices           Voices    `json:"vo,omitzero"`
	FirstTurn        FirstTurn `json:"ft,omitzero"`
	FirstResponse    int64     `json:"fr,omitzero"` // milliseconds, if HasFirst

	*Rare // never nil in a state; written by rare
}

// Rare is what few open sessions have any of.
type Rare struct {
	Tags    []string     `json:"ta,omitzero"` // each once
	Handoff string       `json:"ho,omitzero"`
	Stars   int64        `json:"sr,omitzero"` // of the latest answer
	Reasons []string     `json:"rn,omitzero"`
	Surveys []Survey     `json:"su,omitzero"`
	Touches []Touch      `json:"tc,omitzero"`
	Invited []Invite     `json:"iv,omitzero"` // the latest of each target
	Revenue metric.Money `json:"rv,omitzero"` // belongs to the row of StartDay and StartHour; never changed in place
}

// What is read of a session without. Nobody writes it.
var (
	nothingRare Rare
	nothing     = Extra{Rare: &nothingRare}
)

// More is for reading: what stands there is the session's or zero.
func (s *Session) More() *Extra {
	if s.Extra == nil {
		return &nothing
	}
	return s.Extra
}

// more is for writing.
func (s *Session) more() *Extra {
	if s.Extra == nil {
		s.Extra = &Extra{Rare: &nothingRare}
	}
	return s.Extra
}

// rare is for writing.
func (s *Session) rare() *Rare {
	x := s.more()
	if x.Rare == &nothingRare {
		x.Rare = &Rare{}
	}
	return x.Rare
}

// FirstTurn is the session's first human turn ever opened, the only one that
// response_required and the service level look at.
type FirstTurn struct {
	Opened bool       `json:"o,omitzero"`
	Open   bool       `json:"n,omitzero"`
	Hour   int8       `json:"h,omitzero"`
	Day    metric.Day `json:"d,omitzero"`

	*Place // shared: whose it counts as, and under what; nil: nobody's yet; read by whose
}

// whose is the agent whose turn it counts as, if it is anybody's.
func (f *FirstTurn) whose() *Place {
	if f.Place == nil {
		return whole
	}
	return f.Place
}

// Row holds what a session contributes to one hour of one local day: all of it,
// or with an agent that agent's part (**A**), under the channel and team of that
// moment. Pairs with a day stand on the hour in which they first happened.
type Row struct {
	*Place            // shared, never changed in place
	Counts metric.Few // changed in place
	aside  *aside     // nil: none; never changed in place
	Day    metric.Day
	Hour   int8
	Dirty  bool // changed since whoever stores it last cleared this
}

// aside is what stands on few rows.
type aside struct {
	parts []metric.Part
	sales metric.Money
}

// Slot is the row's day and hour.
func (r *Row) Slot() metric.Slot { return metric.Slot{Day: r.Day, Hour: r.Hour} }

// Parts are what is counted by a value besides.
func (r *Row) Parts() []metric.Part {
	if r.aside == nil {
		return nil
	}
	return r.aside.parts
}

// AISales are those of orders paid in that hour.
func (r *Row) AISales() metric.Money {
	if r.aside == nil {
		return nil
	}
	return r.aside.sales
}

// SameAside reports whether both have the same parts and AI sales. It may say no
// where they are equal.
func (r *Row) SameAside(o *Row) bool { return r.aside == o.aside }

func (r *Row) put(parts []metric.Part, sales metric.Money) {
	r.aside = nil
	if len(parts) > 0 || len(sales) > 0 {
		r.aside = &aside{parts, sales}
	}
}

// Start is the slot in which the session began.
func (s *Session) Start() metric.Slot { return metric.Slot{Day: s.StartDay, Hour: s.StartHour} }

// slot is where the first turn counts.
func (f *FirstTurn) slot() metric.Slot { return metric.Slot{Day: f.Day, Hour: f.Hour} }

// MomentTeam is the team that the conversation stands under now.
func (s *Session) MomentTeam() event.TeamID {
	switch {
	case s.Handler.Kind == event.Agent:
		return s.HandlerTeam
	case s.QueuedTeam != "":
		return s.QueuedTeam
	}
	return s.Team
}

// HandlingAgent is the human who has the conversation now.
func (s *Session) HandlingAgent() event.AgentID {
	if s.Handler.Kind != event.Agent {
		return ""
	}
	return event.AgentID(s.Handler.ID)
}

// Same reports whether nothing counts on the row, or is counted under, but what
// did on another. It may say no where all is the same.
func (r *Row) Same(o *Row) bool {
	return r.Day == o.Day && r.Hour == o.Hour && r.Place == o.Place && r.SameAside(o) && r.Counts.Equal(&o.Counts)
}

// add counts n on the whole session's row of an hour.
func (s *Session) add(at metric.Slot, c metric.Counter, n int64) {
	r := s.row(at, "", "", "")
	r.Counts.Add(c, n)
	r.Dirty = true
}

// addPart counts a part on the whole session's row of an hour.
func (s *Session) addPart(at metric.Slot, p metric.Part) { s.row(at, "", "", "").addParts(p) }

func (r *Row) addPart(p metric.Part) { r.addParts(p) }

func (r *Row) addParts(parts ...metric.Part) {
	r.put(metric.WithParts(r.Parts(), parts...), r.AISales())
	r.Dirty = true
}

// addAgent counts n on an agent's row of an hour, under the moment's channel and team.
func (s *Session) addAgent(at metric.Slot, agent event.AgentID, team event.TeamID, c metric.Counter, n int64) {
	if agent == "" {
		return
	}
	r := s.row(at, agent, s.Channel, team)
	r.Counts.Add(c, n)
	r.Dirty = true
}

func (s *Session) row(at metric.Slot, agent event.AgentID, channel event.ChannelID, team event.TeamID) *Row {
	for i := range s.Rows {
		if r := &s.Rows[i]; r.Day == at.Day && r.Hour == at.Hour && r.Agent == agent && r.Channel == channel && r.Team == team {
			return r
		}
	}
	place := whole
	if agent != "" {
		place = &Place{agent, channel, team}
	}
	if n := len(s.Rows); n == cap(s.Rows) { // few sessions have many
		s.Rows = append(make([]Row, 0, n+1+n/4), s.Rows...)
	}
	s.Rows = append(s.Rows, Row{Place: place, Day: at.Day, Hour: at.Hour})
	return &s.Rows[len(s.Rows)-1]
}

// counted reports whether c is counted for the day, in whatever hour, for the
// whole session or for one agent, under whatever channel and team.
func (s *Session) counted(day metric.Day, agent event.AgentID, c metric.Counter) bool {
	for i := range s.Rows {
		if r := &s.Rows[i]; r.Day == day && r.Agent == agent && r.Counts.At(c) != 0 {
			return true
		}
	}
	return false
}

// once counts a pair (session, day), and (session, day, agent) if an agent is
// given, unless it is counted already.
func (s *Session) once(at metric.Slot, agent event.AgentID, team event.TeamID, c metric.Counter) {
	if !s.counted(at.Day, "", c) {
		s.add(at, c, 1)
	}
	s.onceAgent(at, agent, team, c)
}

func (s *Session) onceAgent(at metric.Slot, agent event.AgentID, team event.TeamID, c metric.Counter) {
	if agent != "" && !s.counted(at.Day, agent, c) {
		s.addAgent(at, agent, team, c, 1)
	}
}

// beside counts one of numerator, once a day and agent, on the row on which its
// denominator stands: the hour is another by now, the team may be, and a rate
// within one of them must not pass 100 %.
func (s *Session) beside(day metric.Day, agent event.AgentID, denominator, numerator metric.Counter) {
	if s.counted(day, agent, numerator) {
		return
	}
	for i := range s.Rows {
		if r := &s.Rows[i]; r.Day == day && r.Agent == agent && r.Counts.At(denominator) != 0 {
			r.Counts.Add(numerator, 1)
			r.Dirty = true
			return
		}
	}
}

// remark marks every row as changed: what they are counted under has moved.
func (s *Session) remark() {
	for i := range s.Rows {
		s.Rows[i].Dirty = true
	}
}

// IntentOrOther is what the session counts under.
func (s *Session) IntentOrOther() event.Intent {
	if s.Intent == "" {
		return event.IntentOther
	}
	return s.Intent
}

// rehandle brings handling, and the four parts of chats, up to the session's marks.
func (s *Session) rehandle() {
	h := metric.HandlingNone
	if s.Wrote {
		switch {
		case s.BotInvolved && s.HumanInvolved:
			h = metric.HandlingBotToHuman
		case s.BotInvolved:
			h = metric.HandlingBotOnly
		case s.HumanInvolved:
			h = metric.HandlingHumanOnly
		default:
			h = metric.HandlingUnhandled
		}
	}
	if h == s.Handling {
		return
	}
	if c, ok := handlingCounter(s.Handling); ok {
		s.add(s.Start(), c, -1)
	}
	if c, ok := handlingCounter(h); ok {
		s.add(s.Start(), c, 1)
	}
	s.under().Handling = h
	s.remark()
}

func handlingCounter(h metric.Handling) (metric.Counter, bool) {
	switch h {
	case metric.HandlingBotOnly:
		return metric.ChatsBotOnly, true
	case metric.HandlingHumanOnly:
		return metric.ChatsHumanOnly, true
	case metric.HandlingBotToHuman:
		return metric.ChatsBotToHuman, true
	case metric.HandlingUnhandled:
		return metric.ChatsUnhandled, true
	case metric.HandlingNone:
	}
	return 0, false
}

// Agents lists the humans who were assigned to the session or wrote in it.
func (s *Session) Agents() []event.AgentID {
	var out []event.AgentID
	for v := range s.More().Voices.All() {
		out = append(out, *v.Agent)
	}
	slices.Sort(out)
	return out
}
