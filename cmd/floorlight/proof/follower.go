package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	subprotocol = "floorlight.v1"
	mostRead    = 64 << 20
	comeBack    = 50 * time.Millisecond
	dialWait    = 10 * time.Second
	silence     = 45 * time.Second // three beats
)

// Follower is a client that follows all of [Topics] of one desk. It resumes where
// it was whenever its connection is lost, at the next of its servers.
type Follower struct {
	urls   []string
	token  func() (string, error)
	tenant event.TenantID
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	states  map[string]followed
	conn    *websocket.Conn // nil while there is none
	lives   int             // connections that brought a frame
	waiting map[int64]chan<- error
	nextID  int64
	fault   error // a frame that does not follow from the state; for ever
}

// followed is a topic as the client has made it.
type followed struct {
	epoch   string
	version uint64
	seq     uint64
	value   map[string]any
}

// Follow begins to follow, until ctx ends or Stop is called.
func Follow(ctx context.Context, tenant event.TenantID, token func() (string, error), urls ...string) *Follower {
	ctx, cancel := context.WithCancel(ctx)
	f := &Follower{urls: urls, token: token, tenant: tenant, cancel: cancel, done: make(chan struct{}), states: map[string]followed{}, waiting: map[int64]chan<- error{}}
	go f.run(ctx)
	return f
}

// Stop ends the follower and waits for it.
func (f *Follower) Stop() {
	f.cancel()
	<-f.done
}

// Lives is how many connections have brought something.
func (f *Follower) Lives() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lives
}

// Seq is how far the wallboard that the client holds goes.
func (f *Follower) Seq() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.states[Topics[0]].seq
}

// Epoch is that of the wallboard that the client holds.
func (f *Follower) Epoch() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.states[Topics[0]].epoch
}

// Wallboard is the wallboard's state as the client has made it; it is not to be changed.
func (f *Follower) Wallboard() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.states[Topics[0]].value
}

func (f *Follower) run(ctx context.Context) {
	defer close(f.done)
	for n := 0; ctx.Err() == nil; n++ {
		err := f.connection(ctx, f.urls[n%len(f.urls)])
		f.mu.Lock()
		f.conn = nil
		for id, answer := range f.waiting {
			answer <- fmt.Errorf("the connection ended: %w", err)
			delete(f.waiting, id)
		}
		f.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(comeBack):
		}
	}
}

func (f *Follower) connection(ctx context.Context, url string) error {
	token, err := f.token()
	if err != nil {
		return err
	}
	dialing, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	conn, answer, err := websocket.Dial(dialing, "ws"+strings.TrimPrefix(url, "http")+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{subprotocol}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // empty, or the refusal's.
	}
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }() // it ends either way.
	conn.SetReadLimit(mostRead)
	for i, topic := range Topics {
		if err := write(ctx, conn, f.subscription(i, topic)); err != nil {
			return err
		}
	}
	f.mu.Lock()
	f.conn = conn
	f.mu.Unlock()
	first := true
	for {
		reading, cancel := context.WithTimeout(ctx, silence)
		_, raw, err := conn.Read(reading)
		cancel()
		if err != nil {
			return err
		}
		if err := f.take(raw); err != nil {
			return err
		}
		if first {
			first = false
			f.mu.Lock()
			f.lives++
			f.mu.Unlock()
		}
	}
}

func write(ctx context.Context, conn *websocket.Conn, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, raw)
}

func (f *Follower) subscription(i int, topic string) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := map[string]any{"op": "subscribe", "id": i + 1, "topic": topic}
	if have, ok := f.states[topic]; ok {
		s["since"] = map[string]any{"epoch": have.epoch, "version": have.version}
	}
	return s
}

// wire is a frame of the server's.
type wire struct {
	Op      string         `json:"op"`
	ID      int64          `json:"id"`
	Sub     int            `json:"sub"`
	Epoch   string         `json:"epoch"`
	Version uint64         `json:"version"`
	From    uint64         `json:"from"`
	Seq     uint64         `json:"seq"`
	State   map[string]any `json:"state"`
	Patch   map[string]any `json:"patch"`
	Sum     string         `json:"sum"`
	Code    string         `json:"code"`
}

func (f *Follower) take(raw []byte) error {
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return fmt.Errorf("a frame is not JSON: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	topic := ""
	if w.Sub >= 1 && w.Sub <= len(Topics) {
		topic = Topics[w.Sub-1]
	}
	have := f.states[topic]
	switch w.Op {
	case "snapshot":
		if w.State == nil {
			w.State = map[string]any{}
		}
		f.states[topic] = followed{w.Epoch, w.Version, w.Seq, w.State}
	case "delta":
		if have.epoch != w.Epoch || have.version != w.From {
			f.fault = fmt.Errorf("%s %s: a delta from %s:%d for a client at %s:%d", f.tenant, topic, w.Epoch, w.From, have.epoch, have.version)
			return f.fault
		}
		f.states[topic] = followed{w.Epoch, w.Version, w.Seq, load.Merged(have.value, w.Patch)}
	case "sum":
		answer, asked := f.waiting[w.ID]
		if !asked {
			return nil
		}
		delete(f.waiting, w.ID)
		sum, err := load.Checksum(have.value)
		if err == nil && (sum != w.Sum || have.version != w.Version) {
			err = fmt.Errorf("%s %s: at version %d the client's state is %.12s, the server's at %d is %.12s", f.tenant, topic, have.version, sum, w.Version, w.Sum)
		}
		answer <- err
	case "error":
		return fmt.Errorf("the server answers %s", w.Code)
	}
	return nil
}

// errAway says that the client has no connection.
var errAway = errors.New("the client has no connection")

// compare asks for the checksum of every topic, and returns the states that had it.
func (f *Follower) compare(ctx context.Context) (map[string]followed, error) {
	answers := make(chan error, len(Topics))
	f.mu.Lock()
	if f.fault != nil {
		defer f.mu.Unlock()
		return nil, f.fault
	}
	conn := f.conn
	ids := make([]int64, len(Topics))
	for i := range Topics {
		f.nextID++
		ids[i] = f.nextID
		f.waiting[ids[i]] = answers
	}
	f.mu.Unlock()
	if conn == nil {
		return nil, errAway
	}
	for i := range Topics {
		if err := write(ctx, conn, map[string]any{"op": "check", "id": ids[i], "sub": i + 1}); err != nil {
			return nil, err
		}
	}
	for range Topics {
		select {
		case err := <-answers:
			if err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.states), nil
}
