package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/cmd/floorlight/relay"
	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
)

// past answers the edge's questions from history, in the edge's words. What is
// in force now (names and profiles) it asks the hub, which needs no database.
type past struct {
	database *history.Database
	desks    *relay.Router
	refolds  *history.Recomputing
}

// edgeError turns history's errors into those that the edge knows.
func edgeError(err error) error {
	if behind, ok := errors.AsType[*history.BehindError](err); ok {
		return &live.Fault{Code: live.CodeUnavailable, Field: "as_of_seq", Detail: behind.Error()}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, history.ErrUnavailable):
		return fmt.Errorf("%w: %w", live.ErrUnavailable, err)
	case errors.Is(err, history.ErrVersion):
		return fmt.Errorf("%w: %w", live.ErrVersion, err)
	case errors.Is(err, history.ErrNotFound):
		return fmt.Errorf("%w: %w", live.ErrNotFound, err)
	case errors.Is(err, history.ErrUnknownTenant):
		return fmt.Errorf("%w: nothing is stored of this tenant", live.ErrNotFound)
	}
	return err
}

func (p *past) Conversations(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (any, error) {
	page, err := p.database.Conversations(ctx, string(tenant), history.Scope{}, params, now)
	return page, edgeError(err)
}

func (p *past) Conversation(ctx context.Context, tenant event.TenantID, id event.ConversationID, scope live.Scope) (any, error) {
	thread, err := p.database.Conversation(ctx, string(tenant), string(id), within(scope))
	return thread, edgeError(err)
}

func (p *past) Customer(ctx context.Context, tenant event.TenantID, id event.CustomerID, scope live.Scope) (any, error) {
	customer, err := p.database.Customer(ctx, string(tenant), string(id), within(scope))
	return customer, edgeError(err)
}

func (p *past) Explain(ctx context.Context, tenant event.TenantID, metric string, params url.Values, now time.Time) (any, error) {
	x, err := p.database.Explain(ctx, string(tenant), metric, history.Scope{}, params, now)
	return x, edgeError(err)
}

// within is the edge's scope in history's words. Lists and reports have it in
// their parameters.
func within(s live.Scope) history.Scope {
	out := history.Scope{Agent: string(s.Agent)}
	for _, c := range s.Channels {
		out.Channels = append(out.Channels, string(c))
	}
	for _, t := range s.Teams {
		out.Teams = append(out.Teams, string(t))
	}
	return out
}

func (p *past) Export(ctx context.Context, w io.Writer, e live.Export) error {
	to := history.Export{Format: history.Format(e.Format), Chinese: e.Chinese, Now: e.Now}
	one := to
	one.Scope = within(e.Scope) // of lists it stands in their parameters
	switch e.Report {
	case live.ExportMetrics:
		return edgeError(p.database.ExportMetrics(ctx, w, string(e.Tenant), e.Params, to))
	case live.ExportConversations:
		return edgeError(p.database.ExportConversations(ctx, w, string(e.Tenant), e.Params, to))
	case live.ExportViolations:
		return edgeError(p.database.ExportViolations(ctx, w, string(e.Tenant), e.Params, to))
	case live.ExportPerformance:
		return edgeError(p.database.ExportAgents(ctx, w, string(e.Tenant), e.Params, to))
	case live.ExportDirectory:
		return p.exportDirectory(ctx, w, &e, to)
	case live.ExportExplanation:
		return edgeError(p.database.ExportExplanation(ctx, w, string(e.Tenant), e.ID, e.Params, to))
	case live.ExportCatalogue:
		return edgeError(history.ExportCatalogue(w, e.Params, to))
	case live.ExportConversation:
		return edgeError(p.database.ExportThread(ctx, w, string(e.Tenant), e.ID, e.Params, one))
	case live.ExportCustomer:
		return edgeError(p.database.ExportCustomer(ctx, w, string(e.Tenant), e.ID, e.Params, one))
	}
	return fmt.Errorf("%w: no export of %s", live.ErrNotFound, e.Report)
}

func (p *past) Stored(ctx context.Context, tenant event.TenantID, c event.ConversationID, m event.MessageID) (raw []byte, seq uint64, found bool, err error) {
	raw, seq, found, err = p.database.EventAt(ctx, tenant, c, m)
	return raw, seq, found, edgeError(err)
}

func (p *past) Tenant(ctx context.Context, id event.TenantID) (live.Tenant, error) {
	name, profile, err := p.desks.Desk(ctx, id)
	return live.Tenant{ID: id, Name: name, Profile: profile}, err
}

func (p *past) Tenants(ctx context.Context) ([]live.Tenant, error) {
	return p.desks.Desks(ctx)
}

func (p *past) Profiles(ctx context.Context, id event.TenantID) ([]*metric.Profile, error) {
	all, err := p.database.Profiles(ctx, string(id))
	return all, edgeError(err)
}

// Compare holds the wallboard against the reports, at equal sequence.
func (p *past) Compare(ctx context.Context, tenant event.TenantID) (any, error) {
	found, err := p.desks.Ask(ctx, tenant, askCompare)
	if err != nil {
		return nil, err
	}
	return jsontext.Value(found), nil
}

func (p *past) Verify(ctx context.Context, tenant event.TenantID, from, to string, tell func(live.VerifyProgress)) (any, error) {
	first, err := metric.ParseDay(from)
	if err != nil {
		return nil, &metric.FieldError{Field: "from", Message: err.Error()}
	}
	last, err := metric.ParseDay(to)
	if err != nil {
		return nil, &metric.FieldError{Field: "to", Message: err.Error()}
	}
	report, err := p.database.Verify(ctx, tenant, first, last, func(p history.VerifyProgress) {
		tell(live.VerifyProgress{Phase: string(p.Phase), Done: p.Done, Total: p.Total})
	})
	if err != nil {
		return nil, edgeError(err)
	}
	v := newVerification(&report)
	return v, v.compareLive(ctx, p.desks, &report)
}

// soonDone is how long the answer to a change waits for a short past to be
// computed anew.
const soonDone = 2 * time.Second

// Refold computes a desk's numbers anew, in the background.
func (p *past) Refold(ctx context.Context, tenant event.TenantID) (any, error) {
	if _, err := p.refolds.Refold(ctx, tenant); err != nil {
		return nil, edgeError(err)
	}
	return p.soon(ctx, tenant)
}

// Configure puts a profile in force, after the past was computed anew for it.
func (p *past) Configure(ctx context.Context, tenant event.TenantID, c live.Configuration) (seq uint64, progress any, err error) {
	seq, begun, err := p.refolds.Configure(ctx, tenant, &history.Change{Preset: c.Preset, Settings: c.Settings, Name: c.Name, By: c.By, At: c.At})
	if err != nil || begun == nil {
		return seq, nil, edgeError(err)
	}
	progress, err = p.soon(ctx, tenant)
	return 0, progress, err
}

// Progress is how far a desk's recomputation is.
func (p *past) Progress(ctx context.Context, tenant event.TenantID) (any, error) {
	progress, err := p.refolds.Progress(ctx, tenant)
	return progress, edgeError(err)
}

// soon is how far a recomputation is after a moment.
func (p *past) soon(ctx context.Context, tenant event.TenantID) (any, error) {
	moment, cancel := context.WithTimeout(ctx, soonDone)
	defer cancel()
	p.refolds.Wait(moment, tenant)
	return p.Progress(ctx, tenant)
}
