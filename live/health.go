package live

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Part is how one part of the server does. A warning does not make it unready.
type Part struct {
	OK      bool   `json:"ok"`
	Warning string `json:"warning,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

// Probe looks at a part. It returns when its context ends.
type Probe func(ctx context.Context) Part

// probeTimeout bounds each probe, so that the answer comes when a part hangs.
const probeTimeout = 2 * time.Second

// Recomputing is how far numbers of the past are that are computed anew, beside those
// that are answered meanwhile.
type Recomputing struct {
	For         string   `json:"for" enum:"profile,fold" doc:"What asked for it: another definition (tenant set, refold), or a program that counts in a newer way."`
	Desks       int      `json:"desks" doc:"Whose numbers they are."`
	Events      int64    `json:"events" doc:"Folded so far."`
	Total       int64    `json:"total" doc:"To be folded, as of the last count."`
	Percent     float64  `json:"percent"`
	SecondsLeft *float64 `json:"seconds_left" doc:"null while it is not known."`
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready       bool            `json:"ready"`
	Parts       map[string]Part `json:"parts"`
	Recomputing []Recomputing   `json:"recomputing,omitempty" doc:"Numbers that are computed anew now, in any of the servers. For another definition a server is ready all the while. For a newer way of counting it answers reports with the old numbers, and is ready once what is live can begin from the new ones."`
}

func (s *Server) readiness(ctx context.Context) Readiness {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	r := Readiness{Ready: true, Parts: map[string]Part{"tokens": {OK: s.revoked.ready()}}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for name, probe := range s.cfg.Probes {
		wg.Go(func() {
			p := probe(ctx)
			mu.Lock()
			defer mu.Unlock()
			r.Parts[name] = p
		})
	}
	wg.Wait()
	if s.cfg.Recomputing != nil {
		r.Recomputing = s.cfg.Recomputing()
	}
	for _, p := range r.Parts {
		r.Ready = r.Ready && p.OK
	}
	return r
}

func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	ready := s.readiness(r.Context())
	status := http.StatusOK
	if !ready.Ready {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, "application/json", ready)
}

func (s *Server) serveHealthy(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, "application/json", map[string]bool{"ok": true})
}
