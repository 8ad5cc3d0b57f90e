package fold_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// storage stands for the database: it holds what each Change names, as Encode
// writes it, and nothing else.
type storage struct {
	entities map[fold.Ref][]byte
	days     map[event.AgentID]map[string]string // an agent's days are kept when the fold lets go of them
	applied  []stored
	latest   int64
}

type stored struct {
	source, id string
	micros     int64
	seq        uint64
}

func newStorage() *storage {
	return &storage{entities: map[fold.Ref][]byte{}, days: map[event.AgentID]map[string]string{}}
}

// apply fetches what the event needs, applies it, and stores what it changed.
func (s *storage) apply(t require.TestingT, st *fold.State, seq uint64, e *event.Event) *fold.Change {
	for {
		refs := st.Missing(e, nil)
		if len(refs) == 0 {
			break
		}
		for _, r := range refs {
			if r.Kind == fold.KindEvent {
				require.NoError(t, st.Bring(r, s.event(r)))
				continue
			}
			require.NoError(t, st.Bring(r, s.entities[r]))
		}
	}
	c := st.Apply(seq, e)
	if c.Refused != nil || c.Duplicate {
		require.Empty(t, c.Sessions)
		require.Empty(t, c.Agents)
		require.Empty(t, c.Customers)
		require.Empty(t, c.Orders)
		require.False(t, c.Directory || c.Profile || c.Notices || c.Tenant)
		require.Empty(t, c.Loose)
		return c
	}
	s.applied = append(s.applied, stored{e.Source, e.ID, e.Time.UnixMicro(), seq})
	s.latest = max(s.latest, e.Millis())
	for _, r := range changed(c) {
		b, err := st.Encode(r)
		require.NoError(t, err)
		require.NotNil(t, b)
		s.entities[r] = b
		if r.Kind == fold.KindAgent {
			s.keepDays(t, event.AgentID(r.ID), b)
		}
	}
	return c
}

// changed lists the entities that a change says to store.
func changed(c *fold.Change) []fold.Ref {
	set := map[fold.Ref]struct{}{}
	for i := range c.Sessions {
		set[fold.Ref{Kind: fold.KindConversation, ID: string(c.Sessions[i].Conversation.ID)}] = struct{}{}
	}
	for i := range c.Agents {
		set[fold.Ref{Kind: fold.KindAgent, ID: string(c.Agents[i].Now.ID)}] = struct{}{}
	}
	for _, customer := range c.Customers {
		set[fold.Ref{Kind: fold.KindCustomer, ID: string(customer.ID)}] = struct{}{}
	}
	for _, id := range c.Orders {
		set[fold.Ref{Kind: fold.KindOrder, ID: string(id)}] = struct{}{}
	}
	for i := range c.Loose {
		set[c.Loose[i].Now.Ref()] = struct{}{}
	}
	if c.Directory || c.Profile || c.Tenant {
		set[fold.Ref{Kind: fold.KindTenant}] = struct{}{}
	}
	return slices.Collect(maps.Keys(set))
}

func (s *storage) event(r fold.Ref) []byte {
	for _, a := range s.applied {
		if a.source+"\x00"+a.id == r.ID {
			return strconv.AppendInt(nil, a.micros, 10)
		}
	}
	return nil
}

func (s *storage) keepDays(t require.TestingT, id event.AgentID, b []byte) {
	var agent struct {
		Days map[string]jsontext.Value `json:"days"`
	}
	require.NoError(t, json.Unmarshal(b, &agent))
	if s.days[id] == nil {
		s.days[id] = map[string]string{}
	}
	for d, v := range agent.Days {
		s.days[id][d] = string(v)
	}
}

