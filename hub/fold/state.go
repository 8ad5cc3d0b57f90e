package fold

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/table"
)

// Kind is what a Ref refers to.
type Kind uint8

// The kinds of entities that a state is made of. KindTenant is the profile and
// the directory of channels and teams; it has no id.
const (
	KindTenant Kind = iota + 1
	KindAgent
	KindConversation
	KindCustomer
	KindOrder
	KindLoose
	KindEvent // an event id; its entity is the event's time in microseconds
)

// Ref names an entity of a tenant.
type Ref struct {
	Kind Kind
	ID   string
}

// State is what one tenant's events have made so far.
type State struct {
	tenant   event.TenantID
	name     string
	profile  *metric.Profile
	calendar *metric.Calendar
	seq      uint64 // of the last event applied
	latest   int64  // latest time of an event, milliseconds

	channels      map[event.ChannelID]*Channel
	teams         map[event.TeamID]*Team
	agents        map[event.AgentID]*Agent
	conversations table.Table[*Conversation]
	customers     table.Table[*Customer]
	orders        map[event.OrderID]*orderOwner
	looseRows     map[Ref]*Loose

	// What a restart could not count again from what is resident.
	contacts map[string]int64 // customers who wrote, by the set of channels of their chats; see Contacts
	balances map[event.ChannelID]metric.Money
	flows    map[string]string // names, by id

	known  Known
	ids    recentIDs
	absent map[Ref]struct{} // looked up, and not there
	events map[Ref]int64    // event ids that were looked up

	sweeps  uint32 // so far
	words   words
	texts   edge
	change  Change
	rows    []Row   // backs the rows of change's Before
	numbers []int64 // backs their counts
}

// New makes the empty state of a tenant, with the default profile in UTC.
func New(tenant event.TenantID) *State {
	p, err := metric.NewProfile(metric.DefaultProfile, 0, nil)
	if err != nil {
		panic(err) // the built-in preset does not depend on input
	}
	return &State{
		tenant: tenant, profile: p, calendar: metric.NewCalendar(p.Location()),
		channels: map[event.ChannelID]*Channel{}, teams: map[event.TeamID]*Team{}, agents: map[event.AgentID]*Agent{},
		orders: map[event.OrderID]*orderOwner{}, looseRows: map[Ref]*Loose{},
		contacts: map[string]int64{}, balances: map[event.ChannelID]metric.Money{}, flows: map[string]string{},
		absent: map[Ref]struct{}{}, events: map[Ref]int64{}, words: newWords(),
	}
}

// Tenant is whose state it is.
func (st *State) Tenant() event.TenantID { return st.tenant }

// Name is what the tenant is called; its id, if it was not said.
func (st *State) Name() string {
	if st.name == "" {
		return string(st.tenant)
	}
	return st.name
}

// Profile is the profile in force.
func (st *State) Profile() *metric.Profile { return st.profile }

// Calendar cuts days in the profile's time zone. It is for the state's goroutine.
func (st *State) Calendar() *metric.Calendar { return st.calendar }

// Seq is the sequence of the last event applied.
func (st *State) Seq() uint64 { return st.seq }

// Latest is the latest time of an event applied, milliseconds since 1970.
func (st *State) Latest() int64 { return st.latest }

// Agents ranges over the agents in no order.
func (st *State) Agents() iter.Seq[*Agent] { return maps.Values(st.agents) }

// Agent finds an agent.
func (st *State) Agent(id event.AgentID) (*Agent, bool) { a, ok := st.agents[id]; return a, ok }

// Channels ranges over the channels in no order.
func (st *State) Channels() iter.Seq[*Channel] { return maps.Values(st.channels) }

// Channel finds a channel.
func (st *State) Channel(id event.ChannelID) (*Channel, bool) { c, ok := st.channels[id]; return c, ok }

// Teams ranges over the teams in no order.
func (st *State) Teams() iter.Seq[*Team] { return maps.Values(st.teams) }

// Team finds a team.
func (st *State) Team(id event.TeamID) (*Team, bool) { t, ok := st.teams[id]; return t, ok }

// Conversations ranges over the resident conversations in no order.
func (st *State) Conversations() iter.Seq[*Conversation] { return st.conversations.All() }

// Conversation finds a resident conversation.
func (st *State) Conversation(id event.ConversationID) (*Conversation, bool) {
	c, ok := st.conversations.Get(string(id))
	return c, ok
}

// Customer finds a resident customer.
func (st *State) Customer(id event.CustomerID) (*Customer, bool) {
	c, ok := st.customers.Get(string(id))
	return c, ok
}

// Loose ranges over the resident loose rows in no order.
func (st *State) Loose() iter.Seq[*Loose] { return maps.Values(st.looseRows) }

