package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// stranger is a desk whose every name, text and id carries its mark. Half of its
// ids are those of the other desk, too, with other contents.
type stranger struct {
	s      *served
	tenant event.TenantID
	mark   string // in everything that is its own
	rng    *rand.Rand
	tokens map[string]string // by role

	conversations, customers, messages, agents, orders []string
	own                                                []string // ids that nobody else has, for the other to guess

	mu   sync.Mutex
	seen []string // frames that its sockets received
}

func newStranger(s *served, tenant event.TenantID, mark string, seed uint64) *stranger {
	x := &stranger{s: s, tenant: tenant, mark: mark, rng: rand.New(rand.NewPCG(seed, 7)), tokens: map[string]string{}}
	for _, role := range []string{"owner", "admin", "supervisor", "wallboard", "service"} {
		x.tokens[role] = s.token(string(tenant), role)
	}
	x.tokens["agent"] = s.token(string(tenant), "agent", "--agent", "a0")
	return x
}

// id is the i-th of a kind: every second one is the same at both desks.
func (x *stranger) id(kind string, i int) string {
	if i%2 == 0 {
		return fmt.Sprint(kind, i)
	}
	return fmt.Sprint(kind, i, "-", x.mark)
}

// word is a text that only this desk has.
func (x *stranger) word(what string) string {
	return fmt.Sprintf("%s %s%s %d", what, x.mark, what, x.rng.IntN(1000))
}

func (x *stranger) text(what string) *string {
	w := x.word(what)
	return &w
}

// traffic is random: conversations with everything that people write, in order.
func (x *stranger) traffic(conversations int) []event.Data {
	var out []event.Data
	pick := func(list []string) string { return list[x.rng.IntN(len(list))] }
	var channels, teams []string
	for i := range 3 {
		channels, teams, x.agents = append(channels, x.id("ch", i)), append(teams, x.id("t", i)), append(x.agents, x.id("a", i))
		out = append(out,
			&event.ChannelUpdated{Channel: event.ChannelID(channels[i]), Name: x.word("channel"), Kind: "web"},
			&event.TeamUpdated{Team: event.TeamID(teams[i]), Name: x.word("team"), Channels: []event.ChannelID{event.ChannelID(channels[i])}},
			&event.AgentUpdated{Agent: event.AgentID(x.agents[i]), Name: x.word("agent"), Teams: []event.TeamID{event.TeamID(teams[i])}, Department: x.text("department"), Email: x.text("mail")},
			&event.AgentPresence{Agent: event.AgentID(x.agents[i]), Status: "online"},
		)
	}
	for i := range conversations {
		c, u := event.ConversationID(x.id("c", i)), event.CustomerID(x.id("u", i))
		x.conversations, x.customers = append(x.conversations, string(c)), append(x.customers, string(u))
		phone := fmt.Sprintf("+1555%s%04d", x.mark[len(x.mark)-3:], i)
		agent := event.Actor{Kind: event.Agent, ID: pick(x.agents)}
		out = append(out,
			&event.ConversationStarted{Conversation: c, Channel: event.ChannelID(pick(channels)), Customer: event.Profile{ID: u, Name: x.text("name"), Email: x.text("mail"), Phone: &phone}},
			&event.CustomerUpdated{Customer: u, Friend: new(i%4 < 2)},
			&event.ConversationQueued{Conversation: c, Team: event.TeamID(pick(teams))},
			&event.ConversationAssigned{Conversation: c, To: agent, Team: event.TeamID(pick(teams))},
			&event.ConversationClassified{Conversation: c, Intent: "logistics", Tags: []string{x.word("tag")}},
		)
		for k := range 2 + x.rng.IntN(4) {
			m := event.MessageID(fmt.Sprintf("%s-m%d", c, k))
			x.messages = append(x.messages, string(m))
			from := event.Actor{Kind: event.Customer, ID: string(u)}
			if k%2 == 1 {
				from = agent
			}
			out = append(out, &event.MessageSent{Conversation: c, Message: m, From: from, Text: x.word("said")})
		}
		order := event.OrderID(x.id("o", i))
		x.orders = append(x.orders, string(order))
		out = append(out,
			&event.ProductClicked{Customer: u, Product: x.word("product"), Conversation: c},
			&event.OrderPaid{Order: order, Customer: u, Amount: "12.50", Currency: "USD"},
			&event.FlowTriggered{Flow: x.id("flow", i%3), Name: x.word("flow"), Conversation: c},
			&event.AssistUsed{Conversation: c, Agent: event.AgentID(agent.ID), Tool: "ai_writer", Suggested: x.word("suggested"), Sent: x.word("sent")},
		)
		if i%3 == 0 {
			stars := int64(1 + x.rng.IntN(5))
			out = append(out,
				&event.ConversationClosed{Conversation: c, By: agent, Reason: x.text("reason")},
				&event.SurveySent{Conversation: c, Survey: event.SurveyID(x.id("s", i))},
				&event.SurveyAnswered{Conversation: c, Survey: event.SurveyID(x.id("s", i)), Stars: &stars, Reasons: []string{x.word("why")}},
			)
		}
	}
	for _, list := range [][]string{x.conversations, x.customers, x.messages, x.agents, x.orders, channels, teams} {
		for _, id := range list {
			if strings.Contains(id, x.mark) {
				x.own = append(x.own, id)
				break
			}
		}
	}
	return out
}

