package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

const (
	renewLock = 0x72656e6577 // any number that nobody else uses
	// renewTold is how often the log says how far it is.
	renewTold = 5 * time.Second
)

// Renew computes the numbers of all tenants anew if an older fold has made them,
// under the profiles under which they were made. What the old fold has made cannot
// be continued by this program, so that neither its writers nor its hubs begin before
// Renew has returned; the old numbers are answered meanwhile, and an older program may
// go on writing them. New rows are made beside the old ones, a step at a time, each of
// which is noted; one transaction then puts those of all tenants in force and the new
// version at every cursor. An interruption costs a step. Of several programs that
// call it one does the work, and the others wait. Errors: ErrUnavailable, ErrNewerFold.
func (d *Database) Renew(ctx context.Context) error { return d.renew(ctx, pace{}) }

// pace is how a renewal goes; the zero value is how it goes but for tests.
type pace struct {
	window  int64        // sequences that are looked at first; 0 is firstWindow
	near    int64        // what may be left for the switch; 0 is nearEnough
	stepped func() error // after each thing that was stored, and before the switch is
}

func (d *Database) renew(ctx context.Context, at pace) error {
	oldest, err := oldestFold(ctx, d.pool)
	if err != nil || oldest == fold.Version {
		return interpret(err)
	}
	conn, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn) // which ends the lock
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(renewLock)); err != nil {
		return interpret(err)
	}
	if oldest, err = oldestFold(ctx, conn); err != nil || oldest == fold.Version {
		return interpret(err)
	}
	r := &renewal{d: d, conn: conn, pace: at, began: time.Now(), told: time.Now(), log: d.log.With().Int32("from", oldest).Int("fold_version", fold.Version).Logger()}
	r.log.Info().Msg("the stored numbers are of an older version: they are computed anew, and answered as they are meanwhile")
	return interpret(r.run(ctx))
}

// renewal is one run of Renew. It belongs to one goroutine.
type renewal struct {
	pace

	d     *Database
	conn  *pgx.Conn
	began time.Time
	told  time.Time
	log   zerolog.Logger
}

// run brings every tenant near its cursor, and then switches over.
func (r *renewal) run(ctx context.Context) error {
	if err := r.beginAll(ctx); err != nil {
		return err
	}
	for round := 0; ; round++ {
		behind, err := r.behind(ctx)
		if err != nil {
			return err
		}
		if len(behind) == 0 || round >= mostRounds {
			return r.switchOver(ctx)
		}
		for _, tenant := range behind {
			if err := r.catchUp(ctx, tenant); err != nil {
				return fmt.Errorf("tenant %s: %w", tenant, err)
			}
		}
	}
}

func (r *renewal) step() error {
	if r.stepped == nil {
		return nil
	}
	return r.stepped()
}

// behind lists the tenants whose new rows are not there, or far from their cursors.
func (r *renewal) behind(ctx context.Context) ([]event.TenantID, error) {
	cursors, err := everyCursor(ctx, r.conn, "")
	if err != nil {
		return nil, err
	}
	rows, err := r.conn.Query(ctx, `SELECT t.tenant, coalesce(f.epoch, 0), coalesce(f.seq, 0) FROM tenants t LEFT JOIN refolds f ON `+renewing+` ORDER BY t.tenant`, fold.Version)
	if err != nil {
		return nil, err
	}
	var list []event.TenantID
	var tenant event.TenantID
	var epoch int32
	var seq int64
	near := cmp.Or(r.near, nearEnough)
	_, err = pgx.ForEachRow(rows, []any{&tenant, &epoch, &seq}, func() error {
		if c := cursorOf(cursors, tenant); epoch < c.epoch || int64(c.seq)-seq > near { //nolint:gosec // JetStream's sequences stay far below 2^63
			list = append(list, tenant)
		}
		return nil
	})
	return list, err
}

// renewing joins a tenant t with its recomputation f for version $1 of the fold, if
// that is of the base that the tenant has now.
const renewing = `f.tenant = t.tenant AND f.purpose = 'fold' AND f.state = 'running' AND f.fold_version = $1
	AND f.base IS NOT DISTINCT FROM t.base AND f.base_epoch = t.base_epoch AND f.base_seq = t.base_seq`

