package main

import (
	"context"
	"strconv"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// verification is the answer of /v1/verify: the stored events folded from zero
// beside the stored rows, and beside what the wallboard counts today.
type verification struct {
	Tenant      event.TenantID      `json:"tenant"`
	From        metric.Day          `json:"from"`
	To          metric.Day          `json:"to"`
	Seq         uint64              `json:"seq"`
	Events      int                 `json:"events"`
	Rows        int                 `json:"rows"`
	Profile     string              `json:"profile"`
	Wallboard   wallboardComparison `json:"wallboard"`
	Differences []difference        `json:"differences"`
	Truncated   bool                `json:"truncated"`
}

// wallboardComparison says whether the hub's today was compared, and if not why.
type wallboardComparison struct {
	Day      metric.Day `json:"day"`
	Compared bool       `json:"compared"`
	Why      string     `json:"why,omitzero"`
}

type difference struct {
	Table    string `json:"table"`
	Key      string `json:"key"`
	Missing  bool   `json:"missing,omitzero"`
	Surplus  bool   `json:"surplus,omitzero"`
	Column   string `json:"column,omitzero"`
	Stored   string `json:"stored,omitzero"`
	Computed string `json:"computed,omitzero"`
}

func newVerification(r *history.Report) *verification {
	v := &verification{
		Tenant: r.Tenant, From: r.From, To: r.To, Seq: r.Seq, Events: r.Events, Rows: r.Rows, Profile: r.Profile,
		Truncated: r.Truncated, Differences: make([]difference, 0, len(r.Differences)),
	}
	for _, d := range r.Differences {
		v.Differences = append(v.Differences, difference(d))
	}
	return v
}

// counting says what a wallboard counts today; *relay.Router does.
type counting interface {
	Today(ctx context.Context, id event.TenantID) (day metric.Day, counts metric.Counts, seq uint64, err error)
}

// compareLive compares the hub's today with the recomputed one, if both stand at
// the same event of the tenant.
func (v *verification) compareLive(ctx context.Context, h counting, r *history.Report) error {
	day, counts, seq, err := h.Today(ctx, v.Tenant)
	if err != nil {
		return err
	}
	v.Wallboard.Day = day
	switch {
	case day != r.Today:
		v.Wallboard.Why = "the desk's latest event is of another day (" + r.Today.String() + ")"
	case seq > r.Seq:
		v.Wallboard.Why = "events have come in since"
	default:
		v.Wallboard.Compared = true
		for _, c := range metric.Counters() {
			if counts[c] != r.Counts[c] {
				v.Differences = append(v.Differences, difference{
					Table: "wallboard", Key: day.String(), Column: c.String(),
					Stored: strconv.FormatInt(counts[c], 10), Computed: strconv.FormatInt(r.Counts[c], 10),
				})
			}
		}
	}
	return nil
}
