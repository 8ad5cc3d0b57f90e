package live

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// PastMessage is a message as it stands in the record.
type PastMessage struct {
	At           time.Time
	Conversation event.ConversationID
	Message      event.MessageID
	From         event.Actor
	Text         string
	Blocked      bool // it was not delivered
	Channel      event.ChannelID
	Team         event.TeamID
}

// PastMessages shows the messages of the past in order of their times; total
// says before the first how many there are.
type PastMessages interface {
	PastMessages(ctx context.Context, tenant event.TenantID, scope Scope, from, until time.Time, total func(int64), each func(*PastMessage) error) error
}

const (
	// mostBacktests bounds those that run at a time, on one server.
	mostBacktests = 2
	// keptBacktests is how many of a desk's are kept, and keptFor how long.
	keptBacktests = 20
	keptFor       = 24 * time.Hour
	// mostSamples bounds the messages that a backtest shows.
	mostSamples = 50
)

// backtestState is how far a backtest is.
type backtestState string

const (
	backtestRunning   backtestState = "running"
	backtestDone      backtestState = "done"
	backtestCancelled backtestState = "cancelled"
	backtestFailed    backtestState = "failed"
)

// backtest is what rules would have done to the messages of the past.
type backtest struct {
	ID      string        `json:"id"`
	State   backtestState `json:"state" enum:"running,done,cancelled,failed"`
	Error   string        `json:"error,omitempty"`
	By      string        `json:"by"`
	Started string        `json:"started_at"`
	Ended   string        `json:"ended_at,omitempty"`
	Days    int           `json:"days"`
	Draft   bool          `json:"draft" doc:"Whether a set came with the request; else those in force were asked."`

	Done  int64 `json:"done" doc:"Messages looked at."`
	Total int64 `json:"total"`

	Blocked  int64            `json:"blocked" doc:"Messages that the rules would block."`
	Flagged  int64            `json:"flagged" doc:"Messages that the rules would flag."`
	Newly    int64            `json:"newly_blocked" doc:"Of the blocked, those that were delivered then."`
	NoLonger int64            `json:"no_longer_blocked" doc:"Messages that were blocked then and would pass."`
	ByRule   []backtestRule   `json:"by_rule"`
	ByAgent  []backtestAgent  `json:"by_agent"`
	Samples  []backtestSample `json:"samples" doc:"Some of what is newly blocked, then of the rest."`
}

type backtestRule struct {
	Rule     string `json:"rule"`
	Category string `json:"category"`
	Blocked  int64  `json:"blocked" doc:"Messages in which this rule would block."`
	Flagged  int64  `json:"flagged"`
	Newly    int64  `json:"newly_blocked"`
}

type backtestAgent struct {
	Agent   event.AgentID `json:"agent"`
	Blocked int64         `json:"blocked"`
	Flagged int64         `json:"flagged"`
	Newly   int64         `json:"newly_blocked"`
}

type backtestSample struct {
	At           string               `json:"at"`
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	From         event.Actor          `json:"from"`
	Text         string               `json:"text"`
	Verdict      event.Verdict        `json:"verdict"`
	WasBlocked   bool                 `json:"was_blocked"`
	Violations   []event.Violation    `json:"violations"`
}

// backtests are those of this server. They end with it.
type backtests struct {
	mu    sync.Mutex
	runs  []*backtestRun // the oldest first
	ended bool           // there are no new ones
	wg    sync.WaitGroup
}

type backtestOrder struct {
	Days int     `json:"days" minimum:"1" maximum:"365" doc:"How many days back from now."`
	Set  rawJSON `json:"set,omitzero" doc:"A draft; without it the rules in force are asked."`
}

type backtestList struct {
	Backtests []backtest `json:"backtests"`
}

func (s *Server) describeBacktests(api huma.API) {
	type ask struct{ Body backtestOrder }
	op := operation(http.MethodPost, "/v1/rules/backtests", "See what rules would have done to the messages of the past; runs in the background")
	op.MaxBodyBytes, op.DefaultStatus = risk.MaxSet+mostRequest, http.StatusAccepted
	huma.Register(api, op, func(ctx context.Context, in *ask) (*body[backtest], error) {
		return answered(ctx, s, func() (backtest, error) { return s.startBacktest(ctx, &in.Body) })
	})
	register(api, http.MethodGet, "/v1/rules/backtests", "The backtests of the last day, the newest first", func(ctx context.Context, _ *struct{}) (*body[backtestList], error) {
		out := backtestList{Backtests: []backtest{}}
		for _, run := range slices.Backward(s.backtests.of(identityOf(ctx))) {
			out.Backtests = append(out.Backtests, run.show())
		}
		return &body[backtestList]{out}, nil
	})
	type named struct {
		ID string `path:"id" maxLength:"64"`
	}
	register(api, http.MethodGet, "/v1/rules/backtests/{id}", "How far a backtest is, and what it found", func(ctx context.Context, in *named) (*body[backtest], error) {
		return answered(ctx, s, func() (backtest, error) {
			run, err := s.backtests.find(identityOf(ctx), in.ID)
			if err != nil {
				return backtest{}, err
			}
			return run.show(), nil
		})
	})
	register(api, http.MethodDelete, "/v1/rules/backtests/{id}", "Cancel a backtest; what it found stays", func(ctx context.Context, in *named) (*struct{}, error) {
		run, err := s.backtests.find(identityOf(ctx), in.ID)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		run.cancel()
		return nil, nil
	})
}

