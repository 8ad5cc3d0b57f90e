package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

// replay folds a tenant's stored events from zero, in the order in which they
// were folded when they came.
type replay struct {
	d      *Database
	tx     pgx.Tx
	tenant event.TenantID
	rows   string // under which its rows stand
	folder *folder
	events int

	// Profiles up to this place are not put in force: the base is, from the beginning.
	based     bool
	baseEpoch int32
	baseSeq   int64
}

func newReplay(ctx context.Context, tx pgx.Tx, tenant event.TenantID, d *Database) (*replay, error) {
	r := &replay{d: d, tx: tx, tenant: tenant}
	var base []byte
	err := tx.QueryRow(ctx, `SELECT t.base, t.base_epoch, t.base_seq, `+storedAs+` FROM tenants t WHERE t.tenant = $1`, string(tenant)).Scan(&base, &r.baseEpoch, &r.baseSeq, &r.rows)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("%w: %s", ErrUnknownTenant, tenant)
	}
	if err != nil {
		return nil, err
	}
	st := fold.New(tenant)
	st.Replays()
	if base != nil {
		r.based = true
		if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, base); err != nil {
			return nil, err
		}
	}
	r.folder = newFolder(nil, 0, nil)
	r.folder.replay = true
	t := newTenantFold(st, false)
	t.rows = r.rows
	r.folder.tenants[tenant] = t
	return r, nil
}

func (r *replay) fold() *tenantFold  { return r.folder.tenants[r.tenant] }
func (r *replay) state() *fold.State { return r.fold().state }

// stretch is some thousand events that follow one another, decoded.
type stretch struct {
	read     int // as many were stored
	events   []event.Event
	faults   []*event.Refusal
	live     []int
	messages []stream.Message
	passed   int64 // latest time of a profile that the base stands for; 0: none
}

// stretchesAhead is how many are read and decoded while one is folded.
const stretchesAhead = 2

// run folds all events of the transaction's view up to c; step is called after each
// few thousand of them. They are read and decoded beside it.
func (r *replay) run(ctx context.Context, c *cursor, step func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready, used := make(chan *stretch, stretchesAhead), make(chan *stretch, stretchesAhead+1)
	for range cap(used) {
		used <- &stretch{}
	}
	var failed error
	go func() {
		defer close(ready)
		failed = r.read(ctx, c, ready, used)
	}()
	var err error
	b := newBatch()
	for s := range ready {
		if err != nil {
			continue // nobody else may use the transaction until the reader has ended
		}
		if err = r.take(ctx, s, b); err == nil {
			err = step(ctx)
		}
		if err != nil {
			cancel()
		}
		used <- s
	}
	if err != nil {
		return err
	}
	return failed
}

func (r *replay) read(ctx context.Context, c *cursor, ready chan<- *stretch, used <-chan *stretch) error {
	track := newTrack(r.tenant)
	track.window = r.d.firstLook
	for {
		var s *stretch
		select {
		case s = <-used:
		case <-ctx.Done():
			return ctx.Err()
		}
		*s = stretch{events: s.events[:0], faults: s.faults[:0], live: s.live[:0], messages: s.messages[:0]}
		var moved bool
		var err error
		s.read, moved, err = track.next(ctx, r.tx, c, func(seq int64, arrived time.Time, body []byte) {
			e, err := event.Decode(body)
			switch {
			case err != nil:
				// Its bytes were taken once: an event that an older program let
				// pass counts nowhere from now on, and is still kept.
				r.d.log.Warn().Err(err).Str("tenant", string(r.tenant)).Int64("seq", seq).Msg("a stored event is not valid any more")
			case r.based && e.Type == event.TypeTenantConfigured && (track.epoch < r.baseEpoch || track.epoch == r.baseEpoch && seq <= r.baseSeq):
				s.passed = max(s.passed, e.Millis())
			default:
				s.live = append(s.live, len(s.events))
				s.events, s.faults = append(s.events, e), append(s.faults, nil)
				s.messages = append(s.messages, stream.Message{Seq: uint64(seq), Arrived: arrived}) //nolint:gosec // stored sequences are positive
			}
		})
		if err != nil || !moved {
			return err
		}
		select {
		case ready <- s:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (r *replay) take(ctx context.Context, s *stretch, b *batch) error {
	r.events += s.read
	if s.passed > 0 {
		r.state().Pass(s.passed)
	}
	if len(s.messages) == 0 {
		return nil
	}
	b.reset()
	f := r.folder
	f.events, f.faults, f.live = s.events, s.faults, s.live
	if err := f.take(ctx, s.messages, b); err != nil {
		return err
	}
	if n := len(b.refused) + b.duplicates; n > 0 {
		r.d.log.Warn().Str("tenant", string(r.tenant)).Int("events", n).Uint64("up_to", b.last).Msg("stored events are not taken any more")
	}
	return nil
}
