package history

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// nearEnough is how many sequences may be left for the switch, which the
	// writer waits for: a fraction of a second.
	nearEnough = 2000
	// mostRounds is how often it tries to come near a writer that is as fast as
	// itself, before the writer has to wait for longer.
	mostRounds = 50
	// firstWindow is how many sequences are looked at once; it follows the share
	// that the tenant has of the stream.
	firstWindow, longestWindow = replayed, 2_000_000
	// deleted is how many rows of the past are let go of at a time.
	deleted = 5000
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
	d      *Database
	conn   *pgx.Conn
	tenant event.TenantID
	rows   string // under which the new rows stand
	base   []byte
	from   int64 // version of the profile in force at the beginning
	state  string

	epoch  int32
	seq    int64
	window int64
	events int64
	latest int64
	folder *folder
	batch  *batch

	near    int64        // see nearEnough
	stepped func() error // after each step; for tests
}

// order is what a recomputation is to put in force.
type order struct {
	tenant   event.TenantID
	profile  *metric.Profile // nil: the one that is in force
	name     string          // of the tenant; "" leaves it
	announce *event.Event    // what says so in the stream; nil: nothing
}

// beginRecompute notes a recomputation in the database, instead of one that may
// run. Errors: ErrUnknownTenant, ErrUnavailable.
func (d *Database) beginRecompute(ctx context.Context, o *order) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var stored []byte
		var rows string
		var version int64
		err := tx.QueryRow(ctx, `SELECT t.version, `+storedAs+`, e.state FROM tenants t
			JOIN entities e ON e.tenant = `+storedAs+` AND e.kind = $2 AND e.id = ''
			WHERE t.tenant = $1 FOR UPDATE OF t`, string(o.tenant), int16(fold.KindTenant)).Scan(&version, &rows, &stored)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%w: %s", ErrUnknownTenant, o.tenant)
		}
		if err != nil {
			return err
		}
		base, label, err := o.base(stored)
		if err != nil {
			return err
		}
		var announce []byte
		if o.announce != nil {
			if announce, err = o.announce.Encode(); err != nil {
				return err
			}
		}
		// Whatever ran before has made rows that nobody will read.
		var before string
		err = tx.QueryRow(ctx, `SELECT stored_as FROM refolds WHERE tenant = $1 FOR UPDATE`, string(o.tenant)).Scan(&before)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			before = rows
		case err != nil:
			return err
		case before != rows:
			if err := abandon(ctx, tx, before); err != nil {
				return err
			}
		}
		next := nextRows(o.tenant, before, rows)
		_, err = tx.Exec(ctx, `DELETE FROM refolds WHERE tenant = $1`, string(o.tenant))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO refolds (tenant, state, stored_as, fold_version, profile, version_from, base, announce, total)
			VALUES ($1, 'running', $2, $3, $4, $5, $6, $7, (SELECT count(*) FROM events WHERE tenant = $1))`,
			string(o.tenant), next, fold.Version, label, version, base, announce)
		return err
	})
	return interpret(err)
}

func abandon(ctx context.Context, tx pgx.Tx, rows string) error {
	_, err := tx.Exec(ctx, `INSERT INTO abandoned_rows VALUES ($1) ON CONFLICT DO NOTHING`, rows)
	return err
}

// nextRows is a name for rows that was never used: a tenant's id has no @.
func nextRows(tenant event.TenantID, used ...string) string {
	n := 1
	for _, u := range used {
		if _, suffix, ok := strings.Cut(u, "@"); ok {
			if i, err := strconv.Atoi(suffix); err == nil {
				n = max(n, i)
			}
		}
	}
	return string(tenant) + "@" + strconv.Itoa(n+1)
}

// base is the tenant's entity from which everything is folded: its profile and
// name. Channels, teams and whatever is counted come from the events again.
func (o *order) base(stored []byte) (base []byte, label string, err error) {
	var entity map[string]jsontext.Value
	if err := json.Unmarshal(stored, &entity); err != nil {
		return nil, "", fmt.Errorf("read the profile of tenant %s: %w", o.tenant, err)
	}
	for member := range entity {
		if !slices.Contains([]string{"name", "profile", "version", "changes"}, member) {
			delete(entity, member)
		}
	}
	if o.name != "" {
		if entity["name"], err = json.Marshal(o.name); err != nil {
			return nil, "", err
		}
	}
	if base, err = json.Marshal(entity, json.Deterministic(true)); err != nil {
		return nil, "", fmt.Errorf("keep the profile of tenant %s: %w", o.tenant, err)
	}
	if o.profile != nil {
		if base, err = underProfile(base, o.profile); err != nil {
			return nil, "", err
		}
	}
	st := fold.New(o.tenant)
	if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, base); err != nil {
		return nil, "", err
	}
	return base, st.Profile().Label(), nil
}

// underProfile is a tenant's entity with another profile in it.
func underProfile(stored []byte, p *metric.Profile) ([]byte, error) {
	var entity map[string]jsontext.Value
	if err := json.Unmarshal(stored, &entity); err != nil {
		return nil, fmt.Errorf("read a tenant's entity: %w", err)
	}
	for name, v := range map[string]any{"profile": p.Name, "version": p.Version, "changes": p.Changes} {
		var err error
		if entity[name], err = json.Marshal(v, json.Deterministic(true)); err != nil {
			return nil, err
		}
	}
	return json.Marshal(entity, json.Deterministic(true))
}

// resumeRecompute goes on with a recomputation that was noted: from the last
// step that was stored, or from zero if a program with another fold made it.
// resumed says whether there was something to go on from.
func (d *Database) resumeRecompute(ctx context.Context, conn *pgx.Conn, tenant event.TenantID) (*recomputation, error) {
	if err := makeStages(ctx, conn); err != nil {
		return nil, err
	}
	r := &recomputation{d: d, conn: conn, tenant: tenant, window: firstWindow, near: nearEnough, batch: newBatch()}
	var version int
	var latest *time.Time
	err := conn.QueryRow(ctx, `SELECT state, stored_as, fold_version, version_from, base, epoch, seq, events, latest FROM refolds WHERE tenant = $1`, string(tenant)).
		Scan(&r.state, &r.rows, &version, &r.from, &r.base, &r.epoch, &r.seq, &r.events, &latest)
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
		d.log.Info().Str("tenant", string(tenant)).Int64("events", r.events).Msg("the recomputation goes on where it was interrupted")
	}
	_, err = conn.Exec(ctx, `UPDATE refolds SET resumed = resumed + CASE WHEN seq > 0 THEN 1 ELSE 0 END, resumed_at = now(), resumed_from = events WHERE tenant = $1`, string(tenant))
	if err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

// restart throws away what another fold has made.
func (r *recomputation) restart(ctx context.Context) error {
	r.d.log.Info().Str("tenant", string(r.tenant)).Msg("the recomputation begins from zero: another version of the fold began it")
	rows := nextRows(r.tenant, r.rows)
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		if err := abandon(ctx, tx, r.rows); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE refolds SET stored_as = $2, fold_version = $3, epoch = 1, seq = 0, events = 0, latest = NULL WHERE tenant = $1`,
			string(r.tenant), rows, fold.Version)
		return err
	})
	r.rows, r.epoch, r.seq, r.events = rows, 1, 0, 0
	return err
}

