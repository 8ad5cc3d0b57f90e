package history

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// mostCompared bounds how many events are folded for a question: all that they
	// make is in memory meanwhile, about half a GiB for a million.
	mostCompared = 1_000_000
	// foldsKept is how many foldings are kept for the next question.
	foldsKept = mostProfiles
	// mostWaiting is how many questions wait for their turn to fold; each holds a
	// connection meanwhile.
	mostWaiting = 2
)

// foldedDesk is what a desk's events make under a profile that is not in force, as
// the reports ask for it. It never changes.
type foldedDesk struct {
	rows     *cube.Fixed
	agents   []onFloor // by id
	days     map[string][]dayOnline
	balances map[string]metric.Money
	lines    []foldedLine // for explanations; none unless they were asked for
}

// dayOnline is time of an agent on a local day, in spells that have ended.
type dayOnline struct {
	day           metric.Day
	millis, first int64
}

// onFloor are the agents of a filter, all if it names none.
func (f *foldedDesk) onFloor(wanted []string) []onFloor {
	var list []onFloor
	for i := range f.agents {
		if len(wanted) == 0 || slices.Contains(wanted, f.agents[i].id) {
			list = append(list, f.agents[i])
		}
	}
	return list
}

// daysOnline gives f the days of a range, as report.daysOnline does.
func (f *foldedDesk) daysOnline(wanted []string, from, to metric.Day, give func(agent string, offset metric.Day, millis, first int64)) {
	for id, days := range f.days {
		if len(wanted) > 0 && !slices.Contains(wanted, id) {
			continue
		}
		for _, d := range days {
			if from <= d.day && d.day <= to {
				give(id, d.day-from, d.millis, d.first)
			}
		}
	}
}

// foldedUnder says of what a folding is.
type foldedUnder struct {
	tenant, label, changes string
	epoch                  int64
	seq                    uint64
	lines                  bool
}

// otherProfiles folds desks under profiles that are not in force, for one question
// at a time, and keeps the last few. Use it from any goroutine.
type otherProfiles struct {
	limit   int64         // of events; mostCompared if it is 0
	folding chan struct{} // full while events are folded
	waiting chan struct{} // one for each question that folds or waits to

	mu   sync.Mutex
	keys []foldedUnder // the last used at the end; guarded by mu, as is kept
	kept map[foldedUnder]*foldedDesk
}

func newOtherProfiles() otherProfiles {
	return otherProfiles{folding: make(chan struct{}, 1), waiting: make(chan struct{}, 1+mostWaiting)}
}

// take waits for this question's turn to fold events; whoever takes calls done.
// Errors: ErrBusy if too many wait already, the context's.
func (o *otherProfiles) take(ctx context.Context) (done func(), err error) {
	select {
	case o.waiting <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case o.folding <- struct{}{}:
		return func() { <-o.folding; <-o.waiting }, nil
	case <-ctx.Done():
		<-o.waiting
		return nil, ctx.Err()
	}
}

// fold gives each report what its profile makes of the events, with the lines for
// explanations if they are wanted. Errors: ErrBusy, *metric.FieldError, the database's.
func (o *otherProfiles) fold(ctx context.Context, d *Database, s *cube.Session, reports []*report, lines bool) error {
	if len(reports) == 0 {
		return nil
	}
	if foldVersion(s) != fold.Version { // beside numbers of another one
		return ErrOldFold
	}
	var epoch int64
	if err := s.Tx.QueryRow(ctx, `SELECT coalesce(sum(epoch), 0)::bigint FROM cursors WHERE partition = $1`, d.partitionOf(event.TenantID(reports[0].desk.tenant))).Scan(&epoch); err != nil {
		return err
	}
	held := false
	for _, r := range reports {
		key := foldedUnder{r.desk.tenant, r.label, string(r.profile.Changes), epoch, s.Seq, lines}
		r.folded = o.find(key)
		if r.folded == nil {
			if !held {
				done, err := o.take(ctx)
				if err != nil {
					return err
				}
				held = true
				defer done()
				r.folded = o.find(key) // the question before may have asked for the same
			}
		}
		if r.folded == nil {
			var err error
			if r.folded, err = d.foldUnder(ctx, s, r.desk, lines); err != nil {
				return err
			}
			o.keep(key, r.folded)
		}
		r.session = r.folded.rows.Session(s.Tx)
	}
	return nil
}

func (o *otherProfiles) most() int64 {
	if o.limit > 0 {
		return o.limit
	}
	return mostCompared
}

func (o *otherProfiles) find(key foldedUnder) *foldedDesk {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.kept[key]
	if f != nil {
		at := slices.Index(o.keys, key)
		o.keys = append(slices.Delete(o.keys, at, at+1), key)
	}
	return f
}

