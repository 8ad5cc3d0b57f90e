package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"
)

// access is who may use a route.
type access struct {
	action  Action
	tickets bool // a one-time ticket in the URL will do
	streams bool // it has no deadline of its own
	cost    cost
}

// cost is which limits a route meets besides those of every request.
type cost uint8

const (
	costNone    cost = iota
	costOpening      // a connection that stays, or a ticket for one
	costReport       // it may take long and read much
	costExport       // a file of any length
)

// routes is every route and what it is for. One that is not listed cannot be registered.
var routes = map[string]access{
	"GET /healthz":      {action: Public},
	"GET /readyz":       {action: Public},
	"GET /metrics":      {action: Public},
	"GET /openapi.json": {action: Public},

	"GET /v1/demo/roles": {action: Public},
	"GET /v1/me":         {action: Self},
	"GET /v1/catalog":    {action: Self},

	"GET /v1/catalog.csv":  {action: Self, streams: true, cost: costExport},
	"GET /v1/catalog.xlsx": {action: Self, streams: true, cost: costExport},

	"POST /v1/tickets": {action: Self, cost: costOpening},

	"GET /v1/live":                {action: Self, tickets: true, streams: true, cost: costOpening}, // what a socket may do, each op says
	"GET /v1/live/{topic}":        {action: Follow},
	"GET /v1/live/{topic}/events": {action: Follow, tickets: true, streams: true, cost: costOpening},
	"GET /v1/live/{topic}/series": {action: Follow},
	// conversation/{id}: the id is a segment of its own.
	"GET /v1/live/{topic}/{id}":        {action: Follow},
	"GET /v1/live/{topic}/{id}/events": {action: Follow, tickets: true, streams: true, cost: costOpening},

	"POST /v1/notifications/ack": {action: Ack},
	"POST /v1/messages":          {action: Check},
	"POST /v1/events":            {action: Publish},

	"GET /v1/metrics":                   {action: Report, cost: costReport},
	"GET /v1/agents/performance":        {action: Report, cost: costReport},
	"GET /v1/metrics.csv":               {action: Report, streams: true, cost: costExport},
	"GET /v1/conversations":             {action: Report, cost: costReport},
	"GET /v1/conversations.csv":         {action: Report, streams: true, cost: costExport},
	"GET /v1/metrics.xlsx":              {action: Report, streams: true, cost: costExport},
	"GET /v1/metrics/{id}/explain":      {action: Report, cost: costReport},
	"GET /v1/metrics/{id}/explain.csv":  {action: Report, streams: true, cost: costExport},
	"GET /v1/metrics/{id}/explain.xlsx": {action: Report, streams: true, cost: costExport},
	"GET /v1/agents/performance.csv":    {action: Report, streams: true, cost: costExport},
	"GET /v1/agents/performance.xlsx":   {action: Report, streams: true, cost: costExport},
	"GET /v1/customers/{id}":            {action: Report, cost: costReport},
	"GET /v1/conversations.xlsx":        {action: Report, streams: true, cost: costExport},
	"GET /v1/conversations/{id}":        {action: Report, cost: costReport},
	"GET /v1/conversations/{id}.csv":    {action: Report, streams: true, cost: costExport},
	"GET /v1/conversations/{id}.xlsx":   {action: Report, streams: true, cost: costExport},
	"GET /v1/customers/{id}.csv":        {action: Report, streams: true, cost: costExport},
	"GET /v1/customers/{id}.xlsx":       {action: Report, streams: true, cost: costExport},
	"GET /v1/violations":                {action: Report, cost: costReport},
	"GET /v1/violations.csv":            {action: Report, streams: true, cost: costExport},
	"GET /v1/violations.xlsx":           {action: Report, streams: true, cost: costExport},

	"GET /v1/directory":      {action: Profile},
	"GET /v1/directory.csv":  {action: Report, streams: true, cost: costExport},
	"GET /v1/directory.xlsx": {action: Report, streams: true, cost: costExport},
	"GET /v1/boards":         {action: Look},
	"GET /v1/boards/{id}":    {action: Look},
	"PUT /v1/boards/{id}":    {action: Arrange},
	"DELETE /v1/boards/{id}": {action: Arrange},
	"GET /v1/thresholds":     {action: Look},
	"PUT /v1/thresholds":     {action: Arrange},
	"POST /v1/kiosks":        {action: Arrange},

	"GET /v1/rules":                    {action: Judge},
	"PUT /v1/rules":                    {action: Admin},
	"GET /v1/rules/draft":              {action: Judge},
	"PUT /v1/rules/draft":              {action: Admin},
	"GET /v1/rules/versions":           {action: Judge},
	"GET /v1/rules/versions/{version}": {action: Judge},
	"PUT /v1/rules/{id}":               {action: Admin},
	"DELETE /v1/rules/{id}":            {action: Admin},
	"POST /v1/rules/try":               {action: Judge, cost: costReport},
	"POST /v1/rules/backtests":         {action: Judge, cost: costReport},
	"GET /v1/rules/backtests":          {action: Judge},
	"GET /v1/rules/backtests/{id}":     {action: Judge},
	"DELETE /v1/rules/backtests/{id}":  {action: Judge},
	"POST /v1/disputes":                {action: Send},
	"GET /v1/disputes":                 {action: Judge},
	"POST /v1/disputes/decide":         {action: Judge},

	"GET /v1/refused":              {action: Refusals},
	"POST /v1/refused/{seq}/again": {action: Refused},
	"GET /v1/tenant":               {action: Profile},
	"PUT /v1/tenant":               {action: Admin},
	"GET /v1/profiles":             {action: Profile},
	"GET /v1/tokens":               {action: Arrange},
	"DELETE /v1/tokens/{id}":       {action: Arrange}, // which ones, the role says
	"POST /v1/verify":              {action: Admin, streams: true, cost: costReport},
	"POST /v1/refold":              {action: Admin, cost: costReport},
	"GET /v1/refold":               {action: Follow}, // who reads numbers sees why they may change
	"GET /v1/tenants":              {action: Operate},
}

