package main

import (
	"net/http"
	"sync/atomic"

	"github.com/floorlight/floorlight/live"
)

// front answers for the server from the moment its port is open: that it is
// alive and not ready, until a handler that knows more takes over.
type front struct {
	behind atomic.Pointer[http.Handler]
}

// show puts a handler behind the front; nil takes it away.
func (f *front) show(h http.Handler) {
	if h == nil {
		f.behind.Store(nil)
		return
	}
	f.behind.Store(&h)
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := f.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	live.SetHeaders(w, r)
	if r.URL.Path == "/healthz" {
		answer(w, http.StatusOK, "application/json", `{"status":"ok"}`)
		return
	}
	w.Header().Set("Retry-After", "1")
	if r.URL.Path == "/readyz" {
		answer(w, http.StatusServiceUnavailable, "application/json", `{"ready":false,"parts":{"start":{"ok":false,"error":"the server is starting"}}}`)
		return
	}
	answer(w, http.StatusServiceUnavailable, "application/problem+json",
		`{"type":"about:blank","title":"Service Unavailable","status":503,"code":"not_ready","detail":"The server is starting; try again in a second."}`)
}

func answer(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body + "\n"))
}
