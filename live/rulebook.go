package live

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/risk"
)

// RuleStore has the rules that are in force, the same on every server, without
// the database; *stream.Stream does.
type RuleStore interface {
	PutRules(ctx context.Context, r stream.RulesInForce) error
	WatchRules(ctx context.Context, loaded func(), put func(stream.RulesInForce)) error
}

// inForce is one tenant's compiled rules.
type inForce struct {
	version int64
	engine  *risk.Engine
}

// rulebook has the engine of every tenant. An engine is replaced whole: a check
// that has begun ends with the rules with which it began.
type rulebook struct {
	loaded  atomic.Bool
	tenants sync.Map // of event.TenantID and *inForce
	// changed is closed and made anew whenever rules came.
	mu      sync.Mutex
	changed chan struct{}
	log     zerolog.Logger
	metrics *metrics
}

func newRulebook(log zerolog.Logger, m *metrics) *rulebook {
	return &rulebook{changed: make(chan struct{}), log: log, metrics: m}
}

// watch follows the rules in force until ctx ends.
func (b *rulebook) watch(ctx context.Context, from RuleStore) error {
	return from.WatchRules(ctx, func() { b.loaded.Store(true) }, b.put)
}

// put compiles rules and puts them in force. Faulty ones, which another version
// of this program may have stored, leave those in force that were.
func (b *rulebook) put(r stream.RulesInForce) {
	if now, ok := b.tenants.Load(r.Tenant); ok && now.(*inForce).version >= r.Version { //nolint:forcetypeassert // only put stores.
		return
	}
	var set risk.Set
	err := json.Unmarshal(r.Body, &set, json.RejectUnknownMembers(true))
	if err == nil {
		var engine *risk.Engine
		if engine, err = set.Compile(); err == nil {
			b.tenants.Store(r.Tenant, &inForce{version: r.Version, engine: engine})
			b.metrics.rules.Inc()
		}
	}
	if err != nil {
		b.log.Error().Err(err).Str("tenant", string(r.Tenant)).Int64("version", r.Version).Msg("rules are not put in force; the ones before stay")
		b.metrics.rulesFaulty.Inc()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

// version is what is in force for a tenant, 0 for its preset's own rules.
func (b *rulebook) version(tenant event.TenantID) int64 {
	if now, ok := b.tenants.Load(tenant); ok {
		return now.(*inForce).version //nolint:forcetypeassert // only put stores.
	}
	return 0
}

// wait returns when that version or a later one is in force here, or ctx ends.
func (b *rulebook) wait(ctx context.Context, tenant event.TenantID, version int64) error {
	for {
		b.mu.Lock()
		changed := b.changed
		b.mu.Unlock()
		if b.version(tenant) >= version {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// engine is the one that judges a tenant's messages.
func (b *rulebook) engine(tenant event.TenantID, preset string) *risk.Engine {
	if now, ok := b.tenants.Load(tenant); ok {
		return now.(*inForce).engine //nolint:forcetypeassert // only put stores.
	}
	return risk.ForPreset(preset)
}
