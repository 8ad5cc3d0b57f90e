package hub

import (
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

type fetched struct {
	refs   []fold.Ref
	stored map[fold.Ref][]byte
}

// work applies the open batch until it is done or something is missing.
func (t *tenant) work() {
	now := t.hub.cfg.Now() // for the whole batch, which takes milliseconds
	for len(t.batch) > 0 {
		d := &t.batch[0]
		if d.Seq <= t.state.Seq() {
			t.batch = t.batch[1:]
			continue
		}
		if t.refs = t.state.Missing(d.Event, t.refs[:0]); len(t.refs) > 0 {
			t.fetch()
			return
		}
		t.apply(d, now)
		t.batch = t.batch[1:]
	}
	t.batch = nil
	t.state.Forget(t.hub.flushed.Load())
	t.hub.wake()
}

func (t *tenant) apply(d *Delivery, now time.Time) {
	t.sampleThePast(d.Event.Time, now)
	c := t.state.Apply(d.Seq, d.Event)
	t.appliedSeq.Store(d.Seq)
	t.lagArrived = d.Arrived
	if c.Refused != nil || c.Duplicate {
		return
	}
	t.changed = true
	if c.Profile {
		t.renew(t.state.Calendar().Day(now.UnixMilli()))
		return
	}
	t.lived = t.lived || len(c.Sessions) > 0
	named := renamed(d.Event, c)
	t.base.apply(c, named)
	for _, v := range t.views {
		v.apply(c, named)
	}
	for i := range c.Sessions {
		if s := &c.Sessions[i]; s.Now.Closed && (!s.Before.Closed || s.Before.ClosedAt != s.Now.ClosedAt) {
			t.clock.note(s.Now)
		}
		t.noteClosing(c.Sessions[i].Conversation.ID, 0)
	}
	t.tellThreads(d, c, named)
	t.tellInboxes(c, named)
	if t.tracking != nil {
		t.note()
	}
	if c.Notices {
		for i := range c.Agents {
			if topic, ok := t.notices[c.Agents[i].Now.ID]; ok {
				publishNotices(c.Agents[i].Now, topic)
			}
		}
	}
}

// renamed is whose names an event may have changed.
func renamed(e *event.Event, c *fold.Change) renames {
	switch e.Data.(type) {
	case *event.CustomerUpdated, *event.ConversationStarted:
		return renames{customers: c.Customers}
	case *event.AgentUpdated:
		return renames{agents: true}
	}
	return renames{}
}

// fetch asks the restorer, in another goroutine, for what the rest of the batch
// lacks. Until it has come the tenant applies nothing.
func (t *tenant) fetch() {
	refs := append([]fold.Ref(nil), t.refs...)
	for i := 1; i < len(t.batch); i++ {
		refs = t.state.Missing(t.batch[i].Event, refs)
	}
	t.waiting = true
	t.hub.wake() // what stands before it in the batch is applied
	t.hub.wg.Go(func() {
		backoff := 50 * time.Millisecond
		for {
			stored, err := t.hub.cfg.Restorer.Fetch(t.hub.ctx, t.id, refs)
			if err == nil {
				t.fetched <- fetched{refs: refs, stored: stored}
				return
			}
			if t.hub.ctx.Err() != nil {
				return
			}
			t.hub.cfg.Logger.Warn().Err(err).Str("tenant", string(t.id)).Dur("again_in", backoff).Msg("what an event refers to cannot be fetched; the tenant waits")
			select {
			case <-t.hub.ctx.Done():
				return
			case <-time.After(backoff):
			}
			backoff = min(2*backoff, 5*time.Second)
		}
	})
}

func (t *tenant) bring(f fetched) {
	t.waiting = false
	for _, r := range f.refs {
		if err := t.bringOne(r, f.stored[r]); err != nil {
			t.hub.cfg.Logger.Error().Err(err).Str("tenant", string(t.id)).Msg("a stored entity cannot be read; it is taken as absent")
			_ = t.state.Bring(r, nil) // nil is always taken
		}
	}
}

// bringOne makes an entity resident. The views count what is resident.
func (t *tenant) bringOne(r fold.Ref, stored []byte) error {
	if r.Kind != fold.KindConversation || stored == nil {
		return t.state.Bring(r, stored)
	}
	if _, ok := t.state.Conversation(event.ConversationID(r.ID)); ok {
		return nil
	}
	if err := t.state.Bring(r, stored); err != nil {
		return err
	}
	c, _ := t.state.Conversation(event.ConversationID(r.ID))
	for _, s := range c.Sessions {
		t.clock.note(s)
		if !s.Closed {
			t.tellInbox(s, s, 1)
		}
		t.base.bring(s)
		for _, v := range t.views {
			v.bring(s)
		}
	}
	return nil
}
