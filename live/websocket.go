package live

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"github.com/floorlight/floorlight/hub"
)

// Subprotocol is what both sides of a WebSocket speak.
const Subprotocol = "floorlight.v1"

const (
	// mostFrame is the largest frame of a client: a message's text at its
	// largest, escaped, and room for the rest.
	mostFrame = 80 << 10
	// frameRate and frameBurst bound what a client may send; a burst is every
	// subscription and its check after a reconnect.
	frameRate  = 50
	frameBurst = 250
	mostSubs   = 50
	// frameWait is how long a frame may take to come whole.
	frameWait = 10 * time.Second
	// writeWait is longer than the 30 s after which an outbox counts as stalled,
	// so that the reason of closing is the outbox's.
	writeWait = 36 * time.Second
)

// socket is one WebSocket. A goroutine of its own reads, anew for each frame; the outlet writes.
type socket struct {
	link

	// Immutable.
	server *Server
	ws     *websocket.Conn
	line   *line
	lang   string
	limit  *rate.Limiter

	// Owned by the reader.
	subs map[hub.Sub]*subscription

	cancel  context.CancelFunc // of what the connection waits for; set before there is a reader
	written chan struct{}      // closed behind the last thing that is written
	closing atomic.Bool        // a close frame is on its way, and nothing may follow it
}

type subscription struct {
	hub.Subscription

	topic string
}

// serveSocket is GET /v1/live.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	who := identityOf(r.Context())
	conn := connOf(r.Context())
	if conn == nil {
		s.fail(w, r, errors.New("the HTTP server has no ConnContext"))
		return
	}
	if !offers(r, Subprotocol) {
		s.fail(w, r, &Fault{Code: CodeProtocol, Field: "Sec-WebSocket-Protocol", Detail: "must offer " + Subprotocol})
		return
	}
	c := &socket{
		link:   link{who: who, out: hub.NewOutbox(hub.OutboxBytes, s.cfg.Tally), conn: conn, kind: webSocket},
		server: s, written: make(chan struct{}), lang: language(r), limit: rate.NewLimiter(frameRate, frameBurst), subs: map[hub.Sub]*subscription{},
	}
	if err := s.sockets.add(&c.link, s.limits); err != nil {
		s.fail(w, r, err)
		return
	}
	over := &hijacker{ResponseWriter: w}
	ws, err := websocket.Accept(over, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Subprotocol},
		InsecureSkipVerify: true, // the guard has looked at the origin, more strictly
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     c.pinged,
	})
	if err != nil {
		s.sockets.remove(&c.link)
		s.log.Debug().Err(err).Msg("no WebSocket was made")
		return
	}
	// The reader measures for itself: the library would close with 1009.
	ws.SetReadLimit(-1)
	c.ws, c.line = ws, over.line
	// The request's goroutine ends here, and its memory with it: the connection
	// is followed by two goroutines with small stacks, and listed in sockets.
	go c.run(context.Background()) //nolint:gosec,contextcheck // it outlives the request.
}

func offers(r *http.Request, protocol string) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		if slices.Contains(splitList(header), protocol) {
			return true
		}
	}
	return false
}

// run begins the connection's life: the hello, the writer, and the reader.
func (c *socket) run(ctx context.Context) {
	s := c.server
	ctx, c.cancel = context.WithCancel(ctx)
	c.out.Notify(func() { s.outlet.push(c) })
	if ended := c.out.Closed(); ended != hub.ReasonNone {
		c.out.Close(ended) // before there was anybody to be told
	}
	c.hello()
	if err := s.cfg.Topics.Attach(ctx, c.who.Tenant, c.out); err != nil {
		s.log.Warn().Err(err).Msg("a socket came while the hub had stopped")
		c.out.Close(hub.ReasonRestart)
	}
	c.follow(ctx)
}

// follow does what the next frame asks, and goes on in a goroutine of its own: what a request needs of stack, some
// 8 KiB, is given back, and the connection waits on 4.
func (c *socket) follow(ctx context.Context) {
	if c.read(ctx) {
		go c.follow(ctx)
		return
	}
	c.finish()
}

// finish ends the connection's life, after the last frame.
func (c *socket) finish() {
	s := c.server
	defer s.sockets.remove(&c.link)
	defer c.cancel()
	c.out.Close(hub.ReasonGone) // the first reason stays
	for _, sub := range c.subs {
		sub.Close()
		s.metrics.subscriptions.WithLabelValues(sub.topic).Dec()
	}
	s.cfg.Topics.Detach(c.who.Tenant, c.out)
	<-c.written
	_ = c.ws.CloseNow() // the writer has closed it already, or it is gone.
}

func (c *socket) hello() {
	c.reply(struct {
		Op      string `json:"op"`
		Session string `json:"session"`
		Server  string `json:"server"`
		Now     string `json:"now"`
	}{"hello", randomText(), "floorlight/" + c.server.cfg.Version, c.server.now().UTC().Format(timeFormat)})
}

// read does what one frame asks. It reports whether the connection goes on.
func (c *socket) read(ctx context.Context) bool {
	// Without an end: the connection's own end is that of the read, and a context would cost 400 bytes.
	kind, r, err := c.ws.Reader(context.WithoutCancel(ctx))
	if err != nil {
		return false // gone, or closed by the writer
	}
	return c.take(ctx, kind, r) && c.out.Closed() == hub.ReasonNone
}

