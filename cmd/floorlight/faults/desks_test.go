package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	lanes     = 24 // events of one conversation go down one lane, in their order
	laneRoom  = 4000
	askWait   = 3 * time.Second
	againWait = 20 * time.Millisecond
	// drainWait is how long the next acknowledgement may take after the fault.
	drainWait = time.Minute
)

// desks are the simulator's, whose platform never gives up: an event is handed over
// again, with the same id and time, until it is acknowledged. Half of the lanes go
// over NATS, half over HTTP.
type desks struct {
	t       *testing.T
	s       []*server    // any of them is asked over HTTP
	asked   atomic.Int64 // which of them: the next one, where one refuses
	conn    *nats.Conn
	js      jetstream.JetStream
	acked   proof.Acked
	clients map[event.TenantID]*proof.Follower

	produced, taken atomic.Int64 // actions, and those of them that were acknowledged
	stopProducing   context.CancelFunc
	filled          int // long messages; the test's goroutine's
	produce         sync.WaitGroup
	work            sync.WaitGroup
	end             context.CancelFunc

	mu       sync.Mutex
	refusals map[string]int // by what they say

	held  bool         // the test's goroutine's
	pause sync.RWMutex // held by who lets nothing be handed over
}

// hold returns when nothing is on its way, and lets nothing be handed over until
// letGo.
func (d *desks) hold() {
	d.pause.Lock()
	d.held = true
}

func (d *desks) letGo() {
	if d.held {
		d.held = false
		d.pause.Unlock()
	}
}

// canary is in the text of every message of the test's own.
const canary = "kanarie-4929123412341234"

// oneMore is a message in a conversation of the test's own.
func (d *desks) oneMore(m *event.MessageSent) event.Event {
	d.filled++
	m.Text = canary + " " + m.Text
	m.Conversation, m.Message = "more", event.MessageID(fmt.Sprint("m", d.filled))
	return event.New("lumen", "faults", fmt.Sprint("more-", d.filled), time.Now(), m)
}

// open starts the desks at a server, and others like it: rate is of messages, each
// of which comes with about two events.
func open(s *server, rate float64, natsURL string, others ...*server) *desks {
	s.t.Helper()
	ctx, end := context.WithCancel(context.WithoutCancel(s.t.Context()))
	d := &desks{t: s.t, s: append([]*server{s}, others...), clients: map[event.TenantID]*proof.Follower{}, refusals: map[string]int{}, end: end}
	var err error
	if natsURL == "" {
		natsURL, err = s.natsURL()
		require.NoError(s.t, err)
	}
	d.conn = connect(s.t, natsURL)
	d.js, err = jetstream.New(d.conn)
	require.NoError(s.t, err)
	specs := simulator.Desks(2)
	urls := make([]string, len(d.s))
	for i, each := range d.s {
		urls[i] = each.url
	}
	model := simulator.New(simulator.Config{Seed: 1, Tenants: specs, Agents: 8, Rate: rate, Start: time.Now(), Logger: zerolog.Nop()})
	for _, spec := range specs {
		d.clients[spec.Tenant] = proof.Follow(ctx, spec.Tenant, func() (string, error) { return s.token(spec.Tenant, load.Owner) }, urls...)
	}
	producing, stop := context.WithCancel(ctx)
	d.stopProducing = stop
	all := make([]chan simulator.Action, lanes)
	for i := range all {
		all[i] = make(chan simulator.Action, laneRoom)
		d.work.Go(func() {
			for a := range all[i] {
				d.handOver(ctx, a, i%2 == 1)
			}
		})
	}
	seed := maphash.MakeSeed()
	d.produce.Go(func() {
		defer func() {
			for _, lane := range all {
				close(lane)
			}
		}()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			for _, a := range model.Until(time.Now(), 1<<30) {
				d.produced.Add(1)
				select {
				case all[maphash.String(seed, string(a.Event.Tenant)+" "+a.Event.Key)%lanes] <- a:
				case <-ctx.Done():
					return
				}
			}
			select {
			case <-tick.C:
			case <-producing.Done():
				return
			}
		}
	})
	s.t.Cleanup(func() {
		end()
		d.letGo()
		d.produce.Wait()
		d.work.Wait()
		for _, f := range d.clients {
			f.Stop()
		}
		d.conn.Close()
	})
	return d
}

// connect is a connection that always comes back.
func connect(t *testing.T, url string) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond), nats.ReconnectJitter(0, 0), nats.RetryOnFailedConnect(true),
		nats.PingInterval(time.Second), nats.MaxPingsOutstanding(2),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // whoever asks gets the error.
	require.NoError(t, err)
	return conn
}

