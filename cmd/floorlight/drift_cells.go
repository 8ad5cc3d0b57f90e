package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// cellTries is how often a dimension is compared anew because an event came
	// in between.
	cellTries = 5
	// cellWait bounds one try.
	cellWait = 2 * time.Second
)

// notOfRows is what metrics need that a desk's rows of today do not tell: who is
// affected by agent and hour, presence and balances have forms of their own.
const notOfRows = metric.NeedPresence | metric.NeedBalance | metric.NeedAffected

// compared are the dimensions whose cells are compared; of days there is one.
var compared = slices.DeleteFunc(slices.Concat(metric.Dimensions, metric.PartDimensions), func(by metric.Dimension) bool { return by == metric.ByDay })

// cells compares what stands under each value of some dimensions.
func (d *drift) cells(ctx context.Context, c *comparison, dimensions []metric.Dimension, now time.Time) error {
	for _, by := range dimensions {
		equal, err := d.dimension(ctx, c, by, now)
		if err != nil && ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if !equal {
			c.Busy = append(c.Busy, string(by))
		}
	}
	return nil
}

// dimension compares the cells of one dimension at a moment at which both sides
// have applied the same events of the desk; false if there was none.
func (d *drift) dimension(ctx context.Context, c *comparison, by metric.Dimension, now time.Time) (bool, error) {
	for range cellTries {
		if equal, err := d.attempt(ctx, c, by, now); equal || err != nil {
			return equal, err
		}
	}
	return false, nil
}

// attempt is one try; false if the desk moved in between.
func (d *drift) attempt(ctx context.Context, c *comparison, by metric.Dimension, now time.Time) (bool, error) {
	metrics := cellMetrics(by)
	ctx, cancel := context.WithTimeout(ctx, d.cellWait)
	defer cancel()
	cells, err := d.hub.Cells(ctx, c.Tenant, by)
	if err != nil {
		return false, err
	}
	if err := d.hub.WaitCommitted(ctx, cells.Seq); err != nil {
		return false, err
	}
	answer, err := d.reports.Metrics(ctx, string(c.Tenant), url.Values{
		"metric": {strings.Join(metrics, ",")}, "by": {string(by)}, "from": {c.Day.String()}, "to": {c.Day.String()},
		"as_of_seq": {strconv.FormatUint(cells.Seq, 10)},
	}, now)
	if err != nil {
		return false, err
	}
	// History is never ahead of the hub: an event that it has counted has moved
	// the desk.
	_, _, last, err := d.hub.Today(ctx, c.Tenant)
	if err != nil {
		return false, err
	}
	if cells.Day != c.Day || cells.Profile.Label() != answer.Profile {
		return false, nil
	}
	if last != cells.Last {
		return false, nil
	}
	c.byCell(by, &cells, metrics, &answer)
	return true, nil
}

// cellMetrics are those that are made of rows and can be broken down by a dimension.
func cellMetrics(by metric.Dimension) []string {
	var list []string
	for _, m := range metric.Catalogue() {
		if !m.Live && m.Needs&notOfRows == 0 && slices.Contains(m.Dimensions(), by) {
			list = append(list, m.ID)
		}
	}
	return list
}

// byCell compares a report by a dimension, whatever has a cell on either side.
func (c *comparison) byCell(by metric.Dimension, cells *hub.Cells, metrics []string, answer *metric.Answer) {
	stored := map[string]map[string]metric.ComparedValue{}
	values := map[string]struct{}{}
	for i := range answer.Rows {
		value := answer.Rows[i].Dimensions[by]
		stored[value], values[value] = answer.Rows[i].Values, struct{}{}
	}
	for _, side := range []map[string]metric.Sums{cells.Whole, cells.Agents} {
		for value := range side {
			values[value] = struct{}{}
		}
	}
	settings := &cells.Profile.Settings
	for _, value := range slices.Sorted(maps.Keys(values)) {
		whole, own := cells.Whole[value], cells.Agents[value]
		own.PerAgent = true
		for _, id := range metrics {
			m, _ := metric.Lookup(id)
			sums := &whole
			if by == metric.ByAgent && m.PerAgent {
				sums = &own
			}
			is, found := stored[value][id]
			if !found {
				is.Value = m.Eval(&metric.Sums{PerAgent: sums.PerAgent}, settings)
			}
			c.Numbers++
			c.differ(fmt.Sprintf("%s by %s %q", id, by, value), m.Eval(sums, settings), is.Value)
		}
	}
}
