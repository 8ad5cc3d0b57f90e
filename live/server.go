package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// Config is what the server is made of. Interfaces may share one implementation.
type Config struct {
	Secret  []byte // signs tokens and tickets
	Version string // of the server, for the hello

	Topics        Topics
	Present       Present
	Conversations Conversations
	// CaughtUp reports whether the tenant's hub has read the stream up to its end
	// once; before, the check answers not_ready. Nil: it has.
	CaughtUp func(event.TenantID) bool
	// Elsewhere decides for tenants of other servers; nil: there are none.
	Elsewhere Elsewhere
	// Tally is the one that the hub counts in; the sockets count there too.
	Tally *hub.Tally

	Store   Store   // *stream.Stream
	Tokens  Tokens  // *stream.Stream
	Refusal Refusal // *stream.Stream
	// NATS is where the inline check is offered; nil: nowhere.
	NATS *nats.Conn

	Reports Reports
	Exports Exports
	Archive Archive
	Tenants Tenants
	// Documents keeps boards, thresholds, rules and the list of tokens.
	Documents   Documents
	Directories Directories
	Contests    Contests // *hub.Hub
	Disputes    Disputes
	Past        PastMessages // for backtests
	Verifier    Verifier
	Refolder    Refolder

	Rules   RuleStore // *stream.Stream; has the rules in force
	Changes Changes   // *stream.Stream; nil: pages learn of others' changes when they ask

	Pages   http.Handler // the browser's side; nil: none
	Origins []string     // further origins that browsers may come from
	Proxies []string     // addresses and networks whose X-Forwarded headers count
	Hosts   []string     // names that the server goes by; none: any
	Limits  Limits       // the zero Limits are none
	Door    *Door        // what the listener stands behind; nil: nothing
	// Demo lists the roles that visitors may take; nil on a server that is no demo.
	Demo func() Demo
	// Made is how much of a demo's past has been made up, 0 to 1; nil on a server
	// that is no demo.
	Made func() float64

	Probes map[string]Probe // the parts that have to be ready
	// Recomputing says which numbers are computed anew; nil: nobody knows. It returns at once.
	Recomputing func() []Recomputing
	Registry    *prometheus.Registry
	Logger      zerolog.Logger
	Now         func() time.Time // nil: the clock

	// How long a client may take for a frame, and for the end of its connection; zero: as
	// the constants of these names say. A test whose clock stands still gives it longer.
	writeWait, closeGrace time.Duration
}

// Server is the edge. Make it with New, start it with Start.
type Server struct {
	// Immutable.
	cfg      Config
	secret   []byte
	now      func() time.Time
	log      zerolog.Logger
	faults   zerolog.Logger // for what requests meet
	origins  *origins
	tokens   Tokens
	gate     *Gate
	metrics  *metrics
	handler  http.Handler
	mux      *http.ServeMux
	openapi  []byte
	revoked  *revoked
	sockets  *sockets
	outlet   *outlet
	limits   *limits
	ingests  chan struct{} // as many as may be read at a time
	patterns []string      // the routes, for the test that each has a row

	// What outlives its request and ends with the server.
	background    context.Context //nolint:containedctx // of the server, not of a call.
	endBackground context.CancelFunc
	backtests     backtests

	mu      sync.Mutex
	http    *http.Server
	cancel  context.CancelFunc
	stopped bool
	wg      sync.WaitGroup
}

// ErrStopped is what Serve returns after Stop.
var ErrStopped = errors.New("live: stopped")

