package live

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// everyone may use a route without a token.
const everyone = "everyone"

// mayUse is who may use each route, written from the contract. A route that is
// not here fails the test.
var mayUse = map[string]string{
	"GET /healthz":       everyone,
	"GET /readyz":        everyone,
	"GET /metrics":       everyone,
	"GET /openapi.json":  everyone,
	"GET /v1/demo/roles": everyone,

	"GET /v1/me":       "owner admin supervisor agent wallboard service operator",
	"GET /v1/catalog":  "owner admin supervisor agent wallboard service operator",
	"POST /v1/tickets": "owner admin supervisor agent wallboard service operator",

	"GET /v1/catalog.csv":  "owner admin supervisor agent wallboard service operator",
	"GET /v1/catalog.xlsx": "owner admin supervisor agent wallboard service operator",

	"GET /v1/live": "owner admin supervisor agent wallboard service operator",

	"GET /v1/live/{topic}":        "owner admin supervisor agent wallboard",
	"GET /v1/live/{topic}/events": "owner admin supervisor agent wallboard",
	"GET /v1/live/{topic}/series": "owner admin supervisor agent wallboard",

	"GET /v1/live/{topic}/{id}":        "owner admin supervisor agent wallboard",
	"GET /v1/live/{topic}/{id}/events": "owner admin supervisor agent wallboard",

	"POST /v1/notifications/ack": "agent",
	"POST /v1/messages":          "owner admin service",
	"POST /v1/events":            "owner admin service",

	"GET /v1/metrics":                   "owner admin supervisor agent",
	"GET /v1/agents/performance":        "owner admin supervisor agent",
	"GET /v1/metrics.csv":               "owner admin supervisor agent",
	"GET /v1/metrics.xlsx":              "owner admin supervisor agent",
	"GET /v1/metrics/{id}/explain":      "owner admin supervisor agent",
	"GET /v1/metrics/{id}/explain.csv":  "owner admin supervisor agent",
	"GET /v1/metrics/{id}/explain.xlsx": "owner admin supervisor agent",
	"GET /v1/agents/performance.csv":    "owner admin supervisor agent",
	"GET /v1/agents/performance.xlsx":   "owner admin supervisor agent",
	"GET /v1/customers/{id}":            "owner admin supervisor agent",
	"GET /v1/conversations.xlsx":        "owner admin supervisor agent",
	"GET /v1/conversations":             "owner admin supervisor agent",
	"GET /v1/conversations.csv":         "owner admin supervisor agent",
	"GET /v1/conversations/{id}":        "owner admin supervisor agent",
	"GET /v1/conversations/{id}.csv":    "owner admin supervisor agent",
	"GET /v1/conversations/{id}.xlsx":   "owner admin supervisor agent",
	"GET /v1/customers/{id}.csv":        "owner admin supervisor agent",
	"GET /v1/customers/{id}.xlsx":       "owner admin supervisor agent",
	"GET /v1/directory.csv":             "owner admin supervisor agent",
	"GET /v1/directory.xlsx":            "owner admin supervisor agent",
	"GET /v1/violations":                "owner admin supervisor agent",
	"GET /v1/violations.csv":            "owner admin supervisor agent",
	"GET /v1/violations.xlsx":           "owner admin supervisor agent",

	"GET /v1/refused":                  "owner admin service operator",
	"POST /v1/refused/{seq}/again":     "owner admin service",
	"GET /v1/tenant":                   "owner admin supervisor agent",
	"PUT /v1/tenant":                   "owner admin",
	"GET /v1/profiles":                 "owner admin supervisor agent",
	"GET /v1/tokens":                   "owner admin supervisor",
	"DELETE /v1/tokens/{id}":           "owner admin supervisor",
	"GET /v1/rules":                    "owner admin supervisor",
	"PUT /v1/rules":                    "owner admin",
	"GET /v1/rules/draft":              "owner admin supervisor",
	"PUT /v1/rules/draft":              "owner admin",
	"GET /v1/rules/versions":           "owner admin supervisor",
	"GET /v1/rules/versions/{version}": "owner admin supervisor",
	"PUT /v1/rules/{id}":               "owner admin",
	"DELETE /v1/rules/{id}":            "owner admin",
	"POST /v1/rules/try":               "owner admin supervisor",
	"POST /v1/rules/backtests":         "owner admin supervisor",
	"GET /v1/rules/backtests":          "owner admin supervisor",
	"GET /v1/rules/backtests/{id}":     "owner admin supervisor",
	"DELETE /v1/rules/backtests/{id}":  "owner admin supervisor",
	"POST /v1/disputes":                "agent",
	"GET /v1/disputes":                 "owner admin supervisor",
	"POST /v1/disputes/decide":         "owner admin supervisor",
	"GET /v1/directory":                "owner admin supervisor agent",
	"GET /v1/boards":                   "owner admin supervisor wallboard",
	"GET /v1/boards/{id}":              "owner admin supervisor wallboard",
	"PUT /v1/boards/{id}":              "owner admin supervisor",
	"DELETE /v1/boards/{id}":           "owner admin supervisor",
	"GET /v1/thresholds":               "owner admin supervisor wallboard",
	"PUT /v1/thresholds":               "owner admin supervisor",
	"POST /v1/kiosks":                  "owner admin supervisor",
	"POST /v1/verify":                  "owner admin",
	"POST /v1/refold":                  "owner admin",
	"GET /v1/refold":                   "owner admin supervisor agent wallboard",
	"GET /v1/tenants":                  "operator",
}

