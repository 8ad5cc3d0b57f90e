package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
)

// Proof is what was compared at the end, as the sizes of the sets.
type Proof struct {
	// Clients whose state's checksum was the server's at the same version, of so many.
	Clients      int `json:"clients"`
	ClientsEqual int `json:"clients_equal"`
	// Checksums compared and found equal during the whole run.
	Checksums uint64 `json:"checksums_equal"`

	// Ids that the stream acknowledged, and of them those that are stored, missing
	// or stored more than once. Compared says whether a database was there to ask.
	IDsCompared bool `json:"ids_compared"`
	IDs         int  `json:"ids_acknowledged"`
	IDsStored   int  `json:"ids_stored_once"`
	IDsMissing  int  `json:"ids_missing"`
	IDsTwice    int  `json:"ids_twice"`
	// Checked messages whose verdict was answered, and the same of them.
	Messages        int `json:"messages_answered"`
	MessagesStored  int `json:"messages_stored_once"`
	MessagesMissing int `json:"messages_missing"`
	MessagesTwice   int `json:"messages_twice"`

	// Tenants whose events were folded anew by the server without a difference, and
	// those whose wallboard showed the report of today at the same sequence.
	Tenants          int     `json:"tenants"`
	TenantsVerified  int     `json:"tenants_verified"`
	EventsRefolded   int64   `json:"events_refolded"`
	WallboardsEqual  int     `json:"wallboards_equal_reports"`
	NumbersCompared  int     `json:"numbers_compared"`
	HistoryLevelSecs float64 `json:"history_level_after_s"`
}

const (
	// levelPatience is how long history may take to be level after the load.
	levelPatience = 5 * time.Minute
	levelPause    = 200 * time.Millisecond
	// compareTries is how often two answers may be of different sequences.
	compareTries = 20
)

// Verify lets the server fold every tenant's stored events anew, and compares the
// wallboards with the reports of today: what a load's proof does at the end. What
// differs stands in failures.
func Verify(ctx context.Context, c Config) (proof *Proof, failures []string, err error) {
	c.setDefaults()
	proof = &Proof{Tenants: len(c.Tenants)}
	p := &prover{cfg: &c, proof: proof, past: true, fail: func(format string, args ...any) { failures = append(failures, fmt.Sprintf(format, args...)) }}
	for _, tenant := range c.Tenants {
		if err := errors.Join(p.verify(ctx, tenant), p.wallboard(ctx, tenant)); err != nil {
			return proof, failures, err
		}
	}
	return proof, failures, nil
}

// prover compares, after the load.
type prover struct {
	cfg   *Config
	fail  func(format string, args ...any)
	proof *Proof
	past  bool // desks whose latest event is of another day are verified without their wallboard
}

func (p *prover) get(ctx context.Context, tenant event.TenantID, path string, into any) error {
	_, raw, err := ask(ctx, p.cfg.HTTP, p.cfg.Token, call{method: http.MethodGet, url: p.cfg.URL + path, tenant: tenant, role: Owner})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return json.Unmarshal(raw, into)
}

// level waits until history has stored every event of every tenant.
func (p *prover) level(ctx context.Context, ledgers map[event.TenantID]*ledger) error {
	began := time.Now()
	for tenant, l := range ledgers {
		want := l.highest()
		for {
			var report struct {
				Seq uint64 `json:"as_of_seq"`
			}
			err := p.get(ctx, tenant, "/v1/metrics?metric=sessions", &report)
			var status *statusError
			if err != nil && !errors.As(err, &status) {
				return err
			}
			if err == nil && report.Seq >= want {
				break
			}
			if time.Since(began) > levelPatience {
				p.fail("history has stored %s up to %d after %s, and not to %d", tenant, report.Seq, levelPatience, want)
				return err
			}
			if !pause(ctx, levelPause) {
				return ctx.Err()
			}
		}
	}
	p.proof.HistoryLevelSecs = time.Since(began).Seconds()
	return nil
}

// ids compares what was acknowledged with what is stored.
func (p *prover) ids(ctx context.Context, t *traffic, since time.Time) error {
	if p.cfg.Database == nil {
		for _, ids := range t.ids {
			p.proof.IDs += acknowledged(ids)
		}
		for _, ids := range t.messages {
			p.proof.Messages += acknowledged(ids)
		}
		return nil
	}
	p.proof.IDsCompared = true
	for _, tenant := range p.cfg.Tenants {
		stored, err := p.cfg.Database.Events(ctx, tenant, t.source, since)
		if err != nil {
			return err
		}
		missing, twice := compareIDs(t.ids[tenant], stored)
		n := acknowledged(t.ids[tenant])
		p.proof.IDs += n
		p.proof.IDsStored += n - len(missing) - len(twice)
		p.proof.IDsMissing += len(missing)
		p.proof.IDsTwice += len(twice)
		if stored, err = p.cfg.Database.Messages(ctx, tenant, event.ServerSource, since); err != nil {
			return err
		}
		lost, double := compareIDs(t.messages[tenant], stored)
		n = acknowledged(t.messages[tenant])
		p.proof.Messages += n
		p.proof.MessagesStored += n - len(lost) - len(double)
		p.proof.MessagesMissing += len(lost)
		p.proof.MessagesTwice += len(double)
		for what, ids := range map[string][]string{
			"acknowledged and not stored": missing, "stored more than once": twice, "checked and not stored": lost, "checked and stored more than once": double,
		} {
			if len(ids) > 0 {
				p.fail("%s: %d ids %s, such as %s", tenant, len(ids), what, ids[0])
			}
		}
	}
	return nil
}