func (s *Server) startBacktest(ctx context.Context, order *backtestOrder) (backtest, error) { //nolint:contextcheck // it outlives the request and ends with the server.
	who := identityOf(ctx)
	desk, err := s.cfg.Tenants.Tenant(ctx, who.Tenant)
	if err != nil {
		return backtest{}, err
	}
	preset, market := "", ""
	if desk.Profile != nil {
		preset, market = desk.Profile.Name, desk.Profile.Market
	}
	engine := s.gate.book.engine(who.Tenant, preset)
	draft := len(order.Set.Value) > 0
	if draft {
		set, err := risk.ParseSet(order.Set.Value)
		if err == nil {
			engine, err = set.Compile()
		}
		if err != nil {
			return backtest{}, err
		}
	}
	now := s.now()
	inner, cancel := context.WithCancel(s.background)
	run := &backtestRun{
		tenant: who.Tenant, scope: who.scope(), cancel: cancel, began: now,
		report: backtest{
			ID: randomText(), State: backtestRunning, By: who.name(), Started: now.UTC().Format(timeFormat), Days: order.Days, Draft: draft,
			ByRule: []backtestRule{}, ByAgent: []backtestAgent{}, Samples: []backtestSample{},
		},
		rules: map[string]*backtestRule{}, agents: map[event.AgentID]*backtestAgent{},
	}
	err = s.backtests.start(run, now, func() {
		defer cancel()
		err := s.runBacktest(inner, run, engine, market)
		run.end(err, inner.Err(), s.now())
		if err != nil && inner.Err() == nil {
			s.log.Warn().Err(err).Str("tenant", string(who.Tenant)).Msg("a backtest failed")
		}
	})
	if err != nil {
		cancel()
		return backtest{}, err
	}
	return run.show(), nil
}

func (s *Server) runBacktest(ctx context.Context, run *backtestRun, engine *risk.Engine, market string) error {
	var near windows
	from := run.began.AddDate(0, 0, -run.report.Days)
	return s.cfg.Past.PastMessages(ctx, run.tenant, run.scope, from, run.began,
		func(total int64) {
			run.mu.Lock()
			defer run.mu.Unlock()
			run.report.Total = total
		},
		func(m *PastMessage) error {
			who := sender{run.tenant, m.Conversation, m.From}
			r := engine.Check(m.Text, risk.Context{
				Tenant: string(run.tenant), Channel: string(m.Channel), Team: string(m.Team), Market: market, From: string(m.From.Kind),
				Window: near.of(who, m.At), At: m.At,
			})
			if r.Verdict != event.Block {
				near.add(who, m.Text, m.At)
			}
			run.take(m, &r)
			return ctx.Err()
		})
}

// start runs f for the run, unless too many run.
func (b *backtests) start(run *backtestRun, now time.Time, f func()) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return fault(CodeRestart, "")
	}
	running, own := 0, 0
	b.runs = slices.DeleteFunc(b.runs, func(r *backtestRun) bool { return now.Sub(r.began) > keptFor && !r.running() })
	for _, r := range b.runs {
		if r.running() {
			running++
			if r.tenant == run.tenant {
				own++
			}
		}
	}
	if own > 0 || running >= mostBacktests {
		return &Fault{Code: CodeBusy, Detail: "a backtest is running; wait for it or cancel it"}
	}
	kept := 0
	for _, r := range slices.Backward(slices.Clone(b.runs)) {
		if r.tenant != run.tenant {
			continue
		}
		if kept++; kept >= keptBacktests {
			b.runs = slices.DeleteFunc(b.runs, func(old *backtestRun) bool { return old == r })
		}
	}
	b.runs = append(b.runs, run)
	b.wg.Go(f)
	return nil
}

// of are the backtests that a caller may see: those of his desk and no wider
// than he is himself.
func (b *backtests) of(who *Identity) []*backtestRun {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*backtestRun
	for _, r := range b.runs {
		if r.tenant == who.Tenant && within(r.scope.Channels, who.Channels) && within(r.scope.Teams, who.Teams) {
			out = append(out, r)
		}
	}
	return out
}

func (b *backtests) find(who *Identity, id string) (*backtestRun, error) {
	for _, r := range b.of(who) {
		if r.id() == id {
			return r, nil
		}
	}
	return nil, ErrNotFound
}

// stop waits until none runs. Requests may still come then.
func (b *backtests) stop() {
	b.mu.Lock()
	b.ended = true
	for _, r := range b.runs {
		r.cancel()
	}
	b.mu.Unlock()
	b.wg.Wait()
}
