package cube

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Session is a view of a desk, for one goroutine, for as long as Within's f runs.
type Session struct {
	// Tx is the view of the database. It reads only.
	Tx pgx.Tx
	// Seq is how far the stream has been read: the view holds what the events up
	// to it have made, and nothing else.
	Seq uint64
	// Fold is the version of the fold by which that was made; -1 if nothing was.
	Fold int32

	cube     *Cube
	tenant   *tenant
	replica  *replica
	number   uint64 // of sessions
	loads    bool
	polite   bool               // makes no room at the cost of others
	segments map[month]*segment // as of Seq
	friends  *friends           // as of Seq; nil if they are not held
	fixed    bool               // of a Fixed: a month that is not there has no rows
}

var (
	selectMonth   = "SELECT " + columns + " FROM contributions WHERE tenant = $1 AND day BETWEEN $2 AND $3"
	selectChanged = "SELECT " + columns + " FROM contributions WHERE tenant = $1 AND seq > $2"
)

const (
	selectFriends        = "SELECT customer FROM customers WHERE tenant = $1 AND friend"
	selectChangedFriends = "SELECT customer, friend FROM customers WHERE tenant = $1 AND seq > $2"
)

// catchUp brings what is held of the tenant up to the view. It needs the gate.
func (s *Session) catchUp(ctx context.Context) error {
	months, friends, have := s.held()
	to := int64(s.Seq) //nolint:gosec // it was an int64.
	s.segments = make(map[month]*segment, len(months))
	for m, h := range months {
		s.segments[m] = h.segment
	}
	// Everything is read before anything is changed: an error must leave nothing half done.
	var rows []row
	var err error
	if len(months) > 0 && have < to {
		if rows, err = s.changed(ctx, have); err != nil {
			return err
		}
	}
	if friends != nil && friends.seq < to {
		if friends, err = s.newFriends(ctx, friends); err != nil {
			return err
		}
	}
	if err := s.apply(months, rows); err != nil {
		s.cube.mu.Lock()
		defer s.cube.mu.Unlock()
		s.cube.drop(s.replica) // it may be half done
		return err
	}
	s.friends = friends
	s.publish(months, friends)
	return nil
}

// held is what is in memory of the tenant, and the sequence up to which all of it is.
func (s *Session) held() (months map[month]*held, f *friends, have int64) {
	s.cube.mu.Lock()
	defer s.cube.mu.Unlock()
	months = make(map[month]*held, len(s.replica.months))
	have = int64(s.Seq) //nolint:gosec // it was an int64.
	for m, h := range s.replica.months {
		months[m] = h
		have = min(have, h.seq)
	}
	return months, s.replica.friends, have
}

// changed reads the rows that were written behind a sequence.
func (s *Session) changed(ctx context.Context, have int64) ([]row, error) {
	var list []row
	err := s.read(ctx, selectChanged, func(r *row) error {
		keep := *r
		keep.money, keep.parts = slices.Clone(r.money), slices.Clone(r.parts)
		list = append(list, keep)
		return nil
	}, s.replica.state.rows, have)
	s.cube.meters.changed.Add(float64(len(list)))
	return list, err
}

