package history

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// defaultLease is how long an owner may be silent before another takes over.
	defaultLease = 3 * time.Second
	// standEvery is how often a writer that stands by looks.
	standEvery = 250 * time.Millisecond
)

// errLeaseLost says that another server has taken the partition over.
var errLeaseLost = errors.New("the lease was lost")

// take makes the writer the partition's owner, if nobody else is.
func (w *Writer) take(ctx context.Context) (bool, error) {
	tag, err := w.d.pool.Exec(ctx, `INSERT INTO leases (partition, owner, beat) VALUES ($1, $2, clock_timestamp())
		ON CONFLICT (partition) DO UPDATE SET owner = excluded.owner, beat = excluded.beat
		WHERE leases.owner = excluded.owner OR leases.beat < clock_timestamp() - make_interval(secs => $3)`,
		w.c.Partition, w.c.Owner, w.c.Lease.Seconds())
	if err != nil {
		return false, interpret(err)
	}
	return tag.RowsAffected() == 1, nil
}

// give lets another take over at once.
func (w *Writer) give(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, err := w.d.pool.Exec(ctx, `UPDATE leases SET beat = '-infinity' WHERE partition = $1 AND owner = $2`, w.c.Partition, w.c.Owner)
	if err != nil {
		w.log.Debug().Err(err).Msg("the lease runs out by itself")
	}
}

// keep says that the owner lives, until ctx ends or another has taken over. A
// database that does not answer lets nobody else write either.
func (w *Writer) keep(ctx context.Context) error {
	tick := time.NewTicker(w.c.Lease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		tag, err := w.d.pool.Exec(ctx, `UPDATE leases SET beat = clock_timestamp() WHERE partition = $1 AND owner = $2`, w.c.Partition, w.c.Owner)
		if err == nil && tag.RowsAffected() == 0 {
			return errLeaseLost
		}
	}
}

// stand returns when the partition is this writer's, or ctx has ended. Until
// then another writes: its progress is told as one's own would be.
func (w *Writer) stand(ctx context.Context) error {
	said := false
	for {
		mine, err := w.take(ctx)
		if mine {
			w.update(func(s *Status) { s.Standby, s.Err = false, nil })
			if said {
				w.log.Warn().Uint64("cursor", w.committed.Load()).Msg("history writer takes over")
			}
			return nil
		}
		if err == nil {
			err = w.follow(ctx)
		}
		if err == nil && !said {
			said = true
			w.log.Info().Msg("another server writes the history; this one stands by")
		}
		w.update(func(s *Status) { s.Standby, s.Err = err == nil, err })
		timer := time.NewTimer(standEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// follow reads how far the owner is.
func (w *Writer) follow(ctx context.Context) error {
	c, ok, err := readCursor(ctx, w.d.pool, w.c.Partition, "")
	if err != nil || !ok {
		return interpret(err)
	}
	if err := c.checkVersion(); err != nil && !errors.Is(err, ErrOldFold) {
		return err
	}
	st, err := w.s.State(ctx)
	if err != nil {
		return fmt.Errorf("ask how far the stream goes: %w", err)
	}
	w.noteSwitch(c.refolds)
	moved := c.seq != w.committed.Swap(c.seq)
	w.update(func(s *Status) {
		s.Cursor, s.Epoch, s.Last, s.CaughtUp = c.seq, c.epoch, max(st.Last, c.seq), c.seq >= st.Last
		s.Arrived = time.Time{}
		if c.arrived != 0 {
			s.Arrived = time.Unix(0, c.arrived).UTC()
		}
	})
	if moved && w.c.OnCommit != nil {
		w.c.OnCommit(c.seq)
	}
	return nil
}

// noteSwitch tells, once each time, that numbers that were computed anew are in force.
func (w *Writer) noteSwitch(refolds int64) {
	before := w.refolds.Swap(refolds)
	if before >= 0 && before != refolds && w.c.OnSwitch != nil {
		w.c.OnSwitch()
	}
}

// own writes for as long as the partition is this writer's.
func (w *Writer) own(ctx context.Context) error {
	inner, cancel := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		if err := w.keep(inner); errors.Is(err, errLeaseLost) {
			cancel(err)
		}
	}()
	err := w.write(inner)
	cancel(nil)
	<-kept
	if err == nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrFenced, errLeaseLost)
	}
	return err
}
