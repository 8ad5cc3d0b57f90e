package fold

import (
	"iter"
	"maps"

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

	replays bool  // see Replays
	sweeps  uint8 // so far, of 255
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

// LooseRow is a loose row by its ref.
func (st *State) LooseRow(r Ref) (*Loose, bool) { l, ok := st.looseRows[r]; return l, ok }

// FlowName is what a flow is called; its id, if it was not said.
func (st *State) FlowName(id string) string {
	if name, ok := st.flows[id]; ok {
		return name
	}
	return id
}

// Flows ranges over the flows that ever ran, by id, with their names, in no order.
func (st *State) Flows() iter.Seq2[string, string] { return maps.All(st.flows) }

// created notes that an entity exists from now on. It is known when it is let go of.
func (st *State) created(r Ref) { delete(st.absent, r) }

// Resume continues a state that was brought from storage: seq is the last
// sequence that it holds, latest the latest event's time in milliseconds.
func (st *State) Resume(seq uint64, latest int64) { st.seq, st.latest = seq, latest }

// Pass moves the clock to a time in milliseconds, as an event would have that a replay
// leaves out.
func (st *State) Pass(at int64) { st.latest = max(st.latest, at) }

// Replays says that what comes is stored, where each event stands once: an id is held
// against those of the last hour, and none is kept for longer, which would take about
// 14 bytes of each.
func (st *State) Replays() { st.replays = true }

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
