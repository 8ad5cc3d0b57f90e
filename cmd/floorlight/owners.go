package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/floorlight/floorlight/history"
)

const (
	// ownersLook is how often a server looks for a partition that is free.
	ownersLook = 250 * time.Millisecond
	// ownersWait bounds what the database is asked in one look.
	ownersWait = 2 * time.Second
	// strayWait is how long a partition may be free before somebody takes it who
	// has his share.
	strayWait = time.Second
)

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

// owners takes partitions for this server and lets them go, so that each has one
// owner and all servers have as many. Leases in the database are the lock. There
// is no list of servers: who has fewer than another asks him for one.
type owners struct {
	n      *node
	leases *history.Leases
	soon   chan struct{} // look now
	failed chan error    // what the server cannot go on after

	mu        sync.Mutex
	mine      map[int16]*tenure  // guarded by mu
	elsewhere map[int16]struct{} // others' partitions when it was last looked; guarded by mu
	settled   bool               // every partition has had an owner; guarded by mu
	ready     chan struct{}      // closed when settled and all of them here are loaded

	// Owned by run.
	keptAt  time.Time
	askedAt time.Time
	free    map[int16]time.Time // since when nobody has it
	held    map[string]int      // partitions by owner, when it was last looked
	deaf    bool                // the database has not answered
	wg      sync.WaitGroup
}

// tenure is the time for which a partition is this server's.
type tenure struct {
	partition int16
	cancel    context.CancelFunc
	done      chan struct{}
	core      atomic.Pointer[core] // nil while it is being loaded
	leaving   atomic.Bool
}

func newOwners(ctx context.Context, n *node) (*owners, error) {
	leases, err := n.database.Leases(ctx, n.id, 0)
	if err != nil {
		return nil, err
	}
	return &owners{
		n: n, leases: leases, soon: make(chan struct{}, 1), failed: make(chan error, 1),
		mine: map[int16]*tenure{}, elsewhere: map[int16]struct{}{}, ready: make(chan struct{}), free: map[int16]time.Time{}, held: map[string]int{},
	}, nil
}

// run owns partitions until ctx ends, and then gives them to others.
func (o *owners) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer o.leaveAll() //nolint:contextcheck // what stops has its own time.
	defer cancel()
	tick := time.NewTicker(ownersLook)
	defer tick.Stop()
	for {
		o.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case err := <-o.failed:
			return err
		case <-o.soon:
			o.keptAt = time.Time{}
		case <-tick.C:
		}
	}
}

// poke makes it look at once.
func (o *owners) poke() {
	select {
	case o.soon <- struct{}{}:
	default: // it will
	}
}

// list are the tenures that there are.
func (o *owners) list() []*tenure {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := make([]*tenure, 0, len(o.mine))
	for _, t := range o.mine {
		list = append(list, t)
	}
	return list
}

// cores are those of the partitions that are loaded.
func (o *owners) cores() []*core {
	var list []*core
	for _, t := range o.list() {
		if c := t.core.Load(); c != nil {
			list = append(list, c)
		}
	}
	return list
}

// look says that this server lives, and takes or lets go what is due.
func (o *owners) look(ctx context.Context) {
	asking, cancel := context.WithTimeout(ctx, ownersWait)
	defer cancel()
	err := o.keep(asking)
	var held []history.Held
	if err == nil {
		held, err = o.leases.All(asking)
	}
	if err != nil {
		if !o.deaf && ctx.Err() == nil {
			o.deaf = true
			o.n.log.Warn().Err(err).Msg("who owns what cannot be asked; every server keeps what it has")
		}
		return
	}
	o.deaf = false
	o.take(ctx, asking, held)
}

// keep renews the leases, and does what their rows tell.
func (o *owners) keep(ctx context.Context) error {
	list := o.list()
	if len(list) == 0 || time.Since(o.keptAt) < o.leases.Life()/4 {
		return nil
	}
	partitions := make([]int16, len(list))
	for i, t := range list {
		partitions[i] = t.partition
	}
	kept, err := o.leases.Keep(ctx, partitions)
	if err != nil {
		return err
	}
	o.keptAt = time.Now()
	for _, t := range list {
		k, own := kept[t.partition]
		if !own {
			if !t.leaving.Swap(true) {
				o.n.log.Warn().Int16("partition", t.partition).Msg("another server has taken the partition over")
				t.cancel()
			}
			continue
		}
		if c := t.core.Load(); c != nil && c.refolds != k.Refolds {
			c.refolded()
		}
		// With one less this server still has no fewer than the one who asks.
		if k.Wanted != "" && len(list)-o.held[k.Wanted] >= 2 && !o.isLeaving(list) {
			o.let(t, k.Wanted) //nolint:contextcheck // handing on has its own time.
		}
	}
	return nil
}

func (o *owners) isLeaving(list []*tenure) bool {
	for _, t := range list {
		if t.leaving.Load() {
			return true
		}
	}
	return false
}

// let hands a partition on once its core has ended.
func (o *owners) let(t *tenure, to string) {
	if t.leaving.Swap(true) {
		return
	}
	o.n.log.Info().Int16("partition", t.partition).Str("to", to).Msg("a partition is let go to a server that has fewer")
	t.cancel()
	o.wg.Go(func() {
		<-t.done
		o.give(t.partition, to)
		o.poke()
	})
}

func (o *owners) give(partition int16, to string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := o.leases.Give(ctx, partition, to); err != nil {
		o.n.log.Debug().Err(err).Int16("partition", partition).Msg("the lease runs out by itself")
	}
}