const (
	headerWait  = 10 * time.Second // for a request's headers
	requestWait = 30 * time.Second // for a request to come whole
	answerWait  = time.Minute      // for its answer to be taken
)

// route registers everything and makes the handler.
func (s *Server) route() error {
	s.mux = http.NewServeMux()
	m := guarded{s}
	m.HandleFunc("GET /healthz", s.serveHealthy)
	m.HandleFunc("GET /readyz", s.serveReady)
	m.HandleFunc("GET /metrics", promhttp.HandlerFor(s.cfg.Registry, promhttp.HandlerOpts{}).ServeHTTP)
	m.HandleFunc("GET /openapi.json", s.serveOpenAPI)
	m.HandleFunc("GET /v1/live", s.serveSocket)
	m.HandleFunc("GET /v1/live/{topic}", s.serveSnapshot)
	m.HandleFunc("GET /v1/live/{topic}/events", s.serveEvents)
	m.HandleFunc("GET /v1/live/{topic}/series", s.serveSeries)
	m.HandleFunc("GET /v1/live/{topic}/{id}", s.serveSnapshot)
	m.HandleFunc("GET /v1/live/{topic}/{id}/events", s.serveEvents)
	m.HandleFunc("POST /v1/messages", s.serveCheck)
	m.HandleFunc("POST /v1/events", s.serveIngest)
	for format := range exportTypes {
		m.HandleFunc("GET /v1/metrics."+format, s.export(ExportMetrics, format))
		m.HandleFunc("GET /v1/conversations."+format, s.export(ExportConversations, format))
		m.HandleFunc("GET /v1/violations."+format, s.export(ExportViolations, format))
		m.HandleFunc("GET /v1/agents/performance."+format, s.export(ExportPerformance, format))
		m.HandleFunc("GET /v1/directory."+format, s.export(ExportDirectory, format))
		m.HandleFunc("GET /v1/catalog."+format, s.export(ExportCatalogue, format))
		m.HandleFunc("GET /v1/metrics/{id}/explain."+format, s.export(ExportExplanation, format))
	}
	if err := s.describe(m); err != nil {
		return err
	}
	s.mux.HandleFunc("/v1/", s.serveNothing)
	if s.cfg.Pages != nil {
		s.mux.Handle("/", s.cfg.Pages)
	}
	s.handler = http.HandlerFunc(s.enter)
	return nil
}

