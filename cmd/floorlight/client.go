package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	// tokenVariable names the token that commands show the server.
	tokenVariable = "FLOORLIGHT_TOKEN"
	// commandTokenTTL is how long a token that a command makes for itself lives.
	commandTokenTTL = 15 * time.Minute
	// mostAnswer bounds what is read of an answer.
	mostAnswer = 64 << 20
)

// serverFlag is what the commands share that talk to a running server.
type serverFlag struct {
	URL string `name:"url" placeholder:"URL" help:"The server; by default the one that runs on the data directory."`
}

// client talks to a running server over HTTP.
type client struct {
	base   string
	http   *http.Client
	token  string // given by the environment; made from the secret if empty
	secret []byte
}

// httpURLFile says where the server that runs on the data directory is reached.
func httpURLFile(s settings) string { return filepath.Join(s.DataDir, "http-url") }

// client is for the server that the flag names, or that runs on the data directory.
func (f serverFlag) client(env *environment) (*client, error) {
	c := &client{http: &http.Client{}, token: env.getenv(tokenVariable)}
	base := f.URL
	if base == "" {
		text, err := os.ReadFile(httpURLFile(env.settings))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no server runs on %s: start it with `floorlight serve`, or name one with --url", env.settings.DataDir)
		}
		if err != nil {
			return nil, err
		}
		base = strings.TrimSpace(string(text))
	}
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, wrongUsage("--url %q is not a URL like http://127.0.0.1:8080", base)
	}
	c.base = strings.TrimSuffix(base, "/")
	if c.token != "" {
		return c, nil
	}
	// A secret that is made just now would sign tokens that no server knows.
	if env.settings.Secret == "" {
		if _, err := os.Stat(filepath.Join(env.settings.DataDir, "secret")); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no token for %s: set %s, or name its data directory with --data-dir (%s has no secret)", c.base, tokenVariable, env.settings.DataDir)
		}
	}
	c.secret, err = secret(env.settings)
	return c, err
}

// bearer is the token that is shown: the given one, or a short-lived one.
func (c *client) bearer(tenant event.TenantID, role live.Role) (string, error) {
	if c.token != "" {
		return c.token, nil
	}
	return live.Issue(c.secret, live.Claims{Tenant: tenant, User: "floorlight", Role: role, Expires: time.Now().Add(commandTokenTTL)})
}

// problem is an answer that is none: what the server says is wrong.
type problem struct {
	Status     int           `json:"-"`
	RetryAfter time.Duration `json:"-"`
	Body       []byte        `json:"-"`

	Title  string `json:"title"`
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string {
	var b strings.Builder
	b.WriteString("the server says: ")
	if p.Title == "" {
		fmt.Fprintf(&b, "HTTP status %d", p.Status)
	} else {
		b.WriteString(strings.TrimSuffix(p.Title, "."))
	}
	for _, s := range []string{p.Field, p.Detail} {
		if s != "" {
			b.WriteString(": " + s)
		}
	}
	if p.Status == http.StatusUnauthorized {
		b.WriteString(" (is " + tokenVariable + " for another server, or has it ended?)")
	}
	return b.String()
}

// temporary says that the same request may be taken later.
func (p *problem) temporary() bool {
	return p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable ||
		p.Status == http.StatusBadGateway || p.Status == http.StatusGatewayTimeout
}

// unreachableError says that no server answered.
type unreachableError struct {
	base string
	err  error
}

func (e *unreachableError) Error() string {
	return fmt.Sprintf("no server answers at %s: %v; start it with `floorlight serve`, or name another with --url", e.base, e.err)
}

func (e *unreachableError) Unwrap() error { return e.err }

// request is what call sends.
type request struct {
	method, path string
	tenant       event.TenantID
	role         live.Role
	contentType  string // of the body; JSON by default
	body         []byte
	accept       string
	// line gets each line of an answer that has them instead of one value, while it
	// comes.
	line func(jsontext.Value) error
}

// starting is how long a command waits for a server that says that it starts, as
// it does for a moment when numbers that were computed anew come into force.
const starting = 30 * time.Second

// call sends a request and decodes the answer into out, unless that is nil. Its
// errors are *problem, *unreachableError and the context's. A server that is
// starting has taken nothing, and is asked again.
func (c *client) call(ctx context.Context, r request, out any) error {
	for began := time.Now(); ; {
		err := c.once(ctx, r, out)
		p, answered := errors.AsType[*problem](err)
		if !answered || p.Code != string(live.CodeNotReady) || time.Since(began) > starting {
			return err
		}
		if err := wait(ctx, max(p.RetryAfter/4, 100*time.Millisecond)); err != nil {
			return err
		}
	}
}

// once is call without patience.
func (c *client) once(ctx context.Context, r request, out any) error {
	token, err := c.bearer(r.tenant, r.role)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if len(r.body) > 0 {
		if r.contentType == "" {
			r.contentType = "application/json"
		}
		req.Header.Set("Content-Type", r.contentType)
	}
	answer, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if inside, ok := errors.AsType[*url.Error](err); ok {
			err = inside.Err
		}
		return &unreachableError{base: c.base, err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	if r.line != nil && answer.Header.Get("Content-Type") == r.accept {
		return c.lines(ctx, answer.Body, r.line)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return &unreachableError{base: c.base, err: err}
	}
	if answer.StatusCode >= http.StatusBadRequest {
		p := &problem{Body: body}
		if json.Unmarshal(body, p) != nil {
			p = &problem{Body: body} // not one of ours
		}
		p.Status = answer.StatusCode
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			p.RetryAfter = time.Duration(seconds) * time.Second
		}
		return p
	}
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("the answer of %s is not what was expected: %w", c.base+r.path, err)
	}
	return nil
}

// lines gives line what comes, until it ends.
func (c *client) lines(ctx context.Context, body io.Reader, line func(jsontext.Value) error) error {
	decoder := jsontext.NewDecoder(io.LimitReader(body, mostAnswer))
	for {
		v, err := decoder.ReadValue()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return &unreachableError{base: c.base, err: err}
		}
		if err := line(v); err != nil {
			return err
		}
	}
}

// callJSON is call with a value as its body.
func (c *client) callJSON(ctx context.Context, r request, in, out any) error {
	var err error
	if r.body, err = json.Marshal(in, json.Deterministic(true)); err != nil {
		return err
	}
	return c.call(ctx, r, out)
}

// wait lasts d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
