package live

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// me is who the token is.
type me struct {
	Tenant   event.TenantID    `json:"tenant"`
	Name     string            `json:"name" doc:"The tenant's name, or its id."`
	Role     Role              `json:"role"`
	User     string            `json:"user"`
	Agent    event.AgentID     `json:"agent,omitempty"`
	Teams    []event.TeamID    `json:"teams"`
	Channels []event.ChannelID `json:"channels"`
	Token    TokenID           `json:"token"`
	Expires  string            `json:"expires_at,omitempty" doc:"Absent: when it is revoked."`
	Past     *float64          `json:"past,omitempty" minimum:"0" maximum:"1" doc:"How much of a demo's past has been made up; absent once it is whole, and on a server that is no demo. Until then numbers are small and nothing is compared with it; GET /v1/demo/roles follows it."`
}

// ticket is a one-time ticket.
type ticket struct {
	Ticket  string `json:"ticket"`
	Expires string `json:"expires_at"`
}

// catalogueEntry is a metric as people are told of it.
type catalogueEntry struct {
	ID         string             `json:"id"`
	Name       event.Text         `json:"name"`
	Formula    event.Text         `json:"formula"`
	Unit       metric.Unit        `json:"unit"`
	Better     metric.Better      `json:"better"`
	Live       bool               `json:"live"`
	PerAgent   bool               `json:"per_agent"`
	AgentsOnly bool               `json:"agents_only"`
	Dimensions []metric.Dimension `json:"dimensions"`
	Serves     string             `json:"serves,omitempty"`
}

type catalogue struct {
	Metrics []catalogueEntry `json:"metrics"`
}

// DemoTenant is a desk of a demo and the roles in it that visitors may take.
type DemoTenant struct {
	Tenant event.TenantID `json:"tenant"`
	Name   string         `json:"name"`
	// Profile is the preset that the desk works by.
	Profile string     `json:"profile,omitempty"`
	Roles   []DemoRole `json:"roles"`
}

// DemoRole is a role, and a token to take it.
type DemoRole struct {
	Role  Role          `json:"role"`
	Token string        `json:"token"`
	Agent event.AgentID `json:"agent,omitempty"`
}

// Demo is what a demo offers, and how far it has come.
type Demo struct {
	Tenants []DemoTenant `json:"tenants"`
	// Past is how much of the desks' past has been made up, 0 to 1.
	Past float64 `json:"past"`
}

func (s *Server) describeCallers(api huma.API) {
	register(api, http.MethodGet, "/v1/me", "Who the token is", func(ctx context.Context, _ *struct{}) (*body[me], error) {
		who := identityOf(ctx)
		m := me{
			Tenant: who.Tenant, Name: string(who.Tenant), Role: who.Role, User: who.User, Agent: who.Agent,
			Teams: who.Teams, Channels: who.Channels, Token: who.ID,
		}
		if who.Tenant != "" {
			// Without an answer the id will do: this must work while others are down.
			if t, err := s.cfg.Tenants.Tenant(ctx, who.Tenant); err == nil && t.Name != "" {
				m.Name = t.Name
			}
		}
		if s.cfg.Made != nil {
			if made := s.cfg.Made(); made < 1 {
				m.Past = &made
			}
		}
		if !who.Expires.IsZero() {
			m.Expires = who.Expires.UTC().Format(timeFormat)
		}
		return &body[me]{m}, nil
	})
	register(api, http.MethodPost, "/v1/tickets", "A one-time ticket for a socket", func(ctx context.Context, _ *struct{}) (*body[ticket], error) {
		text, expires, err := newTicket(s.secret, &identityOf(ctx).Claims, s.now())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[ticket]{ticket{Ticket: text, Expires: expires.Format(timeFormat)}}, nil
	})
	register(api, http.MethodGet, "/v1/catalog", "Every metric, with its definition", func(context.Context, *struct{}) (*body[catalogue], error) {
		c := catalogue{Metrics: []catalogueEntry{}}
		for _, m := range metric.Catalogue() {
			c.Metrics = append(c.Metrics, catalogueEntry{
				ID: m.ID, Name: m.Name, Formula: m.Formula, Unit: m.Unit, Better: m.Better, Live: m.Live,
				PerAgent: m.PerAgent, AgentsOnly: m.AgentsOnly, Dimensions: m.Dimensions(), Serves: m.Serves,
			})
		}
		return &body[catalogue]{c}, nil
	})
	type items struct {
		Body struct {
			Items []string `json:"items" minItems:"1" maxItems:"1024"`
		}
	}
	register(api, http.MethodPost, "/v1/notifications/ack", "Notifications that will not be sent again", func(ctx context.Context, in *items) (*struct{}, error) {
		if err := s.acknowledge(ctx, identityOf(ctx), in.Body.Items); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return nil, nil
	})
	if s.cfg.Demo != nil {
		register(api, http.MethodGet, "/v1/demo/roles", "The roles of a demo", func(context.Context, *struct{}) (*body[Demo], error) {
			return &body[Demo]{s.cfg.Demo()}, nil
		})
	}
}
