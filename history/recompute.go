package history

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// nearEnough is how many sequences may be left for the switch, which the
	// writer waits for: a fraction of a second.
	nearEnough = 2000
	// mostRounds is how often it tries to come near a writer that is as fast as
	// itself, before the writer has to wait for longer.
	mostRounds = 50
	// deleted is how many rows of the past are let go of at a time.
	deleted = 5000
)

// purpose is what a recomputation is for. A tenant has at most one of each.
type purpose string

const (
	forProfile purpose = "profile" // another one, or the same once more
	forFold    purpose = "fold"    // a newer version of it
)

var (
	// errSuperseded says that another recomputation of the tenant was begun.
	errSuperseded = errors.New("another recomputation was begun")
	// errProfileMoved says that the profile was changed by somebody else meanwhile.
	errProfileMoved = errors.New("the tenant's profile was changed meanwhile")
)

// recomputation folds a tenant's stored events anew, beside the rows in force.
// It belongs to one goroutine.
type recomputation struct {
	track // as far as it is

	d       *Database
	conn    *pgx.Conn
	purpose purpose
	rows    string // under which the new rows stand
	base    []byte // nil: none
	from    int64  // version of the profile in force at the beginning
	state   string

	// Up to where the base stands for the profiles that were put in force; for a
	// newer fold.
	baseEpoch int32
	baseSeq   int64

	events int64
	latest int64
	folder *folder
	batch  *batch

	near    int64        // see nearEnough
	stepped func() error // after each step; for tests
}