// guarded is the mux behind the table of routes.
type guarded struct{ s *Server }

// HandleFunc registers a route of the table.
func (g guarded) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	row, listed := routes[pattern]
	if !listed {
		panic(fmt.Sprintf("live: the route %q is not in the table", pattern))
	}
	g.s.patterns = append(g.s.patterns, pattern)
	if report, single := singles[pattern]; single {
		g.s.mux.HandleFunc(pattern, g.s.byEnding(pattern, report, h))
		return
	}
	g.s.mux.HandleFunc(pattern, g.s.guard(row, h))
}

// ServeHTTP is there because huma's adapter asks for it.
func (g guarded) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.s.mux.ServeHTTP(w, r) }

// guard lets those through who may use the route.
func (s *Server) guard(row access, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := cleanRequest(r); err != nil {
			s.fail(w, r, err)
			return
		}
		ctx := context.WithValue(r.Context(), languageKey{}, language(r))
		if row.action != Public {
			who, err := s.admit(r, row)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			ctx = context.WithValue(ctx, identityKey{}, who)
			if row.cost == costReport || row.cost == costExport {
				done, err := s.limits.report(ctx, who, row.cost)
				if err != nil {
					s.fail(w, r, err)
					return
				}
				defer done()
			}
		}
		if row.streams {
			control := http.NewResponseController(w)
			_ = control.SetReadDeadline(time.Time{})  // not every writer has deadlines.
			_ = control.SetWriteDeadline(time.Time{}) // each write has its own.
		}
		h(w, r.WithContext(ctx))
	}
}

// admit says who may use the route now.
func (s *Server) admit(r *http.Request, row access) (*Identity, error) {
	if row.cost == costOpening && r.Method == http.MethodHead {
		return nil, fault(CodeMethod, "what stays open has no head") // it would, unread
	}
	from := s.origins.client(r)
	who, err := s.authenticate(r, row.tickets)
	if err != nil {
		if r.Header.Get("Authorization") == "" && !r.URL.Query().Has("ticket") {
			return nil, err // nothing was tried
		}
		return nil, s.limits.failed(from, err)
	}
	if !who.may(row.action) {
		return nil, fault(CodeForbidden, "the role "+string(who.Role)+" may not")
	}
	if err := s.limits.caller(who); err != nil {
		return nil, err
	}
	if row.cost == costOpening {
		return who, s.limits.open(from, who)
	}
	return who, nil
}

// once are parameters that say one thing, wherever they are taken. Others are lists.
var once = []string{"from", "to", "compare", "as_of_seq", "sort", "limit", "cursor", "q", "name", "side", "minutes", "lang"}

// cleanRequest refuses what PostgreSQL would stumble over later, and what would be
// passed over.
func cleanRequest(r *http.Request) error {
	if !cleanText(r.URL.Path) {
		return &Fault{Code: CodeInvalid, Detail: "the path must be UTF-8 without U+0000"}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // who goes on without what could not be read answers another question
		return &Fault{Code: CodeInvalid, Detail: "the parameters cannot be read: name=value with & between them, and % before two hexadecimal digits"}
	}
	for name, values := range query {
		if len(values) > 1 && slices.Contains(once, name) {
			return &Fault{Code: CodeInvalid, Field: name, Detail: fmt.Sprintf("is given %d times; at most once", len(values))}
		}
		if !cleanText(name) {
			return &Fault{Code: CodeInvalid, Detail: "parameters must be UTF-8 without U+0000"}
		}
		for _, v := range values {
			if !cleanText(v) {
				return &Fault{Code: CodeInvalid, Field: clipped(name), Detail: "must be UTF-8 without U+0000"}
			}
		}
	}
	return nil
}

