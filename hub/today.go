package hub

import (
	"context"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TodayUnder is how much of today's counts of a whole desk stands under one value
// of a part dimension, such as a rule.
func (h *Hub) TodayUnder(ctx context.Context, id event.TenantID, by metric.Dimension, value string) (counts metric.Counts, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		for key, sum := range t.base.whole.parts {
			if key.by == by && key.value == value && !key.money {
				counts[key.counter] += sum.n
			}
		}
	})
	return counts, err
}
