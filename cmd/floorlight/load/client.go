package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
)

// manner is how a client behaves.
type manner uint8

const (
	steady       manner = iota
	slow                // reads a frame in a pause
	silent              // reads nothing until the end
	reconnecting        // goes away and comes back
)

const (
	subprotocol = "floorlight.v1"
	// mostRead is the largest frame that a client takes.
	mostRead = 64 << 20
	// comeBack is how long a client waits before it comes back, at least.
	comeBack = 100 * time.Millisecond
	// patience is how long the server may refuse a client, one time after the other.
	patience = 30 * time.Second
	// checkEvery is how long an answer to a check may take before it is asked again.
	checkEvery = 2 * time.Second
)

// crowd is all clients of a run.
type crowd struct {
	url     string
	token   func(event.TenantID, Role) (string, error)
	ledgers map[event.TenantID]*ledger
	slow    time.Duration
	stay    time.Duration
	catchUp *latencies

	finish chan struct{} // closed when everybody is to read and compare
	dialed chan struct{} // room for dials at the same time

	open    atomic.Int64
	frames  atomic.Uint64 // snapshots and deltas
	bytes   atomic.Uint64
	beats   atomic.Uint64
	skipped atomic.Uint64 // deltas that brought a client forward over several versions
	sums    atomic.Uint64 // checksums compared and found equal

	mu       sync.Mutex
	closes   map[string]int // connections that the server ended, by manner and code
	failures []string
	failed   int
}

// client is one socket's owner. All of it belongs to its goroutine.
type client struct {
	crowd  *crowd
	manner manner
	tenant event.TenantID
	topic  string
	filter string // as JSON; empty without one
	group  *group
	ledger *ledger
	rng    *rand.Rand

	ready func() // called when the first frame has come
	now   *state
	seq   uint64 // of the last delta or snapshot
	read  uint64 // and how far the server has read, beats included
	timed bool   // frames are measured from here on
	equal bool   // the checksum was compared after finish
}

// mostFailures is how many are told with their text.
const mostFailures = 20

func (c *crowd) fail(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
	if len(c.failures) < mostFailures {
		c.failures = append(c.failures, fmt.Sprintf(format, args...))
	}
}

func (m manner) String() string {
	return [...]string{"steady", "slow", "silent", "reconnecting"}[m]
}

// errCompared ends a client whose state was compared.
var errCompared = errors.New("compared")

// run follows the topic, through as many connections as it takes, until the
// client's state was compared after finish, or ctx ends.
func (c *client) run(ctx context.Context) {
	var refusedSince time.Time
	for ctx.Err() == nil {
		came := c.read
		err := c.connection(ctx)
		switch {
		case errors.Is(err, errCompared):
			return
		case ctx.Err() != nil:
			return
		}
		if c.read != came {
			refusedSince = time.Time{}
		} else if refusedSince.IsZero() {
			refusedSince = time.Now()
		} else if time.Since(refusedSince) > patience {
			c.crowd.fail("a %s client of %s %s does not come in any more: %v", c.manner, c.tenant, c.topic, err)
			return
		}
		c.ended(err)
		if !pause(ctx, comeBack+time.Duration(c.rng.Int64N(int64(10*comeBack)))) {
			return
		}
	}
}

// errAway is a reconnecting client's own end of a connection.
var errAway = errors.New("gone away")

// ended counts what the server did.
func (c *client) ended(err error) {
	if errors.Is(err, errAway) {
		return
	}
	code := "lost"
	if status := websocket.CloseStatus(err); status >= 0 {
		code = strconv.Itoa(int(status))
	}
	c.crowd.mu.Lock()
	defer c.crowd.mu.Unlock()
	c.crowd.closes[c.manner.String()+" "+code]++
}

// connection is one connection's life.
func (c *client) connection(ctx context.Context) error {
	began := time.Now()
	back := c.now != nil
	ws, err := c.dial(ctx)
	if err != nil {
		return err
	}
	c.crowd.open.Add(1)
	defer c.crowd.open.Add(-1)
	defer ws.CloseNow() //nolint:errcheck // it ends either way.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { _ = ws.CloseNow() })
	defer stop()

	c.timed = false
	if err := c.send(ctx, ws, c.subscription()); err != nil {
		return err
	}
	checking := int64(0)
	check := func() error {
		checking++
		return c.send(ctx, ws, fmt.Sprintf(`{"op":"check","id":%d,"sub":1}`, checking+1))
	}
	if back {
		if err := check(); err != nil { // its answer says that everything missed has come
			return err
		}
	}
	finishing := c.crowd.finish
	if c.manner == reconnecting {
		away := time.AfterFunc(time.Duration(c.rng.ExpFloat64()*float64(c.crowd.stay)), func() {
			select {
			case <-c.crowd.finish:
			default:
				cancel(errAway)
			}
		})
		defer away.Stop()
	}
	asked := make(chan struct{})
	go func() { // after the load, the comparison is asked for until it was made
		defer close(asked)
		select {
		case <-ctx.Done():
			return
		case <-finishing:
		}
		for ctx.Err() == nil {
			if err := c.send(ctx, ws, `{"op":"check","id":`+finalCheck+`,"sub":1}`); err != nil {
				return
			}
			if !pause(ctx, checkEvery) {
				return
			}
		}
	}()
	defer func() {
		cancel(nil)
		_ = ws.CloseNow() // it ends either way.
		<-asked
	}()

	buf := make([]byte, 0, 512)
	for {
		if c.manner == silent && c.now != nil {
			select {
			case <-ctx.Done():
			case <-finishing:
			}
		}
		if buf, err = readMessage(ctx, ws, buf[:0]); err != nil {
			if cause := context.Cause(ctx); errors.Is(cause, errAway) {
				return errAway
			}
			return err
		}
		f, err := c.group.decode(buf)
		if err != nil {
			c.crowd.fail("%s %s: %v", c.tenant, c.topic, err)
			return err
		}
		if err := c.take(f, time.Now(), began, back); err != nil {
			return err
		}
		if c.manner == slow {
			select {
			case <-finishing:
			default:
				timer := time.NewTimer(c.crowd.slow)
				select {
				case <-ctx.Done():
				case <-finishing:
				case <-timer.C:
				}
				timer.Stop()
			}
		}
	}
}

