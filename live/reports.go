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
	Metrics(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (metric.Answer, error)
	Conversations(ctx context.Context, tenant event.TenantID, params url.Values, now time.Time) (any, error)
	Conversation(ctx context.Context, tenant event.TenantID, id event.ConversationID, scope Scope) (any, error)
}

// Exports are the same as CSV, written as they are read.
type Exports interface {
	MetricsCSV(ctx context.Context, w io.Writer, tenant event.TenantID, params url.Values, now time.Time) error
	ConversationsCSV(ctx context.Context, w io.Writer, tenant event.TenantID, params url.Values, now time.Time) error
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

// export is a CSV of one of the reports.
func (s *Server) export(name string, write func(context.Context, io.Writer, event.TenantID, url.Values, time.Time) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := identityOf(r.Context())
		params, err := who.narrowed(r.URL.Query())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		out := &exportWriter{w: w, control: http.NewResponseController(w), name: name}
		switch err := write(r.Context(), out, who.Tenant, params, s.now()); {
		case err == nil:
			out.begin()
		case !out.begun:
			s.fail(w, r, err)
		default:
			// The status has gone out. A file that is cut off must not look whole.
			s.logged(faultOf(err))
			panic(http.ErrAbortHandler)
		}
	}
}

// exportWriter sends the headers with the first byte, so that an error before it
// is answered as one.
type exportWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	name    string
	begun   bool
}

func (e *exportWriter) begin() {
	if e.begun {
		return
	}
	e.begun = true
	h := e.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
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
