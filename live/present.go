package live

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/metric"
)

// asked is the topic that a URL names, as far as its token may see it.
func (s *Server) asked(r *http.Request, more ...string) (hub.Request, error) {
	query := r.URL.Query()
	for name := range query {
		if !slices.Contains([]string{"channel", "team", "agent", "ticket"}, name) && !slices.Contains(more, name) {
			return hub.Request{}, &Fault{Code: CodeInvalid, Field: clipped(name), Detail: "unknown parameter"}
		}
	}
	f, err := filterOf(lists(query["channel"]), lists(query["team"]), lists(query["agent"]))
	if err != nil {
		return hub.Request{}, err
	}
	topic := r.PathValue("topic")
	if id := r.PathValue("id"); id != "" { // conversation/{id}
		topic += "/" + id
	}
	return identityOf(r.Context()).request(topic, f)
}

// lists are values by comma, by repetition or both.
func lists(values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, splitList(v)...)
	}
	return all
}

// serveSnapshot is GET /v1/live/{topic}: a snapshot as one document.
func (s *Server) serveSnapshot(w http.ResponseWriter, r *http.Request) {
	asked, err := s.asked(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	frame, err := s.cfg.Present.Snapshot(r.Context(), asked)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", itoa(frame.Len()))
	_, _ = frame.WriteTo(w) // a caller that has gone is nobody's fault.
}

// mostMinutes is how far a series goes back.
const mostMinutes = 24 * 60

// serveSeries is GET /v1/live/{topic}/series: each minute's gauges.
func (s *Server) serveSeries(w http.ResponseWriter, r *http.Request) {
	asked, err := s.asked(r, "metric", "minutes")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	query := r.URL.Query()
	metrics := lists(query["metric"])
	if len(metrics) == 0 {
		s.fail(w, r, &Fault{Code: CodeInvalid, Field: "metric", Detail: "is required: one or more ids of the catalogue, by comma"})
		return
	}
	for _, id := range metrics {
		if _, ok := metric.Lookup(id); !ok {
			s.fail(w, r, &Fault{Code: CodeInvalid, Field: "metric", Detail: "unknown metric; GET /v1/catalog lists them"})
			return
		}
	}
	minutes := 30
	if text := query.Get("minutes"); text != "" {
		if minutes, err = strconv.Atoi(text); err != nil || minutes < 1 || minutes > mostMinutes {
			s.fail(w, r, &Fault{Code: CodeInvalid, Field: "minutes", Detail: "must be from 1 to 1440"})
			return
		}
	}
	series, err := s.cfg.Present.Series(r.Context(), asked, slices.Compact(metrics), minutes)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, "application/json", series)
}

// clipped is what may be repeated of a name that a caller made up.
func clipped(name string) string {
	if len(name) > 64 || !cleanText(name) {
		return ""
	}
	return name
}
