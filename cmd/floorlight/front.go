package main

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
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
	if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Security-Policy", startingPolicy)
		answer(w, http.StatusServiceUnavailable, "text/html; charset=utf-8", startingPage)
		return
	}
	if r.URL.Path == "/readyz" {
		answer(w, http.StatusServiceUnavailable, "application/json", `{"ready":false,"parts":{"start":{"ok":false,"error":"the server is starting"}}}`)
		return
	}
	answer(w, http.StatusServiceUnavailable, "application/problem+json",
		`{"type":"about:blank","title":"Service Unavailable","status":503,"code":"not_ready","detail":"The server is starting; try again in a second."}`)
}

// startingPage is for a browser that was there first: a television comes back from
// a power cut before the server does, and nobody presses reload on it. To a
// browser, a refresh of an address with a # is a jump within the page, and a kiosk
// link has its token there: only a script loads it again and keeps it.
const startingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<script>` + startingScript + `</script>
<noscript><meta http-equiv="refresh" content="2"></noscript>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Floorlight</title>
<h1>Floorlight is starting</h1>
<p>This page opens by itself.</p>
<p lang="zh-CN">Floorlight 正在启动，页面会自动打开。</p>
</html>`

const startingScript = `setTimeout(() => location.reload(), 2000)`

// startingPolicy allows that one script by what it says, and nothing else.
var startingPolicy = func() string {
	sum := sha256.Sum256([]byte(startingScript))
	return "default-src 'none'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}()

func answer(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body + "\n"))
}
