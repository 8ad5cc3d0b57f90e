package cube

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Prepare reads the months that are held of a desk from other rows of it, which are to
// be put in force, into memory beside them: without it the first question after that
// waits until they are read. The rows are those up to seq, in an epoch of the stream.
// What there is no room for is left. Call Switch when they are in force, or are not to be.
func (c *Cube) Prepare(ctx context.Context, db Beginner, desk, rows string, epoch int64, seq uint64) error {
	t := c.tenant(desk)
	s := &Session{
		Seq: seq, cube: c, tenant: t, loads: true, polite: true, segments: map[month]*segment{},
		replica: &replica{state: state{epoch: epoch, rows: rows}, names: newNames(), months: map[month]*held{}},
	}
	c.mu.Lock()
	c.discard(t)
	c.clock++
	s.number, t.next = c.clock, s.replica
	months := slices.Collect(maps.Keys(t.holds()))
	c.mu.Unlock()
	slices.Sort(months)
	tx, err := db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = tx.Rollback(end) // it has only read
	}()
	s.Tx = tx
	for _, m := range slices.Backward(months) { // the latest are asked for most
		if _, kept, err := s.month(ctx, m); err != nil || !kept {
			return err
		}
	}
	return nil
}

// Switch takes what was prepared if its rows are in force, and lets go of it otherwise.
func (c *Cube) Switch(ctx context.Context, db Beginner, desk string) error {
	t := c.tenant(desk)
	err := c.session(ctx, db, &Session{cube: c, tenant: t}, func(context.Context, *Session) error { return nil })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.discard(t)
	return err
}

// discard lets go of what was prepared. It needs mu.
func (c *Cube) discard(t *tenant) {
	if t.next != nil {
		c.drop(t.next)
		t.next = nil
	}
}

// holds are the months that are held. It needs mu.
func (t *tenant) holds() map[month]*held {
	if t.replica == nil {
		return nil
	}
	return t.replica.months
}

// recover reads again what was held of desks whose rows have been computed anew, as by
// another server.
func (c *Cube) recover(ctx context.Context, db Beginner) error {
	for id, months := range c.losses() {
		err := c.warm(ctx, db, id, months)
		if err != nil && !errors.Is(err, errFull) {
			return err
		}
	}
	return nil
}

// losses are the months that were let go of with their rows.
func (c *Cube) losses() map[string][]month {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string][]month{}
	for id, t := range c.tenants {
		if len(t.lost) > 0 {
			slices.Sort(t.lost)
			slices.Reverse(t.lost)
			all[id], t.lost = t.lost, nil
		}
	}
	return all
}
