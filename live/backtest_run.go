package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// backtestRun is a backtest while it runs and after.
type backtestRun struct {
	tenant event.TenantID
	scope  Scope
	cancel context.CancelFunc
	began  time.Time

	mu     sync.Mutex
	report backtest
	rules  map[string]*backtestRule
	agents map[event.AgentID]*backtestAgent
}

func (r *backtestRun) id() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report.ID
}

func (r *backtestRun) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report.State == backtestRunning
}

// take counts what the rules say of one message.
func (r *backtestRun) take(m *PastMessage, found *risk.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.report
	p.Done++
	newly := found.Verdict == event.Block && !m.Blocked
	switch found.Verdict {
	case event.Block:
		p.Blocked++
	case event.Flag:
		p.Flagged++
	case event.Allow:
	}
	if newly {
		p.Newly++
	}
	if m.Blocked && found.Verdict != event.Block {
		p.NoLonger++
	}
	if found.Verdict == event.Allow {
		return
	}
	seen := map[string]bool{}
	for i := range found.Violations {
		v := &found.Violations[i]
		if seen[v.Rule] {
			continue
		}
		seen[v.Rule] = true
		one := entry(r.rules, v.Rule, func() *backtestRule { return &backtestRule{Rule: v.Rule, Category: v.Category} })
		if v.Severity == event.SeverityBlock {
			one.Blocked++
			if newly {
				one.Newly++
			}
		} else {
			one.Flagged++
		}
	}
	if m.From.Kind == event.Agent {
		one := entry(r.agents, event.AgentID(m.From.ID), func() *backtestAgent { return &backtestAgent{Agent: event.AgentID(m.From.ID)} })
		if found.Verdict == event.Block {
			one.Blocked++
		} else {
			one.Flagged++
		}
		if newly {
			one.Newly++
		}
	}
	r.sample(m, found, newly)
}

// sample keeps some messages: what is newly blocked takes the place of others.
func (r *backtestRun) sample(m *PastMessage, found *risk.Result, newly bool) {
	p := &r.report
	at := len(p.Samples)
	if at == mostSamples {
		if !newly {
			return
		}
		if at = slices.IndexFunc(p.Samples, func(s backtestSample) bool { return s.WasBlocked || s.Verdict != event.Block }); at < 0 {
			return
		}
		p.Samples = slices.Delete(p.Samples, at, at+1)
	}
	p.Samples = append(p.Samples, backtestSample{
		At: m.At.UTC().Format(timeFormat), Conversation: m.Conversation, Message: m.Message, From: m.From, Text: m.Text,
		Verdict: found.Verdict, WasBlocked: m.Blocked, Violations: found.Violations,
	})
}

func entry[K comparable, V any](m map[K]*V, k K, make func() *V) *V {
	v, ok := m[k]
	if !ok {
		v = make()
		m[k] = v
	}
	return v
}

// end says how it ended.
func (r *backtestRun) end(err, cancelled error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.report
	p.Ended, p.State = now.UTC().Format(timeFormat), backtestDone
	switch {
	case err == nil:
	case cancelled != nil:
		p.State = backtestCancelled
	case errors.Is(err, ErrUnavailable):
		p.State, p.Error = backtestFailed, "the database went away; start it again"
	default:
		p.State, p.Error = backtestFailed, fmt.Sprint(faultOf(err).Code)
	}
}

// show is the report as it stands.
func (r *backtestRun) show() backtest {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.report
	out.ByRule, out.ByAgent, out.Samples = []backtestRule{}, []backtestAgent{}, slices.Clone(out.Samples)
	for one := range maps.Values(r.rules) {
		out.ByRule = append(out.ByRule, *one)
	}
	for one := range maps.Values(r.agents) {
		out.ByAgent = append(out.ByAgent, *one)
	}
	slices.SortFunc(out.ByRule, func(a, b backtestRule) int {
		return cmp.Or(cmp.Compare(b.Blocked+b.Flagged, a.Blocked+a.Flagged), cmp.Compare(a.Rule, b.Rule))
	})
	slices.SortFunc(out.ByAgent, func(a, b backtestAgent) int {
		return cmp.Or(cmp.Compare(b.Blocked+b.Flagged, a.Blocked+a.Flagged), cmp.Compare(a.Agent, b.Agent))
	})
	slices.SortStableFunc(out.Samples, func(a, b backtestSample) int {
		return cmp.Compare(rank(&a), rank(&b))
	})
	return out
}

// rank puts what is newly blocked first.
func rank(s *backtestSample) int {
	switch {
	case s.Verdict == event.Block && !s.WasBlocked:
		return 0
	case s.Verdict == event.Block:
		return 1
	}
	return 2
}