// resumeRecompute goes on with a recomputation that was noted: from the last
// step that was stored, or from zero if a program with another fold made it.
// resumed says whether there was something to go on from.
func (d *Database) resumeRecompute(ctx context.Context, conn *pgx.Conn, tenant event.TenantID, why purpose) (*recomputation, error) {
	if err := makeStages(ctx, conn); err != nil {
		return nil, err
	}
	r := &recomputation{track: newTrack(tenant), d: d, conn: conn, purpose: why, near: nearEnough, batch: newBatch()}
	var version int
	var latest *time.Time
	err := conn.QueryRow(ctx, `SELECT state, stored_as, fold_version, version_from, base, base_epoch, base_seq, epoch, seq, events, latest
		FROM refolds WHERE tenant = $1 AND purpose = $2`, string(tenant), string(why)).
		Scan(&r.state, &r.rows, &version, &r.from, &r.base, &r.baseEpoch, &r.baseSeq, &r.epoch, &r.seq, &r.events, &latest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errSuperseded
	}
	if err != nil || r.state != stateRunning {
		return r, err
	}
	if version != fold.Version {
		if err := r.restart(ctx); err != nil {
			return nil, err
		}
	}
	if latest != nil {
		r.latest = latest.UnixMilli()
	}
	if r.seq > 0 {
		d.log.Info().Str("tenant", string(tenant)).Str("for", string(why)).Int64("events", r.events).Msg("the recomputation goes on where it was interrupted")
	}
	_, err = conn.Exec(ctx, `UPDATE refolds SET resumed = resumed + CASE WHEN seq > 0 THEN 1 ELSE 0 END, resumed_at = now(), resumed_from = events
		WHERE tenant = $1 AND purpose = $2`, string(tenant), string(why))
	if err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

// restart throws away what another fold has made.
func (r *recomputation) restart(ctx context.Context) error {
	r.d.log.Info().Str("tenant", string(r.tenant)).Msg("the recomputation begins from zero: another version of the fold began it")
	var rows string
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		err := abandon(ctx, tx, r.rows)
		if err != nil {
			return err
		}
		if rows, err = unusedRows(ctx, tx, r.tenant); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE refolds SET stored_as = $3, fold_version = $4, epoch = 1, seq = 0, events = 0, latest = NULL WHERE tenant = $1 AND purpose = $2`,
			string(r.tenant), string(r.purpose), rows, fold.Version)
		return err
	})
	r.rows, r.epoch, r.seq, r.events = rows, 1, 0, 0
	return err
}

// load makes the state from what the last step has stored.
func (r *recomputation) load(ctx context.Context) error {
	st := fold.New(r.tenant)
	st.Replays()
	switch {
	case r.seq == 0 && r.base != nil:
		if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, r.base); err != nil {
			return err
		}
	case r.seq > 0:
		st.Resume(uint64(r.seq), r.latest)
		rows, err := r.conn.Query(ctx, `SELECT kind, id, CASE WHEN kind = ANY($2) THEN state END FROM entities WHERE tenant = $1`,
			r.rows, []int16{int16(fold.KindTenant), int16(fold.KindAgent)})
		if err != nil {
			return err
		}
		var kind int16
		var id string
		var state []byte
		_, err = pgx.ForEachRow(rows, []any{&kind, &id, &state}, func() error {
			ref := fold.Ref{Kind: fold.Kind(kind), ID: id} //nolint:gosec // kinds are small
			if state == nil {
				st.Know(ref)
				return nil
			}
			return st.Bring(ref, state)
		})
		if err != nil {
			return err
		}
	}
	r.folder = newFolder(nil, 0, r.conn)
	r.folder.replay = true
	r.folder.rows = r.rows
	t := newTenantFold(st, r.seq > 0)
	t.rows = r.rows
	r.folder.tenants[r.tenant] = t
	return nil
}

// run folds until the new rows are near those in force, and puts them in force. What
// reports hold in memory of the old rows is read from the new ones before that.
func (r *recomputation) run(ctx context.Context) error {
	prepared := false
	defer func() {
		if prepared {
			r.told(ctx, r.d.cube.Switch(ctx, r.d.pool, string(r.tenant)))
		}
	}()
	for rounds := 0; ; rounds++ {
		c, _, err := readCursor(ctx, r.conn, r.d.partitionOf(r.tenant), "")
		if err != nil {
			return err
		}
		if r.epoch >= c.epoch && int64(c.seq)-r.seq <= r.near || rounds >= mostRounds { //nolint:gosec // JetStream's sequences stay far below 2^63
			if prepared || r.epoch != c.epoch {
				return r.takeOver(ctx)
			}
			prepared = true
			r.told(ctx, r.d.cube.Prepare(ctx, r.d.pool, string(r.tenant), r.rows, int64(r.epoch), uint64(r.seq))) //nolint:gosec // as above
			continue
		}
		if err := r.follow(ctx, &c); err != nil {
			return err
		}
	}
}

// told logs why reports have to read the new rows when they are asked.
func (r *recomputation) told(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		r.d.log.Debug().Err(err).Str("tenant", string(r.tenant)).Msg("reports are not warm after the switch")
	}
}

// follow folds up to a place in the stream, a step at a time.
func (r *recomputation) follow(ctx context.Context, c *cursor) error {
	for {
		if err := r.d.notePlaces(ctx); err != nil {
			return err
		}
		more, err := r.read(ctx, r.conn, c)
		if err != nil || !more {
			return err
		}
		err = pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
			if err := r.write(ctx, tx); err != nil {
				return err
			}
			return r.note(ctx, tx)
		})
		if err != nil {
			return err
		}
		if r.stepped != nil {
			if err := r.stepped(); err != nil {
				return err
			}
		}
	}
}

// note keeps how far it is, unless another recomputation has taken its place.
func (r *recomputation) note(ctx context.Context, tx pgx.Tx) error {
	var latest *time.Time
	if ms := r.folded().Latest(); ms != 0 {
		at := time.UnixMilli(ms).UTC()
		latest = &at
	}
	tag, err := tx.Exec(ctx, `UPDATE refolds SET epoch = $4, seq = $5, events = $6, latest = $7, total = greatest(total, $6), updated_at = now()
		WHERE tenant = $1 AND purpose = $2 AND stored_as = $3 AND state = 'running'`, string(r.tenant), string(r.purpose), r.rows, r.epoch, r.seq, r.events, latest)
	if err == nil && tag.RowsAffected() == 0 {
		return errSuperseded
	}
	return err
}

func (r *recomputation) folded() *fold.State { return r.folder.tenants[r.tenant].state }

// read folds the next events up to c. It reports whether the place has moved.
func (r *recomputation) read(ctx context.Context, q querier, c *cursor) (bool, error) {
	r.batch.reset()
	f, folded := r.folder, false
	for {
		f.events, f.faults, f.live = f.events[:0], f.faults[:0], f.live[:0]
		var messages []stream.Message
		read, moved, err := r.next(ctx, q, c, func(seq int64, arrived time.Time, body []byte) {
			e, err := event.Decode(body)
			switch {
			case err != nil:
				r.d.log.Warn().Err(err).Str("tenant", string(r.tenant)).Int64("seq", seq).Msg("a stored event is not valid any more")
			case e.Type == event.TypeTenantConfigured && r.basedAt(seq):
				r.folded().Pass(e.Millis())
			default:
				f.live = append(f.live, len(f.events))
				f.events, f.faults = append(f.events, e), append(f.faults, nil)
				messages = append(messages, stream.Message{Seq: uint64(seq), Arrived: arrived}) //nolint:gosec // stored sequences are positive
			}
		})
		if err != nil || !moved {
			return folded, err
		}
		folded = true
		r.events += int64(read)
		if len(messages) > 0 {
			return true, f.take(ctx, messages, r.batch)
		}
	}
}

// basedAt says whether the base stands for a profile that was put in force there.
// Under another profile it does throughout: one that comes in meanwhile keeps the
// switch from happening.
func (r *recomputation) basedAt(seq int64) bool {
	return r.purpose == forProfile || r.base != nil && (r.epoch < r.baseEpoch || r.epoch == r.baseEpoch && seq <= r.baseSeq)
}

// write stores what the step has changed.
func (r *recomputation) write(ctx context.Context, tx pgx.Tx) error {
	if err := r.folder.flush(r.batch); err != nil {
		return err
	}
	r.batch.tables[inTenants].reset() // that row is the one in force
	if err := r.batch.writeDerived(ctx, tx.Conn()); err != nil {
		return err
	}
	r.folder.forget(math.MaxUint64)
	r.folder.sweep(math.MaxUint64, restMillis)
	return nil
}