// New makes a server that answers nobody yet. Its error names what is missing or wrong.
func New(c Config) (*Server, error) {
	for name, missing := range map[string]bool{
		"Secret": len(c.Secret) == 0, "Topics": c.Topics == nil, "Present": c.Present == nil, "Conversations": c.Conversations == nil,
		"Store": c.Store == nil, "Tokens": c.Tokens == nil, "Refusal": c.Refusal == nil, "Reports": c.Reports == nil,
		"Exports": c.Exports == nil, "Archive": c.Archive == nil, "Tenants": c.Tenants == nil, "Documents": c.Documents == nil, "Directories": c.Directories == nil, "Rules": c.Rules == nil, "Contests": c.Contests == nil, "Disputes": c.Disputes == nil, "Past": c.Past == nil,
		"Registry": c.Registry == nil,
	} {
		if missing {
			return nil, fmt.Errorf("live: Config.%s is missing", name)
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.writeWait, c.closeGrace = cmp.Or(c.writeWait, writeWait), cmp.Or(c.closeGrace, closeGrace)
	if c.Tally == nil {
		c.Tally = new(hub.Tally)
	}
	from, err := newOrigins(c.Origins, c.Proxies, c.Hosts)
	if err != nil {
		return nil, fmt.Errorf("live: %w", err)
	}
	s := &Server{
		cfg: c, secret: c.Secret, now: c.Now, log: c.Logger, faults: faultLogger(c.Logger), origins: from, tokens: c.Tokens,
		revoked: &revoked{ids: map[TokenID]struct{}{}}, ingests: make(chan struct{}, mostIngests),
	}
	if s.metrics, err = newMetrics(c.Registry, c.Tally); err != nil {
		return nil, fmt.Errorf("live: %w", err)
	}
	if c.Door != nil {
		c.Door.countIn(s.metrics.limited.WithLabelValues(string(limitConnections)))
	}
	s.background, s.endBackground = context.WithCancel(context.Background())
	s.limits = newLimits(c.Limits, s.metrics, s.now)
	s.sockets = newSockets(s.metrics, c.Limits.Sockets, c.closeGrace)
	s.outlet = newOutlet()
	s.gate = newGate(&c, s.metrics, s.limits)
	if err := s.route(); err != nil {
		return nil, err
	}
	return s, nil
}

// Gate is the inline check, for whoever changes the rules or checks in-process.
func (s *Server) Gate() *Gate { return s.gate }

// Handler answers every request. The server that it is given to must have
// ConnContext as its ConnContext; Serve's has.
func (s *Server) Handler() http.Handler { return s.handler }

// Start begins what runs in the background: the list of revoked tokens, the
// pulse, the check over NATS, the scan of unchecked messages. It runs until Stop.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return ErrStopped
	}
	if s.cancel != nil {
		return errors.New("live: started already")
	}
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.wg.Go(func() {
		if err := s.revoked.watch(ctx, s.tokens); err != nil {
			s.log.Error().Err(err).Msg("the list of revoked tokens is no longer followed")
		}
	})
	s.wg.Go(func() {
		if err := s.gate.book.watch(ctx, s.cfg.Rules); err != nil && ctx.Err() == nil && !errors.Is(err, stream.ErrClosed) {
			s.log.Error().Err(err).Msg("the rules in force are no longer followed")
		}
	})
	if s.cfg.Changes != nil {
		s.wg.Go(func() {
			if err := s.followChanges(ctx); err != nil {
				s.log.Error().Err(err).Msg("changes of boards and limits are no longer pushed")
			}
		})
	}
	s.wg.Go(func() { s.sockets.pulse(ctx, s.now, s.revoked.has) })
	if s.cfg.NATS != nil {
		if err := s.gate.serve(ctx, s.cfg.NATS, s.faults); err != nil {
			s.cancel()
			return err
		}
	}
	return nil
}

type connKey struct{}

// ConnContext bounds what the kernel buffers for a connection that does not
// read, and keeps the connection at hand for deadlines.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	raw := c
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		raw = wrapped.NetConn()
	}
	if tcp, ok := raw.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = tcp.SetWriteBuffer(writeBuffer) // a kernel that refuses keeps its own size.
	}
	if tcp, ok := raw.(syscall.Conn); ok {
		_ = endVanished(tcp) // as above.
	}
	return context.WithValue(ctx, connKey{}, raw)
}

func connOf(ctx context.Context) net.Conn {
	c, _ := ctx.Value(connKey{}).(net.Conn)
	return c
}

// writeBuffer is the kernel's buffer of one connection: 218 KB hide a client
// that never reads, instead of the 3.9 MB of the default.
const writeBuffer = 64 << 10

// NewHTTPServer is a server for a handler, with the time and the room that a
// client has. The routes that stream set their own.
func NewHTTPServer(h http.Handler, errors *log.Logger) *http.Server {
	return &http.Server{
		Handler: h, ConnContext: ConnContext, ErrorLog: errors,
		ReadHeaderTimeout: headerWait, ReadTimeout: requestWait, WriteTimeout: answerWait, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
}

// Serve answers on a listener until Stop, and returns ErrStopped then.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return ErrStopped
	}
	if s.http == nil {
		s.http = NewHTTPServer(s.handler, log.New(s.log, "", 0))
	}
	server := s.http
	s.mu.Unlock()
	err := server.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return ErrStopped
	}
	return err
}

// Stop takes no more connections, tells the sockets to come back, waits for what
// is under way, and ends what runs in the background. When ctx ends first, what
// is left is cut off and the error is the context's.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	server, cancel := s.http, s.cancel
	s.mu.Unlock()
	s.sockets.close(hub.ReasonRestart)
	var failed error
	if server != nil {
		if err := server.Shutdown(ctx); err != nil {
			failed = err
			_ = server.Close() // whatever is left is cut off.
		}
	}
	if err := s.sockets.wait(ctx); err != nil {
		failed = errors.Join(failed, err)
	}
	if cancel == nil { // it was never started
		cancel = func() {}
	}
	s.gate.stop(cancel)
	s.endBackground()
	s.backtests.stop()
	cancel()
	s.wg.Wait()
	return failed
}
