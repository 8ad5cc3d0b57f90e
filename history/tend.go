package history

import (
	"context"
	"errors"
	"time"

	"github.com/floorlight/floorlight/hub/stream"
)

const (
	lookEvery  = time.Second
	purgeEvery = time.Minute
	// purgeFull is the share of the stream's room from which it is purged at every
	// look: publishers may be refused, and each commit lets some of them in.
	purgeFull = 0.75
)

// tend looks at the stream every second, and purges it now and then.
func (g *generation) tend(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	purged := time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		st, err := g.w.s.State(ctx)
		if err != nil {
			continue // the reader meets the same, and says so
		}
		g.w.update(func(s *Status) { s.Last = max(st.Last, s.Cursor) })
		if time.Since(purged) < purgeEvery && st.Full() < purgeFull {
			continue
		}
		purged = time.Now()
		if err := g.w.purge(ctx, st, time.Now()); err != nil && ctx.Err() == nil {
			g.w.log.Warn().Err(err).Msg("the stream was not purged")
		}
	}
}

// purge frees the stream of what every partition has stored, less a margin from
// which a restored backup could catch up: what came in lately, up to half of the
// stream's room. The message at the lowest cursor stays: it proves, at the next
// start, that the stream is still the same.
func (w *Writer) purge(ctx context.Context, st stream.State, now time.Time) error {
	var lowest int64
	if err := w.d.pool.QueryRow(ctx, `SELECT coalesce(min(seq), 0) FROM cursors`).Scan(&lowest); err != nil {
		return interpret(err)
	}
	top := uint64(max(lowest, 0))
	if st.Messages == 0 || top <= st.First {
		return nil
	}
	below, err := w.firstSince(ctx, st.First, top, now.Add(-w.c.StreamKeep))
	if err != nil {
		return err
	}
	if most := st.MaxBytes / 2; most > 0 && st.Bytes > most {
		// As if all messages were of one size; the next time comes closer.
		excess := float64(st.Bytes-most) / float64(st.Bytes)
		below = max(below, st.First+uint64(excess*float64(st.Last-st.First)))
	}
	if below = min(below, top); below <= st.First {
		return nil
	}
	if err := w.d.flushed(ctx); err != nil {
		return err
	}
	if err := w.s.Purge(ctx, below); err != nil {
		return err
	}
	w.log.Debug().Uint64("below", below).Msg("stream purged")
	return nil
}

// firstSince is the first sequence from low to high whose message came in at
// that time or later; high if there is none.
func (w *Writer) firstSince(ctx context.Context, low, high uint64, since time.Time) (uint64, error) {
	for low < high {
		mid := low + (high-low)/2
		m, err := w.s.At(ctx, mid)
		switch {
		case errors.Is(err, stream.ErrNotFound): // erased: its neighbour tells as much
			m.Arrived = time.Time{}
			for next := mid + 1; next < high && m.Arrived.IsZero(); next++ {
				if m, err = w.s.At(ctx, next); err != nil && !errors.Is(err, stream.ErrNotFound) {
					return 0, err
				}
			}
		case err != nil:
			return 0, err
		}
		if m.Arrived.Before(since) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}