// publish sends events over HTTP, a hundred together.
func (x *stranger) publish(all []event.Data) {
	t := x.s.t
	at := time.Now().Add(-time.Minute)
	n := 0
	for batch := range slices.Chunk(all, 100) {
		var raws []json.RawMessage
		for _, data := range batch {
			e := event.New(x.tenant, "shop", fmt.Sprintf("e%d", n), at.Add(time.Duration(n)*time.Millisecond), data)
			n++
			raw, err := e.Encode()
			require.NoError(t, err)
			raws = append(raws, raw)
		}
		body, err := json.Marshal(raws)
		require.NoError(t, err)
		a := x.ask(http.MethodPost, "/v1/events", "service", string(body), "Content-Type", "application/cloudevents-batch+json")
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		require.Contains(t, a.body, `"refused":0`)
	}
}

type plainAnswer struct {
	status int
	header http.Header
	body   string
}

// everything is the answer as whoever receives it can read it, a file unpacked.
func (a plainAnswer) everything(tb testing.TB) string {
	tb.Helper()
	var b strings.Builder
	for name, values := range a.header {
		fmt.Fprintln(&b, name, values)
	}
	b.WriteString(a.body)
	if strings.HasPrefix(a.body, "PK") {
		files, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
		require.NoError(tb, err)
		for _, f := range files.File {
			in, err := f.Open()
			require.NoError(tb, err)
			_, err = io.Copy(&b, in)
			require.NoError(tb, err)
			require.NoError(tb, in.Close())
		}
	}
	return b.String()
}

func (x *stranger) ask(method, path, role, body string, headers ...string) plainAnswer {
	t := x.s.t
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, x.s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+x.tokens[role])
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return plainAnswer{answer.StatusCode, answer.Header, string(raw)}
}

// furnish sets up what people arrange at a desk: boards, rules, links, a name.
func (x *stranger) furnish() {
	t := x.s.t
	must := func(a plainAnswer) plainAnswer {
		require.Less(t, a.status, 300, "%s", a.body)
		return a
	}
	board := `{"name":%q,"tiles":[{"metric":"chats"}],"agents":true,"queue":true,"version":0}`
	must(x.ask(http.MethodPut, "/v1/boards/common", "owner", fmt.Sprintf(board, x.word("board"))))
	must(x.ask(http.MethodPut, "/v1/boards/board-"+x.mark, "owner", fmt.Sprintf(board, x.word("board"))))
	rule := `{"version":%d,"rule":{"category":"promises","severity":"block","phrases":[%q],"explanation":{"en":%q,"zh":"不行"}}}`
	must(x.ask(http.MethodPut, "/v1/rules/house.common", "admin", fmt.Sprintf(rule, 0, "forbidden "+x.mark, x.word("explained"))))
	must(x.ask(http.MethodPut, "/v1/rules/house."+x.mark, "admin", fmt.Sprintf(rule, 1, "never "+x.mark, x.word("explained"))))
	var link struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(must(x.ask(http.MethodPost, "/v1/kiosks", "supervisor", fmt.Sprintf(`{"name":%q}`, x.word("lobby")))).body), &link))
	x.own = append(x.own, link.ID, "board-"+x.mark, "house."+x.mark)
	// A message that is blocked, in a conversation of the agent's.
	check := fmt.Sprintf(`{"conversation":"c0","message":"blocked-%s","from":{"kind":"agent","id":"a0"},"text":"this is forbidden %s"}`, x.mark, x.mark)
	verdict := must(x.ask(http.MethodPost, "/v1/messages", "service", check))
	require.Contains(t, verdict.body, `"block"`)
	require.Eventually(t, func() bool {
		a := x.ask(http.MethodPost, "/v1/disputes", "agent", fmt.Sprintf(`{"conversation":"c0","message":"blocked-%s","comment":%q}`, x.mark, x.word("comment")))
		return a.status < 300
	}, 30*time.Second, 50*time.Millisecond)
	// And what is refused.
	a := x.ask(http.MethodPost, "/v1/events", "service", fmt.Sprintf(`{"specversion":"1.0","id":"bad","source":"shop","type":%q}`, x.word("type")), "Content-Type", "application/cloudevents+json")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
}

