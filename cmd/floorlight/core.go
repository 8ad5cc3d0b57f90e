package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/floorlight/floorlight/cmd/floorlight/relay"
	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

// residentFor is how long, in event time, closed conversations are loaded for.
const residentFor = 48 * time.Hour

// core is a partition's hub and its feed, its history writer, and what the server
// does by itself for its desks. It depends on the stream being the one that was
// read.
type core struct {
	node      *node
	partition int16
	hub       *hub.Hub
	writer    *history.Writer
	watch     *monitor
	owned     *relay.Owned
	registry  *prometheus.Registry
	refolds   int64  // of what was loaded
	end       uint64 // up to which the stream went when it was
	working   group  // what stores and decides by the hub's numbers
	reading   group  // what brings the stream to the hub
	watching  group  // what says how the core does
	failed    chan error
}

// group are parts of a core that end together.
type group struct {
	ctx  context.Context //nolint:containedctx // the parts' life
	end  context.CancelFunc
	wait sync.WaitGroup
}

func newGroup(ctx context.Context) group {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	return group{ctx: ctx, end: end}
}

// stop ends the parts and waits for them. Stopping twice is fine.
func (g *group) stop() {
	g.end()
	g.wait.Wait()
}

// startCore loads what history has committed of a partition and goes on from
// there. It returns nil if ctx ended before the database could be reached. A core
// that is followed answers until this one knows as much, and has been stopped then.
func (n *node) startCore(ctx context.Context, partition int16, followed *core) (*core, error) {
	c := &core{
		node: n, partition: partition, registry: prometheus.NewRegistry(), failed: make(chan error, 4),
		working: newGroup(ctx), reading: newGroup(ctx), watching: newGroup(ctx),
	}
	if followed != nil {
		followed.working.stop() // from here on nothing is stored but by this one
	}
	var seq uint64
	var states map[event.TenantID]*fold.State
	err := n.patiently(ctx, "the database", func(ctx context.Context) error {
		err := n.database.Renew(ctx)
		if err != nil {
			return err
		}
		if c.refolds, err = n.database.Refolds(ctx, partition); err == nil {
			seq, states, err = n.database.Load(ctx, partition, residentFor)
		}
		return err
	})
	if err == nil && ctx.Err() == nil {
		err = n.patiently(ctx, "the stream", c.findEnd)
	}
	if err != nil || ctx.Err() != nil {
		return nil, err
	}
	c.hub = hub.New(hub.Config{
		Restorer: n.database, Threads: said{n.database}, Now: time.Now, Tick: n.settings.Tick, Tally: n.tally, Logger: n.log,
		Epoch: strconv.FormatInt(time.Now().UnixNano(), 36),
	})
	c.hub.Resume(seq)
	for _, st := range states {
		c.hub.Restore(st, seq)
	}
	return c, c.start(ctx, seq, len(states), followed)
}

// findEnd finds out how far the partition has to be read until it has caught up.
func (c *core) findEnd(ctx context.Context) error {
	n := c.node
	var err error
	if c.end, err = n.floor.Last(ctx); err != nil || n.floor.Partitions() == 1 {
		return err
	}
	c.end, err = n.floor.Mark(ctx, c.end) // what stands before it may be others'
	if errors.Is(err, stream.ErrFull) {
		return fmt.Errorf("%w: %w", stream.ErrUnavailable, err) // history makes room
	}
	return err
}