func acknowledged(ids map[string]bool) int {
	n := 0
	for _, known := range ids {
		if known {
			n++
		}
	}
	return n
}

// compareIDs are the acknowledged ids that are not stored, and the ids that were
// sent and are stored more than once.
func compareIDs(sent map[string]bool, stored map[string]int) (missing, twice []string) {
	for id, known := range sent {
		switch n := stored[id]; {
		case n == 0 && known:
			missing = append(missing, id)
		case n > 1:
			twice = append(twice, id)
		}
	}
	return missing, twice
}

// verify lets the server fold a tenant's events from zero and compare.
func (p *prover) verify(ctx context.Context, tenant event.TenantID) error {
	for try := range compareTries {
		body, err := json.Marshal(map[string]string{"from": "2000-01-01", "to": time.Now().Add(24 * time.Hour).UTC().Format(time.DateOnly)})
		if err != nil {
			return err
		}
		_, raw, err := ask(ctx, p.cfg.HTTP, p.cfg.Token, call{
			method: http.MethodPost, url: p.cfg.URL + "/v1/verify", tenant: tenant, role: Owner, kind: "application/json", body: body,
		})
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		var report struct {
			Events    int64 `json:"events"`
			Wallboard struct {
				Compared bool   `json:"compared"`
				Why      string `json:"why"`
			} `json:"wallboard"`
			Differences []jsontext.Value `json:"differences"`
		}
		if err := json.Unmarshal(raw, &report); err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		if n := len(report.Differences); n > 0 {
			p.fail("%s: verify finds %d numbers that differ, such as %s", tenant, n, report.Differences[0])
			return nil
		}
		// What comes in meanwhile keeps the wallboard from being compared, too, but not for so long.
		if report.Wallboard.Compared || p.past && try == compareTries/4 {
			p.proof.TenantsVerified++
			p.proof.EventsRefolded += report.Events
			return nil
		}
		if !pause(ctx, levelPause) {
			return ctx.Err()
		}
	}
	p.fail("%s: verify could not compare the wallboard", tenant)
	return nil
}

// wallboard compares each number that the wallboard and the report of today have
// in common, at the same sequence.
func (p *prover) wallboard(ctx context.Context, tenant event.TenantID) error {
	ids, err := p.counters(ctx, tenant)
	if err != nil {
		return err
	}
	for range compareTries {
		var live struct {
			Seq   uint64 `json:"seq"`
			State struct {
				Day     string                    `json:"day"`
				Metrics map[string]map[string]any `json:"metrics"`
			} `json:"state"`
		}
		if err := p.get(ctx, tenant, "/v1/live/wallboard", &live); err != nil {
			return err
		}
		var report struct {
			Seq  uint64 `json:"as_of_seq"`
			Rows []struct {
				Values map[string]map[string]any `json:"values"`
			} `json:"rows"`
		}
		query := url.Values{"metric": {strings.Join(ids, ",")}, "from": {live.State.Day}, "to": {live.State.Day}}
		if err := p.get(ctx, tenant, "/v1/metrics?"+query.Encode(), &report); err != nil {
			return err
		}
		if report.Seq == live.Seq && len(report.Rows) == 1 {
			same := true
			for _, id := range ids {
				p.proof.NumbersCompared++
				if !equalNumbers(live.State.Metrics[id], report.Rows[0].Values[id]) {
					same = false
					p.fail("%s: the wallboard shows %s as %v, the report has %v, both at %d", tenant, id, live.State.Metrics[id], report.Rows[0].Values[id], live.Seq)
				}
			}
			if same {
				p.proof.WallboardsEqual++
			}
			return nil
		}
		if !pause(ctx, levelPause) {
			return ctx.Err()
		}
	}
	p.fail("%s: wallboard and report were never at the same sequence", tenant)
	return nil
}

// equalNumbers compares the members that matter; a rate without a value has none
// on a wallboard and null in a report.
func equalNumbers(live, past map[string]any) bool {
	for _, member := range []string{"value", "num", "den"} {
		if !reflect.DeepEqual(live[member], past[member]) {
			return false
		}
	}
	return true
}

// counters are the metrics that a wallboard and a report both have.
func (p *prover) counters(ctx context.Context, tenant event.TenantID) ([]string, error) {
	var catalogue struct {
		Metrics []struct {
			ID   string `json:"id"`
			Live bool   `json:"live"`
		} `json:"metrics"`
	}
	if err := p.get(ctx, tenant, "/v1/catalog", &catalogue); err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range catalogue.Metrics {
		if !m.Live && m.ID != "online_seconds" { // it counts on by itself
			ids = append(ids, m.ID)
		}
	}
	return ids, nil
}
