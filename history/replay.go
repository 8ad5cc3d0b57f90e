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

// replayed is how many stored events are folded at a time.
const replayed = 5000

// replay folds a tenant's stored events from zero, in the order in which they
// were folded when they came.
type replay struct {
	d      *Database
	tx     pgx.Tx
	tenant event.TenantID
	rows   string // under which its rows stand
	folder *folder
	seq    uint64 // of the last event
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

func (r *replay) state() *fold.State { return r.folder.tenants[r.tenant].state }

// run folds all events; step is called after each few thousand of them.
func (r *replay) run(ctx context.Context, step func(context.Context) error) error {
	_, err := r.tx.Exec(ctx, `
		DECLARE replay NO SCROLL CURSOR FOR
		SELECT epoch, seq, arrived, body FROM events WHERE tenant = $1 ORDER BY epoch, seq`, pgx.QueryExecModeSimpleProtocol, string(r.tenant))
	if err != nil {
		return err
	}
	b := newBatch()
	var messages []stream.Message
	for {
		messages, err = r.fetch(ctx, messages[:0])
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			break
		}
		b.reset()
		if err := r.folder.take(ctx, messages, b); err != nil {
			return err
		}
		if n := len(b.refused) + b.duplicates; n > 0 {
			r.d.log.Warn().Str("tenant", string(r.tenant)).Int("events", n).Uint64("up_to", b.last).Msg("stored events are not taken any more")
		}
		r.seq = b.last
		r.events += len(messages)
		if err := step(ctx); err != nil {
			return err
		}
	}
	_, err = r.tx.Exec(ctx, `CLOSE replay`)
	return err
}

// fetch reads the next events into the folder, and their messages. Those that
// only put a profile in force which the base replaces are left out.
func (r *replay) fetch(ctx context.Context, messages []stream.Message) ([]stream.Message, error) {
	f := r.folder
	for len(messages) == 0 {
		f.events, f.faults, f.live = f.events[:0], f.faults[:0], f.live[:0]
		rows, err := r.tx.Query(ctx, fmt.Sprintf("FETCH %d FROM replay", replayed))
		if err != nil {
			return nil, err
		}
		var epoch int32
		var seq int64
		var arrived time.Time
		var body []byte
		read := 0
		_, err = pgx.ForEachRow(rows, []any{&epoch, &seq, &arrived, &body}, func() error {
			read++
			e, err := event.Decode(body)
			if err != nil {
				// Its bytes were taken once: an event that an older program let
				// pass counts nowhere from now on, and is still kept.
				r.d.log.Warn().Err(err).Str("tenant", string(r.tenant)).Int64("seq", seq).Msg("a stored event is not valid any more")
				return nil
			}
			if r.based && e.Type == event.TypeTenantConfigured && (epoch < r.baseEpoch || epoch == r.baseEpoch && seq <= r.baseSeq) {
				r.state().Pass(e.Millis())
				return nil
			}
			f.live = append(f.live, len(f.events))
			f.events, f.faults = append(f.events, e), append(f.faults, nil)
			messages = append(messages, stream.Message{Seq: uint64(seq), Arrived: arrived}) //nolint:gosec // stored sequences are positive
			return nil
		})
		if err != nil {
			return nil, err
		}
		if read == 0 {
			return messages, nil
		}
	}
	return messages, nil
}
