package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ContentSecurityPolicy is sent with every page and file. Sockets to the page's
// own origin fall under 'self'.
const ContentSecurityPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// indexFile is the one page of the bundle; its script shows what the path names.
const indexFile = "index.html"

//go:embed all:build
var embedded embed.FS

// pages are the paths that the bundle's script knows. Any other path gets the
// page too, which says so, but with status 404.
var pages = []string{
	"/", "/overview", "/floor", "/wallboard", "/agent", "/mine",
	"/operation/chats", "/operation/service", "/operation/conversion", "/operation/customers", "/operation/definitions",
	"/agents/performance", "/agents/team", "/history", "/insights/risks", "/insights/reviews",
	"/ai", "/inbox", "/rules", "/settings",
}

// below are the pages that have further paths below them: one of each
// conversation, board, rule and part of the settings.
var below = []string{"/history/", "/rules/", "/settings/", "/wallboard/"}

// ErrNotBuilt says that this binary was compiled without a bundle.
var ErrNotBuilt = errors.New("web: the browser's side is not in this binary; run `make web` and build again")

// Files returns the embedded bundle, index.html at its root.
func Files() (fs.FS, error) {
	files, err := fs.Sub(embedded, "build")
	if err != nil {
		return nil, fmt.Errorf("web: open the embedded bundle: %w", err)
	}
	if _, err := fs.Stat(files, indexFile); err != nil {
		return nil, ErrNotBuilt
	}
	return files, nil
}

// Handler serves the embedded bundle: its files by name, and its page for
// every path that is not a file's. It is meant for "/", behind the API's own
// routes, and answers 404 below /v1/. Without a bundle every answer is 503 and
// names the command that makes one.
func Handler() (http.Handler, error) {
	files, err := Files()
	if errors.Is(err, ErrNotBuilt) {
		return http.HandlerFunc(notBuilt), nil
	}
	if err != nil {
		return nil, err
	}
	return newBundle(files)
}

// notBuilt answers for a binary without a bundle.
func notBuilt(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, ErrNotBuilt.Error(), http.StatusServiceUnavailable)
}

// asset is one file, ready to be sent.
type asset struct {
	plain   []byte
	gzipped []byte // nil where compression does not pay
	kind    string
	etag    string
	forever bool
}

// bundle serves assets by their path.
type bundle struct {
	assets map[string]asset
}

// newBundle reads every file of files into memory.
func newBundle(files fs.FS) (*bundle, error) {
	b := &bundle{assets: make(map[string]asset)}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && name != "."
		if entry.IsDir() {
			if hidden {
				return fs.SkipDir
			}
			return nil
		}
		if hidden {
			return nil
		}
		plain, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		made, err := newAsset(name, plain)
		if err != nil {
			return err
		}
		b.assets["/"+name] = made
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: read the bundle: %w", err)
	}
	return b, nil
}

// newAsset works out how a file is sent.
func newAsset(name string, plain []byte) (asset, error) {
	sum := sha256.Sum256(plain)
	a := asset{
		plain:   plain,
		kind:    mime.TypeByExtension(path.Ext(name)),
		etag:    hex.EncodeToString(sum[:8]),
		forever: strings.HasPrefix(name, "assets/"),
	}
	switch path.Ext(name) {
	// Not left to the machine's own table, which may be missing or wrong.
	case ".js":
		a.kind = "text/javascript; charset=utf-8"
	case ".css":
		a.kind = "text/css; charset=utf-8"
	case ".html":
		a.kind = "text/html; charset=utf-8"
	case ".svg":
		a.kind = "image/svg+xml"
	case ".webmanifest":
		a.kind = "application/manifest+json"
	}
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := zip.Write(plain); err != nil {
		return asset{}, err
	}
	if err := zip.Close(); err != nil {
		return asset{}, err
	}
	if packed.Len() < len(plain)*9/10 {
		a.gzipped = packed.Bytes()
	}
	return a, nil
}

// ServeHTTP sends the file that the path names, or the page.
func (b *bundle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	found, isFile := b.assets[r.URL.Path]
	status := http.StatusOK
	if !isFile {
		if strings.HasPrefix(r.URL.Path, "/v1/") || path.Ext(r.URL.Path) != "" && !known(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		found = b.assets["/"+indexFile]
		if !known(r.URL.Path) {
			status = http.StatusNotFound
		}
	}
	found.send(w, r, status)
}

// known says whether the bundle's script has a page at the path.
func known(at string) bool {
	return slices.Contains(pages, at) || slices.ContainsFunc(below, func(prefix string) bool {
		id, found := strings.CutPrefix(at, prefix)
		return found && id != ""
	})
}

// send writes one asset with the headers that go with it.
func (a asset) send(w http.ResponseWriter, r *http.Request, status int) {
	body, etag := a.plain, `"`+a.etag+`"`
	head := w.Header()
	if a.gzipped != nil {
		head.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			body, etag = a.gzipped, `"`+a.etag+`-gz"`
			head.Set("Content-Encoding", "gzip")
		}
	}
	head.Set("Content-Type", a.kind)
	head.Set("Content-Security-Policy", ContentSecurityPolicy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Etag", etag)
	if a.forever {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		head.Set("Cache-Control", "no-cache")
	}
	if status == http.StatusOK && r.Header.Get("If-None-Match") == etag {
		head.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	// A browser that goes away in the middle is nobody's fault and is not news.
	_, _ = w.Write(body)
}

// acceptsGzip reads an Accept-Encoding header; a coding with q=0 is refused.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}
