package hub

import (
	"context"

	"github.com/floorlight/floorlight/hub/event"
)

// Deliver hands a batch of the stream to the tenants that it concerns. It is
// called by one goroutine, with ascending sequences, and waits where a tenant is
// behind: nothing is dropped.
func (h *Hub) Deliver(ctx context.Context, batch []Delivery) error {
	if len(batch) == 0 {
		return nil
	}
	for _, p := range h.sorting.sort(batch) {
		t, err := h.queue(p.id, p.list[len(p.list)-1].Seq)
		if err != nil {
			return err
		}
		select {
		case t.inbox <- p.list:
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return ErrStopped
		}
	}
	last := &batch[len(batch)-1]
	h.arrived.Store(last.Arrived.UnixMilli())
	h.position.Store(last.Seq)
	h.wake()
	return nil
}

// sorting cuts a batch by tenant. Desks alternate in the stream: one hand-over for
// each run of one desk would be one for nearly each event.
type sorting struct {
	portions []portion
	places   map[event.TenantID]int // among the portions
	where    []int32                // of each delivery, -1 for none
}

// portion is one tenant's of a batch.
type portion struct {
	id   event.TenantID
	list []Delivery
	size int
}

// sort gives each tenant's deliveries in their order, in memory of their own. The
// portions hold until the next call.
func (s *sorting) sort(batch []Delivery) []portion {
	if s.places == nil {
		s.places = make(map[event.TenantID]int)
	}
	clear(s.places)
	clear(s.portions)
	s.portions, s.where = s.portions[:0], s.where[:0]
	total := 0
	for i := range batch {
		e := batch[i].Event
		if e == nil {
			s.where = append(s.where, -1)
			continue
		}
		at, ok := s.places[e.Tenant]
		if !ok {
			at = len(s.portions)
			s.places[e.Tenant] = at
			s.portions = append(s.portions, portion{id: e.Tenant})
		}
		s.portions[at].size++
		s.where = append(s.where, int32(at)) //nolint:gosec // at most one for each of a batch.
		total++
	}
	all := make([]Delivery, total)
	for i := range s.portions {
		p := &s.portions[i]
		p.list, all = all[:0:p.size], all[p.size:]
	}
	for i, at := range s.where {
		if at >= 0 {
			p := &s.portions[at]
			p.list = append(p.list, batch[i])
		}
	}
	return s.portions
}