// finalCheck is the id of the check that ends a client.
const finalCheck = "1000000"

// take does what one frame says.
func (c *client) take(f *frame, at, began time.Time, back bool) error {
	switch f.Op {
	case "snapshot", "delta":
		next, err := c.group.applied(f, c.now)
		if err != nil {
			c.crowd.fail("%s %s, a %s client: %v", c.tenant, c.topic, c.manner, err)
			return err
		}
		c.crowd.frames.Add(1)
		c.crowd.bytes.Add(uint64(len(f.raw)))
		if f.Op == "delta" && f.Version != f.From+1 {
			c.crowd.skipped.Add(1)
		}
		if c.timed && c.measured() && f.Seq > c.seq {
			c.ledger.saw(at, c.seq, f.Seq)
		}
		c.timed = c.timed || !back
		c.now, c.seq, c.read = next, f.Seq, max(c.read, f.Seq)
		if c.ready != nil {
			c.ready()
			c.ready = nil
		}
	case "beat":
		c.crowd.beats.Add(1)
		c.read = max(c.read, f.Seq)
	case "sum":
		return c.compare(f, at, began, back)
	case "error":
		c.crowd.fail("%s %s: the server answers %s", c.tenant, c.topic, f.Code)
		return fmt.Errorf("the server answers %s", f.Code)
	}
	return nil
}

// measured reports whether this client's frames say how long publishing takes.
func (c *client) measured() bool {
	return c.manner == steady && c.topic == Topics[0] && c.filter == ""
}

// compare holds the server's checksum against that of the client's own state.
func (c *client) compare(f *frame, at, began time.Time, back bool) error {
	if c.now == nil || f.Version != c.now.version {
		c.crowd.fail("%s %s: a checksum of another version than the client's", c.tenant, c.topic)
		return errors.New("a checksum of another version")
	}
	sum, err := c.now.checksum()
	if err != nil {
		return err
	}
	if sum != f.Sum {
		c.crowd.fail("%s %s, a %s client: the state at version %d differs from the server's", c.tenant, c.topic, c.manner, f.Version)
		return errors.New("another state than the server's")
	}
	c.crowd.sums.Add(1)
	if back && !c.timed {
		c.crowd.catchUp.record(at.Sub(began))
		c.timed = true
	}
	if strconv.FormatInt(f.ID, 10) == finalCheck && c.read >= c.ledger.highest() {
		c.equal = true
		return errCompared
	}
	return nil
}

func (c *client) subscription() string {
	var b strings.Builder
	b.WriteString(`{"op":"subscribe","id":1,"topic":"` + c.topic + `"`)
	if c.filter != "" {
		b.WriteString(`,"filter":` + c.filter)
	}
	if c.now != nil {
		epoch, _ := json.Marshal(c.now.epoch) // a string always encodes.
		fmt.Fprintf(&b, `,"since":{"epoch":%s,"version":%d}`, epoch, c.now.version)
	}
	b.WriteByte('}')
	return b.String()
}

func (c *client) dial(ctx context.Context) (*websocket.Conn, error) {
	token, err := c.crowd.token(c.tenant, Owner)
	if err != nil {
		return nil, err
	}
	select {
	case c.crowd.dialed <- struct{}{}:
		defer func() { <-c.crowd.dialed }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ws, answer, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.crowd.url, "http")+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{subprotocol}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // empty, or the refusal's.
	}
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(mostRead)
	return ws, nil
}

func (c *client) send(ctx context.Context, ws *websocket.Conn, text string) error {
	return ws.Write(ctx, websocket.MessageText, []byte(text))
}

// readMessage appends one message to buf.
func readMessage(ctx context.Context, ws *websocket.Conn, buf []byte) ([]byte, error) {
	_, r, err := ws.Reader(ctx)
	if err != nil {
		return buf, err
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}
