package history

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
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
	p.Percent = 100
	if p.Total > 0 && p.State == stateRunning {
		p.Percent = 100 * float64(p.Events) / float64(max(p.Total, p.Events))
	}
	if seconds > 0 {
		p.EventsPerSecond = float64(p.Events-resumedFrom) / seconds
	}
	if p.State == stateRunning && p.EventsPerSecond > 0 {
		left := max(0, float64(p.Total-p.Events)/p.EventsPerSecond)
		p.SecondsLeft = &left
	}
	return p, nil
}