// take does what one message asks. It reports whether the connection goes on.
func (c *socket) take(ctx context.Context, kind websocket.MessageType, r io.Reader) bool {
	buf := buffers.get()
	defer buffers.put(buf)
	// What has begun must end: half a frame keeps a whole buffer.
	_ = c.conn.SetReadDeadline(time.Now().Add(frameWait)) // a connection that is closed fails in the read.
	raw, err := readAll(r, (*buf)[:0], mostFrame)
	_ = c.conn.SetReadDeadline(time.Time{}) // as above.
	if cap(raw) <= mostPooled {
		*buf = raw
	}
	var refused *Fault
	switch {
	case errors.Is(err, errTooLong):
		refused = fault(CodeProtocol, "a frame has at most 80 KiB")
	case err != nil:
		return false
	case kind != websocket.MessageText:
		refused = fault(CodeProtocol, "frames are text")
	case !c.limit.Allow():
		refused = fault(CodeTooManyMessages, "")
	default:
		if refused = c.server.limits.frame(ctx, c.who); refused == nil {
			c.server.metrics.received.Inc()
			refused = c.do(ctx, raw)
		}
	}
	if refused != nil {
		c.refuse(refused)
	}
	return refused == nil
}

// pinged counts a ping as a frame; the library answers it. Whoever sends nothing
// else, and faster, is not answered any more.
func (c *socket) pinged(context.Context, []byte) bool {
	if c.limit.Allow() {
		return true
	}
	if c.closing.CompareAndSwap(false, true) { // more of them may have been read already
		c.server.metrics.closes.WithLabelValues(string(CodeTooManyMessages)).Inc()
		c.cut()
	}
	return false
}

// refuse closes the connection with the fault's own code. The writer is told by
// the outbox, and finds the connection closing.
func (c *socket) refuse(f *Fault) {
	code := f.kind().close
	if code == 0 {
		code = kinds[CodeProtocol].close
	}
	c.server.metrics.closes.WithLabelValues(string(f.Code)).Inc()
	c.closing.Store(true)
	_ = c.ws.Close(websocket.StatusCode(code), string(f.Code)) // it ends either way.
}

// drain writes what waits in the outbox, as far as the kernel takes it at once. What it does not take, and whatever
// comes behind that, is written by a goroutine that waits.
func (c *socket) drain() {
	for {
		frame, ok, err := c.out.Take()
		switch {
		case err != nil:
			go c.end(err)
			return
		case !ok:
			return
		}
		buf := buffers.get()
		whole := appendFrame((*buf)[:0], frame)
		left, held, err := c.attempt(whole)
		if err == nil && len(left) > 0 {
			go c.wait(left, held, frame) // it keeps the buffer
			return
		}
		if cap(whole) <= mostPooled {
			*buf = whole
		}
		buffers.put(buf)
		if err != nil {
			go c.lost()
			return
		}
		c.server.metrics.sent(frame.Op, frame.Len())
	}
}

func (c *socket) attempt(whole []byte) (left []byte, held bool, err error) {
	if c.closing.Load() {
		return nil, false, net.ErrClosed
	}
	return c.line.try(whole)
}

// wait writes the rest of a frame and empties the outbox, for as long as the client takes.
func (c *socket) wait(left []byte, held bool, frame hub.Frame) {
	for {
		err := c.conn.SetWriteDeadline(time.Now().Add(c.server.cfg.writeWait))
		if err == nil || held {
			err = errors.Join(err, c.line.finish(left, held))
		}
		if err == nil {
			err = c.conn.SetWriteDeadline(time.Time{}) // or a later attempt would find that it is over
		}
		if err != nil || c.closing.Load() {
			c.lost()
			return
		}
		c.server.metrics.sent(frame.Op, frame.Len())
		var ok bool
		if frame, ok, err = c.out.Take(); err != nil {
			c.end(err)
			return
		}
		if !ok {
			return
		}
		left, held = appendFrame(left[:0], frame), false
	}
}

// lost ends the connection of a client that cannot be reached any more.
func (c *socket) lost() {
	defer close(c.written)
	c.out.Close(hub.ReasonGone)
	_ = c.ws.CloseNow() // it wakes the reader.
}

// end closes the connection for the outbox's reason.
func (c *socket) end(err error) {
	defer close(c.written)
	var closed *hub.ClosedError
	if !errors.As(err, &closed) {
		_ = c.ws.CloseNow() // it ends either way.
		return
	}
	text := closed.Reason.String()
	if closed.Reason == hub.ReasonTokenEnded {
		text = string(CodeTokenEnded)
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(c.server.cfg.closeGrace)) // then the pulse cuts it off.
	_ = c.ws.Close(closeCode(closed.Reason), text)                       // it ends either way.
}

func closeCode(r hub.Reason) websocket.StatusCode { return websocket.StatusCode(r.CloseCode()) }

var errTooLong = errors.New("too long")

// readAll appends what r has to buf, at most so many bytes.
func readAll(r io.Reader, buf []byte, most int) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > most:
			return buf, errTooLong
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// mostPooled is the largest buffer that is used again.
const mostPooled = 64 << 10

// bufferPool lends buffers, so that an idle connection holds none.
type bufferPool struct{ pool sync.Pool }

var buffers = bufferPool{pool: sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}}

func (p *bufferPool) get() *[]byte {
	b, _ := p.pool.Get().(*[]byte)
	return b
}

func (p *bufferPool) put(b *[]byte) { p.pool.Put(b) }