// begin notes a tenant's recomputation, unless it is noted already.
func (r *renewal) begin(ctx context.Context, tx pgx.Tx, tenant event.TenantID) error {
	var rows string
	var begun bool
	err := tx.QueryRow(ctx, `SELECT `+storedAs+`, f.tenant IS NOT NULL FROM tenants t LEFT JOIN refolds f ON `+renewing+` WHERE t.tenant = $2`, fold.Version, string(tenant)).Scan(&rows, &begun)
	if err != nil || begun {
		return err
	}
	next, err := supersede(ctx, tx, tenant, forFold, rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO refolds (tenant, purpose, state, stored_as, fold_version, profile, version_from, base, base_epoch, base_seq, total)
		SELECT tenant, 'fold', 'running', $2, $3, profile || '@' || version, version, base, base_epoch, base_seq, (SELECT count(*) FROM events WHERE tenant = $1)
		FROM tenants WHERE tenant = $1`, string(tenant), next, fold.Version)
	return err
}

// beginAll notes the recomputations of all tenants, so that it is known how much there is.
func (r *renewal) beginAll(ctx context.Context) error {
	rows, err := r.conn.Query(ctx, `SELECT tenant FROM tenants ORDER BY tenant`)
	if err != nil {
		return err
	}
	tenants, err := pgx.CollectRows(rows, pgx.RowTo[event.TenantID])
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := r.note(ctx, tenant); err != nil {
			return err
		}
	}
	return nil
}

func (r *renewal) note(ctx context.Context, tenant event.TenantID) error {
	return pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error { return r.begin(ctx, tx, tenant) })
}

// catchUp folds a tenant's events up to its cursor, a step at a time.
func (r *renewal) catchUp(ctx context.Context, tenant event.TenantID) error {
	if err := r.note(ctx, tenant); err != nil { // a new one's, or one whose base has changed
		return err
	}
	if err := r.step(); err != nil {
		return err
	}
	one, err := r.d.resumeRecompute(ctx, r.conn, tenant, forFold)
	if err != nil {
		return err
	}
	if r.window > 0 {
		one.window = r.window
	}
	one.stepped = func() error {
		r.tell(one)
		return r.step()
	}
	cursors, err := everyCursor(ctx, r.conn, "")
	if err != nil {
		return err
	}
	c := cursorOf(cursors, tenant)
	if err := one.follow(ctx, &c); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error { return one.reach(ctx, tx, &c) })
	if err != nil {
		return err
	}
	return r.step()
}

// reach notes that nothing up to c is left to fold.
func (r *recomputation) reach(ctx context.Context, tx pgx.Tx, c *cursor) error {
	if r.epoch < c.epoch {
		r.epoch, r.seq = c.epoch, int64(c.seq) //nolint:gosec // JetStream's sequences stay far below 2^63
	}
	return r.rest(ctx, tx, c)
}

// tell says in the log how far a tenant is, now and then.
func (r *renewal) tell(one *recomputation) {
	if time.Since(r.told) < renewTold {
		return
	}
	r.told = time.Now()
	r.log.Info().Str("tenant", string(one.tenant)).Int64("events", one.events).Dur("since", time.Since(r.began)).Msg("numbers are computed anew")
}

// switchOver folds what is left while all writers wait, and puts the new rows of all
// tenants and the new version in force, in one transaction.
func (r *renewal) switchOver(ctx context.Context) error {
	began := time.Now()
	var tenants []event.TenantID
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		cursors, err := everyCursor(ctx, tx, " FOR UPDATE") // the writers wait here
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT tenant FROM tenants ORDER BY tenant FOR UPDATE`)
		if err != nil {
			return err
		}
		if tenants, err = pgx.CollectRows(rows, pgx.RowTo[event.TenantID]); err != nil {
			return err
		}
		for _, tenant := range tenants {
			c := cursorOf(cursors, tenant)
			if err := r.putInForce(ctx, tx, tenant, &c); err != nil {
				return fmt.Errorf("tenant %s: %w", tenant, err)
			}
		}
		if _, err = tx.Exec(ctx, `UPDATE cursors SET fold_version = $1, refolds = refolds + 1`, fold.Version); err != nil {
			return err
		}
		return r.step()
	})
	if err != nil {
		return err
	}
	r.log.Info().Int("tenants", len(tenants)).Dur("took", time.Since(r.began)).Dur("writers_waited", time.Since(began)).Msg("the numbers that were computed anew are in force")
	return r.step()
}

