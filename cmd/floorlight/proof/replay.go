package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// empty has nothing to restore: a replay begins at zero and lets go of nothing.
type empty struct{}

// Fetch finds nothing.
func (empty) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

// replay delivers a tenant's stored events to a new hub, and returns what it shows.
func (c *Claim) replay(ctx context.Context, db *pgx.Conn, tenant event.TenantID) (map[string]followed, error) {
	now := c.Now
	if now == nil {
		now = time.Now
	}
	rows, err := db.Query(ctx, `SELECT seq, arrived, body FROM events WHERE tenant = $1 ORDER BY epoch, seq`, string(tenant))
	if err != nil {
		return nil, err
	}
	var all []hub.Delivery
	var seq int64
	var arrived time.Time
	var body []byte
	var last, top uint64 // of what the database says, and of what is delivered
	_, err = pgx.ForEachRow(rows, []any{&seq, &arrived, &body}, func() error {
		e, err := event.Decode(bytes.Clone(body))
		if err != nil {
			return fmt.Errorf("the stored event at %d: %w", seq, err)
		}
		last = uint64(seq) //nolint:gosec // stored sequences are positive.
		// A stream that lost its tail gives sequences out again; a hub wants them ascending.
		top = max(top+1, last)
		all = append(all, hub.Delivery{Seq: top, Arrived: arrived, Event: &e})
		return nil
	})
	if err != nil {
		return nil, err
	}
	h := hub.New(hub.Config{Restorer: empty{}, Now: now, Tick: time.Millisecond, Epoch: "replay", Logger: zerolog.Nop()})
	defer h.Stop()
	if err := h.Deliver(ctx, all); err != nil {
		return nil, err
	}
	if err := h.WaitApplied(ctx, top); err != nil {
		return nil, err
	}
	out := map[string]followed{}
	for _, topic := range Topics {
		for {
			frame, err := h.Snapshot(ctx, hub.Request{Tenant: tenant, Topic: hub.TopicName(topic)})
			if err != nil {
				return nil, err
			}
			var w wire
			if err := json.Unmarshal(append(bytes.Clone(frame.Head()), frame.Body()...), &w); err != nil {
				return nil, err
			}
			if w.Seq >= top { // published
				out[topic] = followed{seq: last, value: w.State}
				break
			}
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(time.Millisecond):
			}
		}
	}
	return out, nil
}
