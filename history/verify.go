package history

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/cespare/xxhash/v2"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// mostDifferences is how many a report lists.
const mostDifferences = 1000

// Report is what verify found.
type Report struct {
	Tenant   event.TenantID
	From, To metric.Day
	Seq      uint64 // up to which everything stored was compared
	Events   int    // that were folded anew
	Rows     int    // that were compared
	Profile  string // such as tiktok_shop@2
	// Today is the local day of the tenant's latest event; Counts are the sums of
	// its sessions' and its loose rows as recomputed, and Hash is theirs; see
	// HashDay.
	Today  metric.Day
	Counts metric.Counts
	Hash   string
	// Differences are at most 1,000; Truncated says that there are more.
	Differences []Difference
	Truncated   bool

	latest int64 // time of the latest event, in milliseconds
}

// VerifyProgress is how far a verification is.
type VerifyProgress struct {
	Phase       VerifyPhase
	Done, Total int64 // events, or rows; Total is 0 if it is not known
}

// VerifyPhase is what a verification is at.
type VerifyPhase string

// The phases in their order.
const (
	VerifyWaiting   VerifyPhase = "waiting"   // for another one to end
	VerifyFolding   VerifyPhase = "folding"   // events
	VerifyComparing VerifyPhase = "comparing" // rows
)

// Difference is a column in which a stored row differs from the recomputed one,
// or a whole row that only one side has.
type Difference struct {
	Table    string
	Key      string // the row's primary key without the tenant, separated by slashes
	Missing  bool   // the row is not stored and should be
	Surplus  bool   // the row is stored and should not be
	Column   string // "" for a whole row
	Stored   string // JSON; "" for a whole row, and for customers' names and words
	Computed string
}

// Verify folds a tenant's stored events from zero and compares the rows of the
// local days from..to, both included, with the stored ones, in one view of the
// database. It changes nothing, and tells now and then how far it is. A server does
// one at a time, and others wait. Errors: ErrUnknownTenant, ErrOldFold, ErrNewerFold,
// ErrUnavailable.
func (d *Database) Verify(ctx context.Context, tenant event.TenantID, from, to metric.Day, tell func(VerifyProgress)) (report Report, err error) {
	report = Report{Tenant: tenant, From: from, To: to}
	select {
	case d.verifying <- struct{}{}:
	default:
		tell(VerifyProgress{Phase: VerifyWaiting})
		select {
		case d.verifying <- struct{}{}:
		case <-ctx.Done():
			return report, ctx.Err()
		}
	}
	defer func() { <-d.verifying }()
	if err := d.notePlaces(ctx); err != nil {
		return report, interpret(err)
	}
	conn, err := d.connect(ctx)
	if err != nil {
		return report, err
	}
	defer hangUp(ctx, conn)
	if err := makeStages(ctx, conn); err != nil {
		return report, interpret(err)
	}
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly} // temporary tables may be written
	err = pgx.BeginTxFunc(ctx, conn, view, func(tx pgx.Tx) (err error) {
		v := verification{d: d, tx: tx, report: &report, tell: tell, batch: newBatch(), days: map[event.AgentID]map[metric.Day]fold.AgentDay{}, recent: map[metric.Day]map[fold.Ref]struct{}{}}
		if v.shelf, err = newShelf(d.scratch); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, v.shelf.close()) }()
		return v.run(ctx)
	})
	return report, interpret(err)
}

// verification is one run of Verify. The replay's entities go to the shelf as they
// rest, each with the sum of the hashes of all its rows. From these sums the stored
// rows are taken, in whatever order PostgreSQL reads them fastest: an entity that is
// left with something differs, and only such ones are compared column by column.
type verification struct {
	d      *Database
	tx     pgx.Tx
	report *Report
	tell   func(VerifyProgress)
	replay *replay
	shelf  *shelf
	batch  *batch
	row    []byte
	rows   int64 // that the entities on the shelf have

	days    map[event.AgentID]map[metric.Day]fold.AgentDay // which the fold lets go of
	recent  map[metric.Day]map[fold.Ref]struct{}           // what was touched on the last days
	surplus []fold.Ref                                     // what is only stored; not many more than a report lists
}

// restsEvery is after how many events a replay lets go of what rests: few enough to
// bound its memory, and so many that a conversation is seldom written twice.
const restsEvery = 100_000