// follow keeps every frame that a socket of each role receives, of every topic.
func (x *stranger) follow(ctx context.Context, wg *sync.WaitGroup) {
	t := x.s.t
	for _, role := range []string{"owner", "supervisor", "agent", "wallboard"} {
		ws, answer, err := websocket.Dial(ctx, strings.Replace(x.s.url, "http", "ws", 1)+"/v1/live", &websocket.DialOptions{
			Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + x.tokens[role]}},
		})
		require.NoError(t, err)
		if answer.Body != nil {
			_ = answer.Body.Close()
		}
		ws.SetReadLimit(-1)
		for i, topic := range []string{"wallboard", "floor", "agents", "teams", "channels", "queue", "conversations", "disputes", "notifications", "conversation/c0", "conversation/c2"} {
			require.NoError(t, ws.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `{"op":"subscribe","id":%d,"topic":%q}`, i+1, topic)))
		}
		require.NoError(t, ws.Write(ctx, websocket.MessageText, []byte(`{"op":"subscribe","id":90,"topic":"wallboard","filter":{"channel":["ch0"],"team":["t0"]}}`)))
		wg.Go(func() {
			defer ws.CloseNow() //nolint:errcheck // it ends either way.
			for {
				_, raw, err := ws.Read(ctx)
				if err != nil {
					return
				}
				x.mu.Lock()
				x.seen = append(x.seen, string(raw))
				x.mu.Unlock()
			}
		})
	}
}

// paths are what can be read, of the desk's own things.
func (x *stranger) paths() []string {
	paths := []string{
		"/v1/me", "/v1/catalog", "/v1/directory", "/v1/boards", "/v1/boards/common", "/v1/thresholds", "/v1/rules", "/v1/rules/draft", "/v1/rules/versions", "/v1/rules/versions/1",
		"/v1/rules/backtests", "/v1/disputes", "/v1/refused", "/v1/tenant", "/v1/tenants", "/v1/tokens", "/v1/refold", "/metrics", "/openapi.json", "/readyz",
		"/v1/conversations?limit=500", "/v1/violations?limit=500", "/v1/violations.xlsx", "/v1/conversations.csv", "/v1/conversations.xlsx", "/v1/conversations?q=said", "/v1/conversations?q=name", "/v1/conversations?name=name",
		"/v1/conversations?customer=u0,u2", "/v1/conversations?message=c0-m0", "/v1/conversations?tag=" + url.QueryEscape("tag"), "/v1/conversations?q=c0",
		"/v1/metrics?metric=chats,sessions,revenue_after_inquiry,satisfaction_rate&by=day,agent", "/v1/metrics?metric=chats&by=channel", "/v1/metrics?metric=chats&by=team", "/v1/metrics?metric=blocked_messages&by=rule",
		"/v1/metrics.csv?metric=chats&by=agent", "/v1/metrics.xlsx?metric=chats&by=channel", "/v1/agents/performance", "/v1/agents/performance.csv", "/v1/agents/performance.xlsx",
		"/v1/metrics/chats/explain", "/v1/metrics/chats/explain.csv", "/v1/metrics/chats/explain.xlsx", "/v1/metrics/revenue_after_inquiry/explain", "/v1/metrics/satisfaction_rate/explain?side=den",
		"/v1/live/wallboard/series?metric=queue_length&minutes=60",
	}
	for _, topic := range []string{"wallboard", "floor", "agents", "teams", "channels", "queue", "conversations", "disputes", "notifications", "conversation/c0"} {
		paths = append(paths, "/v1/live/"+topic)
	}
	for _, c := range x.conversations[:min(4, len(x.conversations))] {
		paths = append(paths, "/v1/conversations/"+c)
	}
	for _, u := range x.customers[:min(4, len(x.customers))] {
		paths = append(paths, "/v1/customers/"+u)
	}
	return paths
}

