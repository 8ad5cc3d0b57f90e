package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// Servers on one NATS and one PostgreSQL each have a whole hub; one of them
// writes. What is stored must never be ahead of any of their hubs, because a hub
// takes from there what it has let go of. So before each commit the writer asks
// its peers whether they have applied it.
const (
	peerBeats = "floorpeer.beat"
	peerAsks  = "floorpeer.ask"
	peerJoins = "floorpeer.join"

	peerBeatEvery = 250 * time.Millisecond
	// peerDead is how long a peer may be silent.
	peerDead = 2 * time.Second
	// peerStuck is how long a peer may get no further before the writer goes on
	// without it; it then begins anew from what is stored. Loading takes longer.
	peerStuck   = 5 * time.Second
	peerLoading = 2 * time.Minute
	// joinWait is how long a server waits to be let in by the one that writes.
	joinWait = time.Second
)

// beat is what a server says of itself.
type beat struct {
	ID      string `json:"id"`
	Applied uint64 `json:"applied"` // every event up to it, by its hub
	Loading bool   `json:"loading,omitzero"`
	Leaving bool   `json:"leaving,omitzero"`
}

// asking is what the writer wants to know.
type asking struct {
	ID  string `json:"id"`
	Seq uint64 `json:"seq"`
}

// peer is what is known of another server.
type peer struct {
	beat
	at    time.Time // when it was last heard
	moved time.Time // when it last got further
}

// peers knows the other servers. One lasts as long as its core.
type peers struct {
	id   string
	conn *nats.Conn
	log  zerolog.Logger

	mu         sync.Mutex
	others     map[string]*peer
	changed    chan struct{} // closed and made anew when something was heard
	own        beat
	committing bool     // between Hold and its commit
	joining    []string // reply subjects of those who wait to be let in

	subscriptions []*nats.Subscription
	hub           *hub.Hub    // nil while loading
	writes        func() bool // whether this server's writer is the one
	asked         chan uint64
}

// serverID names this server among others. It is kept in the data directory, so
// that a server that comes back goes on where it was without waiting for itself;
// the host's name keeps copies of a directory apart.
func serverID(s settings) (string, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unnamed"
	}
	path := filepath.Join(s.DataDir, "server-id")
	text, err := os.ReadFile(path) //nolint:gosec // The data directory is the operator's to choose.
	if errors.Is(err, fs.ErrNotExist) {
		var b [8]byte
		_, _ = rand.Read(b[:]) // it never fails: crypto/rand says so
		text = []byte(hex.EncodeToString(b[:]) + "\n")
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("the server's id: %w", err)
	}
	return strings.TrimSpace(string(text)) + "@" + host, nil
}

// meet makes this server known, as one that is loading, and returns when the one
// that writes has stopped committing for its sake, or there is none.
func meet(ctx context.Context, conn *nats.Conn, id string, log zerolog.Logger) (*peers, error) {
	p := &peers{
		id: id, conn: conn, log: log, others: map[string]*peer{}, changed: make(chan struct{}), asked: make(chan uint64, 1),
		own: beat{ID: id, Loading: true},
	}
	if err := p.listen(peerBeats, p.hear); err != nil {
		return nil, err
	}
	if err := p.listen(peerAsks, p.ask); err != nil {
		return nil, err
	}
	p.say()
	// Before it listens to joins itself: alone, it is told at once that it is.
	waiting, cancel := context.WithTimeout(ctx, joinWait)
	defer cancel()
	_, err := conn.RequestWithContext(waiting, peerJoins, []byte(id))
	switch {
	case ctx.Err() != nil:
		p.leave()
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, nats.ErrNoResponders) && !errors.Is(err, context.DeadlineExceeded):
		log.Warn().Err(err).Msg("other servers could not be asked")
	}
	return p, p.listen(peerJoins, p.join)
}

func (p *peers) listen(subject string, handle nats.MsgHandler) error {
	sub, err := p.conn.Subscribe(subject, handle)
	if err != nil {
		p.leave()
		return fmt.Errorf("listen to other servers: %w", err)
	}
	p.subscriptions = append(p.subscriptions, sub)
	return nil
}

// run says every quarter of a second how far the hub is, and answers the writer,
// until ctx ends.
func (p *peers) run(ctx context.Context) {
	tick := time.NewTicker(peerBeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case seq := <-p.asked:
			p.reach(ctx, seq)
		}
		p.say()
	}
}

// loaded says that the hub holds everything up to seq.
func (p *peers) loaded(h *hub.Hub, seq uint64, writes func() bool) {
	p.mu.Lock()
	p.hub, p.writes, p.own.Loading, p.own.Applied = h, writes, false, seq
	p.mu.Unlock()
	p.say()
}

// reach waits until the hub has applied what the writer asks for.
func (p *peers) reach(ctx context.Context, seq uint64) {
	ctx, cancel := context.WithTimeout(ctx, peerBeatEvery)
	defer cancel()
	p.mu.Lock()
	h := p.hub
	p.mu.Unlock()
	if h == nil {
		return
	}
	seq = min(seq, h.Position()) // what has come so far is progress, too
	if h.WaitApplied(ctx, seq) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.own.Applied = max(p.own.Applied, seq)
}

