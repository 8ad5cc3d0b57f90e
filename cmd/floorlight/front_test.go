package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrontAnswersUntilSomebodyKnowsMore(t *testing.T) {
	t.Parallel()

	var f front
	ask := func(path string, accept ...string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Header["Accept"] = accept
		f.ServeHTTP(w, r)
		return w
	}
	starting := func() {
		alive := ask("/healthz")
		require.Equal(t, http.StatusOK, alive.Code)
		require.JSONEq(t, `{"status":"ok"}`, alive.Body.String())
		ready := ask("/readyz")
		require.Equal(t, http.StatusServiceUnavailable, ready.Code)
		require.JSONEq(t, `{"ready":false,"parts":{"start":{"ok":false,"error":"the server is starting"}}}`, ready.Body.String())
		other := ask("/v1/live/wallboard")
		require.Equal(t, http.StatusServiceUnavailable, other.Code)
		require.Equal(t, "application/problem+json", other.Header().Get("Content-Type"))
		require.Equal(t, "1", other.Header().Get("Retry-After"))
		require.Equal(t, "no-store", other.Header().Get("Cache-Control"))
		require.Contains(t, other.Body.String(), `"code":"not_ready"`)
		page := ask("/wallboard/hall", "text/html,application/xhtml+xml,*/*;q=0.8")
		require.Equal(t, http.StatusServiceUnavailable, page.Code)
		require.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
		require.Contains(t, page.Body.String(), `http-equiv="refresh"`)
		policy := page.Header().Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'; script-src 'sha256-")
		require.NotContains(t, policy, "unsafe")
		require.Equal(t, 1, strings.Count(page.Body.String(), "<script"))
	}
	starting()
	f.show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "behind: "+r.URL.Path) }))
	for _, path := range []string{"/healthz", "/readyz", "/v1/live/wallboard"} {
		require.Equal(t, "behind: "+path, ask(path).Body.String())
	}
	f.show(nil)
	starting()
}