// FlowName is what a flow is called; its id, if it was not said.
func (st *State) FlowName(id string) string {
	if name, ok := st.flows[id]; ok {
		return name
	}
	return id
}

// Flows ranges over the flows that ever ran, by id, with their names, in no order.
func (st *State) Flows() iter.Seq2[string, string] { return maps.All(st.flows) }

// created notes that an entity exists from now on.
func (st *State) created(r Ref) {
	st.known.Add(r)
	delete(st.absent, r)
}

// tenantEntity is how profile and directory are stored.
type tenantEntity struct {
	Name     string                           `json:"name,omitzero"`
	Profile  string                           `json:"profile"`
	Version  int64                            `json:"version"`
	Changes  jsonValue                        `json:"changes,omitzero"`
	Channels map[string]*Channel              `json:"channels,omitzero"`
	Teams    map[string]*Team                 `json:"teams,omitzero"`
	Contacts map[string]int64                 `json:"contacts,omitzero"`
	Balances map[event.ChannelID]metric.Money `json:"balances,omitzero"`
	Flows    map[string]string                `json:"flows,omitzero"`
}

// Encode writes an entity for storage, nil if it is not resident.
func (st *State) Encode(r Ref) ([]byte, error) {
	var entity any
	switch r.Kind {
	case KindTenant:
		t := tenantEntity{Name: st.name, Profile: st.profile.Name, Version: st.profile.Version, Changes: st.profile.Changes, Channels: map[string]*Channel{}, Teams: map[string]*Team{}, Contacts: st.contacts, Balances: st.balances, Flows: st.flows}
		for id, c := range st.channels {
			t.Channels[string(id)] = c
		}
		for id, g := range st.teams {
			t.Teams[string(id)] = g
		}
		entity = t
	case KindAgent:
		if a, ok := st.agents[event.AgentID(r.ID)]; ok {
			entity = a
		}
	case KindConversation:
		if c, ok := st.conversations.Get(r.ID); ok {
			entity = c
		}
	case KindCustomer:
		if c, ok := st.customers.Get(r.ID); ok {
			entity = c
		}
	case KindOrder:
		if o, ok := st.orders[event.OrderID(r.ID)]; ok {
			entity = o
		}
	case KindLoose:
		if l, ok := st.looseRows[r]; ok {
			entity = l
		}
	case KindEvent:
	}
	if entity == nil {
		return nil, nil
	}
	b, err := json.Marshal(entity, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode entity %d %q: %w", r.Kind, r.ID, err)
	}
	return b, nil
}

// Bring makes an entity resident, as Encode wrote it; nil says that there is
// none. What is resident already stays.
func (st *State) Bring(r Ref, stored []byte) error {
	if st.resident(r) {
		return nil
	}
	if stored == nil {
		st.absent[r] = struct{}{}
		return nil
	}
	err := st.bring(r, stored)
	if err != nil {
		return fmt.Errorf("decode entity %d %q: %w", r.Kind, r.ID, err)
	}
	if r.Kind != KindEvent {
		st.known.Add(r)
	}
	delete(st.absent, r)
	return nil
}

func (st *State) bring(r Ref, stored []byte) error {
	switch r.Kind {
	case KindTenant:
		return st.bringTenant(stored)
	case KindAgent:
		a := newAgent(event.AgentID(r.ID))
		st.agents[a.ID] = a
		return json.Unmarshal(stored, a)
	case KindConversation:
		c := &Conversation{}
		if err := json.Unmarshal(stored, c); err != nil {
			return err
		}
		if len(c.Sessions) == 0 {
			return errors.New("no session")
		}
		for _, s := range c.Sessions {
			st.words.share(s, &Session{})
		}
		c.touchedAt = st.latest
		st.conversations.Put(c)
	case KindCustomer:
		c := &Customer{}
		if err := json.Unmarshal(stored, c); err != nil {
			return err
		}
		c.touchedAt, c.In = st.latest, st.words.channels(c.Channels())
		st.customers.Put(c)
	case KindOrder:
		o := &orderOwner{touchedAt: st.latest}
		if err := json.Unmarshal(stored, o); err != nil {
			return err
		}
		st.orders[event.OrderID(r.ID)] = o
	case KindLoose:
		l := &Loose{touchedAt: st.latest}
		if err := json.Unmarshal(stored, l); err != nil {
			return err
		}
		st.looseRows[r] = l
	case KindEvent:
		micros, err := strconv.ParseInt(string(stored), 10, 64)
		if err != nil {
			return err
		}
		st.events[r] = micros
	}
	return nil
}

