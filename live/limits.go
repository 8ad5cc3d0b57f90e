package live

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/floorlight/floorlight/hub/event"
)

// Limits is how much callers may ask for. A zero member is no limit.
type Limits struct {
	Token    Rate // requests with one token
	Tenant   Rate // requests and checks of one desk, over all its tokens
	Address  Rate // requests from one address, with a token or without
	Failures Rate // tokens and tickets from one address that were not taken
	Opens    Rate // sockets, event streams and tickets, by address; by token a quarter
	Frames   Rate // frames over all the sockets of one token

	Reports int // of one token at a time; of one desk four times as many
	Exports int // of one token at a time; of one desk four times as many
	Sockets int // sockets and event streams of one token at a time; of one desk ten times as many
}

// limitReason is what was too much, the label of the metric and a part of the answer.
type limitReason string

const (
	limitToken       limitReason = "token"
	limitTenant      limitReason = "tenant"
	limitAddress     limitReason = "address"
	limitFailures    limitReason = "failures"
	limitOpens       limitReason = "opens"
	limitFrames      limitReason = "frames"
	limitReports     limitReason = "reports"
	limitExports     limitReason = "exports"
	limitSockets     limitReason = "sockets"
	limitIngests     limitReason = "ingests"
	limitConnections limitReason = "connections"
)

// limitTexts says to the caller what was too much.
var limitTexts = map[limitReason]string{
	limitToken:       "too many requests with this token",
	limitTenant:      "too many requests of this desk",
	limitAddress:     "too many requests from this address",
	limitFailures:    "too many tokens and tickets from this address that are not good",
	limitOpens:       "too many new sockets, event streams and tickets",
	limitFrames:      "too many frames with this token",
	limitReports:     "too many reports at a time",
	limitExports:     "too many exports at a time",
	limitSockets:     "too many sockets and event streams at a time",
	limitIngests:     "too many batches of this desk at a time",
	limitConnections: "too many connections from this address",
}

// limits counts what callers ask for.
type limits struct {
	metrics *metrics
	now     func() time.Time

	tokens, opensByToken, frames     *table[TokenID]
	tenants                          *table[event.TenantID]
	addresses, failures, opensBy     *table[netip.Prefix]
	reportsByToken, exportsByToken   *turns[TokenID]
	reportsByTenant, exportsByTenant *turns[event.TenantID]
	ingests                          *turns[event.TenantID]

	reportWait time.Duration
}

func newLimits(c Limits, m *metrics, now func() time.Time) *limits {
	quarter := c.Opens
	quarter.Most = (quarter.Most + 3) / 4
	return &limits{
		metrics: m, now: now,
		tokens: newTable[TokenID](c.Token), opensByToken: newTable[TokenID](quarter), frames: newTable[TokenID](c.Frames),
		tenants:   newTable[event.TenantID](c.Tenant),
		addresses: newTable[netip.Prefix](c.Address), failures: newTable[netip.Prefix](c.Failures), opensBy: newTable[netip.Prefix](c.Opens),
		reportsByToken: newTurns[TokenID](c.Reports), exportsByToken: newTurns[TokenID](c.Exports),
		reportsByTenant: newTurns[event.TenantID](4 * c.Reports), exportsByTenant: newTurns[event.TenantID](4 * c.Exports),
		ingests:    newTurns[event.TenantID](mostIngests / 2),
		reportWait: reportWait,
	}
}

// refused counts what was too much, and is the answer to it.
func (l *limits) refused(why limitReason, wait time.Duration) *Fault {
	l.metrics.limited.WithLabelValues(string(why)).Inc()
	return &Fault{Code: CodeTooManyRequests, Detail: limitTexts[why], Wait: max(wait, time.Millisecond)}
}

// address lets a request from an address through.
func (l *limits) address(from netip.Prefix) error {
	if wait := l.addresses.take(from, l.now()); wait > 0 {
		return l.refused(limitAddress, wait)
	}
	return nil
}

// caller lets a request through whose token has been taken.
func (l *limits) caller(who *Identity) error {
	if wait := l.tokens.take(who.ID, l.now()); wait > 0 {
		return l.refused(limitToken, wait)
	}
	if who.Tenant == "" {
		return nil
	}
	return l.desk(who.Tenant)
}

// desk lets a request or a check of a desk through.
func (l *limits) desk(tenant event.TenantID) error {
	if wait := l.tenants.take(tenant, l.now()); wait > 0 {
		return l.refused(limitTenant, wait)
	}
	return nil
}

// failed is the answer to a token or ticket that is not taken: why it was not,
// or after too many of them that there were too many. A good one passes all the
// while: behind one address there may be a desk and somebody who guesses.
func (l *limits) failed(from netip.Prefix, err error) error {
	if faultOf(err).kind().status != http.StatusUnauthorized {
		return err
	}
	if wait := l.failures.take(from, l.now()); wait > 0 {
		return l.refused(limitFailures, wait)
	}
	return err
}

