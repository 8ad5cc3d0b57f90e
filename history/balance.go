package history

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/metric"
)

// readBalances reads the credits added less those charged, ever. They belong to
// a channel and to nothing else; a filter by anything else lets none through.
func (r *report) readBalances(ctx context.Context) error {
	f := &r.query.Filter
	if len(f.Team)+len(f.Agent)+len(f.Intent)+len(f.Handling)+len(f.Tag)+len(f.AIStatus) > 0 {
		return nil
	}
	balances, err := r.everyBalance(ctx)
	if err != nil {
		return err
	}
	r.balances = map[string]metric.Money{}
	for channel, money := range balances {
		if len(f.Channel) == 0 || slices.Contains(f.Channel, channel) {
			r.balances[channel] = money
		}
	}
	return nil
}

// everyBalance is what is left in each channel.
func (r *report) everyBalance(ctx context.Context) (map[string]metric.Money, error) {
	if r.folded != nil {
		return r.folded.balances, nil
	}
	stored, err := tenantEntity(ctx, r.session.Tx, r.desk)
	if err != nil || stored == nil {
		return nil, err // nothing was ever added or charged
	}
	return balancesOf(stored)
}

// balancesOf reads the balances of a tenant's entity.
func balancesOf(stored []byte) (map[string]metric.Money, error) {
	var entity struct {
		Balances map[string]metric.Money `json:"balances"`
	}
	if err := json.Unmarshal(stored, &entity); err != nil {
		return nil, fmt.Errorf("read the balances: %w", err)
	}
	return entity.Balances, nil
}

// enterBalances puts the balances into the cells of their channels.
func (r *report) enterBalances(t *cube.Table) {
	r.balance = map[int]metric.Money{}
	if len(r.balances) == 0 {
		return
	}
	byChannel := len(r.query.By) == 1 // ParseQuery refuses all else
	numbers := map[string][]uint32{}
	for channel := range r.balances {
		if byChannel {
			numbers[channel] = []uint32{t.Number(0, channel)}
		}
	}
	for channel, money := range r.balances {
		cell := t.Cell(numbers[channel])
		if r.balance[cell] == nil {
			r.balance[cell] = metric.Money{}
		}
		r.balance[cell].AddAll(money)
	}
}
