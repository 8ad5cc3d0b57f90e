package cube

import (
	"strings"

	"github.com/jackc/pgx/v5"
)

// Fixed is a desk's rows that stand in no database: what other definitions make
// of the same events. It is filled by one goroutine with Put and Friend, and never
// changes once Session was called; then any goroutine may ask.
type Fixed struct {
	replica  *replica
	seq      uint64
	decoder  *decoder
	edits    map[month]*edit
	segments map[month]*segment // once it is sealed
	friends  *friends
}

// NewFixed begins one that holds what the events up to a sequence have made.
func NewFixed(seq uint64) *Fixed {
	n := newNames()
	return &Fixed{
		replica: &replica{names: n}, seq: seq, decoder: newDecoder(n), edits: map[month]*edit{},
		friends: &friends{seq: int64(seq)}, //nolint:gosec // JetStream's sequences stay far below 2^63.
	}
}

// Columns are those of contributions in the order in which Put takes their values.
func Columns() []string { return strings.Split(columns, ", ") }

// Put adds a row: a value of each of Columns, in PostgreSQL's binary format; nil
// is NULL. Nothing of values is kept.
func (f *Fixed) Put(values [][]byte) error {
	var r row
	if err := f.decoder.decode(values, &r); err != nil {
		return err
	}
	m := monthOf(r.day)
	e := f.edits[m]
	if e == nil {
		e = newEdit(m, nil, map[uint64]place{})
		f.edits[m] = e
	}
	return e.put(&r)
}

// Friend says that a customer is a friend.
func (f *Fixed) Friend(customer string) {
	f.friends.set(f.replica.names.customerNumber(customer), true)
}

// Seal ends the filling: what only that needs is let go of.
func (f *Fixed) Seal() {
	f.segments = make(map[month]*segment, len(f.edits))
	for m, e := range f.edits {
		f.segments[m] = e.publish()
	}
	f.edits, f.decoder = nil, nil
}

// Session is a view of the sealed rows, beside one of the database at the same
// sequence. It is for one goroutine.
func (f *Fixed) Session(tx pgx.Tx) *Session {
	return &Session{Tx: tx, Seq: f.seq, replica: f.replica, segments: f.segments, friends: f.friends, fixed: true}
}
