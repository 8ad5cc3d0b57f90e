package history

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rs/zerolog"
)

const (
	// pulseEvery is how often PostgreSQL is asked whether it lives.
	pulseEvery = time.Second
	// pulseLost is how long it may owe that answer. It is a question that costs
	// nothing, on a connection that is there already.
	pulseLost = 5 * time.Second
)

// errHung says that PostgreSQL takes connections and questions, and answers none.
var errHung = fmt.Errorf("%w: it does not answer", ErrUnavailable)

// pulse watches a PostgreSQL that may hang: stopped, or behind a disk or a network
// that stands still. The kernel then says nothing, and whoever waits for an answer
// would wait for ever. When the pulse is lost all connections are cut, so that
// everybody gets an error and tries again, and no new one is tried until it is back.
type pulse struct {
	log  zerolog.Logger
	dial pgconn.DialFunc
	end  context.CancelFunc
	done chan struct{}

	mu    sync.Mutex
	conns map[*pulsed]struct{} // guarded by mu
	lost  bool                 // guarded by mu
}

// pulsed is a connection that can be cut.
type pulsed struct {
	net.Conn

	p *pulse
}

// Close ends the connection.
func (c *pulsed) Close() error {
	c.p.mu.Lock()
	delete(c.p.conns, c)
	c.p.mu.Unlock()
	return c.Conn.Close()
}

// feel begins to watch what a configuration connects to, and makes its
// connections ones that can be cut.
func feel(ctx context.Context, cfg *pgx.ConnConfig, log zerolog.Logger) *pulse {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	p := &pulse{log: log, dial: cfg.DialFunc, end: end, done: make(chan struct{}), conns: map[*pulsed]struct{}{}}
	own := cfg.Copy() // dials past the pulse
	cfg.DialFunc = p.connect
	go p.run(ctx, own)
	return p
}

// stop ends the watching; the connections stay.
func (p *pulse) stop() {
	p.end()
	<-p.done
}

func (p *pulse) connect(ctx context.Context, network, address string) (net.Conn, error) {
	p.mu.Lock()
	lost := p.lost
	p.mu.Unlock()
	if lost {
		return nil, errHung
	}
	conn, err := p.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &pulsed{Conn: conn, p: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = struct{}{}
	return c, nil
}

func (p *pulse) run(ctx context.Context, cfg *pgx.ConnConfig) {
	defer close(p.done)
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	var conn *pgx.Conn
	defer func() {
		if conn != nil {
			hangUp(ctx, conn)
		}
	}()
	for {
		err := p.beat(ctx, cfg, &conn)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			p.found()
		case errors.Is(err, context.DeadlineExceeded):
			p.cut()
		default: // it says itself that it is away, to everybody
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// beat asks once. A connection that failed is made anew the next time.
func (p *pulse) beat(ctx context.Context, cfg *pgx.ConnConfig, conn **pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, pulseLost)
	defer cancel()
	var err error
	if *conn == nil {
		if *conn, err = pgx.ConnectConfig(ctx, cfg); err != nil {
			*conn = nil
			return errors.Join(err, ctx.Err())
		}
	}
	if err = (*conn).Ping(ctx); err != nil {
		err = errors.Join(err, ctx.Err())
		hangUp(ctx, *conn)
		*conn = nil
	}
	return err
}

// cut ends every connection.
func (p *pulse) cut() {
	p.mu.Lock()
	first := !p.lost
	p.lost = true
	all := make([]*pulsed, 0, len(p.conns))
	for c := range p.conns {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // it is gone either way.
	}
	if first {
		p.log.Error().Dur("for", pulseLost).Int("connections", len(all)).Msg("PostgreSQL does not answer any more; its connections are cut")
	}
}

func (p *pulse) found() {
	p.mu.Lock()
	before := p.lost
	p.lost = false
	p.mu.Unlock()
	if before {
		p.log.Info().Msg("PostgreSQL answers again")
	}
}