// load makes the state from what the last step has stored.
func (r *recomputation) load(ctx context.Context) error {
	st := fold.New(r.tenant)
	if r.seq == 0 {
		if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, r.base); err != nil {
			return err
		}
	} else {
		st.Resume(uint64(r.seq), r.latest) //nolint:gosec // stored sequences are positive
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
	// Ranges that nobody has summarised yet would be read for every window.
	_, err := r.conn.Exec(ctx, `SELECT brin_summarize_new_values(i.indexrelid) FROM pg_inherits p
		JOIN pg_index i ON i.indrelid = p.inhrelid JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
		WHERE p.inhparent = 'events'::regclass AND a.amname = 'brin'`)
	return err
}

// run folds until the new rows are near those in force, and puts them in force.
func (r *recomputation) run(ctx context.Context) error {
	for rounds := 0; ; rounds++ {
		c, _, err := readCursor(ctx, r.conn, r.d.partitionOf(r.tenant), "")
		if err != nil {
			return err
		}
		if r.epoch >= c.epoch && int64(c.seq)-r.seq <= r.near || rounds >= mostRounds { //nolint:gosec // JetStream's sequences stay far below 2^63
			return r.takeOver(ctx)
		}
		if err := r.follow(ctx, &c); err != nil {
			return err
		}
	}
}

