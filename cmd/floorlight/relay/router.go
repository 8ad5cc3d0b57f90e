package relay

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

// Config says what a router works with.
type Config struct {
	Conn       *nats.Conn
	Partitions int
	Tally      *hub.Tally // may be nil
	Now        func() time.Time
	Logger     zerolog.Logger
}

// Decider is the inline check; *live.Gate is one.
type Decider interface {
	Check(ctx context.Context, tenant event.TenantID, r live.CheckRequest) (live.CheckReply, error)
	Send(ctx context.Context, tenant event.TenantID, agent event.AgentID, r live.CheckRequest) (live.CheckReply, error)
}

// Router answers for every tenant, whoever owns it.
type Router struct {
	// Immutable.
	c       Config
	parts   []*part
	answers *answers
	ctx     context.Context //nolint:containedctx // of what runs in the background, until Stop.
	cancel  context.CancelFunc
	wg      sync.WaitGroup

	decider atomic.Pointer[Decider]
}

// part is a partition as it is seen from here.
type part struct {
	r *Router
	n int

	// mu is held for reading while something changes for a connection, and for
	// writing while the partition moves.
	mu    sync.RWMutex
	owned *Owned // nil: it is another's

	roomsMu sync.Mutex
	rooms   map[event.TenantID]*room
}

