package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/cmd/floorlight/filler"
	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// fillFlags are those of simulate --fill.
type fillFlags struct {
	Fill              bool   `help:"Instead, fill one desk with a past of its own, as fast as it is stored. Interrupted, it goes on where it was."`
	FillTenant        string `default:"fill" placeholder:"TENANT" help:"With --fill: the desk."`
	FillDays          int    `default:"365" placeholder:"N" help:"With --fill: days, up to yesterday."`
	FillUntil         string `placeholder:"DAY" help:"With --fill: the last day, instead of yesterday."`
	FillConversations int    `default:"1000000" placeholder:"N" help:"With --fill: how many."`
	FillMessages      int    `default:"10000000" placeholder:"N" help:"With --fill: about how many."`
	FillAgents        int    `default:"500" placeholder:"N" help:"With --fill: how many."`
	FillPreset        string `default:"tiktok_shop" placeholder:"NAME" help:"With --fill: the profile's preset."`
	FillTimezone      string `default:"America/New_York" placeholder:"ZONE" help:"With --fill: the profile's time zone."`
}

const (
	// fillBatch is how many events are published at a time.
	fillBatch = 4096
	// fillAhead is how many published events the writer may be behind.
	fillAhead = 40 * fillBatch
	// fillPause is how long a stream that takes nothing is left alone.
	fillPause = 200 * time.Millisecond
)

// sink stores events in their order.
type sink interface {
	// Publish returns when the stream has all of them. After an error they may be
	// published again.
	Publish(ctx context.Context, events []event.Event) error
}

