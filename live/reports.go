package live

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Reports is what was. Parameters are those of the URL, with the token's scope
// put in. A *metric.FieldError names a faulty parameter; an error that wraps
// ErrUnavailable says that nobody can answer now, one that wraps ErrNotFound that there is
// no such conversation in the scope.
type Reports interface {
	Metrics(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (Answer, error)
	AgentPerformance(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (Answer, error)
	Conversations(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (any, error)
	Conversation(ctx context.Context, tenant event.TenantID, id event.ConversationID, scope Scope) (any, error)
	Violations(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (any, error)
	Customer(ctx context.Context, tenant event.TenantID, id event.CustomerID, scope Scope) (any, error)
	Explain(ctx context.Context, tenant event.TenantID, metric string, params url.Values, now time.Time) (any, error)
}

// Answer is a report as JSON, written by whoever has the rows: a report may
// have a hundred thousand of them.
type Answer []byte

// ExportedReport is a report or a list that can be had as a file.
type ExportedReport string

// What can be exported.
const (
	ExportMetrics       ExportedReport = "metrics"
	ExportConversations ExportedReport = "conversations"
	ExportViolations    ExportedReport = "violations"
	ExportPerformance   ExportedReport = "agents-performance"
	ExportExplanation   ExportedReport = "explain"
	ExportDirectory     ExportedReport = "directory"
	ExportCatalogue     ExportedReport = "catalog"
	ExportConversation  ExportedReport = "conversation"
	ExportCustomer      ExportedReport = "customer"
)

// Export is a file that is asked for.
type Export struct {
	Report  ExportedReport
	ID      string // the metric of an explanation, one conversation, one customer
	Format  string // csv, xlsx
	Tenant  event.TenantID
	Params  url.Values // with the token's scope put in, where they narrow a list
	Scope   Scope      // for what is one by its id
	Chinese bool       // headers; the parameter lang holds over it
	Now     time.Time
}

// Exports writes reports and lists to files as they are read. An error before
// the first byte is answered as one.
type Exports interface {
	Export(ctx context.Context, w io.Writer, e Export) error
}

// narrowed puts the token's scope into a report's parameters.
func (id *Identity) narrowed(params url.Values) (url.Values, error) {
	scope := id.scope()
	var agents []event.AgentID
	if scope.Agent != "" {
		agents = []event.AgentID{scope.Agent}
	}
	out := maps.Clone(params)
	if out == nil {
		out = url.Values{}
	}
	for _, field := range lists(params["none"]) { // what is nobody's is in no scope
		if field == "channel" && len(scope.Channels) > 0 || field == "team" && len(scope.Teams) > 0 || field == "agent" && scope.Agent != "" {
			return nil, &Fault{Code: CodeForbidden, Field: "none", Detail: "what has no " + field + " is outside this token's scope"}
		}
	}
	for _, part := range []func() error{
		func() error { return narrow(out, "channel", scope.Channels) },
		func() error { return narrow(out, "team", scope.Teams) },
		func() error { return narrow(out, "agent", agents) },
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func narrow[S ~string](params url.Values, field string, scope []S) error {
	if len(scope) == 0 {
		return nil
	}
	asked, err := idsOf[S](field, lists(params[field]))
	if err != nil {
		return err
	}
	both, err := meet(asked, scope, field)
	if err != nil {
		return err
	}
	params[field] = nil
	for _, s := range both {
		// The reports take their lists apart at commas: such an id would become others.
		if list := splitList(string(s)); len(list) != 1 || list[0] != string(s) {
			return &Fault{Code: CodeForbidden, Field: field, Detail: "an id with a comma cannot be a scope"}
		}
		params[field] = append(params[field], string(s))
	}
	return nil
}

// exportTypes are the media types of the formats.
var exportTypes = map[string]string{
	"csv":  "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// export is a file of one of the reports, named after what it holds and its range.
func (s *Server) export(report ExportedReport, format string) http.HandlerFunc {
	return s.exportOr(report, format, func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, err) })
}

// exportOr is export with another answer to what cannot be written.
func (s *Server) exportOr(report ExportedReport, format string, refuse func(http.ResponseWriter, *http.Request, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := identityOf(r.Context())
		e := Export{
			Report: report, ID: r.PathValue("id"), Format: format, Tenant: who.Tenant, Params: r.URL.Query(), Scope: who.scope(),
			Chinese: languageOf(r.Context()) == "zh", Now: s.now(),
		}
		if report.narrows() {
			var err error
			if e.Params, err = who.narrowed(e.Params); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		out := &exportWriter{w: w, control: http.NewResponseController(w), kind: exportTypes[format], name: e.fileName()}
		switch err := s.cfg.Exports.Export(r.Context(), out, e); {
		case err == nil:
			out.begin()
		case !out.begun:
			refuse(w, r, err)
		default:
			// The status has gone out. A file that is cut off must not look whole.
			s.logged(faultOf(err))
			panic(http.ErrAbortHandler)
		}
	}
}

// narrows reports whether parameters choose what the file holds.
func (e ExportedReport) narrows() bool {
	switch e {
	case ExportCatalogue, ExportConversation, ExportCustomer:
		return false
	case ExportMetrics, ExportConversations, ExportViolations, ExportPerformance, ExportExplanation, ExportDirectory:
	}
	return true
}

// singles are the routes of one thing by its id, which can be had as files, too: the
// address's ending says so.
var singles = map[string]ExportedReport{
	"GET /v1/conversations/{id}": ExportConversation,
	"GET /v1/customers/{id}":     ExportCustomer,
}

// byEnding answers {id}.csv and {id}.xlsx with a file and {id} as h does. An id may
// end so itself: with its point written %2E it is no ending, and without a thing
// that the file could be of, it is taken as it stands.
func (s *Server) byEnding(pattern string, report ExportedReport, h http.HandlerFunc) http.HandlerFunc {
	plain := s.guard(routes[pattern], h)
	files := make(map[string]http.HandlerFunc, len(exportTypes))
	for format := range exportTypes {
		file := s.exportOr(report, format, func(w http.ResponseWriter, r *http.Request, err error) {
			if faultOf(err).Code != CodeNotFound {
				s.fail(w, r, err)
				return
			}
			r.SetPathValue("id", r.PathValue("id")+"."+format)
			h(w, r)
		})
		files[format] = s.guard(routes[pattern+"."+format], file)
		s.patterns = append(s.patterns, pattern+"."+format)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		for format, file := range files {
			id, ends := strings.CutSuffix(r.PathValue("id"), "."+format)
			if ends && id != "" && strings.HasSuffix(r.URL.EscapedPath(), "."+format) {
				r.SetPathValue("id", id)
				file(w, r)
				return
			}
		}
		plain(w, r)
	}
}

// fileName names what the file holds. An id that somebody made up is not repeated.
func (e *Export) fileName() string {
	name := string(e.Report)
	if _, known := metric.Lookup(e.ID); known && e.Report == ExportExplanation {
		name = e.ID + "-" + name
	}
	for _, bound := range []string{"from", "to"} {
		if day, err := metric.ParseDay(e.Params.Get(bound)); err == nil {
			name += "-" + day.String()
		}
	}
	return name + "." + e.Format
}

// exportWriter sends the headers with the first byte, so that an error before it
// is answered as one.
type exportWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	kind    string
	name    string
	begun   bool
}

func (e *exportWriter) begin() {
	if e.begun {
		return
	}
	e.begun = true
	h := e.w.Header()
	h.Set("Content-Type", e.kind)
	h.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(e.name, `"`, "")+`"`)
	h.Set("Cache-Control", "no-store")
}

// Write sends a part of the file; each has a deadline of its own.
func (e *exportWriter) Write(b []byte) (int, error) {
	e.begin()
	if err := e.control.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return 0, err
	}
	return e.w.Write(b)
}
