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

// hub is the tenant's if it is here.
func (r *Router) hub(id event.TenantID) (*hub.Hub, int) {
	p := r.part(id)
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.owned == nil {
		return nil, p.n
	}
	return p.owned.hub, p.n
}

// CaughtUp reports whether the tenant's hub can say what it knows. Another
// server's says so itself.
func (r *Router) CaughtUp(id event.TenantID) bool {
	p := r.part(id)
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.owned == nil || p.owned.level()
}

// stopped makes one error of a hub that ends and of none.
func stopped(err error) error {
	if errors.Is(err, hub.ErrStopped) {
		return live.ErrNoOwner
	}
	return err
}

// Snapshot is the hub's.
func (r *Router) Snapshot(ctx context.Context, q hub.Request) (hub.Frame, error) {
	h, n := r.hub(q.Tenant)
	if h != nil {
		f, err := h.Snapshot(ctx, q)
		return f, stopped(err)
	}
	raw, err := r.ask(ctx, n, q.Tenant, askSnapshot, q)
	if err != nil {
		return hub.Frame{}, err
	}
	return hub.NewFrame(hub.OpSnapshot, raw), nil
}

// Series is the hub's.
func (r *Router) Series(ctx context.Context, q hub.Request, metrics []string, minutes int) (hub.Series, error) {
	h, n := r.hub(q.Tenant)
	if h != nil {
		s, err := h.Series(ctx, q, metrics, minutes)
		return s, stopped(err)
	}
	return question[hub.Series](ctx, r, n, q.Tenant, askSeries, aboutSeries{q, metrics, minutes})
}

// Seen is the hub's.
func (r *Router) Seen(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (seq uint64, found bool, err error) {
	h, n := r.hub(id)
	if h != nil {
		seq, found, err = h.Seen(ctx, id, c, m)
		return seq, found, stopped(err)
	}
	s, err := question[seen](ctx, r, n, id, askSeen, aboutMessage{c, m})
	return s.Seq, s.Found, err
}

// Agents is the hub's.
func (r *Router) Agents(ctx context.Context, id event.TenantID, c event.ConversationID) ([]event.AgentID, error) {
	h, n := r.hub(id)
	if h != nil {
		agents, err := h.Agents(ctx, id, c)
		return agents, stopped(err)
	}
	return question[[]event.AgentID](ctx, r, n, id, askAgents, aboutMessage{Conversation: c})
}

// Place is the hub's.
func (r *Router) Place(ctx context.Context, id event.TenantID, c event.ConversationID) (hub.Place, error) {
	h, n := r.hub(id)
	if h != nil {
		p, err := h.Place(ctx, id, c)
		return p, stopped(err)
	}
	return question[hub.Place](ctx, r, n, id, askPlace, aboutMessage{Conversation: c})
}

// Directory is the hub's.
func (r *Router) Directory(ctx context.Context, id event.TenantID) (hub.Directory, error) {
	h, n := r.hub(id)
	if h != nil {
		d, err := h.Directory(ctx, id)
		return d, stopped(err)
	}
	return question[hub.Directory](ctx, r, n, id, askDirectory, nil)
}

// Contested is the hub's.
func (r *Router) Contested(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (hub.Contested, error) {
	h, n := r.hub(id)
	if h != nil {
		x, err := h.Contested(ctx, id, c, m)
		return x, stopped(err)
	}
	return question[hub.Contested](ctx, r, n, id, askContested, aboutMessage{c, m})
}

// Desk is the hub's.
func (r *Router) Desk(ctx context.Context, id event.TenantID) (name string, p *metric.Profile, err error) {
	h, n := r.hub(id)
	if h != nil {
		name, p, err = h.Desk(ctx, id)
		return name, p, stopped(err)
	}
	d, err := question[deskOf](ctx, r, n, id, askDesk, nil)
	if err != nil {
		return "", nil, err
	}
	p, err = d.profile()
	return d.Name, p, err
}

// Today is the hub's.
func (r *Router) Today(ctx context.Context, id event.TenantID) (day metric.Day, counts metric.Counts, seq uint64, err error) {
	h, n := r.hub(id)
	if h != nil {
		day, counts, seq, err = h.Today(ctx, id)
		return day, counts, seq, stopped(err)
	}
	t, err := question[today](ctx, r, n, id, askToday, nil)
	return t.Day, t.Counts, t.Seq, err
}

// Desks are all tenants that have a state, sorted.
func (r *Router) Desks(ctx context.Context) ([]live.Tenant, error) {
	var all []live.Tenant
	for _, p := range r.parts {
		p.mu.RLock()
		owned := p.owned
		p.mu.RUnlock()
		var list []deskOf
		var err error
		if owned != nil {
			list, err = desks(ctx, owned.hub)
			err = stopped(err)
		} else {
			list, err = question[[]deskOf](ctx, r, p.n, nobody, askDesks, nil)
		}
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
	h, n := r.hub(id)
	if h != nil {
		return live.CheckReply{}, false, nil
	}
	reply, err = question[live.CheckReply](ctx, r, n, id, askCheck, aboutCheck{q, agent})
	return reply, true, err
}

// Ask puts a question of the caller's own, which the owner has named to Own.
func (r *Router) Ask(ctx context.Context, id event.TenantID, what string) ([]byte, error) {
	p := r.part(id)
	p.mu.RLock()
	owned := p.owned
	p.mu.RUnlock()
	if owned == nil {
		return r.ask(ctx, p.n, id, what, nil)
	}
	answer, err := owned.find(ctx, id, what, nil)
	return answer, stopped(err)
}
