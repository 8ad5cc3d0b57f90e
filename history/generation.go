package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub/stream"
)

// generation is a writer's life from one loading of the states to the first
// error. Three goroutines pass batches on: the stream's reader, the fold, the
// committer; so the next batch is folded while the last one is stored. After an
// error all states are thrown away.
type generation struct {
	w      *Writer
	conn   *pgx.Conn // the committer's
	cursor cursor    // the committer's
	flush  flushing  // the committer's
	months map[month]struct{}
	fold   *folder // the fold's goroutine's

	in   chan []stream.Message // from the reader to the fold
	out  chan *batch           // from the fold to the committer
	free chan *batch           // back

	target   uint64 // the stream's last sequence at the beginning
	strict   uint64 // ids are looked up, whatever is believed, up to this sequence
	twice    uint64 // the end of a batch that holds what is stored already; the committer's
	swept    int    // messages since the last sweep
	sweptAt  time.Time
	gathered time.Time // when the last batch was whole
}

// generation runs one. It returns nil only when ctx has ended.
func (w *Writer) generation(ctx context.Context) error {
	conn, err := w.d.connect(ctx)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)
	g := &generation{
		w: w, conn: conn, months: map[month]struct{}{},
		in: make(chan []stream.Message, 1), out: make(chan *batch), free: make(chan *batch, 3), sweptAt: time.Now(), strict: w.strictUntil,
	}
	if err := g.prepare(ctx); err != nil {
		return interpret(err)
	}
	if err := withoutWaiting(ctx, conn); err != nil {
		return interpret(err)
	}
	// The open batch outlives ctx by StopTimeout.
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	release := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(w.c.StopTimeout)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-lasting.Done():
		}
	})
	defer release()
	group, work := errgroup.WithContext(lasting)
	reading, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(work, stop)()
	group.Go(func() error { return g.read(reading) })
	group.Go(func() error { return g.foldAll(work) })
	group.Go(func() error { return g.commitAll(ctx, work) })
	group.Go(func() error { g.tend(reading); return nil })
	err = interpret(group.Wait())
	w.strictUntil = max(w.strictUntil, g.twice)
	return err
}

// prepare compares the stream with the cursor and loads the states.
func (g *generation) prepare(ctx context.Context) error {
	w := g.w
	if err := settleCursor(ctx, g.conn, w.c.Partition); err != nil {
		return err
	}
	if err := w.d.Renew(ctx); err != nil {
		return err
	}
	c, _, err := readCursor(ctx, g.conn, w.c.Partition, "")
	if err != nil {
		return err
	}
	if g.cursor, err = w.reconcile(ctx, g.conn, c); err != nil {
		return err
	}
	st, err := w.s.State(ctx)
	if err != nil {
		return err
	}
	g.target = st.Last
	err = w.d.snapshot(ctx, func(tx pgx.Tx) error {
		c, loaded, err := w.d.load(ctx, tx, w.c.Partition, -1)
		if err != nil {
			return err
		}
		g.fold = newFolder(loaded.states, c.epoch, w.d.pool)
		for rows, st := range loaded.byRows {
			g.fold.tenants[st.Tenant()].rows = string(rows)
		}
		if c.seq != g.cursor.seq || c.epoch != g.cursor.epoch {
			return fmt.Errorf("%w: its cursor moved to %d meanwhile", ErrFenced, c.seq)
		}
		g.cursor.refolds = c.refolds
		return nil
	})
	if err != nil {
		return err
	}
	if err := makeStages(ctx, g.conn); err != nil {
		return err
	}
	w.update(func(s *Status) {
		s.Cursor, s.Epoch, s.Last, s.Running, s.CaughtUp = g.cursor.seq, g.cursor.epoch, st.Last, true, g.cursor.seq >= g.target
		s.Arrived = time.Time{}
		if g.cursor.arrived != 0 {
			s.Arrived = time.Unix(0, g.cursor.arrived).UTC()
		}
		if s.Err != nil && g.cursor.seq >= g.target {
			s.Err = nil // there is nothing to store that could fail
		}
	})
	w.committed.Store(g.cursor.seq)
	if w.c.OnCommit != nil && g.cursor.seq > 0 {
		w.c.OnCommit(g.cursor.seq, 0)
	}
	w.log.Info().Uint64("cursor", g.cursor.seq).Uint64("stream_last", st.Last).Int32("epoch", g.cursor.epoch).Int("tenants", len(g.fold.tenants)).Msg("history writer reads the stream")
	return nil
}

// read hands on what the stream gives. What was purged before it was read is
// lost: that is said loudly, and the rest is stored all the same.
func (g *generation) read(ctx context.Context) error {
	defer close(g.in)
	next := g.cursorNext()
	for {
		err := g.w.s.Consume(ctx, next, func(got []stream.Message) error {
			select {
			case g.in <- slices.Clone(got): // the slice belongs to the stream
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		var gap *stream.GapError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &gap):
			g.w.log.Error().Uint64("wanted", gap.Want).Uint64("first", gap.First).Msg("messages were purged from the stream before they were stored: they are lost")
			g.w.meters.gaps.Inc()
			g.w.update(func(s *Status) { s.Gaps++ })
			next = gap.First
		default:
			return err
		}
	}
}

// cursorNext is read before the committer starts to move the cursor.
func (g *generation) cursorNext() uint64 { return g.w.committed.Load() + 1 }

// foldAll makes batches of what comes until the reader has ended.
func (g *generation) foldAll(ctx context.Context) error {
	defer close(g.out)
	var messages []stream.Message
	for {
		first, ok := <-g.in
		if !ok {
			return nil
		}
		messages = g.gather(append(messages[:0], first...))
		b := g.batch()
		g.fold.strict = messages[0].Seq <= g.strict
		if err := g.fold.fold(ctx, messages, b); err != nil {
			return err
		}
		g.tidy(len(messages))
		clear(messages)
		select {
		case g.out <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// gather waits a little for a batch to become worth its commit, and longer while one
// follows another: each syncs the disk that checks wait for.
func (g *generation) gather(messages []stream.Message) []stream.Message {
	timer := time.NewTimer(max(linger, apart-time.Since(g.gathered)))
	defer timer.Stop()
	defer func() { g.gathered = time.Now() }()
	for len(messages) < g.w.enough {
		select {
		case more, ok := <-g.in:
			if !ok {
				return messages // and the next receive says so again
			}
			messages = append(messages, more...)
		case <-timer.C:
			return messages
		}
	}
	return messages
}

func (g *generation) batch() *batch {
	select {
	case b := <-g.free:
		b.reset()
		return b
	default:
		return newBatch()
	}
}

// tidy lets go of memory. What is not committed yet stays.
func (g *generation) tidy(n int) {
	committed := g.w.committed.Load()
	g.fold.forget(committed)
	g.swept += n
	if g.swept < g.w.sweeps.events && time.Since(g.sweptAt) < g.w.sweeps.every {
		return
	}
	g.swept, g.sweptAt = 0, time.Now()
	g.fold.sweep(committed, g.w.sweeps.rest)
}
