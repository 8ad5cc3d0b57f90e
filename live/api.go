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

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub"
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
