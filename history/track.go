package history

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// replayed is how many stored events are folded at a time.
	replayed = 5000
	// firstWindow is how many sequences are looked at once; it follows the share
	// that the tenant has of the stream.
	firstWindow, longestWindow = replayed, 2_000_000
)

// track goes through a tenant's stored events in the order in which they were
// folded when they came, a window of sequences at a time. One question for all of
// them would have PostgreSQL sort them, bodies included, before it gives the first:
// there is only an index of where sequences stand (BRIN).
type track struct {
	tenant event.TenantID
	epoch  int32 // of where it is
	seq    int64
	window int64
}

func newTrack(tenant event.TenantID) track {
	return track{tenant: tenant, epoch: 1, window: firstWindow}
}

// next gives the events of the next window up to c. It reports how many they were,
// and whether there was a window.
func (t *track) next(ctx context.Context, q querier, c *cursor, give func(seq int64, arrived time.Time, body []byte)) (read int, moved bool, err error) {
	for {
		last := int64(c.seq) //nolint:gosec // JetStream's sequences stay far below 2^63
		if t.epoch < c.epoch {
			last = math.MaxInt64 - longestWindow
		}
		if t.seq >= last {
			return 0, false, nil
		}
		to := min(last, t.seq+t.window)
		read, err := t.fetch(ctx, q, to, give)
		if err != nil {
			return 0, false, err
		}
		switch {
		case read == 0 && t.epoch < c.epoch:
			// Nothing is near in this epoch: the next place is looked up.
			moved, err := t.skip(ctx, q, to)
			if err != nil || !moved {
				return 0, false, err
			}
			continue
		case read < replayed/4:
			t.window = min(longestWindow, 2*t.window)
		case read > 2*replayed:
			t.window = max(1, t.window/2)
		}
		t.seq = to
		return read, true, nil
	}
}

func (t *track) fetch(ctx context.Context, q querier, to int64, give func(seq int64, arrived time.Time, body []byte)) (read int, err error) {
	rows, err := q.Query(ctx, `SELECT seq, arrived, body FROM events WHERE tenant = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 ORDER BY seq`,
		string(t.tenant), t.epoch, t.seq, to)
	if err != nil {
		return 0, err
	}
	var seq int64
	var arrived time.Time
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&seq, &arrived, &body}, func() error {
		read++
		give(seq, arrived, body)
		return nil
	})
	return read, err
}

// skip finds the next event of an epoch that has passed, or the next epoch.
func (t *track) skip(ctx context.Context, q querier, from int64) (bool, error) {
	rows, err := q.Query(ctx, `SELECT epoch, seq FROM events WHERE tenant = $1 AND (epoch, seq) > ($2, $3) ORDER BY epoch, seq LIMIT 1`, string(t.tenant), t.epoch, from)
	if err != nil {
		return false, err
	}
	found := false
	var epoch int32
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&epoch, &seq}, func() error { found = true; return nil })
	if err != nil || !found {
		return false, err
	}
	t.epoch, t.seq = epoch, seq-1
	return true, nil
}
