package relay

import (
	"context"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	// verdictWait is how long somebody who subscribes waits for an owner to say
	// that he may. Where there is none he has subscribed, and waits for a state.
	verdictWait = 2 * time.Second
	tidyEvery   = 5 * time.Second
)

// room is what is connected here of one tenant.
type room struct {
	part   *part
	tenant event.TenantID

	mu   sync.Mutex
	outs map[*hub.Outbox]struct{}
	subs map[*sub]struct{}
	desk *desk // while the tenant is another's and somebody is connected
}

// sub is one subscription, wherever the topic is.
type sub struct {
	room *room
	r    hub.Request
	id   hub.Sub
	out  *hub.Outbox

	topic hub.Subscription // guarded by the part's mu: moved under its lock
}

// room finds or makes a tenant's. The caller holds the part's mu for reading.
func (p *part) room(id event.TenantID) *room {
	p.roomsMu.Lock()
	defer p.roomsMu.Unlock()
	rm, ok := p.rooms[id]
	if !ok {
		rm = &room{part: p, tenant: id, outs: map[*hub.Outbox]struct{}{}, subs: map[*sub]struct{}{}}
		p.rooms[id] = rm
	}
	return rm
}

func (p *part) list() []*room {
	p.roomsMu.Lock()
	defer p.roomsMu.Unlock()
	all := make([]*room, 0, len(p.rooms))
	for _, rm := range p.rooms {
		all = append(all, rm)
	}
	return all
}

// mirrors is the room's desk, which is begun if there is none.
func (rm *room) mirrors() *desk {
	rm.mu.Lock()
	defer rm.mu.Unlock()
	if rm.desk == nil {
		rm.desk = newDesk(rm.part.r, rm.part.n, rm.tenant)
	}
	return rm.desk
}

// away ends the room's desk.
func (rm *room) away() {
	rm.mu.Lock()
	d := rm.desk
	rm.desk = nil
	rm.mu.Unlock()
	if d != nil {
		d.stop()
	}
}

func (rm *room) add(s *sub) {
	rm.mu.Lock()
	defer rm.mu.Unlock()
	rm.subs[s] = struct{}{}
}

// Attach tells a tenant's hub of a connection, which has beats from then on.
func (r *Router) Attach(ctx context.Context, id event.TenantID, out *hub.Outbox) error {
	p := r.part(id)
	p.mu.RLock()
	defer p.mu.RUnlock()
	rm := p.room(id)
	rm.mu.Lock()
	rm.outs[out] = struct{}{}
	rm.mu.Unlock()
	if p.owned != nil {
		return p.owned.hub.Attach(ctx, id, out)
	}
	rm.mirrors().attach(out)
	return nil
}

// Detach ends that.
func (r *Router) Detach(id event.TenantID, out *hub.Outbox) {
	p := r.part(id)
	p.mu.RLock()
	defer p.mu.RUnlock()
	rm := p.room(id)
	rm.mu.Lock()
	delete(rm.outs, out)
	rm.mu.Unlock()
	if p.owned != nil {
		p.owned.hub.Detach(id, out)
		return
	}
	rm.mirrors().detach(out)
}

// Subscribe registers a reader, and puts what he begins with into his outbox: the
// deltas that he lacks since a position, or a snapshot.
func (r *Router) Subscribe(ctx context.Context, q hub.Request, id hub.Sub, out *hub.Outbox, since *hub.Position) (hub.Subscription, error) {
	p := r.part(q.Tenant)
	s := &sub{r: q, id: id, out: out}
	verdict, err := p.subscribe(ctx, s, since)
	if err != nil || verdict == nil {
		return s, err
	}
	timer := time.NewTimer(verdictWait)
	defer timer.Stop()
	select {
	case err := <-verdict:
		if err != nil {
			s.Close()
			return nil, err
		}
	case <-timer.C:
	case <-ctx.Done():
		s.Close()
		return nil, ctx.Err()
	}
	return s, nil
}

// subscribe puts the reader where the topic is. With a verdict the owner is to be
// asked first.
func (p *part) subscribe(ctx context.Context, s *sub, since *hub.Position) (verdict <-chan error, err error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	s.room = p.room(s.r.Tenant)
	if p.owned != nil {
		// What it waits for must not hold up that the partition moves.
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(p.owned.ctx, cancel)() //nolint:contextcheck // the partition's own.
		if s.topic, err = p.owned.hub.Subscribe(ctx, s.r, s.id, s.out, since); err != nil {
			return nil, stopped(err)
		}
	} else {
		s.topic, verdict = s.room.mirrors().subscribe(s.r, s.id, s.out, since)
	}
	s.room.add(s)
	return verdict, nil
}

