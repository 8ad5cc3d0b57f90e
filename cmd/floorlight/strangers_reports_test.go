package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// reports are what is computed from many rows, over two fixed days.
func (x *stranger) reports() []string {
	now := time.Now().UTC()
	days := "&from=" + now.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + now.AddDate(0, 0, 1).Format(time.DateOnly)
	var paths []string
	for _, by := range []string{"day", "agent", "channel", "team", "day,agent", "intent", "tag"} {
		paths = append(paths, "/v1/metrics?metric=chats,sessions,revenue_after_inquiry,customers,messages_received&by="+by+days)
	}
	for _, filter := range []string{"", "agent=a0", "channel=ch0", "team=t0", "tag=tag", "intent=logistics"} {
		paths = append(paths, "/v1/conversations?limit=500&"+filter+days, "/v1/metrics?metric=chats,revenue_after_inquiry&"+filter+days)
	}
	for _, filter := range []string{"friend=true", "friend=false", "risky=true", "negative=true", "q=said", "q=name", "name=name", "customer=u0,u2", "state=human", "q=c0&friend=true", "customer=u0&message=c0-m0", "rating=1,2", "ai_status=closed"} {
		paths = append(paths, "/v1/conversations?limit=500&"+filter+days, "/v1/conversations?limit=500&"+filter)
	}
	for _, id := range []string{"chats", "customers", "revenue_after_inquiry", "blocked_messages", "messages_received", "surveys_sent"} {
		paths = append(paths, "/v1/metrics/"+id+"/explain?limit=500"+days)
	}
	paths = append(paths,
		"/v1/metrics?metric=blocked_messages,disputed_messages&by=rule"+days, "/v1/metrics?metric=chats&profile=tiktok_shop@0"+days,
		"/v1/agents/performance?"+strings.TrimPrefix(days, "&"), "/v1/agents/performance?agent=a0,a1,a2"+days,
		"/v1/violations?limit=500"+days, "/v1/violations?limit=500&agent=a0"+days, "/v1/disputes", "/v1/directory", "/v1/rules", "/v1/rules/versions", "/v1/boards", "/v1/tokens", "/v1/thresholds", "/v1/profiles", "/v1/tenant",
	)
	for i := range 4 {
		paths = append(paths, "/v1/conversations/"+x.conversations[i], "/v1/customers/"+x.customers[i])
	}
	return paths
}

// lasting are the answers to an owner's reports, without what counts on by itself.
func (x *stranger) lasting() map[string]string {
	answers := map[string]string{}
	for _, path := range x.reports() {
		a := x.ask(http.MethodGet, path, "owner", "")
		var v any
		if json.Unmarshal([]byte(a.body), &v) != nil {
			answers[path] = fmt.Sprint(a.status)
			continue
		}
		raw, err := json.Marshal(without(v, "at", "as_of_seq", "seq", "version", "epoch", "online_seconds", "searched_seq"))
		require.NoError(x.s.t, err)
		answers[path] = fmt.Sprint(a.status, " ", string(raw))
	}
	return answers
}

// without is JSON without the members of those names, wherever they are.
func without(v any, names ...string) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range names {
			delete(v, name)
		}
		for k := range v {
			v[k] = without(v[k], names...)
		}
	case []any:
		for i := range v {
			v[i] = without(v[i], names...)
		}
	}
	return v
}