func (o *otherProfiles) keep(key foldedUnder, f *foldedDesk) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept == nil {
		o.kept = map[foldedUnder]*foldedDesk{}
	}
	// An earlier sequence of the same desk is not asked for again.
	o.keys = slices.DeleteFunc(o.keys, func(k foldedUnder) bool {
		old := k.tenant == key.tenant && (k.epoch != key.epoch || k.seq != key.seq)
		if old {
			delete(o.kept, k)
		}
		return old
	})
	for len(o.keys) >= foldsKept {
		delete(o.kept, o.keys[0])
		o.keys = o.keys[1:]
	}
	o.keys, o.kept[key] = append(o.keys, key), f
}

// checkFoldable refuses a desk that has more events than are folded for a question.
func (d *Database) checkFoldable(ctx context.Context, tx pgx.Tx, desk *openedDesk) error {
	var n int64
	err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM events WHERE tenant = $1 LIMIT $2) e`, desk.tenant, d.others.most()+1).Scan(&n)
	if err != nil || n <= d.others.most() {
		return err
	}
	return &metric.FieldError{Field: "profile", Message: fmt.Sprintf(
		"more than %d events are stored, too many to be folded for one question: only %s, which is in force, can be asked for; put another in force with tenant set, and refold",
		d.others.most(), desk.profile.Label())}
}

// foldUnder folds a desk's stored events, those of the session's view, as if its
// profile had been in force from the beginning.
func (d *Database) foldUnder(ctx context.Context, s *cube.Session, desk *openedDesk, lines bool) (*foldedDesk, error) {
	began := time.Now()
	id := event.TenantID(desk.tenant)
	base, _, err := (&order{tenant: id, profile: desk.profile}).base([]byte("{}"))
	if err != nil {
		return nil, err
	}
	st := fold.New(id)
	st.Replays()
	if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, base); err != nil {
		return nil, err
	}
	r := &replay{d: d, tx: s.Tx, tenant: id, rows: desk.rows, folder: newFolder(nil, 0, nil), based: true, baseEpoch: math.MaxInt32}
	r.folder.replay, r.folder.alone = true, true
	t := newTenantFold(st, false)
	r.folder.tenants[id] = t
	c, _, err := readCursor(ctx, s.Tx, d.partitionOf(id), "")
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, &c, func(ctx context.Context) error {
		st.Forget(math.MaxUint64) // stored events are there once
		return ctx.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("fold under %s: %w", desk.profile.Label(), err)
	}
	f, err := foldedOf(ctx, t, s.Seq, lines)
	if err != nil {
		return nil, fmt.Errorf("fold under %s: %w", desk.profile.Label(), err)
	}
	d.log.Info().Str("tenant", desk.tenant).Str("profile", desk.profile.Label()).Int("events", r.events).Dur("took", time.Since(began)).
		Msg("events folded under a profile that is not in force, for a question")
	return f, nil
}

// rowOrder is where the cube's columns stand in a row that is stored.
var rowOrder = func() (order []int) {
	for _, name := range cube.Columns() {
		order = append(order, slices.Index(derived[inContributions].columns, name))
	}
	return order
}()

// foldedOf takes out of a fold what the reports ask for. The rows go the way that
// those of the writer go: encoded as they are stored, and read as they are read.
func foldedOf(ctx context.Context, t *tenantFold, seq uint64, lines bool) (*foldedDesk, error) {
	f := &foldedDesk{rows: cube.NewFixed(seq), days: map[string][]dayOnline{}}
	b := newBatch()
	values := make([][]byte, len(rowOrder))
	put := func() error {
		err := b.tables[inContributions].each(func(stored [][]byte) error {
			for i, at := range rowOrder {
				values[i] = stored[at]
			}
			return f.rows.Put(values)
		})
		b.reset()
		return err
	}
	for s := range t.sessions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range s.Rows {
			if err := f.line(lines, sessionContribution(t.rows, s, i)); err != nil {
				return nil, err
			}
		}
		if err := b.session(t.rows, s); err != nil {
			return nil, err
		}
		if err := put(); err != nil {
			return nil, err
		}
	}
	for l := range t.loose {
		if err := f.line(lines, looseContribution(t.rows, l)); err != nil {
			return nil, err
		}
		if err := b.loose(t.rows, l); err != nil {
			return nil, err
		}
	}
	if err := put(); err != nil {
		return nil, err
	}
	for u := range t.customers {
		if u.Friend {
			f.rows.Friend(string(u.ID))
		}
	}
	f.rows.Seal()
	for a := range t.agents {
		on := onFloor{id: string(a.ID), teams: asStrings(a.Teams), channels: asStrings(a.Channels)}
		if a.OnlineSince != 0 {
			since := time.UnixMilli(a.OnlineSince)
			on.since = &since
		}
		f.agents = append(f.agents, on)
		for day, d := range a.Days {
			f.days[on.id] = append(f.days[on.id], dayOnline{day, d.Online, d.First})
		}
	}
	stored, err := t.state.Encode(fold.Ref{Kind: fold.KindTenant})
	if err != nil {
		return nil, err
	}
	f.balances, err = balancesOf(stored)
	return f, err
}

func asStrings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