// restart makes a state from what is stored. With all it brings every entity,
// else only what is always resident; the others are known and fetched at need.
func (s *storage) restart(t require.TestingT, tenant event.TenantID, seq uint64, all bool) *fold.State {
	st := fold.New(tenant)
	for r, b := range s.entities {
		if all || r.Kind == fold.KindTenant || r.Kind == fold.KindAgent {
			require.NoError(t, st.Bring(r, b))
		} else {
			st.Know(r)
		}
	}
	for _, a := range s.applied {
		if all || a.micros/1000 > s.latest-3_600_000 {
			st.Remember(a.source, a.id, a.micros, a.seq)
		} else {
			st.KnowEvent(fold.EventHash(a.source, a.id))
		}
	}
	st.Resume(seq, s.latest)
	return st
}

// text is all that is stored, for comparison; agents without the days that a
// sweep may drop, and those days beside them.
func (s *storage) text(t require.TestingT) map[string]string {
	out := make(map[string]string, len(s.entities))
	for r, b := range s.entities {
		if r.Kind == fold.KindAgent {
			b = withoutDays(t, b)
		}
		out[strconv.Itoa(int(r.Kind))+" "+r.ID] = string(b)
	}
	for id, days := range s.days {
		for d, v := range days {
			out["day "+string(id)+" "+d] = v
		}
	}
	return out
}

// residentText is the same of a state from which nothing was swept.
func residentText(t require.TestingT, st *fold.State, s *storage) map[string]string {
	out := map[string]string{}
	put := func(r fold.Ref) {
		b, err := st.Encode(r)
		require.NoError(t, err)
		if r.Kind == fold.KindAgent {
			b = withoutDays(t, b)
		}
		out[strconv.Itoa(int(r.Kind))+" "+r.ID] = string(b)
	}
	put(fold.Ref{Kind: fold.KindTenant})
	for a := range st.Agents() {
		put(fold.Ref{Kind: fold.KindAgent, ID: string(a.ID)})
		for d, day := range a.Days {
			b, err := json.Marshal(day)
			require.NoError(t, err)
			out["day "+string(a.ID)+" "+d.String()] = string(b)
		}
	}
	for c := range st.Conversations() {
		put(fold.Ref{Kind: fold.KindConversation, ID: string(c.ID)})
	}
	for l := range st.Loose() {
		put(l.Ref())
	}
	for r := range s.entities { // a state does not list its customers and orders
		if r.Kind == fold.KindCustomer || r.Kind == fold.KindOrder {
			put(r)
		}
	}
	return out
}

func withoutDays(t require.TestingT, b []byte) []byte {
	var m map[string]jsontext.Value
	require.NoError(t, json.Unmarshal(b, &m))
	delete(m, "days")
	out, err := json.Marshal(m, json.Deterministic(true))
	require.NoError(t, err)
	return out
}

// rowKey is all that a row is counted under.
type rowKey struct {
	metric.Slot

	Agent    event.AgentID // of an agent's row (**A**), else empty
	Channel  event.ChannelID
	Team     event.TeamID
	First    event.AgentID // the session's
	Intent   event.Intent
	Handling metric.Handling
	AIStatus metric.AIStatus
	Tags     string
	Customer event.CustomerID
}

// partKey is where a part of a row stands.
type partKey struct {
	row       rowKey
	dimension metric.Dimension
	value     string
	counter   metric.Counter
}

// ledger is a sum of rows, kept as the hub keeps it.
type ledger struct {
	rows    map[rowKey]*metric.Counts
	parts   map[partKey]int64
	revenue map[rowKey]metric.Money
	sales   map[rowKey]metric.Money
	used    map[rowKey]metric.Money // credits, by category in the key's tags
	added   map[rowKey]metric.Money
}

func newLedger() *ledger {
	return &ledger{
		rows: map[rowKey]*metric.Counts{}, parts: map[partKey]int64{}, revenue: map[rowKey]metric.Money{},
		sales: map[rowKey]metric.Money{}, used: map[rowKey]metric.Money{}, added: map[rowKey]metric.Money{},
	}
}

