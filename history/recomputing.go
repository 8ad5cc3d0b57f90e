package history

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// The states of a recomputation.
const (
	stateRunning  = "running"
	stateSwitched = "switched"
	stateDone     = "done"
	stateFailed   = "failed"
)

// RecomputingConfig says whom recomputations speak to. Publish stores an event in
// the stream and returns its sequence; an event whose id is stored already is no
// error. Switched is called after each switch, and returns when nobody holds numbers
// from before it in memory: to those the event that says so would be a change of what
// comes, and their rows are deleted then.
type RecomputingConfig struct {
	Publish  func(ctx context.Context, e *event.Event) (seq uint64, err error)
	Switched func(ctx context.Context, tenant event.TenantID) error
	Logger   zerolog.Logger
}

// Recomputing runs the recomputations of tenants' pasts in the background, one
// a tenant. A recomputation is noted in the database before it runs, so that
// any server says how far it is, and one that was interrupted goes on when the
// next server starts.
type Recomputing struct {
	// Immutable.
	d *Database
	c RecomputingConfig

	ctx    context.Context //nolint:containedctx // the life of what runs in the background, from Start to Stop
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu   sync.Mutex
	jobs map[event.TenantID]*recomputingJob // guarded by mu
}

// recomputingJob is one that runs here. done is closed when it has ended.
type recomputingJob struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// NewRecomputing makes one that runs nothing yet.
func (d *Database) NewRecomputing(c RecomputingConfig) *Recomputing {
	return &Recomputing{d: d, c: c, jobs: map[event.TenantID]*recomputingJob{}}
}

// Start goes on with whatever an earlier stop has interrupted. Stop ends it.
func (r *Recomputing) Start(ctx context.Context) error {
	if r.cancel == nil { // it is tried again while the database is away
		r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	}
	rows, err := r.d.pool.Query(ctx, `SELECT tenant FROM refolds WHERE state IN ('running', 'switched') AND purpose = 'profile' ORDER BY tenant`)
	if err != nil {
		return interpret(err)
	}
	open, err := pgx.CollectRows(rows, pgx.RowTo[event.TenantID])
	if err != nil {
		return interpret(err)
	}
	for _, tenant := range open {
		r.run(tenant) //nolint:contextcheck // it outlives the call and ends with Stop.
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return nil
	}
	r.wg.Go(func() {
		err := r.d.Renew(r.ctx) // whose old rows are among them
		if err == nil {
			err = r.d.sweepAbandoned(r.ctx)
		}
		if err != nil && r.ctx.Err() == nil {
			r.c.Logger.Warn().Err(err).Msg("rows that nobody reads any more were not deleted")
		}
	})
	return nil
}

// Stop interrupts what runs and waits for it. Stopping twice is fine.
func (r *Recomputing) Stop() {
	if r.cancel != nil {
		r.mu.Lock() // nothing begins while the last ones end
		r.cancel()
		r.mu.Unlock()
	}
	r.wg.Wait()
}

// Change is a profile that a tenant is to have.
type Change struct {
	Preset   string
	Settings []byte // the keys that differ from the preset, as JSON; nil: none
	Name     string // of the tenant; "" leaves it
	By       string // a part of the event's id: who changed it, or anything that is never the same
	At       time.Time
}

// Configure puts a profile in force. Where nothing is stored of the tenant, or
// nothing differs that bears on what is stored, the event is published at once.
// Otherwise the past is computed anew first, in the background; the event is
// published when that has caught up, and progress says how far it is; seq is 0
// then. One that runs for the tenant already is given up for this one. Errors:
// metric.ErrProfile, ErrUnavailable, and those of Publish.
func (r *Recomputing) Configure(ctx context.Context, tenant event.TenantID, c *Change) (seq uint64, progress *RecomputeProgress, err error) {
	now, stored, err := r.d.profileOf(ctx, tenant)
	if err != nil {
		return 0, nil, err
	}
	o, err := r.orderOf(tenant, now, c)
	if err != nil {
		return 0, nil, err
	}
	if !stored || samePast(&now.Settings, &o.profile.Settings) {
		seq, err := r.c.Publish(ctx, o.announce)
		return seq, nil, err
	}
	progress, err = r.begin(ctx, o)
	return 0, progress, err
}

