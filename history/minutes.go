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

// KeepMinutes stores minutes of a desk and deletes its older ones. What is stored
// already stays. Errors: ErrUnavailable.
func (d *Database) KeepMinutes(ctx context.Context, tenant event.TenantID, minutes []Minute, olderThan time.Time) error {
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
			INSERT INTO minutes (tenant, at, numbers)
			SELECT $1, at, numbers::json FROM unnest($2::timestamptz[], $3::text[]) AS m (at, numbers)
			ON CONFLICT DO NOTHING`, string(tenant), ats, numbers); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM minutes WHERE tenant = $1 AND at < $2`, string(tenant), olderThan)
		return err
	}))
}

// Minutes are what is stored of all desks since a moment, each desk's oldest
// first. Errors: ErrUnavailable.
func (d *Database) Minutes(ctx context.Context, since time.Time) (map[event.TenantID][]Minute, error) {
	all := map[event.TenantID][]Minute{}
	rows, err := d.pool.Query(ctx, `SELECT tenant, at, numbers::text FROM minutes WHERE at >= $1 ORDER BY tenant, at`, since)
	if err != nil {
		return nil, interpret(err)
	}
	var tenant event.TenantID
	var at time.Time
	var numbers string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &at, &numbers}, func() error {
		m := Minute{At: at.UTC()}
		if err := json.Unmarshal([]byte(numbers), &m.Numbers); err != nil {
			return fmt.Errorf("read the minute %s: %w", at, err)
		}
		all[tenant] = append(all[tenant], m)
		return nil
	})
	if err != nil {
		return nil, interpret(err)
	}
	return all, nil
}
