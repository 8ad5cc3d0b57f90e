package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// interview asks a database everything that can be asked of one tenant.
type interview struct {
	ctx     context.Context
	db      *Database
	tenant  event.TenantID
	now     time.Time
	some    bool // of many similar questions a few
	order   []string
	answers map[string]string

	failures []string
}

func (v *interview) note(question string, answer any, err error) {
	text, isText := answer.(string)
	_, faulty := errors.AsType[*metric.FieldError](err)
	switch {
	case err != nil && !faulty && !errors.Is(err, ErrNotFound):
		v.failures = append(v.failures, fmt.Sprint(question, ": ", err))
	case err != nil:
		text = "error: " + err.Error()
	case !isText:
		b, err := json.Marshal(answer)
		text = string(b)
		if err != nil {
			text = "not JSON: " + err.Error()
		}
	}
	if _, twice := v.answers[question]; twice {
		question += fmt.Sprint(" #", len(v.order))
	}
	v.order = append(v.order, question)
	v.answers[question] = text
}

func (v *interview) values(pairs ...string) map[string][]string {
	return with(map[string][]string{"from": {"2026-03-08"}, "to": {"2026-03-13"}}, questionOf(pairs...))
}

// pages asks until there is no further page. next takes the cursor out of an answer.
func (v *interview) pages(name string, values map[string][]string, ask func(map[string][]string) (answer any, next string, err error)) {
	for n := range 60 {
		a, next, err := ask(values)
		v.note(fmt.Sprint(name, " page ", n), a, err)
		if next == "" || err != nil {
			return
		}
		values = with(values, questionOf("cursor", next))
	}
}

// everything asks all of it, or, of what is asked in many ways, only some. ids are what the question may name: those of all tenants.
func (v *interview) everything(desks []*lookalike) {
	v.reports()
	v.agents()
	v.lists()
	v.violations()
	v.single(desks)
	v.explanations()
	v.exports()
	v.record(desks)
	v.states(desks)
}

var askedFilters = [][2]string{
	{"channel", "ch0"}, {"team", "t1"}, {"agent", "a1"}, {"agent", "own2"}, {"intent", "logistics"}, {"handling", "human"}, {"tag", "vip"}, {"none", "team"},
}