// orderOf is the order for a change of the profile that is in force now.
func (r *Recomputing) orderOf(tenant event.TenantID, now *metric.Profile, c *Change) (*order, error) {
	next, err := metric.NewProfile(c.Preset, now.Version+1, c.Settings)
	if err != nil {
		return nil, err
	}
	e := event.New(tenant, event.ServerSource, "configured/"+c.By, c.At, &event.TenantConfigured{
		Profile: c.Preset, Settings: next.Changes, Version: next.Version, Name: c.Name,
	})
	return &order{tenant: tenant, profile: next, name: c.Name, announce: &e}, nil
}

// Refold computes a tenant's past anew under the profile in force. Errors:
// ErrUnknownTenant, ErrUnavailable.
func (r *Recomputing) Refold(ctx context.Context, tenant event.TenantID) (*RecomputeProgress, error) {
	return r.begin(ctx, &order{tenant: tenant})
}

func (r *Recomputing) begin(ctx context.Context, o *order) (*RecomputeProgress, error) {
	r.mu.Lock()
	running := r.jobs[o.tenant]
	r.mu.Unlock()
	if running != nil {
		running.cancel()
		select {
		case <-running.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err := r.d.beginRecompute(ctx, o); err != nil {
		return nil, err
	}
	r.run(o.tenant) //nolint:contextcheck // it outlives the call and ends with Stop.
	return r.Progress(ctx, o.tenant)
}

// run begins a job, unless one runs for the tenant.
func (r *Recomputing) run(tenant event.TenantID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.jobs[tenant] != nil || r.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(r.ctx)
	j := &recomputingJob{cancel: cancel, done: make(chan struct{})}
	r.jobs[tenant] = j
	r.wg.Go(func() {
		defer close(j.done)
		defer cancel()
		r.job(ctx, tenant)
		r.mu.Lock()
		delete(r.jobs, tenant)
		r.mu.Unlock()
	})
}

// Wait returns when the tenant's recomputation has ended here, or ctx has.
func (r *Recomputing) Wait(ctx context.Context, tenant event.TenantID) {
	r.mu.Lock()
	j := r.jobs[tenant]
	r.mu.Unlock()
	if j == nil {
		return
	}
	select {
	case <-j.done:
	case <-ctx.Done():
	}
}

// job runs a tenant's recomputation until it is done, has failed, or ctx ends.
// While the database or the stream is away it tries again.
func (r *Recomputing) job(ctx context.Context, tenant event.TenantID) {
	pause := firstPause
	for {
		err := r.attempt(ctx, tenant)
		switch {
		case err == nil, ctx.Err() != nil, errors.Is(err, errSuperseded):
			return
		case errors.Is(err, errProfileMoved) && r.d.again(ctx, tenant):
			continue
		case errors.Is(err, errProfileMoved), errors.Is(err, ErrUnknownTenant):
			r.d.failRecompute(ctx, tenant, err)
			r.c.Logger.Warn().Err(err).Str("tenant", string(tenant)).Msg("a recomputation was given up")
			return
		}
		r.c.Logger.Warn().Err(err).Str("tenant", string(tenant)).Dur("again_in", pause).Msg("a recomputation is interrupted")
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		pause = min(2*pause, longestPause)
	}
}

// attempt runs a recomputation from where it stands.
func (r *Recomputing) attempt(ctx context.Context, tenant event.TenantID) error {
	if err := r.d.recompute(ctx, tenant, &r.c); err != nil {
		return err
	}
	return r.d.sweepAbandoned(ctx)
}

// recompute goes on with a tenant's recomputation up to its end: the switch, the
// event that says so, and the note that it is done.
func (d *Database) recompute(ctx context.Context, tenant event.TenantID, c *RecomputingConfig) error {
	if err := d.Renew(ctx); err != nil { // no partition holds numbers of two folds
		return err
	}
	conn, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)
	// Another server may run it. The lock ends with the connection.
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, recomputeLock(tenant)); err != nil {
		return interpret(err)
	}
	r, err := d.resumeRecompute(ctx, conn, tenant, forProfile)
	if err != nil {
		return interpret(err)
	}
	if r.state == stateRunning {
		if err := r.run(ctx); err != nil {
			return interpret(err)
		}
	}
	if r.state != stateSwitched {
		return nil
	}
	if c.Switched != nil {
		if err := c.Switched(ctx, tenant); err != nil {
			return err
		}
	}
	var announce []byte
	if err := conn.QueryRow(ctx, `SELECT announce FROM refolds WHERE tenant = $1 AND purpose = 'profile'`, string(tenant)).Scan(&announce); err != nil {
		return interpret(err)
	}
	if announce != nil && c.Publish != nil {
		e, err := event.Decode(announce)
		if err != nil {
			return fmt.Errorf("the stored event of the profile: %w", err)
		}
		if _, err := c.Publish(ctx, &e); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, `UPDATE refolds SET state = 'done', updated_at = now() WHERE tenant = $1 AND purpose = 'profile' AND state = 'switched'`, string(tenant))
	return interpret(err)
}

