package live

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// jsonFormat reads and writes JSON as everything else here does: bad UTF-8 and
// members that stand twice are refused.
var jsonFormat = huma.Format{
	Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) },
	Unmarshal: func(raw []byte, v any) error { return json.Unmarshal(raw, v) },
}

// describe registers the JSON endpoints with huma, and makes the document that
// describes all of them.
func (s *Server) describe(m guarded) error {
	config := huma.DefaultConfig("Floorlight", s.cfg.Version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	config.Info.Description = "Live operations for customer-service desks. Errors are RFC 9457 problem documents with a stable code."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
		"ticket": {Type: "apiKey", In: "query", Name: "ticket", Description: "One-time, from POST /v1/tickets."},
	}
	api := humago.New(m, config)
	s.describeCallers(api)
	s.describeReports(api)
	s.describePast(api)
	s.describeTenant(api)
	s.describeDirectory(api)
	s.describeBoards(api)
	s.describeThresholds(api)
	s.describeTokens(api)
	s.describeRules(api)
	s.describeBacktests(api)
	s.describeDisputes(api)
	s.describeRaw(api)
	describeLimits(api.OpenAPI())
	doc, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return fmt.Errorf("live: describe the API: %w", err)
	}
	s.openapi = doc
	return nil
}

func (s *Server) serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(s.openapi)
}

// register adds an operation whose route is in the table.
func register[I, O any](api huma.API, method, path, summary string, handle func(context.Context, *I) (*O, error)) {
	huma.Register(api, operation(method, path, summary), handle)
}

