package main

import (
	"context"
	"net/url"
	"time"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

func (p *past) Metrics(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (live.Answer, error) {
	answer, err := p.database.MetricsJSON(ctx, string(tenant), history.Scope{}, params, now)
	return answer, edgeError(err)
}

func (p *past) AgentPerformance(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (live.Answer, error) {
	table, err := p.database.AgentPerformance(ctx, string(tenant), history.Scope{}, params, now)
	if err != nil {
		return nil, edgeError(err)
	}
	return table.JSON(), nil
}