func (st *State) bringTenant(stored []byte) error {
	var t tenantEntity
	if err := json.Unmarshal(stored, &t); err != nil {
		return err
	}
	p, err := metric.NewProfile(t.Profile, t.Version, t.Changes)
	if err != nil {
		return err
	}
	st.name = t.Name
	st.use(p)
	for id, c := range t.Channels {
		st.channels[event.ChannelID(id)] = c
	}
	for id, g := range t.Teams {
		st.teams[event.TeamID(id)] = g
	}
	maps.Copy(st.contacts, t.Contacts)
	maps.Copy(st.balances, t.Balances)
	maps.Copy(st.flows, t.Flows)
	return nil
}

func (st *State) use(p *metric.Profile) {
	st.profile, st.calendar = p, metric.NewCalendar(p.Location())
}

// resident reports whether an entity needs no fetching.
func (st *State) resident(r Ref) bool {
	var ok bool
	switch r.Kind {
	case KindTenant:
		return false
	case KindAgent:
		_, ok = st.agents[event.AgentID(r.ID)]
	case KindConversation:
		_, ok = st.conversations.Get(r.ID)
	case KindCustomer:
		_, ok = st.customers.Get(r.ID)
	case KindOrder:
		_, ok = st.orders[event.OrderID(r.ID)]
	case KindLoose:
		_, ok = st.looseRows[r]
	case KindEvent:
		_, ok = st.events[r]
	}
	return ok
}

// Resume continues a state that was brought from storage: seq is the last
// sequence that it holds, latest the latest event's time in milliseconds.
func (st *State) Resume(seq uint64, latest int64) { st.seq, st.latest = seq, latest }

// Pass moves the clock to a time in milliseconds, as an event would have that a replay
// leaves out.
func (st *State) Pass(at int64) { st.latest = max(st.latest, at) }

// Know tells the state of an id that exists in storage and is not resident.
// Events have KnowEvent.
func (st *State) Know(r Ref) { st.known.Add(r) }

// Remember tells the state of an event of the last hour that storage holds.
func (st *State) Remember(source, id string, micros int64, seq uint64) {
	key := st.ids.key(source, id)
	st.ids.add(key, micros, seq)
	st.known.addEvent(key)
}

// KnowEvent tells the state of an older event that storage holds, by its EventHash.
func (st *State) KnowEvent(hash uint64) { st.known.add(hash) }

// Sweep lets go of what has rested for keep milliseconds of event time and is
// stored as of committed. With keepOpen, conversations stay that are open or were
// closed less than the grace ago, and their customers. It returns how many entities went.
func (st *State) Sweep(committed uint64, keep int64, keepOpen bool) int {
	horizon := st.latest - keep
	st.sweeps++
	gone := st.conversations.DeleteFunc(func(c *Conversation) bool {
		active := keepOpen && (c.Open() || st.inGrace(c.Current().ClosedAt))
		if c.touched <= committed && c.touchedAt < horizon && !active {
			return true
		}
		for _, s := range c.Sessions {
			if u, ok := st.customers.Get(string(s.Customer)); ok && active {
				u.busy = st.sweeps
			}
		}
		return false
	})
	gone += st.customers.DeleteFunc(func(c *Customer) bool {
		return c.busy != st.sweeps && c.touched <= committed && c.touchedAt < horizon
	})
	for id, o := range st.orders {
		if o.touched <= committed && o.touchedAt < horizon {
			delete(st.orders, id)
			gone++
		}
	}
	for r, l := range st.looseRows {
		if l.touched <= committed && l.touchedAt < horizon {
			delete(st.looseRows, r)
			gone++
		}
	}
	for _, a := range st.agents {
		st.sweepAgent(a, committed)
	}
	clear(st.absent)
	clear(st.events)
	st.words.trim(st.conversations.Len(), st.customers.Len())
	return gone
}

// inGrace reports whether what was closed then still counts as active, or would
// by a clock that is a little behind.
func (st *State) inGrace(closedAt int64) bool {
	const slack = 10 * 60 * 1000
	grace := st.profile.ActiveGraceHours * 60 * 60 * 1000
	return grace > 0 && closedAt+grace+slack > st.latest
}

// sweepAgent drops days that can no longer change, and old notifications.
func (st *State) sweepAgent(a *Agent, committed uint64) {
	if a.touched > committed {
		return
	}
	oldest := st.calendar.Day(st.latest) - 2
	if a.OnlineSince != 0 {
		oldest = min(oldest, st.calendar.Day(a.OnlineSince))
	}
	oldest = min(oldest, st.calendar.Day(a.LastPresence))
	for d := range a.Days {
		if d < oldest {
			delete(a.Days, d)
		}
	}
	for id, n := range a.Notices {
		if n.Old(st.latest) {
			delete(a.Notices, id)
		}
	}
}

// Maybe reports whether an entity that is not resident may exist in storage.
func (st *State) Maybe(r Ref) bool {
	if st.resident(r) {
		return false
	}
	if _, absent := st.absent[r]; absent {
		return false
	}
	return st.known.Maybe(r)
}