// New makes a router that owns nothing.
func New(c Config) (*Router, error) {
	r := &Router{c: c}
	var err error
	if r.answers, err = newAnswers(c.Conn); err != nil {
		return nil, err
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	for n := range max(1, c.Partitions) {
		r.parts = append(r.parts, &part{r: r, n: n, rooms: map[event.TenantID]*room{}})
	}
	r.wg.Go(r.tidy)
	return r, nil
}

// Decides says who judges what other servers bring for tenants that are owned here.
func (r *Router) Decides(d Decider) { r.decider.Store(&d) }

// Stop ends what runs in the background. Connections must have ended.
func (r *Router) Stop() {
	r.cancel()
	r.wg.Wait()
	for _, p := range r.parts {
		for _, rm := range p.list() {
			rm.away()
		}
	}
	_ = r.answers.sub.Unsubscribe() // the connection may be gone.
}

func (r *Router) part(id event.TenantID) *part { return r.parts[stream.PartitionOf(id, len(r.parts))] }

// here is the partition's owner if that is this server.
func (p *part) here() *Owned {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.owned
}

// CaughtUp reports whether the tenant's hub can say what it knows. Another
// server's says so itself.
func (r *Router) CaughtUp(id event.TenantID) bool {
	o := r.part(id).here()
	return o == nil || o.level()
}

// stopped makes one error of a hub that ends and of none.
func stopped(err error) error {
	if errors.Is(err, hub.ErrStopped) {
		return live.ErrNoOwner
	}
	return err
}

// answered asks the partition's owner here, or elsewhere if that is another server. A
// hub that has stopped while it was asked may have a successor.
func answered[A any](p *part, here func(*Owned) (A, error), elsewhere func() (A, error)) (A, error) {
	var asked *Owned
	for {
		o := p.here()
		if o == nil {
			return elsewhere()
		}
		a, err := here(o)
		if !errors.Is(err, hub.ErrStopped) || o == asked {
			return a, stopped(err)
		}
		asked = o
	}
}

// fromHub is answered where the question is about a tenant and goes over NATS as it is.
func fromHub[A any](ctx context.Context, r *Router, id event.TenantID, what string, q any, here func(*hub.Hub) (A, error)) (A, error) {
	p := r.part(id)
	return answered(p, func(o *Owned) (A, error) { return here(o.hub) }, func() (A, error) { return question[A](ctx, r, p.n, id, what, q) })
}

// Snapshot is the hub's.
func (r *Router) Snapshot(ctx context.Context, q hub.Request) (hub.Frame, error) {
	p := r.part(q.Tenant)
	return answered(p, func(o *Owned) (hub.Frame, error) { return o.hub.Snapshot(ctx, q) }, func() (hub.Frame, error) {
		raw, err := r.ask(ctx, p.n, q.Tenant, askSnapshot, q)
		if err != nil {
			return hub.Frame{}, err
		}
		return hub.NewFrame(hub.OpSnapshot, raw), nil
	})
}

// Series is the hub's.
func (r *Router) Series(ctx context.Context, q hub.Request, metrics []string, minutes int) (hub.Series, error) {
	return fromHub(ctx, r, q.Tenant, askSeries, aboutSeries{q, metrics, minutes}, func(h *hub.Hub) (hub.Series, error) { return h.Series(ctx, q, metrics, minutes) })
}

// Seen is the hub's.
func (r *Router) Seen(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (seq uint64, found bool, err error) {
	s, err := fromHub(ctx, r, id, askSeen, aboutMessage{c, m}, func(h *hub.Hub) (s seen, err error) {
		s.Seq, s.Found, err = h.Seen(ctx, id, c, m)
		return s, err
	})
	return s.Seq, s.Found, err
}

// Agents is the hub's.
func (r *Router) Agents(ctx context.Context, id event.TenantID, c event.ConversationID) ([]event.AgentID, error) {
	return fromHub(ctx, r, id, askAgents, aboutMessage{Conversation: c}, func(h *hub.Hub) ([]event.AgentID, error) { return h.Agents(ctx, id, c) })
}

// Place is the hub's.
func (r *Router) Place(ctx context.Context, id event.TenantID, c event.ConversationID) (hub.Place, error) {
	return fromHub(ctx, r, id, askPlace, aboutMessage{Conversation: c}, func(h *hub.Hub) (hub.Place, error) { return h.Place(ctx, id, c) })
}

// Directory is the hub's.
func (r *Router) Directory(ctx context.Context, id event.TenantID) (hub.Directory, error) {
	return fromHub(ctx, r, id, askDirectory, nil, func(h *hub.Hub) (hub.Directory, error) { return h.Directory(ctx, id) })
}

// Contested is the hub's.
func (r *Router) Contested(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (hub.Contested, error) {
	return fromHub(ctx, r, id, askContested, aboutMessage{c, m}, func(h *hub.Hub) (hub.Contested, error) { return h.Contested(ctx, id, c, m) })
}

// Desk is the hub's.
func (r *Router) Desk(ctx context.Context, id event.TenantID) (name string, p *metric.Profile, err error) {
	type named struct {
		name    string
		profile *metric.Profile
	}
	part := r.part(id)
	d, err := answered(part, func(o *Owned) (d named, err error) {
		d.name, d.profile, err = o.hub.Desk(ctx, id)
		return d, err
	}, func() (named, error) {
		d, err := question[deskOf](ctx, r, part.n, id, askDesk, nil)
		if err != nil {
			return named{}, err
		}
		p, err := d.profile()
		return named{d.Name, p}, err
	})
	return d.name, d.profile, err
}

// Today is the hub's.
func (r *Router) Today(ctx context.Context, id event.TenantID) (day metric.Day, counts metric.Counts, seq uint64, err error) {
	t, err := fromHub(ctx, r, id, askToday, nil, func(h *hub.Hub) (t today, err error) {
		t.Day, t.Counts, t.Seq, err = h.Today(ctx, id)
		return t, err
	})
	return t.Day, t.Counts, t.Seq, err
}

// Desks are all tenants that have a state, sorted.
func (r *Router) Desks(ctx context.Context) ([]live.Tenant, error) {
	var all []live.Tenant
	for _, p := range r.parts {
		list, err := answered(p, func(o *Owned) ([]deskOf, error) { return desks(ctx, o.hub) }, func() ([]deskOf, error) {
			return question[[]deskOf](ctx, r, p.n, nobody, askDesks, nil)
		})
		if err != nil {
			return nil, err
		}
		for i := range list {
			profile, err := list[i].profile()
			if err != nil {
				return nil, err
			}
			all = append(all, live.Tenant{ID: list[i].Tenant, Name: list[i].Name, Profile: profile})
		}
	}
	slices.SortFunc(all, func(a, b live.Tenant) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all, nil
}

func desks(ctx context.Context, h *hub.Hub) ([]deskOf, error) {
	list := []deskOf{}
	for _, id := range h.Tenants() {
		name, p, err := h.Desk(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, newDeskOf(id, name, p))
	}
	return list, nil
}

// Decide is the owner's check, if that is another server.
func (r *Router) Decide(ctx context.Context, id event.TenantID, q live.CheckRequest, agent event.AgentID) (reply live.CheckReply, done bool, err error) {
	p := r.part(id)
	if p.here() != nil {
		return live.CheckReply{}, false, nil
	}
	reply, err = question[live.CheckReply](ctx, r, p.n, id, askCheck, aboutCheck{q, agent})
	return reply, true, err
}

// Ask puts a question of the caller's own, which the owner has named to Own.
func (r *Router) Ask(ctx context.Context, id event.TenantID, what string) ([]byte, error) {
	p := r.part(id)
	return answered(p, func(o *Owned) ([]byte, error) { return o.find(ctx, id, what, nil) }, func() ([]byte, error) { return r.ask(ctx, p.n, id, what, nil) })
}