// follow folds up to a place in the stream, a step at a time.
func (r *recomputation) follow(ctx context.Context, c *cursor) error {
	for {
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
	tag, err := tx.Exec(ctx, `UPDATE refolds SET epoch = $3, seq = $4, events = $5, latest = $6, total = greatest(total, $5), updated_at = now()
		WHERE tenant = $1 AND stored_as = $2 AND state = 'running'`, string(r.tenant), r.rows, r.epoch, r.seq, r.events, latest)
	if err == nil && tag.RowsAffected() == 0 {
		return errSuperseded
	}
	return err
}

func (r *recomputation) folded() *fold.State { return r.folder.tenants[r.tenant].state }

// read folds the next events up to c. It reports whether the place has moved.
func (r *recomputation) read(ctx context.Context, q querier, c *cursor) (bool, error) {
	r.batch.reset()
	for {
		last := int64(c.seq) //nolint:gosec // JetStream's sequences stay far below 2^63
		if r.epoch < c.epoch {
			last = math.MaxInt64 - longestWindow
		}
		if r.seq >= last {
			return false, nil
		}
		to := min(last, r.seq+r.window)
		read, messages, err := r.fetch(ctx, q, to)
		if err != nil {
			return false, err
		}
		switch {
		case read == 0 && r.epoch < c.epoch:
			// Nothing is near in this epoch: the next place is looked up.
			moved, err := r.skip(ctx, q, to)
			if err != nil || !moved {
				return moved, err
			}
			continue
		case read < replayed/4:
			r.window = min(longestWindow, 2*r.window)
		case read > 2*replayed:
			r.window = max(1, r.window/2)
		}
		r.seq = to
		r.events += int64(read)
		if len(messages) > 0 {
			return true, r.folder.take(ctx, messages, r.batch)
		}
		if r.seq >= last {
			return true, nil
		}
	}
}

// skip finds the next event of an epoch that has passed, or the next epoch.
func (r *recomputation) skip(ctx context.Context, q querier, from int64) (bool, error) {
	rows, err := q.Query(ctx, `SELECT epoch, seq FROM events WHERE tenant = $1 AND (epoch, seq) > ($2, $3) ORDER BY epoch, seq LIMIT 1`, string(r.tenant), r.epoch, from)
	if err != nil {
		return false, err
	}
	found := false
	var epoch int32
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&epoch, &seq}, func() error { found = true; return nil })
	if err != nil || !found {
		return false, err
	}
	r.epoch, r.seq = epoch, seq-1
	return true, nil
}

// fetch decodes the events up to a sequence into the folder. Those that put a
// profile in force count only after the switch: the base is, from the beginning.
func (r *recomputation) fetch(ctx context.Context, q querier, to int64) (read int, messages []stream.Message, err error) {
	f := r.folder
	f.events, f.faults, f.live = f.events[:0], f.faults[:0], f.live[:0]
	rows, err := q.Query(ctx, `SELECT seq, arrived, body FROM events WHERE tenant = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 ORDER BY seq`,
		string(r.tenant), r.epoch, r.seq, to)
	if err != nil {
		return 0, nil, err
	}
	var seq int64
	var arrived time.Time
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&seq, &arrived, &body}, func() error {
		read++
		e, err := event.Decode(body)
		if err != nil {
			r.d.log.Warn().Err(err).Str("tenant", string(r.tenant)).Int64("seq", seq).Msg("a stored event is not valid any more")
			return nil
		}
		if e.Type == event.TypeTenantConfigured {
			return nil
		}
		f.live = append(f.live, len(f.events))
		f.events, f.faults = append(f.events, e), append(f.faults, nil)
		messages = append(messages, stream.Message{Seq: uint64(seq), Arrived: arrived}) //nolint:gosec // stored sequences are positive
		return nil
	})
	return read, messages, err
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