// say publishes the beat. Whoever does not hear it hears the next.
func (p *peers) say() {
	p.mu.Lock()
	own := p.own
	p.mu.Unlock()
	raw, err := json.Marshal(own)
	if err == nil {
		err = p.conn.Publish(peerBeats, raw)
	}
	if err != nil {
		p.log.Debug().Err(err).Msg("a beat was not published")
	}
}

// leave makes others wait no longer.
func (p *peers) leave() {
	p.mu.Lock()
	p.own.Leaving = true
	p.mu.Unlock()
	p.say()
	for _, sub := range p.subscriptions {
		_ = sub.Unsubscribe() // the connection may be gone.
	}
}

func (p *peers) hear(m *nats.Msg) {
	var b beat
	if json.Unmarshal(m.Data, &b) != nil || b.ID == "" || b.ID == p.id {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	known, ok := p.others[b.ID]
	switch {
	case b.Leaving:
		delete(p.others, b.ID)
	case !ok:
		p.others[b.ID] = &peer{beat: b, at: now, moved: now}
		p.log.Info().Str("server", b.ID).Int("servers", len(p.others)+1).Msg("another server is there")
	default:
		if b.Applied != known.Applied || b.Loading != known.Loading {
			known.moved = now
		}
		known.beat, known.at = b, now
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// ask is a writer's question: it is answered by a beat.
func (p *peers) ask(m *nats.Msg) {
	var a asking
	if json.Unmarshal(m.Data, &a) != nil || a.ID == p.id {
		return
	}
	select { // a later question is worth more than one that still waits
	case <-p.asked:
	default:
	}
	select {
	case p.asked <- a.Seq:
	default:
	}
}

// join lets a server in that is about to load: at once if nothing is being
// committed, else before the next commit. Only a server that writes answers.
func (p *peers) join(m *nats.Msg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := string(m.Data)
	if id == p.id || id == "" || p.writes == nil || !p.writes() {
		return
	}
	now := time.Now()
	p.others[id] = &peer{beat: beat{ID: id, Loading: true}, at: now, moved: now} // its beat may come after this
	if p.committing {
		p.joining = append(p.joining, m.Reply)
		return
	}
	p.welcome(m.Reply)
}

func (p *peers) welcome(reply string) {
	if err := p.conn.Publish(reply, []byte(p.id)); err != nil {
		p.log.Debug().Err(err).Msg("a server was not let in, and lets itself in")
	}
}

// hold returns when every other server has applied everything up to seq: it may
// be stored. One that has died or is stuck is not waited for.
func (p *peers) hold(ctx context.Context, seq uint64) error {
	p.mu.Lock()
	p.committing = false // the commit before this one has ended
	for _, reply := range p.joining {
		p.welcome(reply)
	}
	p.joining = nil
	p.mu.Unlock()
	for asked := false; ; {
		p.mu.Lock()
		behind := p.behind(seq, time.Now())
		changed := p.changed
		if !behind {
			p.committing = true
		}
		p.mu.Unlock()
		if !behind {
			return nil
		}
		if !asked {
			asked = p.askAll(seq)
		}
		timer := time.NewTimer(peerBeatEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-changed:
		case <-timer.C:
			asked = false // it may have been lost
		}
		timer.Stop()
	}
}

// behind reports whether somebody is to be waited for.
func (p *peers) behind(seq uint64, now time.Time) bool {
	waits := false
	for id, other := range p.others {
		patience := peerStuck
		if other.Loading {
			patience = peerLoading
		}
		switch {
		case now.Sub(other.at) > peerDead:
			p.log.Warn().Str("server", id).Msg("another server is silent, and no longer waited for")
			delete(p.others, id)
		case other.Applied >= seq && !other.Loading:
		case now.Sub(other.moved) < patience:
			waits = true
		}
	}
	return waits
}

func (p *peers) askAll(seq uint64) bool {
	raw, err := json.Marshal(asking{ID: p.id, Seq: seq})
	return err == nil && p.conn.Publish(peerAsks, raw) == nil
}

// committed says that the commit that was held for has ended.
func (p *peers) committed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.committing = false
	for _, reply := range p.joining {
		p.welcome(reply)
	}
	p.joining = nil
}

// errAhead says that the history is ahead of this server's hub, which was not
// waited for. It begins anew from what is stored.
var errAhead = errors.New("the history is ahead of this server")

// careful is a restorer that never gives a hub what is ahead of it.
type careful struct {
	database *history.Database
	position func() uint64
	ahead    func()
}

// Fetch is history's.
func (c *careful) Fetch(ctx context.Context, tenant event.TenantID, refs []fold.Ref) (map[fold.Ref][]byte, error) {
	entities, newest, err := c.database.FetchNewest(ctx, tenant, refs)
	if err != nil {
		return nil, err
	}
	if newest > c.position() {
		c.ahead()
		return nil, errAhead
	}
	return entities, nil
}
