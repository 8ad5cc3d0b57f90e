package history

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

// Minute is what a desk's wallboard showed at one full minute, by metric id.
type Minute struct {
	At      time.Time
	Numbers map[string]float64
}

// MinutesKept is since when the lines of whole desks, and of views of them, are kept.
type MinutesKept struct{ Whole, Views time.Time }

// KeepMinutes stores minutes of a desk's wallboard, or of a view of it, which is named
// by any text but "", and deletes the desk's older ones. What is stored already stays.
// Errors: ErrUnavailable.
func (d *Database) KeepMinutes(ctx context.Context, tenant event.TenantID, view string, minutes []Minute, since MinutesKept) error {
	ats, numbers := make([]time.Time, len(minutes)), make([]string, len(minutes))
	for i := range minutes {
		b, err := json.Marshal(minutes[i].Numbers, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("encode a minute: %w", err)
		}
		ats[i], numbers[i] = minutes[i].At, string(b)
	}
	return interpret(pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			INSERT INTO minutes (tenant, view, at, numbers)
			SELECT $1, $2, at, numbers::json FROM unnest($3::timestamptz[], $4::text[]) AS m (at, numbers)
			ON CONFLICT DO NOTHING`, string(tenant), view, ats, numbers); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM minutes WHERE tenant = $1 AND at < CASE view WHEN '' THEN $2::timestamptz ELSE $3::timestamptz END`, string(tenant), since.Whole, since.Views)
		return err
	}))
}

// Minutes are what is stored of all desks since some moments, by view, each one's
// oldest first. Errors: ErrUnavailable.
func (d *Database) Minutes(ctx context.Context, since MinutesKept) (map[event.TenantID]map[string][]Minute, error) {
	all := map[event.TenantID]map[string][]Minute{}
	rows, err := d.pool.Query(ctx, `SELECT tenant, view, at, numbers::text FROM minutes WHERE at >= CASE view WHEN '' THEN $1::timestamptz ELSE $2::timestamptz END ORDER BY tenant, view, at`, since.Whole, since.Views)
	if err != nil {
		return nil, interpret(err)
	}
	var tenant event.TenantID
	var at time.Time
	var view, numbers string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &view, &at, &numbers}, func() error {
		m := Minute{At: at.UTC()}
		if err := json.Unmarshal([]byte(numbers), &m.Numbers); err != nil {
			return fmt.Errorf("read the minute %s: %w", at, err)
		}
		if all[tenant] == nil {
			all[tenant] = map[string][]Minute{}
		}
		all[tenant][view] = append(all[tenant][view], m)
		return nil
	})
	if err != nil {
		return nil, interpret(err)
	}
	return all, nil
}