// open lets a new socket, event stream or ticket through.
func (l *limits) open(from netip.Prefix, who *Identity) error {
	now := l.now()
	if wait := l.opensByToken.take(who.ID, now); wait > 0 {
		return l.refused(limitOpens, wait)
	}
	if wait := l.opensBy.take(from, now); wait > 0 {
		return l.refused(limitOpens, wait)
	}
	return nil
}

// longestFrameWait is how long a frame may wait for its turn.
const longestFrameWait = time.Second

// frame lets a frame through, if need be a little later: it holds up the
// connection that it came by and nobody else.
func (l *limits) frame(ctx context.Context, who *Identity) *Fault {
	wait, ok := l.frames.reserve(who.ID, l.now(), longestFrameWait)
	if !ok {
		return l.refused(limitFrames, wait)
	}
	if wait == 0 {
		return nil
	}
	l.metrics.delayed.Inc()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

// reportWait is how long a report waits for its turn.
const reportWait = 10 * time.Second

// report waits for the caller's turn at what is expensive. Done ends it.
func (l *limits) report(ctx context.Context, who *Identity, cost cost) (done func(), err error) {
	byToken, byTenant, why := l.reportsByToken, l.reportsByTenant, limitReports
	if cost == costExport {
		byToken, byTenant, why = l.exportsByToken, l.exportsByTenant, limitExports
	}
	ctx, cancel := context.WithTimeout(ctx, l.reportWait)
	defer cancel()
	first, ok := byToken.take(ctx, who.ID)
	if !ok {
		return nil, l.refused(why, time.Second)
	}
	second, ok := byTenant.take(ctx, who.Tenant)
	if !ok {
		first()
		return nil, l.refused(why, time.Second)
	}
	return func() { second(); first() }, nil
}

// mostKept bounds a table's half: so many keys are remembered at least, and
// twice as many at most, some 200 bytes each.
const mostKept = 8192

// table has a bucket for each key. What was not asked for while mostKept others
// were is forgotten, so whoever has more keys than that escapes it; such a one
// meets the limits that are kept by other keys.
type table[K comparable] struct {
	rate Rate

	mu         sync.Mutex
	young, old map[K]*rate.Limiter
}

func newTable[K comparable](r Rate) *table[K] {
	return &table[K]{rate: r, young: map[K]*rate.Limiter{}}
}

// take is 0, or how long the key would have to wait.
func (t *table[K]) take(key K, now time.Time) time.Duration {
	wait, _ := t.reserve(key, now, 0)
	return wait
}

// reserve takes one that is there within longest; otherwise it takes nothing.
func (t *table[K]) reserve(key K, now time.Time, longest time.Duration) (wait time.Duration, ok bool) {
	if t.rate.none() {
		return 0, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.bucket(key).ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > longest {
		r.CancelAt(now)
		return wait, false
	}
	return wait, true
}

func (t *table[K]) bucket(key K) *rate.Limiter {
	if b, known := t.young[key]; known {
		return b
	}
	b, known := t.old[key]
	if !known {
		b = t.rate.limiter()
	}
	if len(t.young) >= mostKept {
		t.old, t.young = t.young, make(map[K]*rate.Limiter)
	}
	t.young[key] = b
	return b
}

// turns lets so many of each key in at a time, and waitingFor times as many wait.
type turns[K comparable] struct {
	most int // 0: any number

	mu    sync.Mutex
	taken map[K]*turn
}

type turn struct {
	places chan struct{}
	users  int // in and waiting
}

// waitingFor is how many may wait for each place.
const waitingFor = 15

func newTurns[K comparable](most int) *turns[K] {
	return &turns[K]{most: most, taken: map[K]*turn{}}
}

// take waits for a place until ctx ends. Done gives it back.
func (t *turns[K]) take(ctx context.Context, key K) (done func(), ok bool) {
	if t.most <= 0 {
		return func() {}, true
	}
	t.mu.Lock()
	one, known := t.taken[key]
	if !known {
		one = &turn{places: make(chan struct{}, t.most)}
		t.taken[key] = one
	}
	if one.users >= t.most*(1+waitingFor) {
		t.mu.Unlock()
		return nil, false
	}
	one.users++
	t.mu.Unlock()
	select {
	case one.places <- struct{}{}:
		return func() { <-one.places; t.leave(key, one) }, true
	default:
	}
	select {
	case one.places <- struct{}{}:
		return func() { <-one.places; t.leave(key, one) }, true
	case <-ctx.Done():
		t.leave(key, one)
		return nil, false
	}
}

func (t *turns[K]) leave(key K, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(t.taken, key)
	}
}