// take takes what nobody has, up to this server's share, and asks for what it
// lacks to that.
func (o *owners) take(ctx, asking context.Context, held []history.Held) {
	now := time.Now()
	partitions := o.n.floor.Partitions()
	taken, counts := map[int16]history.Held{}, map[string]int{}
	for _, h := range held {
		taken[h.Partition] = h
		counts[h.Owner]++
	}
	o.held = counts
	servers := len(counts)
	if counts[o.n.id] == 0 {
		servers++
	}
	share := (partitions + servers - 1) / servers
	o.mu.Lock()
	clear(o.elsewhere)
	for p, h := range taken {
		if h.Owner != o.n.id {
			o.elsewhere[p] = struct{}{}
		}
	}
	mine := len(o.mine)
	o.mu.Unlock()
	for _, i := range mathrand.Perm(partitions) { //nolint:gosec // so that servers do not come for the same one.
		p := int16(i) //nolint:gosec // there are few
		h, owned := taken[p]
		switch {
		case o.has(p):
			delete(o.free, p)
			continue
		case owned && h.Owner != o.n.id:
			delete(o.free, p)
			continue
		case !owned && o.free[p].IsZero():
			o.free[p] = now
		}
		if !owned && mine >= share && now.Sub(o.free[p]) < strayWait {
			continue
		}
		if got, err := o.leases.Take(asking, p); err != nil || !got {
			continue
		}
		delete(o.free, p)
		mine++
		o.begin(ctx, p)
	}
	o.settle()
	o.want(asking, held, mine)
}

// want asks who has most for one of his, if he has at least two more.
func (o *owners) want(ctx context.Context, held []history.Held, mine int) {
	most := ""
	for owner, n := range o.held {
		if owner != o.n.id && n > o.held[most] {
			most = owner
		}
	}
	if o.held[most]-mine < 2 || len(o.free) > 0 || time.Since(o.askedAt) < o.leases.Life()/2 {
		return
	}
	for _, i := range mathrand.Perm(len(held)) { //nolint:gosec // as above.
		h := held[i]
		if h.Owner != most || h.Wanted {
			continue
		}
		o.askedAt = time.Now()
		if err := o.leases.Want(ctx, h.Partition); err != nil {
			o.n.log.Debug().Err(err).Msg("a partition was not asked for")
		}
		return
	}
}

func (o *owners) has(p int16) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mine[p] != nil
}

// begin owns a partition from now on.
func (o *owners) begin(ctx context.Context, p int16) {
	t := &tenure{partition: p, done: make(chan struct{})}
	ctx, t.cancel = context.WithCancel(ctx)
	o.mu.Lock()
	o.mine[p] = t
	o.mu.Unlock()
	o.n.log.Info().Int16("partition", p).Msg("a partition is taken")
	o.keptAt = time.Time{}
	o.wg.Go(func() {
		err := o.hold(ctx, t)
		if ctx.Err() != nil {
			err = nil // whatever was interrupted, the partition is no longer its
		}
		t.cancel()
		o.mu.Lock()
		delete(o.mine, p)
		o.mu.Unlock()
		close(t.done)
		if err != nil {
			select {
			case o.failed <- err:
			default: // one is enough
			}
		}
	})
}

// hold runs cores of a partition until ctx ends, another server has it, or the
// server cannot go on: another one whenever the stream turns out not to be the
// one that was read, and when numbers were computed anew.
func (o *owners) hold(ctx context.Context, t *tenure) error {
	for ctx.Err() == nil {
		c, err := o.n.startCore(ctx, t.partition, nil)
		if c == nil || err != nil {
			return err // without one, ctx ended while something was away
		}
		c, err = o.serve(ctx, t, c)
		t.core.Store(nil)
		c.stop()
		log := o.n.log.With().Int16("partition", t.partition).Logger()
		switch {
		case ctx.Err() != nil:
			log.Info().Msg("a partition is no longer this server's")
		case errors.Is(err, history.ErrFenced):
			log.Warn().Err(err).Msg("another server writes the partition; this one lets it go")
			return nil
		case streamChanged(err):
			log.Error().Err(err).Msg("the stream is not the one that was read; history finds the last common event, then the hub begins anew")
			if err := o.n.reconcile(ctx, t.partition); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
	return nil
}

// serve lets a core serve, and after each refold another one that begins from the new
// numbers: the one before answers until that has caught up. It returns the core that
// serves when ctx ends or it cannot go on, and why.
func (o *owners) serve(ctx context.Context, t *tenure, c *core) (*core, error) {
	for {
		t.core.Store(c)
		o.settle()
		if err := c.wait(ctx); !errors.Is(err, errRefolded) {
			return c, err
		}
		o.n.log.Info().Int16("partition", t.partition).Msg("stored numbers were computed anew; a hub begins from them beside the one that serves")
		next, err := o.n.startCore(ctx, t.partition, c)
		if next == nil || err != nil {
			return c, err
		}
		c = next
	}
}

// settle notes when every partition has had an owner for the first time, and this
// server has loaded its own.
func (o *owners) settle() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.settled || len(o.mine)+len(o.elsewhere) < o.n.floor.Partitions() {
		return
	}
	for _, t := range o.mine {
		if t.core.Load() == nil {
			return
		}
	}
	o.settled = true
	close(o.ready)
}

// leaveAll ends every core and lets others take the partitions at once.
func (o *owners) leaveAll() {
	for _, t := range o.list() {
		o.wg.Go(func() {
			was := t.leaving.Swap(true)
			t.cancel()
			<-t.done
			if !was {
				o.give(t.partition, "")
			}
		})
	}
	o.wg.Wait()
}

// Describe says nothing: which metrics there are changes with the partitions.
func (o *owners) Describe(chan<- *prometheus.Desc) {}

// Collect gives the metrics of all partitions that are this server's.
func (o *owners) Collect(to chan<- prometheus.Metric) {
	for _, c := range o.cores() {
		c.registry.Collect(to)
	}
}