// handOver asks again until the event is taken.
func (d *desks) handOver(ctx context.Context, a simulator.Action, http bool) {
	for ctx.Err() == nil {
		var err error
		d.pause.RLock()
		switch {
		case a.Check:
			err = d.check(ctx, &a)
		case http:
			if err = d.post(ctx, &a.Event); err != nil {
				d.asked.Add(1)
			}
		default:
			err = d.publish(ctx, &a.Event)
		}
		d.pause.RUnlock()
		if err == nil {
			d.taken.Add(1)
			return
		}
		d.mu.Lock()
		d.refusals[err.Error()]++
		d.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(againWait):
		}
	}
}

func (d *desks) publish(ctx context.Context, e *event.Event) error {
	raw, err := e.Encode()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	_, err = d.js.PublishMsg(ctx, &nats.Msg{Subject: e.Subject(), Data: raw, Header: nats.Header{jetstream.MsgIDHeader: {e.MsgID()}}}, jetstream.WithRetryAttempts(0))
	if err == nil {
		d.acked.Add(e.Tenant, e.Source, e.ID)
	}
	return err
}

func (d *desks) post(ctx context.Context, e *event.Event) error {
	return d.postTo(ctx, d.s[d.asked.Load()%int64(len(d.s))], e)
}

func (d *desks) postTo(ctx context.Context, s *server, e *event.Event) error {
	raw, err := e.Encode()
	if err != nil {
		return err
	}
	token, err := s.token(e.Tenant, load.Service)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 4*askWait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v1/events", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/cloudevents+json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return errors.New("HTTP: no answer")
	}
	defer func() { _ = answer.Body.Close() }()
	var got struct {
		Code      string `json:"code"`
		Accepted  int    `json:"accepted"`
		Duplicate int    `json:"duplicate"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return fmt.Errorf("HTTP: status %d without a document", answer.StatusCode)
	}
	if answer.StatusCode != http.StatusOK || got.Accepted+got.Duplicate != 1 {
		return fmt.Errorf("HTTP: %d %s, Retry-After %s", answer.StatusCode, got.Code, answer.Header.Get("Retry-After"))
	}
	d.acked.Add(e.Tenant, e.Source, e.ID)
	return nil
}

// check lets an agent's message through the gate. A verdict is an acknowledgement.
func (d *desks) check(ctx context.Context, a *simulator.Action) error {
	m, ok := a.Event.Data.(*event.MessageSent)
	if !ok {
		return errors.New("only messages are checked")
	}
	raw, err := json.Marshal(simulator.CheckRequest{Conversation: m.Conversation, Message: m.Message, From: m.From, Text: m.Text})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	answer, err := d.conn.RequestWithContext(ctx, "floorsvc."+string(a.Event.Tenant)+".message.check", raw)
	if err != nil {
		return err
	}
	var got struct {
		Verdict string `json:"verdict"`
		Seq     uint64 `json:"seq"`
		Error   *struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	switch err := json.Unmarshal(answer.Data, &got); {
	case err != nil:
		return err
	case got.Error != nil:
		return errors.New("check: " + got.Error.Code)
	case got.Verdict == "" || got.Seq == 0:
		return fmt.Errorf("check: no verdict: %s", answer.Data)
	}
	d.acked.Add(a.Event.Tenant, event.ServerSource, "check/"+string(m.Conversation)+"/"+string(m.Message))
	return nil
}

// more waits until n more events are acknowledged.
func (d *desks) more(n int64) {
	d.t.Helper()
	want := d.taken.Load() + n
	require.Eventually(d.t, func() bool { return d.taken.Load() >= want }, 2*time.Minute, time.Millisecond,
		"%d of %d events are acknowledged: %v", d.taken.Load(), d.produced.Load(), d.refused())
}

// refused is what was answered instead of an acknowledgement, and how often.
func (d *desks) refused() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.refusals)
}

// said reports whether a refusal has that text in it.
func (d *desks) said(text string) bool { return d.times(text) > 0 }

// times is how many refusals have that text in them.
func (d *desks) times(text string) (n int) {
	for k, times := range d.refused() {
		if strings.Contains(k, text) {
			n += times
		}
	}
	return n
}

// drain ends the production and waits until everything is acknowledged.
func (d *desks) drain() {
	d.t.Helper()
	d.stopProducing()
	d.produce.Wait()
	done := make(chan struct{})
	go func() { d.work.Wait(); close(done) }()
	for over := false; !over; {
		before := d.taken.Load()
		select {
		case <-done:
			over = true
		case <-time.After(drainWait):
			require.Greater(d.t, d.taken.Load(), before, "not everything is acknowledged: %d of %d events: %v", before, d.produced.Load(), d.refused())
		}
	}
	d.t.Logf("%d events and verdicts were acknowledged; refused meanwhile: %v", d.taken.Load(), d.refused())
}
