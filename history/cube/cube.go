package cube

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
)

// DefaultBytes is how much memory the replicas may take, if nothing else is said.
const DefaultBytes = 1 << 30

// Config says how much memory there is.
type Config struct {
	// Bytes bounds the memory of all replicas together; DefaultBytes if it is 0.
	// What a single question needs beyond it is read for that question alone.
	Bytes int64
	// Partition is whose cursor says how far a desk's rows are; nil: there is one.
	Partition func(desk string) int16
	Logger    zerolog.Logger
}

// Cube holds the replicas of all desks. Use it from any goroutine.
type Cube struct {
	// immutable
	budget    int64
	partition func(desk string) int16
	log       zerolog.Logger
	meters    meters

	mu      sync.Mutex
	tenants map[string]*tenant
	bytes   int64  // of all segments
	clock   uint64 // counts sessions
}

// tenant is a desk's place. The gates are entered by sending and left by
// receiving; loading is entered before catching.
type tenant struct {
	id       string
	catching chan struct{} // begins a view of the database and brings the replica up to it
	loading  chan struct{} // reads months that are not there
	replica  *replica      // guarded by Cube.mu
	next     *replica      // of rows that are not in force yet; see Prepare; guarded by Cube.mu
	lost     []month       // that the last replica held when it was thrown away; guarded by Cube.mu
}

// replica is what is held of a desk, of one state of its database: it is thrown
// away as a whole when rows were computed anew, or the stream lost its tail.
type replica struct {
	state   state
	names   *names
	months  map[month]*held // guarded by Cube.mu
	friends *friends        // guarded by Cube.mu; nil until somebody asks
}

// state is what a replica must not outlive.
type state struct {
	epoch, refolds int64
	rows           string // the name under which the desk's rows stand: computed anew, they stand under another
}

// held is a month in memory.
type held struct {
	segment *segment         // guarded by Cube.mu
	places  map[uint64]place // for whoever is in catching
	seq     int64            // up to which the segment is; guarded by Cube.mu
	used    uint64           // the session that looked at it last; guarded by Cube.mu
}

// friends are the customers who are friends, as bits by their number.
type friends struct {
	bits []uint64
	seq  int64
}

// New makes an empty cube.
func New(c Config) *Cube {
	if c.Bytes <= 0 {
		c.Bytes = DefaultBytes
	}
	if c.Partition == nil {
		c.Partition = func(string) int16 { return 0 }
	}
	cube := &Cube{budget: c.Bytes, partition: c.Partition, log: c.Logger, tenants: map[string]*tenant{}}
	cube.meters = newMeters(cube)
	return cube
}

// Beginner begins transactions; a pool does.
type Beginner interface {
	BeginTx(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error)
}

// errMissing says that a session needs what is not in memory.
var errMissing = errors.New("a month is not in memory")

// Within runs f over a view of the desk: a transaction, and the replica exactly
// as that transaction sees the database. If months have to be read first, f may be
// run again from its beginning. Errors: the driver's, f's, ErrTooLarge, ErrTooMany.
func (c *Cube) Within(ctx context.Context, db Beginner, desk string, f func(context.Context, *Session) error) error {
	t := c.tenant(desk)
	err := c.session(ctx, db, &Session{cube: c, tenant: t}, f)
	if !errors.Is(err, errMissing) {
		return err
	}
	if err := enter(ctx, t.loading); err != nil {
		return err
	}
	defer leave(t.loading)
	return c.session(ctx, db, &Session{cube: c, tenant: t, loads: true}, f)
}

