package cube

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// warmDays is how far back what is asked most often goes: a quarter, and a day
	// on each side of it.
	warmDays = 93
	// warmEvery is how often what is held is brought up to the database while
	// nobody asks, so that who asks next does not wait for the work of hours.
	warmEvery = 5 * time.Second
	// warmWait is how long an attempt waits after a failure.
	warmWait = 2 * time.Second
)

// errFull says that another month would cost one that is there.
var errFull = errors.New("there is no room")

// Warm reads the last quarter of every desk, those with the latest events first, and
// then the one before, until there is no room, and from then on keeps what is held up to date. It
// returns when ctx ends. Failures are met again later.
func (c *Cube) Warm(ctx context.Context, db Beginner) {
	for ctx.Err() == nil {
		err := c.warmAll(ctx, db)
		if err == nil || errors.Is(err, errFull) {
			break
		}
		c.log.Debug().Err(err).Msg("reports are not warm yet")
		if !pause(ctx, warmWait) {
			return
		}
	}
	for pause(ctx, warmEvery) {
		for _, id := range c.holding() {
			err := c.session(ctx, db, &Session{cube: c, tenant: c.tenant(id)}, func(context.Context, *Session) error { return nil })
			if err != nil && ctx.Err() == nil {
				c.log.Debug().Err(err).Msg("reports do not catch up")
				break
			}
		}
		if err := c.recover(ctx, db); err != nil && ctx.Err() == nil {
			c.log.Debug().Err(err).Msg("reports of what was computed anew are not warm")
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// holding are the desks of which something is held.
func (c *Cube) holding() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ids []string
	for id, t := range c.tenants {
		if t.replica != nil && len(t.replica.months) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c *Cube) warmAll(ctx context.Context, db Beginner) error {
	type desk struct {
		id   string
		last metric.Day
	}
	var desks []desk
	err := func() error {
		tx, err := db.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(ctx) }() // it has only read
		rows, err := tx.Query(ctx, "SELECT tenant, latest FROM tenants WHERE latest IS NOT NULL ORDER BY latest DESC, tenant")
		if err != nil {
			return err
		}
		var id string
		var latest time.Time
		_, err = pgx.ForEachRow(rows, []any{&id, &latest}, func() error {
			desks = append(desks, desk{id, metric.DayOf(latest.UTC().Date()) + 1}) // it may be tomorrow there
			return nil
		})
		return err
	}()
	if err != nil {
		return err
	}
	// Then the quarter before it, with which the last one is compared: who asked for
	// that first waited 8 s for three months of 80,000 conversations each.
	for back := range metric.Day(2) {
		for _, d := range desks {
			last := d.last - back*warmDays
			var months []month
			for m := monthOf(last); m >= monthOf(last-warmDays); m-- {
				months = append(months, m)
			}
			if err := c.warm(ctx, db, d.id, months); err != nil {
				return err
			}
		}
	}
	return nil
}

// warm reads those of some months that are not there.
func (c *Cube) warm(ctx context.Context, db Beginner, desk string, months []month) error {
	t := c.tenant(desk)
	if err := enter(ctx, t.loading); err != nil {
		return err
	}
	defer leave(t.loading)
	return c.session(ctx, db, &Session{cube: c, tenant: t, loads: true, polite: true}, func(ctx context.Context, s *Session) error {
		for _, m := range months {
			_, kept, err := s.month(ctx, m)
			if err != nil {
				return err
			}
			if !kept {
				return errFull
			}
		}
		return nil
	})
}