func (v *interview) reports() {
	ask := func(name string, pairs ...string) {
		b, err := v.db.MetricsJSON(v.ctx, string(v.tenant), Scope{}, v.values(pairs...), v.now)
		v.note("report "+name, string(b), err)
	}
	by := map[metric.Dimension][]string{} //nolint:exhaustive // it is filled below.
	for _, m := range metric.Catalogue() {
		if m.Live {
			continue
		}
		by[""] = append(by[""], m.ID)
		for _, d := range m.Dimensions() {
			by[d] = append(by[d], m.ID)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(by)) {
		pairs := []string{"metric", strings.Join(by[d], ",")}
		if d != "" {
			pairs = append(pairs, "by", string(d))
		}
		ask("by "+string(d), pairs...)
		if v.some {
			continue
		}
		ask("by "+string(d)+" under another profile", append(pairs, "profile", "wecom@0")...)
		ask("by "+string(d)+" compared", append(pairs, "compare", "previous")...)
		for n, f := range askedFilters {
			if n%3 != len(d)%3 {
				continue
			}
			ask(fmt.Sprint("by ", d, " where ", f), append(pairs, f[0], f[1])...)
		}
	}
	ask("by two", "metric", "chats,revenue_after_inquiry", "by", "agent,day")
	for i, s := range askedScopes {
		a, err := v.db.MetricsWithin(v.ctx, string(v.tenant), s, v.values("metric", "chats,customers,credit_balance,online_seconds", "by", "channel"), v.now)
		v.note(fmt.Sprint("report within scope ", i), a, err)
	}
}

var askedScopes = []Scope{{}, {Channels: []string{"ch1"}}, {Teams: []string{"t0", "t2"}}, {Agent: "a2"}, {Channels: []string{"ch0"}, Teams: []string{"t1"}}}

func (v *interview) agents() {
	for _, pairs := range [][]string{{}, {"q", "agent"}, {"q", "alone"}, {"q", "a1"}, {"sort", "-handled_chats"}, {"sort", "pending_replies"}, {"channel", "ch0"}, {"team", "t1"}, {"agent", "a1,a3"}, {"metric", "chats,online_seconds,first_online_at"}, {"profile", "inbox@0"}} {
		p, err := v.db.AgentPerformance(v.ctx, string(v.tenant), Scope{}, v.values(pairs...), v.now)
		if err != nil {
			v.note(fmt.Sprint("agents ", pairs), nil, err)
			continue
		}
		v.note(fmt.Sprint("agents ", pairs), string(p.JSON()), nil)
	}
}

func (v *interview) lists() {
	ask := func(scope Scope, pairs ...string) {
		v.pages(fmt.Sprint("list ", scope, pairs), v.values(append(pairs, "limit", "9")...), func(values map[string][]string) (any, string, error) {
			p, err := v.db.Conversations(v.ctx, string(v.tenant), scope, values, v.now)
			return p, p.Next, err
		})
	}
	for _, s := range askedScopes {
		ask(s)
	}
	for n, pairs := range [][]string{
		{"sort", "started_at"},
		{"sort", "updated_at"},
		{"sort", "-updated_at"},
		{"channel", "ch1"},
		{"team", "t0"},
		{"agent", "a2"},
		{"agent", "own1,own2,own3"},
		{"intent", "logistics"},
		{"handling", "human"},
		{"customer", "u1,u2"},
		{"conversation", "c1,c100,c200,c300"},
		{"customer", "u1,u2,u3", "message", "d1-m3"},
		{"state", "open"},
		{"state", "closed"},
		{"state", "human,queued"},
		{"rating", "1,2"},
		{"negative", "true"},
		{"negative", "false"},
		{"reason", "slow"},
		{"risky", "true"},
		{"risky", "false"},
		{"ai_status", "open,resolved"},
		{"tag", "vip"},
		{"friend", "true"},
		{"friend", "false"},
		{"hour", "1,2,3,22,23"},
		{"weekday", "2,3"},
		{"category", "pay"},
		{"rule", "pay.off"},
		{"rule", "pay.wire", "state", "closed"},
		{"name", "name"},
		{"q", "parcel"},
		{"q", "soon parcel"},
		{"q", "c1"},
		{"q", "u1"},
		{"q", "crowd"},
		{"q", "throng"},
		{"name", "throng"},
		{"q", "c300"},
		{"q", "amaranth"},
		{"q", "bergamot"},
		{"q", "calendula"},
		{"name", "amaranth"},
		{"name", "bergamot"},
		{"tag", "tag-amaranth,tag-bergamot"},
		{"reason", "why-bergamot,why-calendula"},
	} {
		if !v.some || n%5 == 0 || pairs[0] == "q" {
			ask(Scope{}, pairs...)
		}
	}
	v.db.rare = 1 // so that what many have is looked for in the list
	defer func() { v.db.rare = mostRare }()
	for _, pairs := range [][]string{{"rule", "pay.off"}, {"category", "contact"}, {"tag", "vip"}, {"friend", "true"}} {
		ask(Scope{}, pairs...)
	}
}

func (v *interview) violations() {
	for n, scope := range askedScopes {
		for i, pairs := range [][]string{{}, {"severity", "block"}, {"severity", "flag"}, {"category", "pay"}, {"rule", "pay.wire"}, {"agent", "a1"}, {"channel", "ch0"}, {"team", "t1"}, {"intent", "other"}, {"handling", "human"}} {
			if i > 0 && i%len(askedScopes) != n {
				continue
			}
			v.pages(fmt.Sprint("violations ", scope, pairs), v.values(append(pairs, "limit", "10")...), func(values map[string][]string) (any, string, error) {
				p, err := v.db.Violations(v.ctx, string(v.tenant), scope, values, v.now)
				return p, p.Next, err
			})
		}
		for _, state := range []string{"", "open", "decided"} {
			v.pages(fmt.Sprint("disputes ", scope, state), map[string][]string{}, func(values map[string][]string) (any, string, error) {
				p, err := v.db.Disputes(v.ctx, string(v.tenant), scope, state, one(values, "cursor"), 3)
				return p, p.Next, err
			})
		}
		v.pastMessages(scope)
	}
}

func (v *interview) pastMessages(scope Scope) {
	var said []any
	err := v.db.PastMessages(v.ctx, string(v.tenant), scope, v.now.AddDate(0, 0, -30), v.now, func(n int64) { said = append(said, n) }, func(m *PastMessage) error {
		said = append(said, *m)
		return nil
	})
	v.note(fmt.Sprint("past messages ", scope), said, err)
}

// conversationsOf are the ids that any desk has.
func conversationsOf(desks []*lookalike) (ids []string) {
	for _, l := range desks {
		for i := range l.list {
			if id := string(event.About(l.list[i].Data)); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// single asks for one thing after the other by its id.
func (v *interview) single(desks []*lookalike) {
	tenant := string(v.tenant)
	all, err := v.db.Directory(v.ctx, tenant)
	v.note("directory", all, err)
	for n, id := range conversationsOf(desks) {
		scope := askedScopes[n%len(askedScopes)]
		if v.some && n%4 > 0 {
			continue
		}
		for _, s := range []Scope{{}, scope} {
			thread, err := v.db.Conversation(v.ctx, tenant, id, s)
			v.note(fmt.Sprint("thread ", id, s), thread, err)
		}
		last, err := v.db.LastMessages(v.ctx, v.tenant, event.ConversationID(id), all.AsOfSeq, 5)
		said := ""
		for _, e := range last {
			said += fmt.Sprintf("%d %s\n", e.Seq, e.Raw)
		}
		v.note("last messages "+id, said, err)
		for k := range 4 {
			raw, seq, found, err := v.db.EventAt(v.ctx, v.tenant, event.ConversationID(id), event.MessageID(fmt.Sprintf("d1-m%d", k)))
			v.note(fmt.Sprint("message ", id, k), fmt.Sprintf("%s %d %v", raw, seq, found), err)
		}
	}
	for i := range 10 {
		for n, s := range askedScopes {
			if n > 0 && n != i%len(askedScopes) {
				continue
			}
			id := fmt.Sprint("u", i)
			c, err := v.db.Customer(v.ctx, tenant, id, s)
			v.note(fmt.Sprint("customer ", id, s), c, err)
		}
	}
	profiles, err := v.db.Profiles(v.ctx, tenant)
	v.note("profiles", profiles, err)
	for _, kind := range []DocumentKind{Boards, Rules, Tokens} {
		list, err := v.db.Documents(v.ctx, tenant, kind)
		v.note(fmt.Sprint("documents ", kind), list, err)
		one, err := v.db.Document(v.ctx, tenant, kind, "common")
		v.note(fmt.Sprint("document ", kind), one, err)
		versions, err := v.db.Versions(v.ctx, tenant, kind, "common", 0, 10)
		v.note(fmt.Sprint("versions ", kind), versions, err)
	}
	minutes, err := v.db.Minutes(v.ctx, MinutesKept{})
	v.note("minutes", minutes[v.tenant], err)
}

func (v *interview) explanations() {
	for i, m := range metric.Catalogue() {
		if m.Live || v.some && i%6 > 0 {
			continue
		}
		filter := askedFilters[i%len(askedFilters)]
		for k, pairs := range [][]string{{}, {"side", "den"}, {filter[0], filter[1]}, {"profile", "inbox@0"}} {
			if k > 0 && (v.some || i%3 != k-1) {
				continue
			}
			v.pages(fmt.Sprint("explained ", m.ID, pairs), v.values(append(pairs, "limit", "100")...), func(values map[string][]string) (any, string, error) {
				x, err := v.db.Explain(v.ctx, string(v.tenant), m.ID, Scope{}, values, v.now)
				if err != nil {
					return nil, "", err
				}
				return x, x.Next, nil
			})
		}
	}
}

func (v *interview) exports() {
	tenant := string(v.tenant)
	for i, format := range []Format{CSV, XLSX} {
		if v.some && format == XLSX {
			continue
		}
		for _, scope := range []Scope{{}, askedScopes[1+i]} {
			e := Export{Format: format, Chinese: i == 1, Scope: scope, Now: v.now}
			var b bytes.Buffer
			file := func(name string, err error) {
				v.note(fmt.Sprint("file ", name, format, scope), b.String(), err)
				b.Reset()
			}
			file("metrics", v.db.ExportMetrics(v.ctx, &b, tenant, v.values("metric", "chats,revenue_after_inquiry,satisfaction_rate", "by", "agent"), e))
			file("agents", v.db.ExportAgents(v.ctx, &b, tenant, v.values(), e))
			file("conversations", v.db.ExportConversations(v.ctx, &b, tenant, v.values(), e))
			file("search", v.db.ExportConversations(v.ctx, &b, tenant, v.values("q", "parcel"), e))
			file("violations", v.db.ExportViolations(v.ctx, &b, tenant, v.values(), e))
			for _, id := range []string{"c1", "c7", "c100", "c200", "c300"} {
				file("thread "+id, v.db.ExportThread(v.ctx, &b, tenant, id, nil, e))
			}
			for _, id := range []string{"u1", "u5"} {
				file("customer "+id, v.db.ExportCustomer(v.ctx, &b, tenant, id, nil, e))
			}
			for _, id := range []string{"chats", "customers", "credits_used", "friend_customers"} {
				file("explanation "+id, v.db.ExportExplanation(v.ctx, &b, tenant, id, v.values(), e))
			}
		}
	}
}

// record asks what only the program itself asks: whether everything that is stored
// is what the events make, and how far recomputations are.
func (v *interview) record(desks []*lookalike) {
	of := map[string]int64{}
	report, err := v.db.Verify(v.ctx, v.tenant, firstDay, lastDay, func(p VerifyProgress) { of[string(p.Phase)] = max(of[string(p.Phase)], p.Total) })
	v.note("verify", fmt.Sprintf("%+v, of %v", report, of), err)
	p, err := v.db.NewRecomputing(RecomputingConfig{}).Progress(v.ctx, v.tenant)
	if p != nil {
		p.UpdatedAt, p.StartedAt, p.EventsPerSecond, p.SecondsLeft = time.Time{}, time.Time{}, 0, nil
	}
	v.note("progress", p, err)
	for _, kind := range []fold.Kind{fold.KindTenant, fold.KindConversation, fold.KindCustomer, fold.KindAgent, fold.KindOrder} {
		for _, id := range append(conversationsOf(desks), "", "u0", "u1", "u2", "a0", "a1", "own1", "own2", "own3", "o1-1", "o2-3") {
			r := fold.Ref{Kind: kind, ID: id}
			found, err := v.db.Fetch(v.ctx, v.tenant, []fold.Ref{r})
			v.note(fmt.Sprint("entity ", kind, id), string(found[r]), err)
		}
	}
	for i := 0; i < 400; i += 7 {
		r := fold.Ref{Kind: fold.KindEvent, ID: fmt.Sprint("test\x00e", i*3)}
		found, err := v.db.Fetch(v.ctx, v.tenant, []fold.Ref{r})
		v.note("event "+r.ID, string(found[r]), err)
	}
}

// states restores the tenant's state as a server's start does, and asks it what it
// has, and what it would have to look up for each event of all desks.
func (v *interview) states(desks []*lookalike) {
	for _, while := range []time.Duration{0, 24 * time.Hour} {
		seq, states, err := v.db.Load(v.ctx, v.db.partitionOf(v.tenant), while)
		for id := range states {
			if v.db.partitionOf(id) != v.db.partitionOf(v.tenant) {
				v.failures = append(v.failures, fmt.Sprint(id, " is of another partition"))
			}
		}
		st := states[v.tenant]
		if st == nil {
			v.note("state", nil, fmt.Errorf("%w: none", err))
			return
		}
		var held []string
		add := func(r fold.Ref) {
			b, err := st.Encode(r)
			held = append(held, fmt.Sprint(r, string(b), err))
		}
		for a := range st.Agents() {
			add(fold.Ref{Kind: fold.KindAgent, ID: string(a.ID)})
		}
		for c := range st.Conversations() {
			add(fold.Ref{Kind: fold.KindConversation, ID: string(c.ID)})
			if u, ok := st.Customer(c.Current().Customer); ok {
				add(fold.Ref{Kind: fold.KindCustomer, ID: string(u.ID)})
			}
		}
		for l := range st.Loose() {
			add(l.Ref())
		}
		add(fold.Ref{Kind: fold.KindTenant})
		slices.Sort(held)
		v.note(fmt.Sprint("state after ", while), strings.Join(held, "\n"), err)
		v.note(fmt.Sprint("state at ", while), fmt.Sprint(seq, st.Seq(), st.Latest(), st.Profile().Label(), st.Name()), err)
		var unknown []string
		for _, l := range desks {
			for i := range l.list {
				e := l.list[i]
				e.Tenant = v.tenant
				unknown = append(unknown, fmt.Sprint(l.own, i, st.Missing(&e, nil)))
			}
		}
		v.note(fmt.Sprint("looked up after ", while), strings.Join(unknown, "\n"), nil)
	}
}
