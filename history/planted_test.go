package history

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestPlantedDifferencesAreFound spoils one stored cell after the other, of each
// table that something is answered from; verify names it, and nothing else.
func TestPlantedDifferencesAreFound(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(everyKind()...)
	for i, data := range []event.Data{
		&event.TeamUpdated{Team: "t1", Name: "Care", Channels: []event.ChannelID{"web"}},
		&event.AgentUpdated{Agent: "a1", Name: "Ann", Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"web"}},
		&event.AgentPresence{Agent: "a1", Status: event.Online},
		&event.AgentPresence{Agent: "a1", Status: event.Offline},
	} {
		d.publish(event.New("desk", "more", string(rune('a'+i)), noon.Add(time.Duration(i)*time.Minute), data))
	}
	d.write()
	requireVerified(t, d)
	for _, tt := range []struct{ name, spoil, table, column string }{
		{"a counter", `UPDATE contributions SET messages_received = messages_received + 1 WHERE messages_received = 1`, "contributions", "messages_received"},
		{"a part", `UPDATE contributions SET parts = '[]' WHERE session > 0 AND NOT per_agent`, "contributions", "parts"},
		{"money", `UPDATE contributions SET revenue = '{"USD":"30.01"}' WHERE revenue IS NOT NULL`, "contributions", "revenue"},
		{"credits", `UPDATE contributions SET credits = NULL WHERE credits IS NOT NULL`, "contributions", "credits"},
		{"an hour", `UPDATE contributions SET hour = 3 WHERE per_agent`, "contributions", "hour"},
		{"a channel", `UPDATE contributions SET channel = 'wa' WHERE per_agent`, "contributions", "channel"},
		{"an agent", `UPDATE contributions SET agent = 'a2' WHERE per_agent`, "contributions", "agent"},
		{"an intent", `UPDATE contributions SET intent = 'logistics' WHERE session > 0 AND NOT per_agent`, "contributions", "intent"},
		{"tags", `UPDATE contributions SET tags = '{vip}' WHERE session > 0 AND NOT per_agent`, "contributions", "tags"},
		{"a customer", `UPDATE contributions SET customer = 'u2' WHERE session > 0 AND NOT per_agent`, "contributions", "customer"},
		{"a row that is gone", `DELETE FROM contributions WHERE per_agent`, "contributions", ""},
		{"time online", `UPDATE agent_days SET online_millis = online_millis + 1`, "agent_days", "online_millis"},
		{"a list's mark", `UPDATE conversations SET risky = NOT risky`, "conversations", "risky"},
		{"a friend", `UPDATE customers SET friend = NOT friend WHERE customer = 'u1'`, "customers", "friend"},
		{"an agent's team", `UPDATE agents SET teams = '{}'`, "agents", "teams"},
		{"a channel's name", `UPDATE channels SET name = 'x' WHERE channel = 'web'`, "channels", "name"},
		{"a team that nobody made", `INSERT INTO teams (tenant, team, name, disabled) SELECT tenant, 't9', 'Nine', false FROM teams LIMIT 1`, "teams", ""},
		{"a balance", `UPDATE entities SET state = convert_to(replace(convert_from(state, 'UTF8'), '8.8', '8.9'), 'UTF8') WHERE convert_from(state, 'UTF8') LIKE '%8.8%'`, "entities", "state"},
		{"a tenant's name", `UPDATE tenants SET name = name || 'x'`, "tenants", "name"},
		{"a tenant's profile", `UPDATE tenants SET profile = 'klaviyo'`, "tenants", "profile"},
		{"a profile's version", `UPDATE tenants SET version = version + 1`, "tenants", "version"},
		{"a setting", `UPDATE tenants SET settings = (settings::jsonb || '{"active_grace_hours": 23}')::json`, "tenants", "settings"},
		{"a setting that cannot be read", `UPDATE tenants SET settings = (settings::jsonb || '{"active_grace_hours": "x"}')::json`, "tenants", "settings"},
		{"the clock", `UPDATE tenants SET latest = latest + interval '1 millisecond'`, "tenants", "latest"},
		{"a clock that stands still", `UPDATE tenants SET latest = NULL`, "tenants", "latest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			defer func() { require.NoError(t, d.db.Refold(t.Context(), "desk"), "which mends it") }()
			tag, err := d.db.pool.Exec(t.Context(), tt.spoil)
			require.NoError(t, err)
			require.Positive(t, tag.RowsAffected())
			r, err := d.db.Verify(t.Context(), "desk", firstDay, lastDay, func(VerifyProgress) {})
			require.NoError(t, err)
			require.NotEmpty(t, r.Differences)
			for _, found := range r.Differences {
				require.Equal(t, tt.table, found.Table)
				require.Equal(t, tt.column, found.Column)
				if tt.column == "state" {
					require.Empty(t, found.Stored+found.Computed, "it may hold words")
				}
			}
		})
		requireVerified(t, d)
	}
}