// guesses are requests for things by an id.
func guesses(id string) map[string][2]string {
	return map[string][2]string{
		"conversation": {http.MethodGet, "/v1/conversations/" + id}, "customer": {http.MethodGet, "/v1/customers/" + id},
		"live": {http.MethodGet, "/v1/live/conversation/" + id}, "board": {http.MethodGet, "/v1/boards/" + id},
		"search": {http.MethodGet, "/v1/conversations?q=" + id}, "by customer": {http.MethodGet, "/v1/conversations?customer=" + id},
		"by conversation": {http.MethodGet, "/v1/conversations?conversation=" + id}, "by message": {http.MethodGet, "/v1/conversations?message=" + id},
		"by agent": {http.MethodGet, "/v1/metrics?metric=chats&agent=" + id}, "by channel": {http.MethodGet, "/v1/metrics?metric=chats&by=channel&channel=" + id},
		"by team": {http.MethodGet, "/v1/live/wallboard?team=" + id}, "by rule": {http.MethodGet, "/v1/conversations?rule=" + id},
		"explained": {http.MethodGet, "/v1/metrics/chats/explain?agent=" + id}, "backtest": {http.MethodGet, "/v1/rules/backtests/" + id},
		"end": {http.MethodDelete, "/v1/tokens/" + id}, "no board": {http.MethodDelete, "/v1/boards/" + id}, "no rule": {http.MethodDelete, "/v1/rules/" + id + "?version=2"},
		"cancel": {http.MethodDelete, "/v1/rules/backtests/" + id},
	}
}

