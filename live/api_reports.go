package live

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub/event"
)

// rangeQuery documents what metrics and conversations have in common.
type rangeQuery struct {
	query

	From     string `query:"from" doc:"First local day, inclusive."`
	To       string `query:"to" doc:"Last local day, inclusive."`
	Channel  string `query:"channel" doc:"Ids by comma."`
	Team     string `query:"team" doc:"Ids by comma."`
	Agent    string `query:"agent" doc:"Ids by comma."`
	Intent   string `query:"intent" doc:"pre_purchase, aftersales, logistics, other."`
	Handling string `query:"handling" doc:"bot_only, human_only, bot_to_human, unhandled, human."`
}

type conversationsQuery struct {
	rangeQuery

	Q            string `query:"q" doc:"Words of messages, names, addresses and ids, each by its beginning; in quotes: together."`
	Name         string `query:"name" doc:"Words of the customer's name or address."`
	Customer     string `query:"customer" doc:"Ids by comma."`
	Conversation string `query:"conversation" doc:"Ids by comma."`
	Message      string `query:"message" doc:"Ids by comma, with conversation or customer: those of them that have one."`
	State        string `query:"state" doc:"queued, bot, human, open, closed."`
	Rating       string `query:"rating" doc:"1 to 5."`
	Negative     string `query:"negative" doc:"true or false; 3 stars are negative where the profile says so."`
	Reason       string `query:"reason" doc:"Reasons of ratings, by comma."`
	Risky        string `query:"risky" doc:"true or false."`
	AIStatus     string `query:"ai_status" doc:"open, resolved, routed, closed."`
	Tag          string `query:"tag" doc:"Tags by comma: conversations with any of them."`
	Friend       string `query:"friend" doc:"true or false."`
	Hour         string `query:"hour" doc:"Hours of the local clock by comma, 0 to 23, in which the conversation began."`
	Weekday      string `query:"weekday" doc:"Days of the week by comma, 1 (Monday) to 7, on which it began."`
	Category     string `query:"category" doc:"Of blocked or flagged messages."`
	Rule         string `query:"rule" doc:"Of blocked or flagged messages."`
	Sort         string `query:"sort" doc:"-started_at (the default), started_at, -updated_at, updated_at."`
	Cursor       string `query:"cursor" doc:"From the page before."`
	Limit        string `query:"limit" doc:"At most 500."`
}

type violationsQuery struct {
	rangeQuery

	Severity string `query:"severity" doc:"block, flag."`
	Category string `query:"category" doc:"By comma."`
	Rule     string `query:"rule" doc:"Ids by comma."`
	Cursor   string `query:"cursor" doc:"From the page before."`
	Limit    string `query:"limit" doc:"At most 500."`
}

type explainQuery struct {
	sumsQuery

	ID     string `path:"id" doc:"Of the catalogue."`
	Side   string `query:"side" doc:"num (the default) or den."`
	Cursor string `query:"cursor" doc:"From the page before."`
	Limit  string `query:"limit" doc:"At most 500."`
}

func (s *Server) describeReports(api huma.API) {
	s.describeMetrics(api)
	register(api, http.MethodGet, "/v1/conversations", "Conversations, newest first", fromList[conversationsQuery](s, s.cfg.Reports.Conversations))
	register(api, http.MethodGet, "/v1/violations", "Messages that rules blocked or flagged, newest first", fromList[violationsQuery](s, s.cfg.Reports.Violations))
	type named struct {
		ID string `path:"id"`
	}
	register(api, http.MethodGet, "/v1/conversations/{id}", "One conversation with its messages", func(ctx context.Context, in *named) (*body[any], error) {
		who := identityOf(ctx)
		if len(in.ID) > event.MaxID {
			return nil, s.refuse(ctx, ErrNotFound)
		}
		one, err := s.cfg.Reports.Conversation(ctx, who.Tenant, event.ConversationID(in.ID), who.scope())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[any]{one}, nil
	})
}

// fromList answers with a page of a list.
func fromList[Q interface{ parameters() url.Values }](s *Server, ask func(context.Context, event.TenantID, url.Values, time.Time) (any, error)) func(context.Context, *Q) (*body[any], error) {
	return func(ctx context.Context, in *Q) (*body[any], error) {
		who := identityOf(ctx)
		params, err := who.narrowed((*in).parameters())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		page, err := ask(ctx, who.Tenant, params, s.now())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[any]{page}, nil
	}
}

// describePast adds what the reports' numbers and lists lead to.
func (s *Server) describePast(api huma.API) {
	type named struct {
		ID string `path:"id"`
	}
	register(api, http.MethodGet, "/v1/customers/{id}", "One customer with his conversations and orders", func(ctx context.Context, in *named) (*body[any], error) {
		who := identityOf(ctx)
		if len(in.ID) > event.MaxID {
			return nil, s.refuse(ctx, ErrNotFound)
		}
		one, err := s.cfg.Reports.Customer(ctx, who.Tenant, event.CustomerID(in.ID), who.scope())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[any]{one}, nil
	})
	register(api, http.MethodGet, "/v1/metrics/{id}/explain", "What a number is made of: its formula, and pages of what counted", func(ctx context.Context, in *explainQuery) (*body[any], error) {
		who := identityOf(ctx)
		params, err := who.narrowed(in.values)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		x, err := s.cfg.Reports.Explain(ctx, who.Tenant, in.ID, params, s.now())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[any]{x}, nil
	})
}
