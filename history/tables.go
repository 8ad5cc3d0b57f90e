package history

import (
	"strings"

	"github.com/floorlight/floorlight/hub/metric"
)

// table is a table that the fold's results are written to: by COPY into a
// temporary table of the same form, and from there in one statement.
type table struct {
	name    string
	columns []string
	keys    int // how many of the columns, from the first, are the primary key
	copy    string
	make    string
	upsert  string
}

func newTable(name string, keys int, columns ...string) table {
	t := table{name: name, columns: columns, keys: keys}
	list := strings.Join(columns, ", ")
	t.make = "CREATE TEMPORARY TABLE IF NOT EXISTS stage_" + name + " ON COMMIT DELETE ROWS AS SELECT " + list + " FROM " + name + " WITH NO DATA"
	t.copy = "COPY stage_" + name + " (" + list + ") FROM STDIN (FORMAT binary)"
	set := make([]string, 0, len(columns))
	for _, c := range columns[keys:] {
		set = append(set, c+" = excluded."+c)
	}
	t.upsert = "INSERT INTO " + name + " (" + list + ") SELECT " + list + " FROM stage_" + name +
		" ON CONFLICT (" + strings.Join(columns[:keys], ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
	return t
}

// The positions of the tables in a batch.
const (
	inEntities = iota
	inTenants
	inChannels
	inTeams
	inAgents
	inAgentDays
	inCustomers
	inConversations
	inContributions

	numTables
)

const copyEvents = "COPY events (tenant, time, source, id, epoch, seq, arrived, type, conversation, body) FROM STDIN (FORMAT binary)"

// derived are the tables that the fold makes from the events.
var derived = [numTables]table{
	inEntities:      newTable("entities", 3, "tenant", "kind", "id", "seq", "state"),
	inTenants:       newTable("tenants", 1, "tenant", "name", "profile", "version", "settings", "latest"),
	inChannels:      newTable("channels", 2, "tenant", "channel", "name", "kind", "disabled"),
	inTeams:         newTable("teams", 2, "tenant", "team", "name", "capacity", "disabled"),
	inAgents:        newTable("agents", 2, "tenant", "agent", "name", "department", "teams", "channels", "capacity", "disabled", "status", "online_since"),
	inAgentDays:     newTable("agent_days", 3, "tenant", "agent", "day", "online_millis", "first_online"),
	inCustomers:     newTable("customers", 2, "tenant", "customer", "name", "email", "phone", "anonymous", "friend", "seq", "wrote_at"),
	inConversations: newTable("conversations", 3, conversationColumns...),
	inContributions: newTable("contributions", 4, append(contributionColumns, counterColumns()...)...),
}

var conversationColumns = []string{
	"tenant", "conversation", "session", "start_day", "started_at", "closed_at", "updated_at",
	"channel", "customer", "agent", "agents", "team", "intent", "tags", "handling", "state", "ai_status", "stars", "reasons", "risky",
	"messages_customer", "messages_agent", "messages_bot", "first_question", "first_response_millis", "awaits",
}

var contributionColumns = []string{
	"tenant", "conversation", "session", "position", "seq", "day", "hour", "per_agent",
	"channel", "team", "agent", "intent", "handling", "ai_status", "tags", "customer",
	"revenue", "ai_sales", "credits", "parts",
}

func counterColumns() []string {
	all := metric.Counters()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.String()
	}
	return names
}

// wide tells the counters whose column is a bigint: sums of milliseconds and of
// accuracy. The others count, and are integers.
var wide = [metric.NumCounters]bool{
	metric.FirstResponseMillis: true,
	metric.TurnResponseMillis:  true,
	metric.AssistAccuracy:      true,
}