// start starts what works on the loaded hub.
func (c *core) start(ctx context.Context, seq uint64, tenants int, followed *core) (err error) {
	defer func() {
		if err != nil {
			c.halt()
		}
	}()
	n := c.node
	floor := n.floor.Partition(int(c.partition))
	var registry prometheus.Registerer = c.registry
	if n.floor.Partitions() > 1 {
		registry = prometheus.WrapRegistererWith(prometheus.Labels{"partition": strconv.Itoa(int(c.partition))}, registry)
	}
	minutes := newLines(c.hub, n.database, n.log)
	minutes.recall(ctx)
	c.writer = n.database.NewWriter(floor, history.WriterConfig{
		Partition: c.partition, StreamKeep: n.settings.StreamKeep, Hold: c.hub.WaitApplied, OnCommit: c.hub.Committed, OnLost: c.lost, Registerer: registry, Logger: n.log,
	})
	c.watch = newMonitor(n.floor, c.hub, func() historyStatus {
		st := c.writer.Status()
		return historyStatus{cursor: st.Cursor, err: st.Err}
	}, n.log, registry)
	if n.floor.Partitions() > 1 {
		c.watch.mark = n.floor.Mark
	}
	if n.room != nil {
		c.watch.tight = n.room.tight.Load
	}
	drift := newDrift(c.hub, n.database, time.Now, n.log, registry)
	c.watch.look(ctx)
	c.run(&c.working, "the history writer", c.writer.Run)
	c.run(&c.reading, "the hub's feed", func(ctx context.Context) error { return (&feed{hub: c.hub}).run(ctx, floor, seq) })
	c.run(&c.watching, "the monitor", func(ctx context.Context) error { c.watch.run(ctx); return nil })
	if followed != nil {
		if err := c.follow(ctx, followed); err != nil {
			return err
		}
	}
	c.beginDuties(minutes, drift)
	c.run(&c.working, "the scan", func(ctx context.Context) error { n.live.Gate().Scan(ctx, floor); return nil })
	c.owned, err = n.router.Own(ctx, int(c.partition), c.hub, c.caughtUp, map[string]relay.Answer{
		askCompare: func(ctx context.Context, id event.TenantID) ([]byte, error) {
			found, err := drift.compare(ctx, id, compared...)
			if err != nil {
				return nil, edgeError(err)
			}
			return json.Marshal(found)
		},
		askRefolds: func(context.Context, event.TenantID) ([]byte, error) {
			return strconv.AppendInt(nil, c.refolds, 10), nil
		},
	})
	if err != nil {
		return err
	}
	if followed != nil {
		followed.halt() // nobody asks it any more
	}
	n.log.Info().Str("url", n.url).Int16("partition", c.partition).Uint64("from", seq).Uint64("stream", c.end).Int("tenants", tenants).Msg("serving")
	return nil
}

// What servers ask a partition's owner besides what its hub knows.
const (
	askCompare = "compare" // to hold a wallboard against the reports
	askRefolds = "refolds" // which of the partition's numbers he answers with
)

func (c *core) caughtUp() bool { return c.hub.Position() >= c.end }

// follow returns when the core knows what the one that it follows does, which reads
// nothing more from then on: what is shown does not go back.
func (c *core) follow(ctx context.Context, followed *core) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case err := <-c.failed:
			cancel(err)
		case <-ended:
		}
	}()
	err := c.hub.WaitApplied(ctx, max(c.end, followed.hub.Position()))
	if err == nil {
		followed.reading.stop()
		err = c.hub.WaitApplied(ctx, followed.hub.Position())
	}
	close(ended)
	<-watched
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (c *core) run(g *group, name string, f func(context.Context) error) {
	g.wait.Go(func() {
		if err := f(g.ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.fail(fmt.Errorf("%s: %w", name, err)) // a core that is followed has nobody who listens
		}
	})
}

// errRefolded ends a core whose hub holds the numbers from before a refold.
var errRefolded = errors.New("the stored numbers were computed anew")

// refolded lets the next core begin from numbers that were computed anew.
func (c *core) refolded() { c.fail(errRefolded) }

// lost ends a core that goes on where the stream was when it still held other
// events; its own reader cannot see it, if the stream has outgrown that place since.
func (c *core) lost(cursor, last uint64) { c.fail(&stream.LostTailError{Position: cursor, Last: last}) }

// fail makes the core end with that error.
func (c *core) fail(err error) {
	select {
	case c.failed <- err:
	default: // it ends already
	}
}

// wait returns when ctx ends or a part cannot go on.
func (c *core) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-c.failed:
		return err
	}
}

// streamChanged reports whether an error says that the stream is not the one
// that was read.
func streamChanged(err error) bool {
	var lost *stream.LostTailError
	var gap *stream.GapError
	return errors.As(err, &lost) || errors.As(err, &gap)
}

// stop ends the core: whoever is connected goes over first, then the writer ends
// with its open batch, then the hub.
func (c *core) stop() {
	c.owned.Leave()
	c.halt()
}

func (c *core) halt() {
	c.working.end()
	c.reading.end()
	c.watching.end()
	c.working.stop()
	c.reading.stop()
	c.watching.stop()
	c.hub.Stop()
}