// takeOver folds what is left while the writer waits, and puts the new rows in
// force, in one transaction.
func (r *recomputation) takeOver(ctx context.Context) error {
	began := time.Now()
	var before string
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		c, ok, err := readCursor(ctx, tx, r.d.partitionOf(r.tenant), " FOR UPDATE") // the writer waits here
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: %s", ErrUnknownTenant, r.tenant)
		}
		for {
			more, err := r.read(ctx, tx, &c)
			if err != nil {
				return err
			}
			if !more {
				break
			}
			if err := r.write(ctx, tx); err != nil {
				return err
			}
			for i := range derived { // they are emptied at the commit, and that is later
				if _, err := tx.Exec(ctx, "TRUNCATE stage_"+derived[i].name); err != nil {
					return err
				}
			}
		}
		if err := r.note(ctx, tx); err != nil {
			return err
		}
		// A desk of which nothing but profiles is stored has no row of its own yet.
		if r.folder.tenants[r.tenant].changed || !r.folder.tenants[r.tenant].stored {
			r.folder.tenants[r.tenant].changed = true
			r.batch.reset()
			if err := r.write(ctx, tx); err != nil {
				return err
			}
		}
		before, err = r.putInForce(ctx, tx, &c)
		return err
	})
	if err != nil {
		return err
	}
	r.state = stateSwitched
	r.d.log.Info().Str("tenant", string(r.tenant)).Int64("events", r.events).Str("profile", r.folded().Profile().Label()).
		Dur("writer_waited", time.Since(began)).Str("rows", r.rows).Str("before", before).Msg("the numbers that were computed anew are in force")
	return nil
}

// putInForce makes the new rows the tenant's. It returns under what the old ones stood.
func (r *recomputation) putInForce(ctx context.Context, tx pgx.Tx, c *cursor) (before string, err error) {
	var version int64
	err = tx.QueryRow(ctx, `SELECT t.version, `+storedAs+` FROM tenants t WHERE t.tenant = $1 FOR UPDATE`, string(r.tenant)).Scan(&version, &before)
	if err != nil {
		return "", err
	}
	if version != r.from {
		return "", errProfileMoved
	}
	p := r.folded().Profile()
	settings, err := json.Marshal(p.Settings, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE tenants SET stored_as = $2, name = $3, profile = $4, version = $5, settings = $6, base = $7, base_epoch = $8, base_seq = $9 WHERE tenant = $1`,
		string(r.tenant), r.rows, r.folded().Name(), p.Name, p.Version, settings, r.base, c.epoch, int64(c.seq)) //nolint:gosec // as everywhere
	if err != nil {
		return "", err
	}
	if err := abandon(ctx, tx, before); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE cursors SET refolds = refolds + 1 WHERE partition = $1`, r.d.partitionOf(r.tenant))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE refolds SET state = 'switched', total = events, updated_at = now() WHERE tenant = $1`, string(r.tenant))
	return before, err
}

// sweepAbandoned deletes rows that nobody reads any more, a few at a time. Those
// of a recomputation that runs are none of them.
func (d *Database) sweepAbandoned(ctx context.Context) error {
	all, err := d.pool.Query(ctx, `SELECT stored_as FROM abandoned_rows a WHERE NOT EXISTS (SELECT FROM tenants t WHERE `+storedAs+` = a.stored_as)`)
	if err != nil {
		return interpret(err)
	}
	list, err := pgx.CollectRows(all, pgx.RowTo[string])
	if err != nil {
		return interpret(err)
	}
	for _, rows := range list {
		for i := range derived {
			if i == inTenants {
				continue
			}
			name := derived[i].name
			for {
				tag, err := d.pool.Exec(ctx, "DELETE FROM "+name+" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "+name+" WHERE tenant = $1 LIMIT $2))", rows, deleted)
				if err != nil {
					return interpret(err)
				}
				if tag.RowsAffected() == 0 {
					break
				}
			}
		}
		if _, err := d.pool.Exec(ctx, `DELETE FROM abandoned_rows WHERE stored_as = $1`, rows); err != nil {
			return interpret(err)
		}
	}
	return nil
}
