package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// Snapshot is a topic's present state as one frame.
func (h *Hub) Snapshot(ctx context.Context, r Request) (Frame, error) {
	if err := h.open(ctx, r); err != nil {
		return Frame{}, err
	}
	var frame Frame
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		var topic *Topic
		if topic, err = t.topic(r); err == nil {
			frame = topic.Snapshot(h.cfg.Now())
		}
	}); doErr != nil {
		return Frame{}, doErr
	}
	return frame, err
}

// Series is each full minute's values of a wallboard's metrics.
func (h *Hub) Series(ctx context.Context, r Request, metrics []string, minutes int) (Series, error) {
	var out Series
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		if r.Topic != TopicWallboard {
			err = fmt.Errorf("%w with a series: %s; there is wallboard", ErrUnknownTopic, r.Topic)
			return
		}
		var v *view
		if v, err = t.view(r.Filter); err == nil {
			out = v.series.last(h.cfg.Now(), metrics, minutes)
		}
	}); doErr != nil {
		return out, doErr
	}
	return out, err
}

// Numbers are what a wallboard shows now, of the metrics that are single numbers,
// by metric id. A metric that is undefined is absent.
func (h *Hub) Numbers(ctx context.Context, id event.TenantID, f Filter) (values map[string]float64, err error) {
	doErr := h.on(ctx, id, func(t *tenant) {
		var v *view
		if v, err = t.view(f); err == nil {
			values = numbers(t.metrics(v), h.cfg.Now())
		}
	})
	return values, errors.Join(doErr, err)
}

// Lines are the minutes that a desk's wallboards, with and without filters, have
// taken after those of which stored says that they are kept: how many, by filter.
// Their values are not to be changed.
func (h *Hub) Lines(ctx context.Context, id event.TenantID, stored func(Filter) uint64) (lines []Line, err error) {
	err = h.on(ctx, id, func(t *tenant) { lines = t.lines(stored) })
	return lines, err
}

// Recall gives a restored desk the minutes of an earlier process, under a filter.
// What it has taken itself stays.
func (h *Hub) Recall(ctx context.Context, id event.TenantID, f Filter, samples []Sample) error {
	return h.on(ctx, id, func(t *tenant) { t.recall(f, samples) })
}

// Seen is the sequence of the first message.sent or message.blocked with an id.
func (h *Hub) Seen(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (seq uint64, found bool, err error) {
	err = h.ask(ctx, id, c, func(found2 *fold.Conversation) {
		if found2 != nil {
			seq, found = found2.Marks.Seen(m)
		}
	})
	return seq, found, err
}

// Agents lists who has been assigned to a conversation's latest session or has
// written in it, and who has it now first.
func (h *Hub) Agents(ctx context.Context, id event.TenantID, c event.ConversationID) (agents []event.AgentID, err error) {
	err = h.ask(ctx, id, c, func(found *fold.Conversation) {
		if found == nil {
			return
		}
		s := found.Current()
		if s.Handler.Kind == event.Agent {
			agents = append(agents, event.AgentID(s.Handler.ID))
		}
		for _, a := range s.Agents() {
			if !slices.Contains(agents, a) {
				agents = append(agents, a)
			}
		}
	})
	return agents, err
}

// Desk is a tenant's name, "" if it was never given one, and the profile in force.
func (h *Hub) Desk(ctx context.Context, id event.TenantID) (name string, p *metric.Profile, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		if name = t.state.Name(); name == string(id) {
			name = ""
		}
		p = t.state.Profile()
	})
	return name, p, err
}

// Today is what a tenant's wallboard counts now: its local day, the sums of its
// sessions' rows, and the sequence of the last event that it has applied.
func (h *Hub) Today(ctx context.Context, id event.TenantID) (day metric.Day, counts metric.Counts, seq uint64, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		day, counts, seq = t.base.today, t.base.whole.counts, t.state.Seq()
	})
	return day, counts, seq, err
}

// ask shows a conversation to look, nil if there is none. One that is not
// resident is fetched in the caller's goroutine.
func (h *Hub) ask(ctx context.Context, id event.TenantID, c event.ConversationID, look func(*fold.Conversation)) error {
	ref := fold.Ref{Kind: fold.KindConversation, ID: string(c)}
	var fetch bool
	if err := h.on(ctx, id, func(t *tenant) {
		found, ok := t.state.Conversation(c)
		if fetch = !ok && t.state.Maybe(ref); !fetch {
			look(found)
		}
	}); err != nil || !fetch {
		return err
	}
	stored, err := h.cfg.Restorer.Fetch(ctx, id, []fold.Ref{ref})
	if err != nil {
		return err
	}
	var bringErr error
	if err := h.on(ctx, id, func(t *tenant) {
		if bringErr = t.bringOne(ref, stored[ref]); bringErr == nil {
			found, _ := t.state.Conversation(c)
			look(found)
		}
	}); err != nil {
		return err
	}
	return bringErr
}
