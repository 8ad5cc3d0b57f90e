package history

import (
	"context"
	"errors"
	"fmt"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

// tenantFold is one tenant's state and what of it was changed since the last
// batch was made.
type tenantFold struct {
	state  *fold.State
	stored bool   // the tenant's own rows are
	rows   string // what stands in the column tenant of its rows

	changed       bool
	directory     bool
	entity        bool // the tenant's
	conversations map[*fold.Conversation]struct{}
	sessions      map[*fold.Session]struct{}
	agents        map[*fold.Agent]struct{}
	customers     map[*fold.Customer]struct{}
	orders        map[event.OrderID]struct{}
	loose         map[*fold.Loose]struct{}
}

func newTenantFold(st *fold.State, stored bool) *tenantFold {
	return &tenantFold{
		state: st, stored: stored, rows: string(st.Tenant()),
		conversations: map[*fold.Conversation]struct{}{}, sessions: map[*fold.Session]struct{}{},
		agents: map[*fold.Agent]struct{}{}, customers: map[*fold.Customer]struct{}{},
		orders: map[event.OrderID]struct{}{}, loose: map[*fold.Loose]struct{}{},
	}
}

// note keeps what a change names.
func (t *tenantFold) note(c *fold.Change) {
	t.changed = true
	t.directory = t.directory || c.Directory
	t.entity = t.entity || c.Directory || c.Tenant
	for i := range c.Sessions {
		t.conversations[c.Sessions[i].Conversation] = struct{}{}
		t.sessions[c.Sessions[i].Now] = struct{}{}
	}
	for i := range c.Agents {
		t.agents[c.Agents[i].Now] = struct{}{}
	}
	for _, u := range c.Customers {
		t.customers[u] = struct{}{}
	}
	for _, id := range c.Orders {
		t.orders[id] = struct{}{}
	}
	for i := range c.Loose {
		t.loose[c.Loose[i].Now] = struct{}{}
	}
}

// flush encodes what has changed.
func (t *tenantFold) flush(b *batch) error {
	if !t.changed {
		return nil
	}
	st := t.state
	b.seq = st.Seq()
	var errs []error
	keep := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if t.entity || !t.stored {
		keep(b.entity(t, fold.Ref{Kind: fold.KindTenant}))
	}
	if t.directory || !t.stored {
		b.directory(t)
	}
	keep(b.tenant(st))
	for c := range t.conversations {
		keep(b.entity(t, fold.Ref{Kind: fold.KindConversation, ID: string(c.ID)}))
	}
	for s := range t.sessions {
		keep(b.session(t.rows, s))
	}
	for a := range t.agents {
		b.agent(t.rows, a)
		keep(b.entity(t, fold.Ref{Kind: fold.KindAgent, ID: string(a.ID)}))
	}
	for u := range t.customers {
		b.customer(t.rows, u)
		keep(b.entity(t, fold.Ref{Kind: fold.KindCustomer, ID: string(u.ID)}))
	}
	for id := range t.orders {
		keep(b.entity(t, fold.Ref{Kind: fold.KindOrder, ID: string(id)}))
	}
	for l := range t.loose {
		keep(b.loose(t.rows, l))
		keep(b.entity(t, l.Ref()))
	}
	t.changed, t.directory, t.entity, t.stored = false, false, false, true
	clear(t.conversations)
	clear(t.sessions)
	clear(t.agents)
	clear(t.customers)
	clear(t.orders)
	clear(t.loose)
	return errors.Join(errs...)
}

// folder runs the fold over messages in their order. It belongs to one goroutine.
type folder struct {
	tenants map[event.TenantID]*tenantFold
	epoch   int32
	q       querier
	// strict looks every event's id up, whatever the state believes.
	strict bool
	// replay takes stored events, of which none is stored again.
	replay bool
	// alone says that everything is resident or on the shelf, if there is one, so that
	// nothing is looked up.
	alone bool
	shelf *shelf
	// rows is under what the entities of a recomputation stand; "" looks it up.
	rows string

	events []event.Event
	faults []*event.Refusal
	live   []int // positions in events that may still miss something
	refs   []fold.Ref
	wanted map[event.TenantID]map[fold.Ref]struct{}
}

func newFolder(states map[event.TenantID]*fold.State, epoch int32, q querier) *folder {
	f := &folder{tenants: make(map[event.TenantID]*tenantFold, len(states)), epoch: epoch, q: q, wanted: map[event.TenantID]map[fold.Ref]struct{}{}}
	for id, st := range states {
		f.tenants[id] = newTenantFold(st, true)
	}
	return f
}

func (f *folder) tenant(id event.TenantID) *tenantFold {
	t, ok := f.tenants[id]
	if !ok {
		t = newTenantFold(fold.New(id), false)
		f.tenants[id] = t
	}
	return t
}

// fold takes messages of the stream into b. Errors are the database's, after
// which the states are good for nothing.
func (f *folder) fold(ctx context.Context, messages []stream.Message, b *batch) error {
	f.events, f.faults, f.live = f.events[:0], f.faults[:0], f.live[:0]
	for i := range messages {
		m := &messages[i]
		if m.Subject == "" { // a mark
			f.events, f.faults = append(f.events, event.Event{}), append(f.faults, nil)
			continue
		}
		e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
		var fault *event.Refusal
		if err != nil && !errors.As(err, &fault) {
			return fmt.Errorf("decode message %d: %w", m.Seq, err)
		}
		f.events, f.faults = append(f.events, e), append(f.faults, fault)
		if fault == nil {
			f.live = append(f.live, i)
		}
	}
	if err := f.take(ctx, messages, b); err != nil {
		return err
	}
	if err := f.flush(b); err != nil {
		return err
	}
	clear(f.events)
	return nil
}

// take applies the decoded events of the messages.
func (f *folder) take(ctx context.Context, messages []stream.Message, b *batch) error {
	if err := f.prefetch(ctx); err != nil {
		return err
	}
	for i := range messages {
		if err := f.apply(ctx, &messages[i], &f.events[i], f.faults[i], b); err != nil {
			return err
		}
	}
	last := &messages[len(messages)-1]
	b.first, b.last, b.arrived, b.lastEvent = messages[0].Seq, last.Seq, last.Arrived.UnixNano(), f.events[len(messages)-1]
	b.lastEvent.Data = nil
	return nil
}

func (f *folder) flush(b *batch) error {
	for _, t := range f.tenants {
		if err := t.flush(b); err != nil {
			return err
		}
	}
	return nil
}

// prefetch brings what all events together miss, until nothing is missing: what
// was brought may lead to more.
func (f *folder) prefetch(ctx context.Context) error {
	for round := 0; ; round++ {
		still := f.live[:0]
		for _, i := range f.live {
			if f.want(&f.events[i], round) {
				still = append(still, i)
			}
		}
		f.live = still
		if len(f.live) == 0 {
			return nil
		}
		if err := f.bring(ctx); err != nil {
			return err
		}
	}
}

// want notes what one event misses.
func (f *folder) want(e *event.Event, round int) bool {
	st := f.tenant(e.Tenant).state
	f.refs = st.Missing(e, f.refs[:0])
	if f.strict && round == 0 {
		f.refs = append(f.refs, fold.Ref{Kind: fold.KindEvent, ID: e.Source + "\x00" + e.ID})
	}
	if len(f.refs) == 0 {
		return false
	}
	set := f.wanted[e.Tenant]
	if set == nil {
		set = map[fold.Ref]struct{}{}
		f.wanted[e.Tenant] = set
	}
	for _, r := range f.refs {
		set[r] = struct{}{}
	}
	return true
}

// bring fetches what is wanted and hands it over; what is not there is handed
// over as absent.
func (f *folder) bring(ctx context.Context) error {
	if f.alone {
		return f.unshelve()
	}
	err := fetch(ctx, f.q, f.rows, f.wanted, func(tenant event.TenantID, r fold.Ref, stored []byte) error {
		delete(f.wanted[tenant], r)
		return f.tenant(tenant).state.Bring(r, stored)
	})
	if err != nil {
		return err
	}
	for tenant, set := range f.wanted {
		for r := range set {
			if err := f.tenant(tenant).state.Bring(r, nil); err != nil {
				return err
			}
		}
		clear(set)
	}
	return nil
}

// unshelve is bring for a folder that is alone.
func (f *folder) unshelve() error {
	for tenant, set := range f.wanted {
		for r := range set {
			stored, err := f.shelf.find(r)
			if err != nil {
				return err
			}
			if err := f.tenant(tenant).state.Bring(r, stored); err != nil {
				return err
			}
		}
		clear(set)
	}
	return nil
}

func (f *folder) apply(ctx context.Context, m *stream.Message, e *event.Event, fault *event.Refusal, b *batch) error {
	if fault != nil {
		b.refused = append(b.refused, refusedMessage{*m, fault})
		return nil //nolint:nilerr // a refused event is no fault of the fold's
	}
	if e.Type == "" { // a mark
		return nil
	}
	// An event of this batch may have led to something that nobody could foresee.
	for f.want(e, 1) {
		if err := f.bring(ctx); err != nil {
			return err
		}
	}
	t := f.tenant(e.Tenant)
	c := t.state.Apply(m.Seq, e)
	switch {
	case c.Refused != nil:
		b.refused = append(b.refused, refusedMessage{*m, c.Refused})
	case c.Duplicate:
		b.duplicates++
	default:
		t.note(c)
		if !f.replay {
			b.event(f.epoch, m, e)
		}
	}
	return nil
}

// forget lets go of what has rested and is stored.
func (f *folder) forget(committed uint64) {
	for _, t := range f.tenants {
		t.state.Forget(committed)
	}
}

func (f *folder) sweep(committed uint64, keepMillis int64) {
	for _, t := range f.tenants {
		t.state.Sweep(committed, keepMillis, false)
	}
}
