package fold

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Channel is an inbox or service account.
type Channel struct {
	ID          event.ChannelID    `json:"id"`
	Name        string             `json:"name"`
	Kind        string             `json:"kind,omitzero"`
	Avatar      string             `json:"avatar,omitzero"`
	Attribution *event.Attribution `json:"attribution,omitzero"`
	AI          string             `json:"ai,omitzero"`
	Disabled    bool               `json:"disabled,omitzero"`
}

// Team is a reception group.
type Team struct {
	ID       event.TeamID      `json:"id"`
	Name     string            `json:"name"`
	Channels []event.ChannelID `json:"channels,omitzero"`
	Capacity *int64            `json:"capacity,omitzero"`
	Disabled bool              `json:"disabled,omitzero"`
}

// Agent is a human agent: who he is, what his state is, his days online, and
// the notifications that he has not acknowledged. Times are milliseconds.
type Agent struct {
	ID         event.AgentID     `json:"id"`
	Name       string            `json:"name"`
	Teams      []event.TeamID    `json:"teams,omitzero"`
	Channels   []event.ChannelID `json:"channels,omitzero"`
	Department string            `json:"department,omitzero"`
	Avatar     string            `json:"avatar,omitzero"`
	Capacity   *int64            `json:"capacity,omitzero"`
	Email      string            `json:"email,omitzero"`
	Role       string            `json:"role,omitzero"`
	Disabled   bool              `json:"disabled,omitzero"`

	Status       event.Presence           `json:"status"`
	StatusSince  int64                    `json:"status_since,omitzero"`
	OnlineSince  int64                    `json:"online_since,omitzero"` // of the running spell; 0: not online
	LastPresence int64                    `json:"last_presence,omitzero"`
	ConfirmedSeq uint64                   `json:"confirmed_seq,omitzero"` // of the last presence event
	Days         map[metric.Day]*AgentDay `json:"days,omitzero"`
	Notices      map[string]*Notice       `json:"notices,omitzero"`
	Disputes     map[string]*Dispute      `json:"disputes,omitzero"` // open ones, by DisputeID

	touched uint64 // sequence of the last event that changed it
}

// AgentDay is an agent's time online on one local day, in spells that have
// ended. A spell that runs is added by whoever answers, up to the answer's time.
type AgentDay struct {
	Online int64 `json:"o,omitzero"`
	First  int64 `json:"f,omitzero"`
	Dirty  bool  `json:"-"`
}

// Notice is a notification that the agent has not acknowledged.
type Notice struct {
	At           int64                `json:"at"`
	Kind         string               `json:"kind"`
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	Text         string               `json:"text"`
	Violations   []event.Violation    `json:"violations"`

	// Of a dispute that was decided.
	Decision event.Decision `json:"decision,omitzero"`
	Reason   string         `json:"reason,omitzero"`
	By       string         `json:"by,omitzero"`
	Released bool           `json:"released,omitzero"`
}

func newAgent(id event.AgentID) *Agent {
	return &Agent{ID: id, Name: string(id), Status: event.Offline}
}

// agent finds an agent, or makes one with its id as its name.
func (st *State) agent(id event.AgentID) *Agent {
	a, ok := st.agents[id]
	if !ok {
		a = newAgent(id)
		st.agents[id] = a
		st.change.Agents = append(st.change.Agents, AgentChange{Now: a, Before: *a, Created: true})
	}
	return a
}

// touchAgent is agent, for an event that is about to change it.
func (st *State) touchAgent(id event.AgentID) *Agent {
	a := st.agent(id)
	a.touched = st.seq
	for i := range st.change.Agents {
		if st.change.Agents[i].Now == a {
			return a
		}
	}
	st.change.Agents = append(st.change.Agents, AgentChange{Now: a, Before: *a})
	return a
}

func (st *State) channel(id event.ChannelID) *Channel {
	c, ok := st.channels[id]
	if !ok {
		c = &Channel{ID: id, Name: string(id)}
		st.channels[id] = c
		st.change.Directory = true
	}
	return c
}

// channelsName is the directory's own copy of a channel's id.
func (st *State) channelsName(id event.ChannelID) *event.ChannelID {
	if c, ok := st.channels[id]; ok {
		return &c.ID
	}
	own := id
	return &own
}

// agentsName is the directory's own copy of an agent's id.
func (st *State) agentsName(id event.AgentID) *event.AgentID {
	if a, ok := st.agents[id]; ok {
		return &a.ID
	}
	own := id
	return &own
}