// fill runs a filling to its end, or until ctx ends. Where a server runs, its
// NATS takes the events. Else the stream and the writer run here, the stream
// without a sync for each message: what a power cut takes from it is made again.
func (c *simulateCommand) fill(ctx context.Context, env *environment) (err error) {
	f := &c.fillFlags
	switch {
	case f.FillDays < 1 || f.FillDays > 3660:
		return wrongUsage("--fill-days %d: 1 to 3660", f.FillDays)
	case f.FillConversations < 1 || f.FillMessages < f.FillConversations:
		return wrongUsage("--fill-conversations %d with --fill-messages %d: at least one, and a message for each", f.FillConversations, f.FillMessages)
	case f.FillAgents < 1 || f.FillAgents > 100_000:
		return wrongUsage("--fill-agents %d: 1 to 100000", f.FillAgents)
	}
	plan, place, err := c.plan(env.settings, time.Now())
	if err != nil {
		return err
	}
	made, err := filler.New(plan)
	if err != nil {
		return wrongUsage("%s", err)
	}
	if !place.Ended.IsZero() {
		_, err := fmt.Fprintf(env.stdout, "%s is filled already: %s events\n", f.FillTenant, grouped(place.Lines))
		return err
	}
	to, finish, err := fillInto(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, finish()) }()
	began := time.Now()
	stored, err := pour(ctx, env, made, place, to)
	if err != nil && ctx.Err() == nil {
		return err
	}
	if own, ok := to.(*ownSink); ok {
		if err := own.settle(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	rate := float64(stored) / max(time.Since(began).Seconds(), 0.001)
	state := "filled"
	if ctx.Err() != nil {
		state = "interrupted; the same command goes on"
	}
	_, err = fmt.Fprintf(env.stdout, "%s events in %s, %s/s; %s\n", grouped(int64(stored)), time.Since(began).Round(time.Second), grouped(int64(rate)), state)
	return err
}

// plan is what is filled, and how far an earlier run of the same has come.
func (c *simulateCommand) plan(s settings, now time.Time) (filler.Config, *position, error) {
	f := &c.fillFlags
	loc, err := time.LoadLocation(f.FillTimezone)
	if err != nil {
		return filler.Config{}, nil, wrongUsage("--fill-timezone %q is not an IANA name such as Asia/Shanghai", f.FillTimezone)
	}
	text, err := json.Marshal([]any{c.Seed, f})
	if err != nil {
		return filler.Config{}, nil, err
	}
	sum := sha256.Sum256(text)
	place, err := openPosition(s, hex.EncodeToString(sum[:]), "fill", f.FillTenant, "")
	if err != nil {
		return filler.Config{}, nil, err
	}
	if place.Made.IsZero() { // the last day stays when the filling takes longer than today
		place.Made = now
		if f.FillUntil != "" {
			day, err := metric.ParseDay(f.FillUntil)
			if err != nil {
				return filler.Config{}, nil, wrongUsage("--fill-until: %s", err)
			}
			year, month, date := (day + 1).Time().Date()
			place.Made = time.Date(year, month, date, 12, 0, 0, 0, loc)
		}
	}
	return filler.Config{
		Seed: c.Seed, Tenant: event.TenantID(f.FillTenant), Name: "Filled desk", Preset: f.FillPreset, Timezone: f.FillTimezone, End: place.Made,
		Days: f.FillDays, Conversations: f.FillConversations, Messages: f.FillMessages, Agents: f.FillAgents,
	}, place, nil
}

// pour publishes what is left of a filling, and says how many events that were.
func pour(ctx context.Context, env *environment, made *filler.Filler, place *position, to sink) (int, error) {
	bar := newProgress(env.stderr, int64(made.Total()), "events")
	defer bar.end()
	made.Skip(place.Lines)
	stored := 0
	batch := make([]event.Event, 0, fillBatch)
	for {
		batch = batch[:0]
		for len(batch) < fillBatch {
			e, ok := made.Next()
			if !ok {
				break
			}
			batch = append(batch, e)
		}
		if len(batch) > 0 {
			if err := insist(ctx, to, batch); err != nil {
				return stored, err
			}
		}
		stored += len(batch)
		place.Lines += int64(len(batch))
		if len(batch) < fillBatch {
			place.Ended = time.Now()
		}
		if err := place.keep(); err != nil {
			return stored, err
		}
		bar.at(place.Lines, stored)
		if !place.Ended.IsZero() {
			return stored, nil
		}
	}
}

// insist publishes until the stream has everything: it may be full, or away for
// a moment.
func insist(ctx context.Context, to sink, batch []event.Event) error {
	for {
		err := to.Publish(ctx, batch)
		if err == nil || errors.Is(err, errWriterEnded) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		timer := time.NewTimer(fillPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// fillInto is where the events go, and what ends that.
func fillInto(ctx context.Context, env *environment) (sink, func() error, error) {
	_, err := os.Stat(natsAddressFile(env.settings))
	if env.settings.NATSURL == "" && errors.Is(err, fs.ErrNotExist) {
		return startOwnSink(ctx, env)
	}
	nc, err := connectRunning(ctx, env)
	if err != nil {
		return nil, nil, err
	}
	publisher, err := simulator.NewNATS(nc)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return publisher, func() error {
		publisher.Close()
		nc.Close()
		return nil
	}, nil
}

// ownSink is a stream and a writer of this process.
type ownSink struct {
	node   *node
	writer *history.Writer
	moved  chan struct{} // has one when the writer has committed
	failed chan error
	beside sync.WaitGroup
	cancel context.CancelFunc
	last   uint64 // of the stream, of what was published
}

func startOwnSink(ctx context.Context, env *environment) (sink, func() error, error) {
	n := newNode(env)
	n.settings.NATSListen = natsListenOff
	o := &ownSink{node: n, moved: make(chan struct{}, 1), failed: make(chan error, 1)}
	if err := o.start(ctx); err != nil {
		return nil, nil, errors.Join(err, n.stop()) //nolint:contextcheck // what stops has its own time.
	}
	return o, func() error { //nolint:contextcheck // what stops has its own time.
		o.cancel()
		err := <-o.failed
		o.beside.Wait()
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		return errors.Join(err, n.stop())
	}, nil
}

func (o *ownSink) start(ctx context.Context) error {
	n := o.node
	if err := makeDataDir(n.settings.DataDir); err != nil {
		return err
	}
	lock, err := lockDir(n.settings.DataDir)
	if err != nil {
		return fmt.Errorf("the data directory cannot be used: %w", err)
	}
	n.life.onStop("the data directory", time.Second, func(context.Context) error { return letGo(lock) })
	if n.natsInside, err = startNATSWith(n.settings, n.log, false); err != nil {
		return err
	}
	n.life.onStop("NATS", natsStopLimit, func(context.Context) error { n.natsInside.Stop(); return nil })
	if n.conn, err = n.natsInside.Connect(ctx); err != nil {
		return err
	}
	n.life.onStop("the NATS connection", stopNATS, func(context.Context) error { n.conn.Close(); return nil })
	if err := n.startDatabase(ctx); err != nil {
		return err
	}
	if err := errors.Join(n.openStream(ctx), ctx.Err()); err != nil {
		return err
	}
	if o.last, err = n.floor.Last(ctx); err != nil {
		return err
	}
	o.writer = n.database.NewWriter(n.floor, history.WriterConfig{StreamKeep: time.Minute, OnCommit: func(uint64, uint64) {
		select {
		case o.moved <- struct{}{}:
		default:
		}
	}, Logger: n.log})
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	o.cancel = cancel
	go func() { o.failed <- o.writer.Run(inner) }()
	o.beside.Go(func() { n.database.RunSeen(inner) }) // or the first start reads every event
	return nil
}

// Publish waits until the writer is near.
func (o *ownSink) Publish(ctx context.Context, events []event.Event) error {
	for _, r := range o.node.floor.PublishBatch(ctx, events) {
		if r.Err != nil {
			return r.Err
		}
		o.last = max(o.last, r.Seq)
	}
	return o.await(ctx, fillAhead)
}

// settle waits until everything is stored.
func (o *ownSink) settle(ctx context.Context) error { return o.await(ctx, 0) }

// errWriterEnded says that nobody stores the events any more.
var errWriterEnded = errors.New("the history writer has ended")

// await waits until the writer is at most that many sequences behind.
func (o *ownSink) await(ctx context.Context, behind uint64) error {
	for o.last > o.writer.Cursor()+behind {
		select {
		case <-o.moved:
		case err := <-o.failed:
			o.failed <- err // for who stops it
			return errWriterEnded
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
