package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// reportError is edgeError with a word on how far history has come.
func reportError(err error) error {
	if behind, ok := errors.AsType[*history.BehindError](err); ok {
		return &live.Fault{Code: live.CodeUnavailable, Field: "as_of_seq", Detail: behind.Error()}
	}
	return edgeError(err)
}

func (p *past) Metrics(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (live.Answer, error) {
	answer, err := p.database.MetricsJSON(ctx, string(tenant), history.Scope{}, params, now)
	return answer, reportError(err)
}

func (p *past) AgentPerformance(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (live.Answer, error) {
	table, err := p.database.AgentPerformance(ctx, string(tenant), history.Scope{}, params, now)
	if err != nil {
		return nil, reportError(err)
	}
	return table.JSON(), nil
}