// named makes a channel that an event may have named.
func (st *State) named(id event.ChannelID) {
	if id != "" {
		st.channel(id)
	}
}

func (st *State) team(id event.TeamID) *Team {
	t, ok := st.teams[id]
	if !ok {
		t = &Team{ID: id, Name: string(id)}
		st.teams[id] = t
		st.change.Directory = true
	}
	return t
}

func (st *State) channelUpdated(d *event.ChannelUpdated) {
	c := st.channel(d.Channel)
	c.Name, c.Kind = d.Name, d.Kind
	set(&c.Avatar, d.Avatar)
	if d.Attribution != nil {
		c.Attribution = d.Attribution
	}
	if d.AI != "" {
		c.AI = d.AI
	}
	set(&c.Disabled, d.Disabled)
	st.change.Directory = true
}

func (st *State) teamUpdated(d *event.TeamUpdated) {
	t := st.team(d.Team)
	t.Name = d.Name
	if d.Channels != nil {
		t.Channels = d.Channels
		for _, c := range d.Channels {
			st.channel(c)
		}
	}
	if d.Capacity != nil {
		t.Capacity = d.Capacity
	}
	set(&t.Disabled, d.Disabled)
	st.change.Directory = true
}

func (st *State) agentUpdated(at int64, d *event.AgentUpdated) {
	a := st.touchAgent(d.Agent)
	a.Name = d.Name
	if d.Teams != nil {
		a.Teams = d.Teams
		for _, t := range d.Teams {
			st.team(t)
		}
	}
	if d.Channels != nil {
		a.Channels = d.Channels
		for _, c := range d.Channels {
			st.channel(c)
		}
	}
	set(&a.Department, d.Department)
	set(&a.Avatar, d.Avatar)
	if d.Capacity != nil {
		a.Capacity = d.Capacity
	}
	set(&a.Email, d.Email)
	set(&a.Role, d.Role)
	if d.Disabled != nil && *d.Disabled && !a.Disabled {
		// What arrives late after he is enabled again must not overlap the spell
		// that ends here.
		a.LastPresence = max(at, a.LastPresence)
		st.setStatus(a, a.LastPresence, event.Offline)
	}
	set(&a.Disabled, d.Disabled)
}

func (st *State) agentPresence(seq uint64, at int64, d *event.AgentPresence) {
	a := st.touchAgent(d.Agent)
	if d.After != 0 && d.After != a.ConfirmedSeq {
		return // the lease was confirmed after this lapse was decided
	}
	if a.Disabled {
		return
	}
	at = max(at, a.LastPresence)
	st.setStatus(a, at, d.Status)
	a.LastPresence, a.ConfirmedSeq = at, seq
}

// setStatus ends or begins a spell online. A spell is cut at local midnights.
func (st *State) setStatus(a *Agent, at int64, to event.Presence) {
	if a.Status == to {
		return
	}
	if a.OnlineSince != 0 {
		st.endSpell(a, at)
		a.OnlineSince = 0
	}
	if to == event.Online {
		a.OnlineSince = at
		day := a.day(st.calendar.Day(at))
		if day.First == 0 || at < day.First {
			day.First = at
		}
		day.Dirty = true
	}
	a.Status, a.StatusSince = to, at
}

func (st *State) endSpell(a *Agent, end int64) {
	SplitSpell(st.calendar, a.OnlineSince, end, func(d metric.Day, from, to int64) {
		day := a.day(d)
		day.Online += to - from
		if day.First == 0 || from < day.First {
			day.First = from
		}
		day.Dirty = true
	})
}

// SplitSpell cuts the time from start to end wherever the local day changes. A
// spell of no length is on the day it began. A day comes twice where a clock is
// set back across midnight.
func SplitSpell(c *metric.Calendar, start, end int64, each func(d metric.Day, from, to int64)) {
	for from := start; ; {
		day := c.Day(from)
		to := from
		for to < end && c.Day(to) == day {
			to = min(end, c.Next(to))
		}
		each(day, from, to)
		if to >= end {
			return
		}
		from = to
	}
}

func (a *Agent) day(d metric.Day) *AgentDay {
	if a.Days == nil {
		a.Days = make(map[metric.Day]*AgentDay)
	}
	day, ok := a.Days[d]
	if !ok {
		day = &AgentDay{}
		a.Days[d] = day
	}
	return day
}

// set writes an optional member: absent leaves what was.
func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
