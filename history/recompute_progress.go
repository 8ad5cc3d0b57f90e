package history

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// RecomputeProgress is how far a recomputation is.
type RecomputeProgress struct {
	Tenant          event.TenantID `json:"tenant"`
	State           string         `json:"state"`   // running, switched, done, failed
	For             string         `json:"for"`     // profile, fold: what asked for it
	Profile         string         `json:"profile"` // such as wecom@3
	FoldVersion     int            `json:"fold_version"`
	Events          int64          `json:"events"` // folded
	Total           int64          `json:"total"`
	Percent         float64        `json:"percent"`
	EventsPerSecond float64        `json:"events_per_second"`
	SecondsLeft     *float64       `json:"seconds_left"` // null while it is not known
	Resumed         int            `json:"resumed"`      // times that it went on after an interruption
	StartedAt       time.Time      `json:"started_at"`
	UpdatedAt       time.Time      `json:"updated_at"`
	Error           string         `json:"error,omitzero"`
}

// Ended says whether nothing will change any more.
func (p *RecomputeProgress) Ended() bool { return p.State == stateDone || p.State == stateFailed }

// Progress is how far the tenant's recomputation is, or how its last one ended.
// Errors: ErrNotFound if there never was one, ErrUnavailable.
func (r *Recomputing) Progress(ctx context.Context, tenant event.TenantID) (*RecomputeProgress, error) {
	p := &RecomputeProgress{Tenant: tenant}
	var resumedFrom int64
	var seconds float64
	err := r.d.pool.QueryRow(ctx, `SELECT state, profile, purpose, fold_version, events, total, resumed, resumed_from, started_at, updated_at, error,
		extract(epoch FROM updated_at - resumed_at)::float8 FROM refolds WHERE tenant = $1
		ORDER BY purpose = 'fold' AND state = 'running' DESC, state IN ('running', 'switched') DESC, updated_at DESC LIMIT 1`, string(tenant)).
		Scan(&p.State, &p.Profile, &p.For, &p.FoldVersion, &p.Events, &p.Total, &p.Resumed, &resumedFrom, &p.StartedAt, &p.UpdatedAt, &p.Error, &seconds)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, interpret(err)
	}
	p.StartedAt, p.UpdatedAt = p.StartedAt.UTC(), p.UpdatedAt.UTC()
	if seconds > 0 {
		p.EventsPerSecond = float64(p.Events-resumedFrom) / seconds
	}
	p.Percent = 100
	if p.State == stateRunning {
		p.Percent, p.SecondsLeft = share(p.Events, p.Total), secondsLeft(p.Total-p.Events, p.EventsPerSecond)
	}
	return p, nil
}

// share is how many of a hundred are done. Total is an earlier count.
func share(events, total int64) float64 {
	if total <= 0 {
		return 100
	}
	return 100 * float64(events) / float64(max(total, events))
}

func secondsLeft(events int64, perSecond float64) *float64 {
	if perSecond <= 0 {
		return nil
	}
	left := max(0, float64(events)/perSecond)
	return &left
}

// RecomputeSum is how far all recomputations are that run for the same.
type RecomputeSum struct {
	For           string // profile, fold
	Tenants       int
	Events, Total int64
	Percent       float64
	SecondsLeft   *float64 // nil while it is not known
}

// Recomputing tells what is computed anew now, by any server. Errors: ErrUnavailable.
func (d *Database) Recomputing(ctx context.Context) ([]RecomputeSum, error) {
	// What another program began for its own fold may never be gone on with. Those for
	// a fold run one after the other.
	rows, err := d.pool.Query(ctx, `SELECT purpose, count(*), sum(events)::bigint, sum(greatest(total, events))::bigint,
			coalesce(sum(events - resumed_from)::float8 / nullif(extract(epoch FROM CASE WHEN purpose = 'fold' THEN sum(greatest(updated_at - resumed_at, interval '0'))
				ELSE max(updated_at) - min(resumed_at) END)::float8, 0), 0)
		FROM refolds WHERE state = 'running' AND (purpose = 'profile' OR fold_version = $1) GROUP BY purpose ORDER BY purpose`, fold.Version)
	if err != nil {
		return nil, interpret(err)
	}
	var list []RecomputeSum
	var s RecomputeSum
	var perSecond float64
	_, err = pgx.ForEachRow(rows, []any{&s.For, &s.Tenants, &s.Events, &s.Total, &perSecond}, func() error {
		s.Percent, s.SecondsLeft = share(s.Events, s.Total), secondsLeft(s.Total-s.Events, perSecond)
		list = append(list, s)
		return nil
	})
	return list, interpret(err)
}
