package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// page is long enough that compression pays.
var page = "<!doctype html><title>Floorlight</title>" + strings.Repeat("<p>the page</p>", 50)

func testBundle(t *testing.T) *bundle {
	t.Helper()
	b, err := newBundle(fstest.MapFS{
		"index.html":          {Data: []byte(page)},
		"favicon.svg":         {Data: []byte("<svg/>")},
		"assets/main-abc.js":  {Data: []byte("1")},
		"assets/main-abc.css": {Data: []byte("a{}")},
		".gitkeep":            {Data: nil},
		".vite/manifest.json": {Data: []byte("{}")},
	})
	require.NoError(t, err)
	return b
}

func get(t *testing.T, h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryPageIsTheOnePage(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	// A conversation's id is its own affair: a dot or a slash in it makes it no file.
	for _, path := range append([]string{"/history/c9", "/history/a.b%2Fc", "/rules/contact.phone", "/settings/boards", "/wallboard/hall-1"}, pages...) {
		r := get(t, b, http.MethodGet, path)
		require.Equal(t, http.StatusOK, r.Code, path)
		require.Equal(t, "text/html; charset=utf-8", r.Header().Get("Content-Type"))
		require.Equal(t, "no-cache", r.Header().Get("Cache-Control"))
		require.Equal(t, page, r.Body.String())
	}
	for _, path := range []string{"/no-such-page", "/history/", "/wallboard/", "/operation"} {
		r := get(t, b, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, r.Code, path)
		require.Equal(t, page, r.Body.String())
	}
}

func TestFilesAreServedByName(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	for path, kind := range map[string]string{
		"/assets/main-abc.js":  "text/javascript; charset=utf-8",
		"/assets/main-abc.css": "text/css; charset=utf-8",
	} {
		r := get(t, b, http.MethodGet, path)
		require.Equal(t, http.StatusOK, r.Code, path)
		require.Equal(t, kind, r.Header().Get("Content-Type"))
		require.Contains(t, r.Header().Get("Cache-Control"), "immutable")
	}
	require.Equal(t, "no-cache", get(t, b, http.MethodGet, "/favicon.svg").Header().Get("Cache-Control"))
}

func TestWhatIsNoPageIsNotFound(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	for _, path := range []string{"/v1/nothing", "/assets/gone.js", "/.gitkeep", "/.vite/manifest.json", "/assets/../x.js"} {
		r := get(t, b, http.MethodGet, path)
		require.Equal(t, http.StatusNotFound, r.Code, path)
		require.NotContains(t, r.Body.String(), "<title>", path)
	}
}

func TestOnlyReading(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	r := get(t, b, http.MethodPost, "/")
	require.Equal(t, http.StatusMethodNotAllowed, r.Code)
	require.Equal(t, "GET, HEAD", r.Header().Get("Allow"))
	head := get(t, b, http.MethodHead, "/")
	require.Equal(t, http.StatusOK, head.Code)
	require.Empty(t, head.Body.String())
}

func TestCompressionAndRevalidation(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	r := get(t, b, http.MethodGet, "/", "Accept-Encoding", "br, gzip;q=0.8")
	require.Equal(t, "gzip", r.Header().Get("Content-Encoding"))
	etag := r.Header().Get("Etag")
	unpack, err := gzip.NewReader(r.Body)
	require.NoError(t, err)
	text, err := io.ReadAll(unpack)
	require.NoError(t, err)
	require.Equal(t, page, string(text))

	again := get(t, b, http.MethodGet, "/", "Accept-Encoding", "gzip", "If-None-Match", etag)
	require.Equal(t, http.StatusNotModified, again.Code)
	require.Empty(t, again.Body.String())

	refused := get(t, b, http.MethodGet, "/", "Accept-Encoding", "gzip;q=0", "If-None-Match", etag)
	require.Equal(t, http.StatusOK, refused.Code)
	require.Empty(t, refused.Header().Get("Content-Encoding"))
	require.Equal(t, page, refused.Body.String())
}

func TestNoInlineScriptOrStyleIsAllowed(t *testing.T) {
	t.Parallel()
	policy := get(t, testBundle(t), http.MethodGet, "/").Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'self'")
	require.Contains(t, policy, "style-src 'self'")
	require.NotContains(t, policy, "unsafe")
}

func TestWithoutABundleTheAnswerNamesTheCommand(t *testing.T) {
	t.Parallel()
	r := get(t, http.HandlerFunc(notBuilt), http.MethodGet, "/")
	require.Equal(t, http.StatusServiceUnavailable, r.Code)
	require.Contains(t, r.Body.String(), "make web")
}

// TestHandlerWithOrWithoutABuild runs on a fresh clone and on a built one; both
// must give a handler that answers.
func TestHandlerWithOrWithoutABuild(t *testing.T) {
	t.Parallel()
	h, err := Handler()
	require.NoError(t, err)
	status := get(t, h, http.MethodGet, "/wallboard").Code
	_, err = Files()
	if err != nil {
		require.ErrorIs(t, err, ErrNotBuilt)
		require.Equal(t, http.StatusServiceUnavailable, status)
		return
	}
	require.Equal(t, http.StatusOK, status)
}