func (v *verification) run(ctx context.Context) error {
	report := v.report
	c, ok, err := readCursor(ctx, v.tx, v.d.partitionOf(report.Tenant), "")
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownTenant, report.Tenant)
	}
	if err := c.checkVersion(); err != nil {
		return err
	}
	report.Seq = c.seq
	if v.replay, err = newReplay(ctx, v.tx, report.Tenant, v.d); err != nil {
		return err
	}
	var total int64
	if err := v.tx.QueryRow(ctx, `SELECT count(*) FROM events WHERE tenant = $1`, string(report.Tenant)).Scan(&total); err != nil {
		return err
	}
	f := v.replay.folder
	f.alone, f.shelf = true, v.shelf
	v.tell(VerifyProgress{VerifyFolding, 0, total})
	rested := 0
	err = v.replay.run(ctx, &c, func(ctx context.Context) error {
		if v.replay.events >= rested+v.d.restsEvery {
			rested = v.replay.events
			if err := v.rest(); err != nil {
				return err
			}
		}
		v.tell(VerifyProgress{VerifyFolding, int64(v.replay.events), total})
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := v.rest(); err != nil {
		return err
	}
	st := v.replay.state()
	report.Events, report.Profile = v.replay.events, st.Profile().Label()
	report.latest = st.Latest()
	report.Today = st.Calendar().Day(report.latest)
	if err := v.today(); err != nil {
		return err
	}
	return v.compare(ctx)
}

// rest puts what has changed on the shelf, and lets go of what rests.
func (v *verification) rest() error {
	t := v.replay.fold()
	for c := range t.conversations {
		if err := v.put(fold.Ref{Kind: fold.KindConversation, ID: string(c.ID)}); err != nil {
			return err
		}
	}
	for u := range t.customers {
		if err := v.put(fold.Ref{Kind: fold.KindCustomer, ID: string(u.ID)}); err != nil {
			return err
		}
	}
	for id := range t.orders {
		if err := v.put(fold.Ref{Kind: fold.KindOrder, ID: string(id)}); err != nil {
			return err
		}
	}
	for l := range t.loose {
		if err := v.put(l.Ref()); err != nil {
			return err
		}
	}
	clear(t.conversations)
	clear(t.sessions)
	clear(t.customers)
	clear(t.orders)
	clear(t.loose)
	for a := range t.agents {
		for day, d := range a.Days {
			if !d.Dirty {
				continue
			}
			d.Dirty = false
			if v.days[a.ID] == nil {
				v.days[a.ID] = map[metric.Day]fold.AgentDay{}
			}
			v.days[a.ID][day] = *d
		}
	}
	t.state.Forget(math.MaxUint64)
	t.state.Sweep(math.MaxUint64, restMillis, false)
	return nil
}

// put writes an entity to the shelf, with the sum of its rows.
func (v *verification) put(r fold.Ref) error {
	t := v.replay.fold()
	sum, n, stored, err := v.sum(t, r)
	if err != nil {
		return err
	}
	v.rows += int64(n - v.shelf.kept[v.shelf.hash(r)].rows)
	if r.Kind == fold.KindConversation || r.Kind == fold.KindLoose {
		today := t.state.Calendar().Day(t.state.Latest())
		if v.recent[today] == nil {
			v.recent[today] = map[fold.Ref]struct{}{}
			for day := range v.recent { // the zone may have changed, and with it the day
				if day < today-1 {
					delete(v.recent, day)
				}
			}
		}
		v.recent[today][r] = struct{}{}
	}
	return v.shelf.put(r, stored, sum, n)
}

// today sums the rows of the day of the latest event. Only what was touched on it
// can have some.
func (v *verification) today() error {
	report := v.report
	seen := map[fold.Ref]struct{}{}
	for _, set := range v.recent {
		for r := range set {
			if _, again := seen[r]; again {
				continue
			}
			seen[r] = struct{}{}
			stored, err := v.shelf.find(r)
			if err != nil {
				return err
			}
			st := fold.New(report.Tenant)
			if err := st.Bring(r, stored); err != nil {
				return err
			}
			for c := range st.Conversations() {
				for _, s := range c.Sessions {
					for i := range s.Rows {
						if row := &s.Rows[i]; row.Agent == "" && row.Day == report.Today {
							report.Counts.AddFew(&row.Counts, 1)
						}
					}
				}
			}
			for l := range st.Loose() {
				if l.Row.Day == report.Today {
					report.Counts.AddFew(&l.Row.Counts, 1)
				}
			}
		}
	}
	report.Hash = HashDay(report.Tenant, report.Today, &report.Counts)
	return nil
}

// HashDay is the hash by which the hub's and history's counters of a day are
// compared: 16 hex digits of XXH64 over tenant, a zero byte, the day's number and
// each counter in its stored order, as 64 bits big-endian.
func HashDay(tenant event.TenantID, day metric.Day, counts *metric.Counts) string {
	b := append([]byte(tenant), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(day)) //nolint:gosec // two's complement
	for _, n := range counts {
		b = binary.BigEndian.AppendUint64(b, uint64(n)) //nolint:gosec // two's complement
	}
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, xxhash.Sum64(b)))
}