func (l *ledger) take(c *fold.Change) {
	for i := range c.Sessions {
		if !c.Sessions[i].Created {
			l.session(&c.Sessions[i].Before, -1)
		}
		l.session(c.Sessions[i].Now, 1)
	}
	for i := range c.Loose {
		l.loose(&c.Loose[i].Before, -1)
		l.loose(c.Loose[i].Now, 1)
	}
}

func (l *ledger) loose(x *fold.Loose, sign int) {
	k := rowKey{Slot: x.Row.Slot(), Channel: x.Row.Channel, Customer: x.Customer}
	l.row(k, &x.Row, sign)
	count(l.used, k, x.Used, sign)
	count(l.added, k, x.Added, sign)
	for _, p := range x.Row.Parts() {
		k.Tags = p.Value
		count(l.used, k, p.Money, sign)
	}
}

// row adds a row under its key, or takes it back.
func (l *ledger) row(k rowKey, r *fold.Row, sign int) {
	if l.rows[k] == nil {
		l.rows[k] = &metric.Counts{}
	}
	l.rows[k].AddFew(&r.Counts, int64(sign))
	if l.rows[k].IsZero() {
		delete(l.rows, k)
	}
	for _, p := range r.Parts() {
		pk := partKey{k, p.Dimension, p.Value, p.Counter}
		if l.parts[pk] += int64(sign) * p.N; l.parts[pk] == 0 {
			delete(l.parts, pk)
		}
	}
	count(l.sales, k, r.AISales(), sign)
}

func count(to map[rowKey]metric.Money, k rowKey, m metric.Money, sign int) {
	if to[k] == nil {
		to[k] = metric.Money{}
	}
	if sign > 0 {
		to[k].AddAll(m)
	} else {
		to[k].SubAll(m)
	}
	if len(to[k]) == 0 {
		delete(to, k)
	}
}

func (l *ledger) session(s *fold.Session, sign int) {
	for i := range s.Rows {
		r := &s.Rows[i]
		k := rowKey{Slot: r.Slot(), Agent: r.Agent, Channel: r.Channel, Team: r.Team, First: s.Agent, Intent: s.IntentOrOther(), Handling: s.Handling, AIStatus: s.AIStatus, Tags: strings.Join(s.More().Tags, ","), Customer: s.Customer}
		if r.Agent == "" {
			k.Channel, k.Team = s.Channel, s.Team
		}
		l.row(k, r, sign)
	}
	k := rowKey{Slot: s.Start(), Channel: s.Channel, Team: s.Team, First: s.Agent, Intent: s.IntentOrOther(), Handling: s.Handling, AIStatus: s.AIStatus, Tags: strings.Join(s.More().Tags, ","), Customer: s.Customer}
	count(l.revenue, k, s.More().Revenue, sign)
}

// scratch adds everything up anew.
func scratch(st *fold.State) *ledger {
	l := newLedger()
	for c := range st.Conversations() {
		for _, s := range c.Sessions {
			l.session(s, 1)
		}
	}
	for x := range st.Loose() {
		l.loose(x, 1)
	}
	return l
}

// money is amounts as text, so that equal ones compare as equal.
func (l *ledger) money() []map[rowKey]map[string]string {
	var all []map[rowKey]map[string]string
	for _, of := range []map[rowKey]metric.Money{l.revenue, l.sales, l.used, l.added} {
		out := map[rowKey]map[string]string{}
		for k, m := range of {
			out[k] = m.Strings()
		}
		all = append(all, out)
	}
	return all
}

// agrees fails unless two ledgers hold the same.
func (l *ledger) agrees(t require.TestingT, other *ledger) {
	require.Len(t, l.rows, len(other.rows))
	for k, want := range other.rows {
		require.NotNil(t, l.rows[k], "%+v", k)
		require.Equal(t, *want, *l.rows[k], "%+v", k)
	}
	require.Equal(t, other.parts, l.parts)
	require.Equal(t, other.money(), l.money())
}