// TestProfilesMoveTheClock refolds a desk whose latest event is a profile, which the
// base stands for from then on: its time still counts, for verify and for the row.
func TestProfilesMoveTheClock(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(everyKind()...)
	d.publish(event.New("desk", "more", "late", noon.AddDate(0, 0, 3), &event.TenantConfigured{Profile: "wecom"}))
	d.write()
	for _, renewed := range []bool{false, true} {
		requireVerified(t, d)
		require.Equal(t, 1, d.count(`SELECT count(*) FROM tenants WHERE tenant = 'desk' AND latest = $1`, noon.AddDate(0, 0, 3)))
		require.NoError(t, d.db.Refold(t.Context(), "desk"))
		if renewed {
			d.age()
			require.NoError(t, d.db.Renew(t.Context()))
		}
	}
	requireVerified(t, d)
	require.Equal(t, 1, d.count(`SELECT count(*) FROM tenants WHERE tenant = 'desk' AND latest = $1`, noon.AddDate(0, 0, 3)))
}

// TestStatesThatSayTheSame changes how an entity's state is written, as another batch
// or an earlier program may have written it; verify finds nothing.
func TestStatesThatSayTheSame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(everyKind()...)
	blocked := event.New("desk", "more", "long ago", noon.AddDate(0, -2, 0), &event.MessageBlocked{
		Conversation: "old", Message: "m", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "x",
	})
	presence := func(id string, minute int, status event.Presence) event.Event {
		return event.New("desk", "more", id, noon.Add(time.Duration(minute)*time.Minute), &event.AgentPresence{Agent: "a1", Status: status})
	}
	d.publish(blocked, presence("on", 0, event.Online), presence("off", 1, event.Offline))
	d.write()
	requireVerified(t, d)
	for name, change := range map[string][2]string{
		"days that were dropped": {`"days":\{[^}]*\}\},?`, ``},
		"a notice of long ago":   {`"text":"x"`, `"text":"y"`},
		"a space":                {`^\{`, `{ `},
	} {
		t.Run(name, func(t *testing.T) {
			tag, err := d.db.pool.Exec(t.Context(), `UPDATE entities SET state = convert_to(regexp_replace(convert_from(state, 'UTF8'), $1, $2), 'UTF8')
				WHERE kind = 2 AND id = 'a1' AND convert_from(state, 'UTF8') ~ $1`, change[0], change[1])
			require.NoError(t, err)
			require.Positive(t, tag.RowsAffected())
			requireVerified(t, d)
		})
	}
	_, err := d.db.pool.Exec(t.Context(), `UPDATE entities SET state = convert_to(replace(convert_from(state, 'UTF8'), '"status":"offline"', '"status":"online"'), 'UTF8') WHERE kind = 2 AND id = 'a1'`)
	require.NoError(t, err)
	r, err := d.db.Verify(t.Context(), "desk", firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(t, err)
	require.Len(t, r.Differences, 1)
}