// mayFollow is who may follow each topic.
//
//nolint:exhaustive // conversation/{id} has tests of its own.
var mayFollow = map[hub.TopicName]string{
	hub.TopicWallboard:     "owner admin supervisor wallboard",
	hub.TopicFloor:         "owner admin supervisor wallboard",
	hub.TopicAgents:        "owner admin supervisor",
	hub.TopicTeams:         "owner admin supervisor",
	hub.TopicChannels:      "owner admin supervisor",
	hub.TopicQueue:         "owner admin supervisor",
	hub.TopicConversations: "owner admin supervisor",
	hub.TopicDisputes:      "owner admin supervisor",
	hub.TopicInbox:         "agent",
	hub.TopicNotifications: "agent", // whoever has an agent's id; the other tokens here have none
}

func TestEveryRouteHasItsRoles(t *testing.T) {
	t.Parallel()

	d := setup(t)
	require.Len(t, d.patterns, len(routes), "every route of the table is served")
	for _, pattern := range d.patterns {
		want, listed := mayUse[pattern]
		require.True(t, listed, "who may use %s?", pattern)
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{topic}", "wallboard", "{id}", "x", "{seq}", "1", "{version}", "1").Replace(path)
		bare := d.do(method, path, "", nil)
		if want == everyone {
			require.Less(t, bare.status, 400, pattern)
			continue
		}
		bare.problem(t, http.StatusUnauthorized, CodeUnauthorized)
		require.Contains(t, bare.header.Get("WWW-Authenticate"), "Bearer")
		for _, role := range Roles {
			if strings.HasSuffix(path, "/events") && method == http.MethodGet {
				continue // an open stream does not answer; TestTopicsByRole follows it
			}
			a := d.do(method, path, d.token(role), nil)
			if slices.Contains(strings.Fields(want), string(role)) {
				require.NotEqual(t, http.StatusUnauthorized, a.status, "%s as %s", pattern, role)
				if a.status == http.StatusForbidden { // by the topic, not by the route
					require.Contains(t, path, "/v1/live/", "%s as %s: %s", pattern, role, a.raw)
				}
				continue
			}
			a.problem(t, http.StatusForbidden, CodeForbidden)
		}
	}
}

func TestTopicsByRole(t *testing.T) {
	t.Parallel()

	d := setup(t)
	for _, topic := range everyTopic {
		if topic != hub.TopicConversation {
			require.Contains(t, mayFollow, topic, "who may follow %s?", topic)
		}
	}
	require.Len(t, everyTopic, len(mayFollow)+1)
	for _, role := range Roles {
		c := d.dial(d.token(role))
		id := 0
		for topic, who := range mayFollow {
			allowed := slices.Contains(strings.Fields(who), string(role))
			id++
			frame := c.subscribe(id, string(topic))
			plain := d.do(http.MethodGet, "/v1/live/"+string(topic), d.token(role), nil)
			if allowed {
				require.Equal(t, "snapshot", frame["op"], "%s as %s: %v", topic, role, frame)
				require.Equal(t, http.StatusOK, plain.status)
				require.Equal(t, string(topic), plain.text("topic"))
				for _, member := range []string{"epoch", "version", "seq", "at", "state"} {
					require.Contains(t, plain.json, member)
				}
				continue
			}
			require.Equal(t, string(CodeForbidden), frame["code"], "%s as %s: %v", topic, role, frame)
			plain.problem(t, http.StatusForbidden, CodeForbidden)
			events := d.do(http.MethodGet, "/v1/live/"+string(topic)+"/events", d.token(role), nil)
			events.problem(t, http.StatusForbidden, CodeForbidden)
		}
	}
}

func TestScopeIsAddedToEveryFilter(t *testing.T) {
	t.Parallel()

	id := &Identity{Claims: Claims{Tenant: "star", Role: RoleSupervisor, Teams: []event.TeamID{"t1", "t2"}, Channels: []event.ChannelID{"web"}}}
	for _, tt := range []struct {
		name    string
		asked   hub.Filter
		want    hub.Filter
		refused string
	}{
		{"nothing asked", hub.Filter{}, hub.Filter{Team: []event.TeamID{"t1", "t2"}, Channel: []event.ChannelID{"web"}}, ""},
		{"inside", hub.Filter{Team: []event.TeamID{"t2"}}, hub.Filter{Team: []event.TeamID{"t2"}, Channel: []event.ChannelID{"web"}}, ""},
		{"partly", hub.Filter{Team: []event.TeamID{"t3", "t2"}}, hub.Filter{Team: []event.TeamID{"t2"}, Channel: []event.ChannelID{"web"}}, ""},
		{"outside", hub.Filter{Team: []event.TeamID{"t3"}}, hub.Filter{}, "team"},
		{"another channel", hub.Filter{Channel: []event.ChannelID{"wa"}}, hub.Filter{}, "channel"},
	} {
		r, err := id.request("queue", tt.asked)
		if tt.refused != "" {
			var f *Fault
			require.ErrorAs(t, err, &f, tt.name)
			require.Equal(t, CodeForbidden, f.Code, tt.name)
			require.Equal(t, tt.refused, f.Field, tt.name)
			continue
		}
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.want, r.Filter, tt.name)
	}
}
