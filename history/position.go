package history

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// walkWindow is how many sequences one step of the walk back looks at.
const walkWindow = 4096

// A stream of several copies that ends before the cursor is asked again.
const (
	mostShort  = 8
	shortPause = 500 * time.Millisecond
)

// reconcile compares the stream with the cursor before anything is read. A
// stream that lost its tail gives the same sequences to other events, so the
// message at the cursor is compared, not a count. If it is another one, the
// cursor goes back to the last event that both hold, in a new epoch; what
// follows there and is stored already is known by its id.
func (w *Writer) reconcile(ctx context.Context, conn *pgx.Conn, c cursor) (cursor, error) {
	st, err := w.s.State(ctx)
	if err != nil {
		return c, err
	}
	for n := 0; st.Copies > 1 && st.Last < c.seq && n < mostShort; n++ {
		select { // whoever leads the copies may have just begun to
		case <-ctx.Done():
			return c, ctx.Err()
		case <-time.After(shortPause):
		}
		if st, err = w.s.State(ctx); err != nil {
			return c, err
		}
	}
	identity := strconv.FormatInt(st.Created.UnixNano(), 36)
	same := c.stream == identity || c.stream == ""
	if c.seq == 0 {
		c.stream = identity
		return c, nil
	}
	whole, err := w.holds(ctx, &c, st, same)
	if err != nil {
		return c, err
	}
	if whole {
		if !same {
			w.log.Warn().Str("was", c.stream).Str("is", identity).Msg("the stream was made anew, and holds what was read")
			c.stream = identity
		}
		return c, nil
	}
	next := cursor{partition: c.partition, stream: identity, epoch: c.epoch + 1, refolds: c.refolds, foldVersion: c.foldVersion}
	if st.First > 1 {
		next.seq = st.First - 1
	}
	if same {
		if err := w.walkBack(ctx, conn, min(c.seq, st.Last), &next); err != nil {
			return c, err
		}
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return next.move(ctx, tx, &c) })
	if err != nil {
		return c, err
	}
	w.meters.lostTails.Inc()
	w.update(func(s *Status) { s.LostTails++ })
	w.log.Error().Uint64("cursor", c.seq).Uint64("stream_last", st.Last).Uint64("common", next.seq).Int32("epoch", next.epoch).Bool("same_stream", same).
		Msg("the stream lost events that are stored: history goes on behind the last event that both hold")
	if w.c.OnLost != nil {
		w.c.OnLost(c.seq, st.Last)
	}
	return next, nil
}

// holds reports whether the stream still has at the cursor what was read there.
func (w *Writer) holds(ctx context.Context, c *cursor, st stream.State, same bool) (bool, error) {
	if st.Last < c.seq {
		return false, nil
	}
	m, err := w.s.At(ctx, c.seq)
	switch {
	case errors.Is(err, stream.ErrNotFound):
		// Purged or erased: nothing speaks against the stream that it was.
		if same {
			w.log.Warn().Uint64("cursor", c.seq).Uint64("stream_first", st.First).Msg("the message at the cursor is gone from the stream, which cannot be compared")
		}
		return same, nil
	case err != nil:
		return false, err
	}
	if m.Arrived.UnixNano() != c.arrived {
		return false, nil
	}
	e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
	var refusal *event.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return false, err
	}
	var now cursor
	now.name(&e)
	return c.id == "" || now.id == "" || now.tenant == c.tenant && now.source == c.source && now.id == c.id, nil
}

// storedAt is an event that is stored, by its place in the stream.
type storedAt struct {
	seq                int64
	tenant, source, id string
	arrived            time.Time
}

// walkBack finds the last event not behind top that the stream and the database
// both hold at the same sequence. If there is none, next stays as it is.
func (w *Writer) walkBack(ctx context.Context, conn *pgx.Conn, top uint64, next *cursor) error {
	tenants, _, err := w.d.tenantsOf(ctx, conn, w.c.Partition)
	if err != nil {
		return err
	}
	floor := int64(next.seq)                //nolint:gosec // JetStream's sequences stay far below 2^63
	for high := int64(top); high > floor; { //nolint:gosec // as above
		low := max(floor, high-walkWindow)
		rows, err := conn.Query(ctx, `
			SELECT DISTINCT ON (seq) seq, tenant, source, id, arrived FROM events
			WHERE seq > $1 AND seq <= $2 AND ($3::text[] IS NULL OR tenant = ANY($3)) ORDER BY seq DESC, epoch DESC`, low, high, tenants)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s storedAt, err error) {
			err = row.Scan(&s.seq, &s.tenant, &s.source, &s.id, &s.arrived)
			return s, err
		})
		if err != nil {
			return err
		}
		var failed error
		// The list descends: what is lost comes first, what both hold after it.
		i := sort.Search(len(list), func(i int) bool {
			common, err := w.common(ctx, &list[i], next)
			failed = errors.Join(failed, err)
			return common
		})
		if failed != nil {
			return failed
		}
		if i < len(list) {
			_, err := w.common(ctx, &list[i], next)
			return err
		}
		high = low
	}
	return nil
}

// common reports whether the stream holds that event at its place, and makes it
// next's if so.
func (w *Writer) common(ctx context.Context, s *storedAt, next *cursor) (bool, error) {
	m, err := w.s.At(ctx, uint64(s.seq)) //nolint:gosec // stored sequences are positive
	switch {
	case errors.Is(err, stream.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("walk back: %w", err)
	}
	e, _ := event.DecodeMessage(m.Subject, m.Raw, m.Arrived) // what could be read of it is compared
	if string(e.Tenant) != s.tenant || e.Source != s.source || e.ID != s.id || m.Arrived.UnixMicro() != s.arrived.UnixMicro() {
		return false, nil
	}
	next.seq, next.arrived = m.Seq, m.Arrived.UnixNano()
	next.name(&e)
	return true, nil
}
