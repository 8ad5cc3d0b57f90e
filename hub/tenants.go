package hub

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// errRetired is what a call gets whose tenant ended meanwhile.
var errRetired = errors.New("hub: the tenant was empty and has ended")

// Tenants lists the tenants that have a state, sorted.
func (h *Hub) Tenants() []event.TenantID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	ids := make([]event.TenantID, 0, len(h.tenants))
	for id, t := range h.tenants {
		if t.restored || t.queuedSeq.Load() != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Tick is the longest tick of any tenant now.
func (h *Hub) Tick() time.Duration {
	h.mu.RLock()
	defer h.mu.RUnlock()
	tick := max(h.cfg.Tick, 0)
	for _, t := range h.tenants {
		tick = max(tick, time.Duration(t.tick.Load()))
	}
	return tick
}

// on runs a call in a tenant's goroutine, which is started if there is none, and
// waits for it.
func (h *Hub) on(ctx context.Context, id event.TenantID, call func(*tenant)) error {
	for {
		t, err := h.ensure(id)
		if err != nil {
			return err
		}
		if err := t.do(ctx, call); !errors.Is(err, errRetired) {
			return err
		}
	}
}

// queue finds or starts the tenant that a batch is put into next, up to a
// sequence. From then on the tenant has a state and does not end.
func (h *Hub) queue(id event.TenantID, seq uint64) (*tenant, error) {
	h.mu.RLock()
	if t, ok := h.tenants[id]; ok {
		t.queuedSeq.Store(seq)
		h.mu.RUnlock()
		return t, nil
	}
	h.mu.RUnlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	t, err := h.begin(id)
	if err == nil {
		t.queuedSeq.Store(seq)
	}
	return t, err
}

// find is a tenant that there is, nil for none.
func (h *Hub) find(id event.TenantID) *tenant {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.tenants[id]
}

// ensure finds a tenant, or starts it with an empty state.
func (h *Hub) ensure(id event.TenantID) (*tenant, error) {
	if t := h.find(id); t != nil {
		return t, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.begin(id)
}

// begin is ensure for those who hold the lock.
func (h *Hub) begin(id event.TenantID) (*tenant, error) {
	if t, ok := h.tenants[id]; ok {
		return t, nil
	}
	if h.ctx.Err() != nil {
		return nil, ErrStopped
	}
	t := newTenant(h, fold.New(id))
	h.start(t)
	return t, nil
}

func (h *Hub) start(t *tenant) {
	h.tenants[t.id] = t
	h.wg.Go(t.run)
}

// retire lets go of an empty tenant, unless an event is on its way to it. The
// tenant's goroutine ends then.
func (h *Hub) retire(t *tenant) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t.queuedSeq.Load() != 0 {
		return false
	}
	delete(h.tenants, t.id)
	close(t.ended)
	return true
}
