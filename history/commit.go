package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// refusing is how many refused events are on their way at a time.
	refusing = 64
	// commitTimeout ends a commit that no answer comes to; a refold that holds the
	// cursor for longer is then waited for by the next generation.
	commitTimeout = 2 * time.Minute
)

// commitAll stores batches until the fold has ended. Life is Run's context,
// work outlives it by the time to stop.
func (g *generation) commitAll(life, work context.Context) error {
	for b := range g.out {
		if err := g.commit(life, work, b); err != nil {
			if errors.Is(err, errTwice) {
				g.twice = b.last // for the next generation
			}
			return err
		}
		select {
		case g.free <- b:
		default:
		}
	}
	return nil
}

// commit stores a batch. What it refuses is kept first: a batch that is not
// committed after all refuses the same again, which is kept once.
func (g *generation) commit(life, work context.Context, b *batch) error {
	began := time.Now()
	if err := g.refuse(work, b.refused); err != nil {
		return err
	}
	if g.w.c.Hold != nil {
		if err := g.w.c.Hold(life, b.last); err != nil {
			return fmt.Errorf("wait for sequence %d to be applied: %w", b.last, err)
		}
	}
	for m := range b.months {
		if _, ok := g.months[m]; ok {
			continue
		}
		// The month after it too: at the turn nobody shall wait.
		for _, m := range []month{m, m + 1} {
			if err := ensureMonth(work, g.conn, m); err != nil {
				return err
			}
			g.months[m] = struct{}{}
		}
	}
	next := g.cursor
	next.seq, next.arrived = b.last, b.arrived
	next.name(&b.lastEvent)
	work, cancel := context.WithTimeout(work, commitTimeout)
	defer cancel()
	due := g.flush.due(life, g.w.flush)
	err := pgx.BeginFunc(work, g.conn, func(tx pgx.Tx) error {
		if err := next.move(work, tx, &g.cursor); err != nil {
			return err
		}
		if due {
			if err := g.flush.wait(work, tx); err != nil {
				return err
			}
		}
		if err := b.events.send(work, g.conn, copyEvents); err != nil {
			if storedTwice(err) {
				return fmt.Errorf("%w: %w", errTwice, scrub(err))
			}
			return fmt.Errorf("store events %d to %d: %w", b.first, b.last, err)
		}
		if err := b.writeDerived(work, g.conn); err != nil {
			return err
		}
		if g.w.hooks.beforeCommit != nil {
			return g.w.hooks.beforeCommit(b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	g.cursor = next
	if due {
		g.flush.done(next.seq)
	}
	if g.w.hooks.afterCommit != nil {
		if err := g.w.hooks.afterCommit(b); err != nil {
			return err
		}
	}
	g.done(b, time.Since(began))
	return nil
}

func (g *generation) done(b *batch, took time.Duration) {
	w := g.w
	w.meters.committed(b, took)
	reached := b.last >= g.target
	var before error
	w.update(func(s *Status) {
		before, s.Err = s.Err, nil
		s.Cursor, s.Arrived = b.last, b.arrival()
		s.Last, s.CaughtUp = max(s.Last, b.last), s.CaughtUp || reached
	})
	w.committed.Store(b.last) // who sees it sees the status of it, too
	if before != nil {
		w.log.Info().Uint64("cursor", b.last).Msg("history writer works again")
	}
	if w.c.OnCommit != nil {
		w.c.OnCommit(b.last, g.flush.seq)
	}
}

// refuse keeps refused events, several on their way at a time.
func (g *generation) refuse(ctx context.Context, list []refusedMessage) error {
	if len(list) == 0 {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(refusing)
	for _, r := range list {
		group.Go(func() error {
			err := g.w.s.Refuse(ctx, r.message, r.refusal)
			if errors.Is(err, stream.ErrTooLarge) {
				// Trying again would never end. The message stays in the stream
				// for as long as that keeps it.
				g.w.log.Error().Err(err).Uint64("seq", r.message.Seq).Str("reason", string(r.refusal.Reason)).Msg("a refused event is too large to be kept")
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

func storedTwice(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == codeUniqueViolation
}

// scrub is interpret for an error that stays a refusal of a row.
func scrub(err error) error {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return scrubbed(refusal)
	}
	return err
}