// read gives each row of a query to f; the row is only valid until f returns.
func (s *Session) read(ctx context.Context, sql string, f func(*row) error, args ...any) error {
	rows, err := s.Tx.Query(ctx, sql, append([]any{pgx.QueryResultFormats{pgx.BinaryFormatCode}}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	d := newDecoder(s.replica.names)
	var r row
	for rows.Next() {
		if err := d.decode(rows.RawValues(), &r); err != nil {
			return err
		}
		if err := f(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// apply puts changed rows into the months that are held.
func (s *Session) apply(months map[month]*held, rows []row) error {
	edits := map[month]*edit{}
	begin := func(m month) *edit {
		e := edits[m]
		if e == nil {
			e = newEdit(m, s.segments[m], months[m].places)
			edits[m] = e
		}
		return e
	}
	for i := range rows {
		r := &rows[i]
		own := monthOf(r.day)
		for m, h := range months {
			// A row keeps its day; if one ever moves to another month, it leaves this one.
			if _, there := h.places[r.key]; there && m != own {
				begin(m).remove(r.key)
			}
		}
		if months[own] != nil {
			if err := begin(own).put(r); err != nil {
				return err
			}
		}
	}
	for m, e := range edits {
		s.segments[m] = e.publish()
	}
	return nil
}

// publish makes what this session has caught up the state from which the next goes on.
func (s *Session) publish(months map[month]*held, f *friends) {
	c := s.cube
	c.mu.Lock()
	defer c.mu.Unlock()
	for m, h := range months {
		if s.replica.months[m] != h {
			continue // it was let go of meanwhile
		}
		c.bytes += s.segments[m].bytes - h.segment.bytes
		h.segment, h.seq = s.segments[m], int64(s.Seq) //nolint:gosec // it was an int64.
	}
	if f != nil {
		s.replica.friends = f
	}
}

// month is a month's segment, and whether it is held. It is read from the view if
// it is not in memory; only a session that loads may do that.
func (s *Session) month(ctx context.Context, m month) (*segment, bool, error) {
	if s.fixed {
		if seg := s.segments[m]; seg != nil {
			return seg, true, nil
		}
		return &segment{month: m}, true, nil
	}
	if seg := s.segments[m]; seg != nil {
		s.use(m)
		return seg, true, nil
	}
	if !s.loads {
		return nil, false, errMissing
	}
	began := time.Now()
	places := map[uint64]place{}
	e := newEdit(m, nil, places)
	n := 0
	err := s.read(ctx, selectMonth, func(r *row) error {
		n++
		return e.put(r)
	}, s.replica.state.rows, m.first().Time(), ((m + 1).first() - 1).Time())
	if err != nil {
		return nil, false, fmt.Errorf("read the month of %s: %w", m.first(), err)
	}
	seg := e.publish()
	s.cube.meters.loaded(n, time.Since(began))
	if !s.install(seg, places) {
		return seg, false, nil
	}
	s.segments[m] = seg
	return seg, true, nil
}

func (s *Session) use(m month) {
	s.cube.mu.Lock()
	defer s.cube.mu.Unlock()
	if h := s.replica.months[m]; h != nil {
		h.used = max(h.used, s.number)
	}
}

// Ask sums a question up. prepare may name values that no row has and make cells
// for them, and is nil if there are none.
func (s *Session) Ask(ctx context.Context, q *Question, prepare func(*Table)) (*Table, error) {
	var friends []uint64
	if q.Sessions.Distinct&Friends != 0 {
		if err := s.needFriends(ctx); err != nil {
			return nil, err
		}
		friends = s.friends.bits
	}
	var kept []*segment
	var passing []month // that there is no room for
	if !q.Sessions.nothing() || !q.Agents.nothing() {
		for m := monthOf(q.To); m >= monthOf(q.first()); m-- {
			if len(passing) > 0 && s.segments[m] == nil {
				passing = append(passing, m)
				continue
			}
			seg, installed, err := s.month(ctx, m)
			if err != nil {
				return nil, err
			}
			kept = append(kept, seg)
			if !installed {
				passing = append(passing, m)
				kept = kept[:len(kept)-1]
			}
		}
	}
	for {
		words := s.replica.names.known()
		t := newTable(q, &words)
		if prepare != nil {
			prepare(t)
		}
		grown := false
		err := t.sum(ctx, friends, func(yield func(*segment, error) bool) {
			for _, seg := range kept {
				if !yield(seg, nil) {
					return
				}
			}
			for _, m := range passing {
				seg, _, err := s.month(ctx, m)
				if now := s.replica.names.known(); err == nil && words.shorter(&now) {
					grown = true // the table has no place for the new words
					return
				}
				if !yield(seg, err) {
					return
				}
			}
		})
		if err != nil || !grown {
			return t, err
		}
	}
}

// shorter reports whether there are more words now.
func (v *vocabulary) shorter(now *vocabulary) bool {
	return len(v.channels) < len(now.channels) || len(v.teams) < len(now.teams) || len(v.agents) < len(now.agents) || len(v.intents) < len(now.intents) ||
		len(v.handlings) < len(now.handlings) || len(v.statuses) < len(now.statuses) || len(v.tags) < len(now.tags) || len(v.parts) < len(now.parts) ||
		len(v.currencies) < len(now.currencies) || len(v.sets) < len(now.sets)
}

// needFriends reads who is a friend, if that is not known.
func (s *Session) needFriends(ctx context.Context) error {
	if s.friends != nil {
		return nil
	}
	if !s.loads {
		return errMissing
	}
	f := &friends{seq: int64(s.Seq)} //nolint:gosec // it was an int64.
	rows, err := s.Tx.Query(ctx, selectFriends, s.replica.state.rows)
	if err != nil {
		return err
	}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		f.set(s.replica.names.customerNumber(id), true)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the friends: %w", err)
	}
	s.friends = f
	s.cube.mu.Lock()
	defer s.cube.mu.Unlock()
	if s.replica.friends == nil {
		s.replica.friends = f
	}
	return nil
}

// newFriends is who is a friend after the changes behind a sequence.
func (s *Session) newFriends(ctx context.Context, old *friends) (*friends, error) {
	f := &friends{bits: old.bits, seq: int64(s.Seq)} //nolint:gosec // it was an int64.
	rows, err := s.Tx.Query(ctx, selectChangedFriends, s.replica.state.rows, old.seq)
	if err != nil {
		return nil, err
	}
	var id string
	var friend, copied bool
	_, err = pgx.ForEachRow(rows, []any{&id, &friend}, func() error {
		n := s.replica.names.customerNumber(id)
		if bit(f.bits, n) == friend {
			return nil
		}
		if !copied {
			f.bits, copied = slices.Clone(f.bits), true
		}
		f.set(n, friend)
		return nil
	})
	return f, err
}

func (f *friends) set(n uint32, friend bool) {
	for int(n/64) >= len(f.bits) {
		f.bits = append(f.bits, 0)
	}
	if friend {
		f.bits[n/64] |= 1 << (n % 64)
	} else {
		f.bits[n/64] &^= 1 << (n % 64)
	}
}

func (n *names) customerNumber(id string) uint32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.customer([]byte(id))
}
