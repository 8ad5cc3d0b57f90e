package relay

import (
	"context"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// outlet tells other servers what they follow of one tenant. To the hub it is one
// more connection.
type outlet struct {
	// Immutable.
	o      *Owned
	tenant event.TenantID
	out    *hub.Outbox

	mu   sync.Mutex
	told map[string]*told // by the subject's last token
	by   map[hub.Sub]*told
	last hub.Sub
}

// told is one topic that is followed.
type told struct {
	r       hub.Request
	subject string
	id      hub.Sub
	asked   time.Time
	sub     hub.Subscription
	at      hub.Position // of the last frame that was told
	begun   bool
	first   bool // its first snapshot is told: nobody has asked for it
}

// follow tells of a topic from now on, and returns at which version it is. Whoever
// asked gets the state with the answer; where nobody did it is told.
func (t *outlet) follow(ctx context.Context, r hub.Request, unasked bool) (hub.Position, error) {
	key := topicID(&r)
	t.mu.Lock()
	x, ok := t.told[key]
	if ok {
		x.asked = t.o.r.c.Now()
		defer t.mu.Unlock()
		return x.at, nil
	}
	t.last++
	x = &told{r: r, first: unasked, subject: subjectOf(toldSubject, t.o.partition, string(t.tenant), key), id: t.last, asked: t.o.r.c.Now()}
	t.by[x.id] = x
	t.mu.Unlock()
	sub, err := t.o.hub.Subscribe(ctx, r, x.id, t.out, nil) // in this turn it may fetch, so without the lock
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		delete(t.by, x.id)
		return hub.Position{}, err
	}
	if earlier, twice := t.told[key]; twice { // somebody else was quicker
		delete(t.by, x.id)
		sub.Close()
		return earlier.at, nil
	}
	x.sub = sub
	t.told[key] = x
	return x.at, nil
}

// run publishes what comes, and once a second how everything stands.
func (t *outlet) run() {
	tick := time.NewTicker(standingEvery)
	defer tick.Stop()
	for {
		select {
		case <-t.o.ctx.Done():
			return
		case <-t.out.Wake():
			for {
				frame, ok, err := t.out.Take()
				if err != nil || !ok {
					break
				}
				t.tell(frame)
			}
		case <-tick.C:
			t.stand()
		}
	}
}

// followed are the topics.
func (t *outlet) followed() []hub.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]hub.Request, 0, len(t.told))
	for _, x := range t.told {
		all = append(all, x.r)
	}
	return all
}

// tell publishes one frame. The first of a topic is its snapshot.
func (t *outlet) tell(f hub.Frame) {
	id, ok := f.Sub()
	if !ok || f.Op != hub.OpDelta && f.Op != hub.OpSnapshot {
		return
	}
	t.mu.Lock()
	x := t.by[id]
	first := false
	if x != nil {
		first, x.begun, x.at = !x.begun && !x.first, true, f.Position()
	}
	t.mu.Unlock()
	if x == nil || first && f.Op == hub.OpSnapshot {
		return
	}
	body := f.Body()
	if f.Op == hub.OpSnapshot {
		body = whole(f)
	}
	if len(body) > int(t.o.r.c.Conn.MaxPayload()) {
		return // the standing says that something was missed, and an answer has parts
	}
	if err := t.o.r.c.Conn.Publish(x.subject, body); err != nil {
		t.o.r.c.Logger.Debug().Err(err).Msg("other servers were not told, and will ask")
	}
}

// stand publishes how everything stands, and lets go of what nobody follows.
func (t *outlet) stand() {
	now := t.o.r.c.Now()
	s := standing{Seq: t.o.hub.Position(), Topics: map[string]string{}}
	t.mu.Lock()
	var gone []hub.Subscription
	for key, x := range t.told {
		if now.Sub(x.asked) > followedFor {
			gone = append(gone, x.sub)
			delete(t.told, key)
			delete(t.by, x.id)
			continue
		}
		if x.begun {
			s.Topics[key] = x.at.String()
		}
	}
	t.mu.Unlock()
	for _, sub := range gone {
		sub.Close()
	}
	if len(s.Topics) == 0 {
		return
	}
	raw, err := json.Marshal(s, json.Deterministic(true))
	if err == nil {
		err = t.o.r.c.Conn.Publish(subjectOf(toldSubject, t.o.partition, string(t.tenant), nobody), raw)
	}
	if err != nil {
		t.o.r.c.Logger.Debug().Err(err).Msg("other servers were not told how the topics stand")
	}
}

// close ends the subscriptions.
func (t *outlet) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.told {
		x.sub.Close()
	}
	t.out.Close(hub.ReasonGone)
}