func enter(ctx context.Context, gate chan struct{}) error {
	select {
	case gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func leave(gate chan struct{}) { <-gate }

func (c *Cube) tenant(id string) *tenant {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.tenants[id]
	if !ok {
		t = &tenant{id: id, catching: make(chan struct{}, 1), loading: make(chan struct{}, 1)}
		c.tenants[id] = t
	}
	return t
}

// session is one run of f. Who loads holds the gate for it.
func (c *Cube) session(ctx context.Context, db Beginner, s *Session, f func(context.Context, *Session) error) error {
	defer func() {
		if s.Tx != nil {
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = s.Tx.Rollback(end) // it has only read
		}
		c.forgetEmpty(s.tenant)
	}()
	if err := s.begin(ctx, db); err != nil {
		return err
	}
	return f(ctx, s)
}

const selectState = `
	SELECT coalesce(min(seq), 0), coalesce(sum(epoch), 0)::bigint, coalesce(sum(refolds), 0)::bigint, coalesce(min(fold_version), -1),
		coalesce((SELECT nullif(t.stored_as, '') FROM tenants t WHERE t.tenant = $1), $1)
	FROM cursors WHERE partition = $2`

// begin makes the view. The gate is entered before the view begins, so that no
// view is older than the replica that it finds.
func (s *Session) begin(ctx context.Context, db Beginner) (err error) {
	if err := enter(ctx, s.tenant.catching); err != nil {
		return err
	}
	defer leave(s.tenant.catching)
	s.Tx, err = db.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	var seq int64
	var now state
	if err := s.Tx.QueryRow(ctx, selectState, s.tenant.id, s.cube.partition(s.tenant.id)).Scan(&seq, &now.epoch, &now.refolds, &s.Fold, &now.rows); err != nil {
		return err
	}
	s.Seq = uint64(max(0, seq))
	s.adopt(now)
	if err := s.catchUp(ctx); err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	return nil
}

// adopt takes the tenant's replica, or begins a new one if it is of another state.
func (s *Session) adopt(now state) {
	c := s.cube
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	s.number = c.clock
	r := s.tenant.replica
	if r == nil || r.state != now || r.ahead(s.Seq) {
		if r != nil {
			if len(r.months) > 0 {
				s.tenant.lost = slices.Collect(maps.Keys(r.months))
			}
			c.drop(r)
		}
		if next := s.tenant.next; next != nil && next.state.rows == now.rows && next.state.epoch == now.epoch && !next.ahead(s.Seq) {
			r, s.tenant.next, s.tenant.lost = next, nil, nil
			r.state = now
		} else {
			r = &replica{state: now, names: newNames(), months: map[month]*held{}}
		}
		s.tenant.replica = r
	}
	s.replica = r
}

// ahead reports whether the replica holds what a database that was put back does
// not. It needs mu.
func (r *replica) ahead(seq uint64) bool {
	for _, h := range r.months {
		if h.seq > int64(seq) { //nolint:gosec // it was an int64.
			return true
		}
	}
	return r.friends != nil && r.friends.seq > int64(seq) //nolint:gosec // as above.
}

// drop takes a replica's months out. It needs mu.
func (c *Cube) drop(r *replica) {
	for m, h := range r.months {
		c.bytes -= h.segment.bytes
		delete(r.months, m)
	}
}

// forgetEmpty lets go of a desk of which nothing is held and that nobody asks.
func (c *Cube) forgetEmpty(t *tenant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := t.replica; r != nil && len(r.months) == 0 && len(t.loading) == 0 && len(t.catching) == 0 {
		t.replica = nil
	}
}

// install keeps a month that was read, if there is room: months that nobody has
// looked at for long make it. It reports whether the month is kept.
func (s *Session) install(seg *segment, places map[uint64]place) bool {
	c := s.cube
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.tenant.replica != s.replica && s.tenant.next != s.replica || s.replica.months[seg.month] != nil || seg.bytes > c.budget {
		return false
	}
	for c.bytes+seg.bytes > c.budget {
		if s.polite || !c.evict(s.number) {
			return false
		}
	}
	s.replica.months[seg.month] = &held{segment: seg, places: places, seq: int64(s.Seq), used: s.number} //nolint:gosec // it was an int64.
	c.bytes += seg.bytes
	return true
}

// evict lets go of the month that was looked at before all others, but not since
// the given session. It needs mu.
func (c *Cube) evict(since uint64) bool {
	var from *replica
	var which month
	oldest := since
	for _, t := range c.tenants {
		if t.replica == nil {
			continue
		}
		for m, h := range t.replica.months {
			if h.used < oldest {
				from, which, oldest = t.replica, m, h.used
			}
		}
	}
	if from == nil {
		return false
	}
	c.bytes -= from.months[which].segment.bytes
	delete(from.months, which)
	c.meters.evictions.Inc()
	return true
}