// recomputeLock is a number of the tenant's that nobody else uses.
func recomputeLock(tenant event.TenantID) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("refold/" + tenant)) // it never fails
	return int64(h.Sum64())                    //nolint:gosec // any 64 bits
}

// Refold computes a tenant's numbers anew under the profile in force, and
// returns when they are. Errors: ErrUnknownTenant, ErrUnavailable.
func (d *Database) Refold(ctx context.Context, tenant event.TenantID) error {
	if err := d.beginRecompute(ctx, &order{tenant: tenant}); err != nil {
		return err
	}
	if err := d.recompute(ctx, tenant, &RecomputingConfig{}); err != nil {
		return err
	}
	return d.sweepAbandoned(ctx)
}

// again begins a recomputation under the profile in force anew, when that was
// changed meanwhile. One that was to bring a profile of its own is not: it would
// undo what somebody else has just decided.
func (d *Database) again(ctx context.Context, tenant event.TenantID) bool {
	var own bool
	if err := d.pool.QueryRow(ctx, `SELECT announce IS NOT NULL FROM refolds WHERE tenant = $1 AND purpose = 'profile'`, string(tenant)).Scan(&own); err != nil || own {
		return false
	}
	return d.beginRecompute(ctx, &order{tenant: tenant}) == nil
}

func (d *Database) failRecompute(ctx context.Context, tenant event.TenantID, cause error) {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var rows string
		err := tx.QueryRow(ctx, `UPDATE refolds SET state = 'failed', error = $2, updated_at = now() WHERE tenant = $1 AND purpose = 'profile' AND state = 'running' RETURNING stored_as`,
			string(tenant), cause.Error()).Scan(&rows)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return abandon(ctx, tx, rows)
	})
	if err != nil && ctx.Err() == nil {
		d.log.Warn().Err(err).Str("tenant", string(tenant)).Msg("that a recomputation has failed was not noted")
	}
}

// profileOf is the profile in force, and whether events are stored under it.
func (d *Database) profileOf(ctx context.Context, tenant event.TenantID) (p *metric.Profile, stored bool, err error) {
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, string(tenant))
		if err != nil {
			return err
		}
		p = desk.profile
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM events WHERE tenant = $1 AND type <> $2)`, string(tenant), string(event.TypeTenantConfigured)).Scan(&stored)
	})
	return p, stored, err
}

// samePast says whether two profiles make the same of the past: they differ
// only in what answers are made with, or in what the server does from now on.
func samePast(a, b *metric.Settings) bool {
	stored := func(s metric.Settings) metric.Settings {
		s.ResponseTime, s.Unique, s.PercentDecimals, s.MaxRangeDays = "", "", 0, 0
		s.AutoCloseHours, s.ActiveGraceHours, s.PresenceTTLSeconds = 0, 0, 0
		s.Market, s.Targets, s.Benchmarks = "", nil, nil
		return s
	}
	return reflect.DeepEqual(stored(*a), stored(*b))
}
