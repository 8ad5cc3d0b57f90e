package history

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// Stream is what a writer reads; *stream.Stream is one.
type Stream interface {
	// Consume gives batches from sequence from on, until ctx ends or batch
	// returns an error; see stream.Stream.
	Consume(ctx context.Context, from uint64, batch func([]stream.Message) error) error
	At(ctx context.Context, seq uint64) (stream.Message, error)
	State(ctx context.Context) (stream.State, error)
	Purge(ctx context.Context, below uint64) error
	Refuse(ctx context.Context, m stream.Message, r *event.Refusal) error
}

// WriterConfig says what a writer does besides writing. The zero value of a
// field takes its default.
type WriterConfig struct {
	Partition int16
	// StreamKeep is how long, by their arrival, committed messages stay in the
	// stream, as long as they take no more than half of its room; 24 h by default.
	StreamKeep time.Duration
	// StopTimeout is how long the open batch may take after Run's context has
	// ended; 5 s by default.
	StopTimeout time.Duration
	// OnCommit is called after each commit, in order, with its last sequence and the
	// last that is on disk, which no crash of PostgreSQL takes back (0: not known); and
	// with where it stands when the writer begins anew, since the answer to a commit may
	// have been lost.
	OnCommit func(seq, flushed uint64)
	// Hold is called before each commit and returns when the batch's last
	// sequence may be stored: when the hub, which restores from what is stored,
	// has applied it. Its context ends with Run's.
	Hold func(ctx context.Context, seq uint64) error
	// OnLost is called when the stream turns out to hold something else at the cursor
	// than what was read there: whoever goes on behind the old cursor misses what
	// stands before it now.
	OnLost func(cursor, last uint64)
	// Registerer takes the writer's metrics.
	Registerer prometheus.Registerer
	Logger     zerolog.Logger
}

// Status is how a writer stands.
type Status struct {
	Cursor    uint64    // the last sequence committed
	Arrived   time.Time // when the message at the cursor came in; zero before the first commit
	Last      uint64    // the stream's last sequence, as of the last second
	Epoch     int32     // raised each time that the stream lost its tail
	Running   bool      // states are loaded, and the stream is read
	CaughtUp  bool      // everything that was in the stream when the writer began is committed
	Gaps      uint64    // times that messages were gone before they were read
	LostTails uint64    // times that the stream held something else than what was read
	Err       error     // what keeps the writer from its work now; nil when it works
}

// Lag is how many messages wait.
func (s Status) Lag() uint64 { return s.Last - min(s.Last, s.Cursor) }

const (
	defaultStreamKeep  = 24 * time.Hour
	defaultStopTimeout = 5 * time.Second

	// linger is how long a batch that is not full waits for more.
	linger = 3 * time.Millisecond
	// apart is how far batches are apart that are not full.
	apart = 100 * time.Millisecond
	// flushEvery is how far commits are apart that wait for PostgreSQL's disk.
	flushEvery = 250 * time.Millisecond
	// batchEnough ends that waiting; the stream gives up to 4,096 at once, so
	// that a batch has at most some 5,000.
	batchEnough = 1000

	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second

	sweepEvents = 50_000
	sweepEvery  = time.Minute
	// restMillis is how long, in event time, what is not in use stays in memory.
	restMillis = 2 * 60 * 60 * 1000
)

// Writer stores one partition's events and what the fold makes of them. Run it
// in one goroutine; the other methods may be called from any.
type Writer struct {
	// Immutable.
	d      *Database
	s      Stream
	c      WriterConfig
	log    zerolog.Logger
	meters *meters
	sweeps sweeping
	enough int           // messages that are worth a commit
	flush  time.Duration // between commits that wait for the disk
	pause  time.Duration // before the first new attempt
	hooks  hooks

	committed atomic.Uint64

	mu     sync.Mutex
	status Status // guarded by mu

	// Owned by Run.
	strictUntil uint64 // ids are looked up, whatever is believed, up to this sequence
}

// sweeping says when memory is let go of.
type sweeping struct {
	events int
	every  time.Duration
	rest   int64 // milliseconds of event time
}

// hooks are for tests, which break a commit at its worst moments.
type hooks struct {
	beforeCommit func(b *batch) error
	afterCommit  func(b *batch) error
}

// NewWriter makes the writer of a partition; Run runs it.
func (d *Database) NewWriter(s Stream, c WriterConfig) *Writer {
	if c.StreamKeep <= 0 {
		c.StreamKeep = defaultStreamKeep
	}
	if c.StopTimeout <= 0 {
		c.StopTimeout = defaultStopTimeout
	}
	w := &Writer{d: d, s: s, c: c, log: c.Logger, sweeps: sweeping{sweepEvents, sweepEvery, restMillis}, enough: batchEnough, flush: flushEvery, pause: firstPause}
	w.meters = newMeters(w, c.Registerer)
	return w
}

// Cursor is the last sequence that is committed.
func (w *Writer) Cursor() uint64 { return w.committed.Load() }

// Status is how the writer stands now.
func (w *Writer) Status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func (w *Writer) update(f func(*Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(&w.status)
}

// Run stores what comes until ctx ends (nil, after the open batch is finished),
// another writer is met (ErrFenced) or a newer program has taken over
// (ErrNewerFold, ErrNewerSchema). Whatever else happens, the database or the
// stream being down, it tries again from the cursor.
func (w *Writer) Run(ctx context.Context) error {
	pause, quiet := w.pause, false
	for {
		before := w.committed.Load()
		err := w.generation(ctx)
		w.update(func(s *Status) { s.Running, s.CaughtUp = false, false })
		switch {
		case fenced(err):
			w.update(func(s *Status) { s.Err = err })
			w.log.Warn().Err(err).Msg("history writer stops")
			return err
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the end that was asked for
		case errors.Is(err, errStale):
			continue
		}
		if w.committed.Load() > before {
			pause, quiet = w.pause, false
		}
		w.update(func(s *Status) { s.Err = err })
		w.meters.failures.Inc()
		level := zerolog.WarnLevel
		if quiet {
			level = zerolog.DebugLevel
		}
		quiet = true
		w.log.WithLevel(level).Err(err).Uint64("cursor", w.committed.Load()).Msg("history writer starts again from its cursor")
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		pause = min(2*pause, longestPause)
	}
}