// Close ends the subscription.
func (s *sub) Close() {
	p := s.room.part
	p.mu.RLock()
	defer p.mu.RUnlock()
	s.room.mu.Lock()
	delete(s.room.subs, s)
	s.room.mu.Unlock()
	s.topic.Close()
}

// Check puts the state's checksum into the outbox.
func (s *sub) Check(ctx context.Context, id hub.RequestID) error {
	p := s.room.part
	p.mu.RLock()
	defer p.mu.RUnlock()
	return stopped(s.topic.Check(ctx, id))
}

// Own makes this server the partition's owner, with that hub, until Leave. Level
// reports whether the hub has caught up. Answers are to questions of the caller's
// own. Who is connected here goes over to the hub, and gets its snapshots.
//
// An owner that there is here has a successor then: its hub answers until this one
// does, and may be stopped when Own has returned.
func (r *Router) Own(ctx context.Context, partition int, h *hub.Hub, level func() bool, more map[string]Answer) (*Owned, error) {
	o := newOwned(r, partition, h, level, more)
	before := r.parts[partition].moveTo(ctx, o)
	if err := o.serve(); err != nil { //nolint:contextcheck // questions have their own time.
		return o, err
	}
	if before != nil {
		o.inherit(before)
	}
	return o, nil
}

// moveTo takes who is connected along to a new owner, and returns the one before.
func (p *part) moveTo(ctx context.Context, o *Owned) (before *Owned) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, p.owned = p.owned, o
	for _, rm := range p.list() {
		rm.away()
		rm.mu.Lock()
		for out := range rm.outs {
			if before != nil {
				before.hub.Detach(rm.tenant, out)
			}
			if err := o.hub.Attach(ctx, rm.tenant, out); err != nil {
				out.Close(hub.ReasonRestart)
			}
		}
		for s := range rm.subs {
			if before != nil {
				s.topic.Close()
			}
			topic, err := o.hub.Subscribe(ctx, s.r, s.id, s.out, nil)
			if err != nil { // such as a conversation that is not within what he may see any more
				s.out.Close(hub.ReasonRestart)
				topic = none{}
			}
			s.topic = topic
		}
		rm.mu.Unlock()
	}
	return before
}

// none is the topic of who could not be taken along.
type none struct{}

func (none) Close() {}

func (none) Check(context.Context, hub.RequestID) error { return hub.ErrUnsubscribed }

// Leave lets the partition go, before its hub stops. Who is connected here goes
// over to mirrors of the next owner.
func (o *Owned) Leave() {
	o.end()
	p := o.r.parts[o.partition]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owned = nil
	for _, rm := range p.list() {
		rm.mu.Lock()
		connected, subs := make([]*hub.Outbox, 0, len(rm.outs)), make([]*sub, 0, len(rm.subs))
		for out := range rm.outs {
			connected = append(connected, out)
		}
		for s := range rm.subs {
			subs = append(subs, s)
		}
		rm.mu.Unlock()
		if len(connected) == 0 && len(subs) == 0 {
			continue
		}
		for _, s := range subs {
			s.topic.Close()
		}
		d := rm.mirrors()
		for _, out := range connected {
			o.hub.Detach(rm.tenant, out)
			d.attach(out)
		}
		for _, s := range subs {
			s.topic, _ = d.subscribe(s.r, s.id, s.out, nil)
		}
	}
}

// tidy lets go of rooms that nobody is in.
func (r *Router) tidy() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-tick.C:
		}
		for _, p := range r.parts {
			for _, rm := range p.list() {
				p.tidy(rm)
			}
		}
	}
}

func (p *part) tidy(rm *room) {
	rm.mu.Lock()
	quiet := len(rm.outs) == 0 && len(rm.subs) == 0 && (rm.desk == nil || rm.desk.idle())
	rm.mu.Unlock()
	if !quiet {
		return
	}
	if !p.mu.TryLock() { // somebody is coming in; the next time will do
		return
	}
	defer p.mu.Unlock()
	rm.mu.Lock()
	quiet = len(rm.outs) == 0 && len(rm.subs) == 0
	rm.mu.Unlock()
	if !quiet {
		return
	}
	p.roomsMu.Lock()
	delete(p.rooms, rm.tenant)
	p.roomsMu.Unlock()
	rm.away()
}