type languageKey struct{}

func languageOf(ctx context.Context) string {
	lang, _ := ctx.Value(languageKey{}).(string)
	return lang
}

// SetHeaders sets what every answer tells browsers.
func SetHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-site")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	// For whatever is no page; the pages bring their own.
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// enter is the first to see a request: headers, origins, counting.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	SetHeaders(w, r)
	h := w.Header()
	out := &recorder{ResponseWriter: w}
	defer func() {
		pattern := r.Pattern
		if pattern == "" || pattern == "/v1/" {
			pattern = "other"
		}
		s.metrics.answered(pattern, methodLabel(r.Method), out.status())
	}()
	if !s.origins.known(r) {
		s.fail(out, r, fault(CodeForbiddenHost, ""))
		return
	}
	if !slices.Contains(unlimited, r.URL.Path) {
		if err := s.limits.address(s.origins.client(r)); err != nil {
			s.fail(out, r, err)
			return
		}
	}
	foreign, ok := s.origins.check(r)
	if !ok {
		s.fail(out, r, fault(CodeForbiddenOrigin, ""))
		return
	}
	h.Add("Vary", "Origin")
	if foreign != "" {
		h.Set("Access-Control-Allow-Origin", foreign)
		h.Set("Access-Control-Expose-Headers", "Retry-After, Content-Disposition")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, Last-Event-ID, Accept-Language")
			h.Set("Access-Control-Max-Age", "600")
			out.WriteHeader(http.StatusNoContent)
			return
		}
	}
	s.mux.ServeHTTP(out, r)
}

// methodLabel keeps made-up methods out of the metrics.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// serveNothing answers below /v1/ where there is no route.
func (s *Server) serveNothing(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/v1/" {
			methods = append(methods, method)
		}
	}
	if len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		s.fail(w, r, fault(CodeMethod, "there is "+strings.Join(methods, ", ")))
		return
	}
	s.fail(w, r, fault(CodeNotFound, ""))
}

// fail answers with a problem document.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := faultOf(err)
	s.logged(f)
	f.problem(language(r)).write(w)
}

// refuse is fail for what huma answers.
func (s *Server) refuse(ctx context.Context, err error) error {
	f := faultOf(err)
	s.logged(f)
	return f.problem(languageOf(ctx))
}

// faultLogger writes as log does; of warnings, which every request meets alike while
// the stream is full or the database away, ten in ten seconds.
func faultLogger(log zerolog.Logger) zerolog.Logger {
	return log.Sample(zerolog.LevelSampler{WarnSampler: &zerolog.BurstSampler{Burst: 10, Period: 10 * time.Second}})
}

// logged writes down what went wrong inside, once, at the edge.
func (s *Server) logged(f *Fault) { logFault(s.faults, f) }

func logFault(log zerolog.Logger, f *Fault) {
	switch {
	case f.Err == nil || errors.Is(f.Err, context.Canceled):
	case f.kind().status == http.StatusServiceUnavailable:
		log.Warn().Err(f.Err).Str("code", string(f.Code)).Msg("a request was refused for now")
	case f.kind().status >= http.StatusInternalServerError:
		log.Error().Err(f.Err).Str("code", string(f.Code)).Msg("a request failed")
	}
}

// recorder remembers the status for the metrics.
type recorder struct {
	http.ResponseWriter

	code int
}

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

// WriteHeader notes the status and sends it.
func (r *recorder) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

// Unwrap is how net/http finds deadlines, flushing and hijacking.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