// putInForce makes a tenant's new rows those that are read.
func (r *renewal) putInForce(ctx context.Context, tx pgx.Tx, tenant event.TenantID, c *cursor) error {
	if err := r.begin(ctx, tx, tenant); err != nil {
		return err
	}
	var rows, before string
	var epoch int32
	var seq int64
	err := tx.QueryRow(ctx, `SELECT f.stored_as, f.epoch, f.seq, `+storedAs+` FROM tenants t JOIN refolds f ON `+renewing+` WHERE t.tenant = $2`, fold.Version, string(tenant)).
		Scan(&rows, &epoch, &seq, &before)
	if err != nil {
		return err
	}
	if epoch < c.epoch || seq < int64(c.seq) { //nolint:gosec // JetStream's sequences stay far below 2^63
		one, err := r.d.resumeRecompute(ctx, r.conn, tenant, forFold)
		if err != nil {
			return err
		}
		if err := one.rest(ctx, tx, c); err != nil {
			return err
		}
	}
	var stored []byte
	if err := tx.QueryRow(ctx, `SELECT state FROM entities WHERE tenant = $1 AND kind = $2 AND id = ''`, rows, int16(fold.KindTenant)).Scan(&stored); err != nil {
		return err
	}
	st := fold.New(tenant)
	if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, stored); err != nil {
		return err
	}
	p := st.Profile()
	settings, err := json.Marshal(p.Settings, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("keep the profile: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE tenants SET stored_as = $2, name = $3, profile = $4, version = $5, settings = $6,
		latest = (SELECT latest FROM refolds WHERE tenant = $1 AND purpose = 'fold') WHERE tenant = $1`,
		string(tenant), rows, st.Name(), p.Name, p.Version, settings)
	if err != nil {
		return err
	}
	if err := abandon(ctx, tx, before); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE refolds SET state = 'done', total = events, updated_at = now() WHERE tenant = $1 AND purpose = 'fold'`, string(tenant))
	return err
}

// oldestFold is the oldest version of the fold by which a partition's numbers
// were made; this program's if there are none. Errors: ErrNewerFold.
func oldestFold(ctx context.Context, q querier) (int32, error) {
	oldest := int32(fold.Version)
	cursors, err := everyCursor(ctx, q, "")
	for i := range cursors {
		if err := cursors[i].checkVersion(); errors.Is(err, ErrNewerFold) {
			return 0, err
		}
		oldest = min(oldest, cursors[i].foldVersion)
	}
	return oldest, err
}

// everyCursor reads the cursors of all partitions, as far as the switch of numbers
// needs them.
func everyCursor(ctx context.Context, q querier, clause string) ([]cursor, error) {
	rows, err := q.Query(ctx, `SELECT partition, seq, epoch, fold_version FROM cursors ORDER BY partition`+clause)
	if err != nil {
		return nil, fmt.Errorf("read the cursors: %w", err)
	}
	var list []cursor
	var c cursor
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&c.partition, &seq, &c.epoch, &c.foldVersion}, func() error {
		c.seq = uint64(seq) //nolint:gosec // stored sequences are positive
		list = append(list, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the cursors: %w", err)
	}
	return list, nil
}

// cursorOf is the one of a tenant's partition, among those of all.
func cursorOf(all []cursor, tenant event.TenantID) cursor {
	p := int16(stream.PartitionOf(tenant, len(all))) //nolint:gosec // there are few
	for i := range all {
		if all[i].partition == p {
			return all[i]
		}
	}
	return cursor{partition: p}
}