// TestStrangersSeeNothing runs two desks with random traffic on one server, with
// everything in their own words, and looks for a byte of one in whatever the other
// can get: frames, reports, lists, files, answers to guessed ids, errors; and for
// both in what the server says of itself.
func TestStrangersSeeNothing(t *testing.T) {
	t.Parallel()

	const seed = 20261122
	s := startServed(t, postgrestest.Dir(t), "--log", "trace")
	a, b := newStranger(s, "alpha", "kvq7301", seed), newStranger(s, "beta", "wzx9482", seed+1)
	desks := []*stranger{a, b}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	for _, x := range desks { // before there is a past that would be computed anew
		named := x.ask(http.MethodPut, "/v1/tenant", "owner", fmt.Sprintf(`{"name":%q,"profile":"wecom"}`, x.word("desk")))
		require.Equal(t, http.StatusOK, named.status, named.body)
	}
	for _, x := range desks {
		x.follow(ctx, &wg)
		x.publish(x.traffic(24))
	}
	for _, x := range desks {
		x.s.settle(string(x.tenant), x.tokens["owner"])
		x.furnish()
		x.s.settle(string(x.tenant), x.tokens["owner"])
		tested := x.ask(http.MethodPost, "/v1/rules/backtests", "admin", `{"days":30}`)
		require.Less(t, tested.status, 300, tested.body)
		compared := x.ask(http.MethodPost, "/v1/verify", "owner", `{"live":true}`)
		require.Equal(t, http.StatusOK, compared.status, compared.body)
		require.Eventually(t, func() bool {
			return strings.Contains(x.ask(http.MethodGet, "/v1/rules/backtests", "owner", "").body, x.mark)
		}, 30*time.Second, 50*time.Millisecond, "what the rules would block is shown")
	}
	roles := []string{"owner", "admin", "supervisor", "agent", "wallboard", "service"}
	answers, own := 0, 0
	for i, x := range desks {
		other := desks[1-i]
		clean := func(text, what string) {
			require.NotContains(t, text, other.mark, "%s of %s", what, x.tenant)
			require.NotContains(t, text, "+1555"+other.mark[len(other.mark)-3:], "%s of %s", what, x.tenant)
			answers++
			if strings.Contains(text, x.mark) {
				own++
			}
		}
		for _, role := range roles {
			for _, path := range x.paths() {
				clean(x.ask(http.MethodGet, path, role, "").everything(t), role+" "+path)
			}
		}
		x.mu.Lock()
		require.Greater(t, len(x.seen), 20)
		for _, frame := range x.seen {
			clean(frame, "a frame")
		}
		x.mu.Unlock()
		// Whether there is such a thing at the other desk makes no difference.
		for _, id := range other.own {
			nobody := strings.Repeat("n", len(id))
			if prefix, _, found := strings.Cut(id, "."); found {
				nobody = prefix + "." + strings.Repeat("n", len(id)-len(prefix)-1)
			}
			for what, guess := range guesses(id) {
				like := guesses(nobody)[what]
				for _, role := range []string{"owner", "agent", "wallboard"} {
					one, two := x.ask(guess[0], guess[1], role, ""), x.ask(like[0], like[1], role, "")
					require.Equal(t, two.status, one.status, "%s %s as %s: %s", guess[0], guess[1], role, one.body)
					require.Equal(t, timeless(two.body, nobody), timeless(one.body, id), "%s %s as %s", guess[0], guess[1], role)
				}
			}
		}
		// A page of the other's list leads nowhere.
		var page struct {
			Next string `json:"next"`
		}
		require.NoError(t, json.Unmarshal([]byte(other.ask(http.MethodGet, "/v1/conversations?limit=3", "owner", "").body), &page))
		require.NotEmpty(t, page.Next)
		clean(x.ask(http.MethodGet, "/v1/conversations?limit=500&cursor="+url.QueryEscape(page.Next), "owner", "").everything(t), "the other's cursor")
		// Nor do the other's refused events, nor a decision about its dispute.
		for seq := range 6 {
			clean(x.ask(http.MethodPost, fmt.Sprintf("/v1/refused/%d/again", seq+1), "service", "").everything(t), "a refused event")
		}
		decided := x.ask(http.MethodPost, "/v1/disputes/decide", "owner", fmt.Sprintf(`{"conversation":"c0","message":"blocked-%s","decision":"upheld","reason":"no"}`, other.mark))
		require.Equal(t, http.StatusNotFound, decided.status, decided.body)
		foreign := x.ask(http.MethodPost, "/v1/events", "service", fmt.Sprintf(`{"specversion":"1.0","id":"x","source":"shop","type":"message.sent","time":%q,"subject":"c0","tenant":%q,"data":{"conversation":"c0","message":"mx","from":{"kind":"customer","id":"u0"},"text":"mine"}}`,
			time.Now().UTC().Format(time.RFC3339), other.tenant), "Content-Type", "application/cloudevents+json")
		require.Equal(t, http.StatusForbidden, foreign.status)
	}
	t.Logf("%d answers and frames, %d of them with the desk's own words", answers, own)
	require.Greater(t, own, 100, "the canaries are where they could be found")
	// What one did has not changed what the other has.
	for _, x := range desks {
		for _, path := range []string{"/v1/boards/board-" + x.mark, "/v1/rules/backtests", "/v1/disputes?state=open"} {
			require.Contains(t, x.ask(http.MethodGet, path, "owner", "").body, x.mark, path)
		}
		require.Contains(t, x.ask(http.MethodGet, "/v1/rules", "owner", "").body, "house."+x.mark)
	}
	// Numbers have no marks: a third desk, with the same ids, changes none of theirs.
	before := map[*stranger]map[string]string{}
	for _, x := range desks {
		before[x] = x.lasting()
	}
	third := newStranger(s, "gamma", "mjt5521", seed+2)
	third.publish(third.traffic(24))
	third.s.settle(string(third.tenant), third.tokens["owner"])
	third.furnish()
	third.s.settle(string(third.tenant), third.tokens["owner"])
	for _, x := range desks {
		for path, answer := range x.lasting() {
			require.Equal(t, before[x][path], answer, "%s of %s", path, x.tenant)
			require.True(t, strings.HasPrefix(answer, "200"), "%s of %s: %.300s", path, x.tenant, answer)
		}
	}
	cancel()
	wg.Wait()
	for _, x := range append(desks, third) {
		metrics := x.ask(http.MethodGet, "/metrics", "owner", "").body
		for line := range strings.Lines(metrics) {
			require.NotContains(t, line, x.mark)
			require.NotContains(t, line, string(x.tenant))
		}
		for line := range strings.Lines(s.log.String()) {
			require.NotContains(t, line, x.mark, "the log holds nothing that a desk wrote")
			require.NotContains(t, line, "+1555", "nor a number")
		}
	}
}

// timeless is an answer without the moment and the sequence at which it was made, and without the words of the question.
func timeless(body, asked string) string {
	body = strings.ReplaceAll(body, asked, "ASKED")
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	if d.Decode(&v) != nil {
		return body
	}
	for _, name := range []string{"at", "as_of_seq", "seq", "version", "epoch"} {
		delete(v, name)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return string(raw)
}
