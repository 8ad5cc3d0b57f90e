package main

import (
	"context"
	"net/url"
	"time"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

func (p *past) PastMessages(ctx context.Context, tenant event.TenantID, scope live.Scope, from, until time.Time, total func(int64), each func(*live.PastMessage) error) error {
	return edgeError(p.database.PastMessages(ctx, string(tenant), within(scope), from, until, total, func(m *history.PastMessage) error {
		return each(&live.PastMessage{
			At: m.At, Conversation: m.Conversation, Message: m.Message, From: m.From, Text: m.Text, Blocked: m.Blocked,
			Channel: event.ChannelID(m.Channel), Team: event.TeamID(m.Team),
		})
	}))
}

func (p *past) Disputes(ctx context.Context, tenant event.TenantID, scope live.Scope, state, cursor string, limit int) (any, error) {
	page, err := p.database.Disputes(ctx, string(tenant), within(scope), state, cursor, limit)
	return page, edgeError(err)
}

func (p *past) Violations(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (any, error) {
	page, err := p.database.Violations(ctx, string(tenant), history.Scope{}, params, now)
	return page, edgeError(err)
}