func operation(method, path, summary string) huma.Operation {
	row := routes[method+" "+path]
	op := huma.Operation{
		OperationID: operationID(method, path), Method: method, Path: path, Summary: summary, MaxBodyBytes: mostRequest,
		Errors: []int{http.StatusBadRequest, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
	if strings.Contains(path, "{") || slices.Contains(mayMiss, path) {
		op.Errors = append(op.Errors, http.StatusNotFound)
	}
	if method == http.MethodPut || method == http.MethodDelete {
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	if row.action != Public {
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
		op.Security = []map[string][]string{{"bearer": {}}}
		if row.tickets {
			op.Security = append(op.Security, map[string][]string{"ticket": {}})
		}
		op.Description = "For the roles " + strings.Join(rolesOf(row.action), ", ") + "."
	}
	return op
}

// mayMiss are the paths without an id of a thing that there may not be.
var mayMiss = []string{"/v1/refold", "/v1/verify", "/v1/disputes", "/v1/disputes/decide", "/v1/rules/backtests"}

// mostRequest bounds the bodies of small requests.
const mostRequest = 256 << 10

func operationID(method, path string) string {
	if path == "/metrics" {
		path = "/prometheus" // beside GET /v1/metrics
	}
	name := strings.NewReplacer("/v1/", "-", "/", "-", "{", "", "}", "", ".", "-").Replace(path)
	return strings.ToLower(method) + name
}

func rolesOf(a Action) []string {
	var names []string
	for _, role := range Roles {
		if role.may(a) {
			names = append(names, string(role))
		}
	}
	return names
}

// query is the parameters of a report as they came; the reports read them.
type query struct {
	values url.Values
}

// Resolve takes the parameters from the request, as huma asks for it.
func (q *query) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	q.values = u.Query()
	return nil
}

// body is an answer with a body.
type body[T any] struct {
	Body T
}

// stored is an answer that says where something is stored.
type stored struct {
	Seq       uint64 `json:"seq" doc:"The event's sequence in the stream."`
	Duplicate bool   `json:"duplicate,omitzero"`
}

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
	Expires  string            `json:"expires_at,omitempty"`
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
	Roles  []DemoRole     `json:"roles"`
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

// topicNames are those whose name is one word.
const topicNames = "wallboard, floor, agents, teams, channels, queue, conversations, disputes, notifications, inbox"

// pathDocs say what may stand in a path, by path and parameter.
var pathDocs = map[string]map[string]string{
	"/v1/live/{topic}":             {"topic": topicNames},
	"/v1/live/{topic}/events":      {"topic": topicNames},
	"/v1/live/{topic}/series":      {"topic": "wallboard"},
	"/v1/live/{topic}/{id}":        {"topic": "conversation", "id": "Whose messages; percent-encoded."},
	"/v1/live/{topic}/{id}/events": {"topic": "conversation", "id": "Whose messages; percent-encoded."},
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

// unlimited are asked about by whoever watches the server.
var unlimited = []string{"/healthz", "/readyz"}

// describeLimits says of every operation how it answers when too much is asked for.
func describeLimits(doc *huma.OpenAPI) {
	problem := doc.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete} {
			if op == nil || slices.Contains(unlimited, path) {
				continue
			}
			op.Responses["429"] = &huma.Response{
				Description: "Too much was asked for: with this token, of this desk or from this address.",
				Headers: map[string]*huma.Param{"Retry-After": {
					Description: "Seconds until it is worth another try.", Schema: &huma.Schema{Type: huma.TypeInteger},
				}},
				Content: map[string]*huma.MediaType{problemType: {Schema: problem}},
			}
		}
	}
}

// describeRaw adds what huma does not serve to the document.
func (s *Server) describeRaw(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	of := func(v any) *huma.Schema { return schemas.Schema(reflect.TypeOf(v), true, "") }
	add := func(method, path, summary, kind string, in, out *huma.Schema) {
		op := operation(method, path, summary)
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{kind: {Schema: out}}}}
		if method == http.MethodPost {
			op.Errors = append(op.Errors, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
		}
		for _, status := range op.Errors {
			if status == http.StatusTooManyRequests && slices.Contains(unlimited, path) {
				continue
			}
			op.Responses[itoa(status)] = &huma.Response{
				Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemType: {Schema: of(Problem{})}},
			}
		}
		if in != nil {
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: in}}}
			if path == "/v1/events" {
				op.RequestBody.Content = map[string]*huma.MediaType{
					typeEvent: {Schema: in}, typeBatch: {Schema: &huma.Schema{Type: huma.TypeArray, Items: in}},
				}
			}
		}
		for part := range strings.SplitSeq(path, "/") {
			if rest, ok := strings.CutPrefix(part, "{"); ok {
				name, _, _ := strings.Cut(rest, "}")
				op.Parameters = append(op.Parameters, &huma.Param{
					Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}, Description: pathDocs[path][name],
				})
			}
		}
		api.OpenAPI().AddOperation(&op)
	}
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	text := &huma.Schema{Type: huma.TypeString}
	add(http.MethodGet, "/v1/live", "A WebSocket with the subprotocol "+Subprotocol, "application/json", nil, object)
	add(http.MethodGet, "/v1/live/{topic}", "A topic's present state", "application/json", nil, object)
	add(http.MethodGet, "/v1/live/{topic}/events", "A topic as server-sent events", "text/event-stream", nil, text)
	add(http.MethodGet, "/v1/live/{topic}/{id}", "One conversation's messages and how it stands: conversation/{id}", "application/json", nil, object)
	add(http.MethodGet, "/v1/live/{topic}/{id}/events", "One conversation as server-sent events", "text/event-stream", nil, text)
	add(http.MethodGet, "/v1/live/{topic}/series", "Each minute's gauges of the last day", "application/json", nil, of(hub.Series{}))
	add(http.MethodPost, "/v1/messages", "The inline check", "application/json", of(CheckRequest{}), of(CheckReply{}))
	add(http.MethodPost, "/v1/events", "Events, one or a batch", "application/json", object, of(EventResults{}))
	for format, kind := range exportTypes {
		add(http.MethodGet, "/v1/metrics."+format, "Metrics as a file", kind, nil, text)
		add(http.MethodGet, "/v1/conversations."+format, "Conversations as a file", kind, nil, text)
		add(http.MethodGet, "/v1/violations."+format, "Blocked and flagged messages as a file", kind, nil, text)
		add(http.MethodGet, "/v1/agents/performance."+format, "The table of agents as a file", kind, nil, text)
		add(http.MethodGet, "/v1/directory."+format, "A desk's people as a file", kind, nil, text)
		add(http.MethodGet, "/v1/catalog."+format, "Every metric with its definition, as a file", kind, nil, text)
		add(http.MethodGet, "/v1/conversations/{id}."+format, "All that happened in one conversation, as a file", kind, nil, text)
		add(http.MethodGet, "/v1/customers/{id}."+format, "One customer's conversations as a file", kind, nil, text)
		add(http.MethodGet, "/v1/metrics/{id}/explain."+format, "What a number is made of, as a file", kind, nil, text)
	}
	add(http.MethodGet, "/healthz", "Whether the process answers", "application/json", nil, object)
	add(http.MethodGet, "/readyz", "Whether every part is ready", "application/json", nil, of(Readiness{}))
	add(http.MethodGet, "/metrics", "Prometheus", "text/plain", nil, text)
}
