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

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready bool            `json:"ready"`
	Parts map[string]Part `json:"parts"`
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
