package live

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub/event"
)

// sumsQuery documents how sums are narrowed, beside a range's parameters.
type sumsQuery struct {
	rangeQuery

	Metric   string `query:"metric" doc:"Ids of the catalogue, by comma."`
	Tag      string `query:"tag" doc:"Tags by comma: conversations with any of them."`
	AIStatus string `query:"ai_status" doc:"open, resolved, routed, closed."`
	Reason   string `query:"reason" doc:"Reasons of ratings, for metrics that have them; so with the four below."`
	Category string `query:"category"`
	Tool     string `query:"tool"`
	Flow     string `query:"flow"`
	Rule     string `query:"rule"`
	Hour     string `query:"hour" doc:"00 to 23 of the local clock, by comma, for metrics that are kept by hour."`
	None     string `query:"none" doc:"channel, team, agent, intent, handling, tag, ai_status, by comma: lets through what has none, beside the values that are asked for, or alone."`
	AsOfSeq  string `query:"as_of_seq" doc:"A sequence that the answer must have come to: it waits up to 5 s, then it is 503."`
	Profile  string `query:"profile" doc:"Up to four profiles by comma, such as wecom@3,tiktok_shop@1: each answers with rows of its own over the same events. One is a preset and the version that the tenant was given, or a preset alone (version 0), bare and in the tenant's time zone. Those that are not in force are folded from the stored events, one question after the other (503 where too many wait) and of at most 1,000,000 events."`
}

type metricsQuery struct {
	sumsQuery

	By      string `query:"by" doc:"day, hour, channel, team, agent, intent, handling, tag, ai_status, and for some metrics reason, category, tool, flow, rule; several by comma."`
	Compare string `query:"compare" doc:"previous: the range of the same length just before."`
}

type performanceQuery struct {
	sumsQuery

	Q    string `query:"q" doc:"Within the agent's name or id."`
	Sort string `query:"sort" doc:"name, agent, pending_replies or a metric's id; - before it for the other direction. What has no value stands last."`
}

// writtenAnswer is an answer that comes written.
type writtenAnswer struct {
	Type string `header:"Content-Type"`
	Body []byte
}

type answering func(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (Answer, error)

// fromReports answers with a report.
func fromReports[Q interface{ parameters() url.Values }](s *Server, answer answering) func(context.Context, *Q) (*writtenAnswer, error) {
	return func(ctx context.Context, in *Q) (*writtenAnswer, error) {
		who := identityOf(ctx)
		params, err := who.narrowed((*in).parameters())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		written, err := answer(ctx, who.Tenant, params, s.now())
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &writtenAnswer{Type: "application/json", Body: written}, nil
	}
}

func (q query) parameters() url.Values { return q.values }

func (s *Server) describeMetrics(api huma.API) {
	add := func(path, summary string, schema *huma.Schema) huma.Operation {
		op := operation(http.MethodGet, path, summary)
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
		return op
	}
	huma.Register(api, add("/v1/metrics", "Metrics over a range of local days", metricsSchema()), fromReports[metricsQuery](s, s.cfg.Reports.Metrics))
	huma.Register(api, add("/v1/agents/performance", "The table of agents over a range of local days", performanceSchema()), fromReports[performanceQuery](s, s.cfg.Reports.AgentPerformance))
}

// answerSchema describes what every report says of itself, and its own members.
func answerSchema(more map[string]*huma.Schema) *huma.Schema {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	schema := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"from": text("First local day."), "to": text("Last local day."), "timezone": text(""), "profile": text("Name and version."),
		"unique": text("range or sum_daily."), "at": {Type: huma.TypeString, Format: "date-time"},
		"as_of_seq":    {Type: huma.TypeInteger, Description: "How far the stream has been read."},
		"fold_version": {Type: huma.TypeInteger, Description: "By which version of the fold the numbers were made: an older one after an update, until they have been computed anew."},
	}}
	maps.Copy(schema.Properties, more)
	return schema
}

func valuesSchema() *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

func metricsSchema() *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	return answerSchema(map[string]*huma.Schema{
		"profiles": {
			Type: huma.TypeArray, Description: "Of the parameter profile, in its order; from, to, timezone and unique are the first's, and profile has all labels by comma.",
			Items: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"profile": text, "timezone": text, "unique": text, "percent_decimals": {Type: huma.TypeInteger}}},
		},
		"rows": {Type: huma.TypeArray, Items: &huma.Schema{
			Type: huma.TypeObject, Description: "A member for each dimension, profile if profiles were asked for, and values by metric: value, num, den, previous.",
			Properties: map[string]*huma.Schema{"profile": text, "values": valuesSchema()}, AdditionalProperties: true,
		}},
	})
}

func performanceSchema() *huma.Schema {
	text, count := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeInteger}
	return answerSchema(map[string]*huma.Schema{
		"team_average": {Type: huma.TypeObject, Description: "Unweighted: each of the agents with data counts once.", Properties: map[string]*huma.Schema{"agents": count, "values": valuesSchema()}},
		"weighted":     {Type: huma.TypeObject, Description: "Rates, means and percentiles over all agents together.", Properties: map[string]*huma.Schema{"values": valuesSchema()}},
		"profiles":     {Type: huma.TypeArray, Description: "Of the parameter profile, in its order, each with a team_average and a weighted of its own; what stands beside is the first's. Rows have their profile.", Items: valuesSchema()},
		"rows": {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"agent": text, "name": text, "department": text, "teams": {Type: huma.TypeArray, Items: text}, "status": text,
			"disabled": {Type: huma.TypeBoolean}, "pending_replies": count, "values": valuesSchema(),
		}}},
	})
}
