package history

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// agentsTable is the document of the table of agents.
type agentsTable struct {
	Profile  string
	Average  json.RawMessage `json:"team_average"`
	Weighted json.RawMessage
	Profiles []struct {
		metric.AnswerProfile

		Average  json.RawMessage `json:"team_average"`
		Weighted json.RawMessage
	}
	Rows []map[string]json.RawMessage
}

func (d *desk) agentsTable(pairs ...string) (p *Performance, document agentsTable) {
	d.t.Helper()
	values := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = []string{pairs[i+1]}
	}
	p, err := d.db.AgentPerformance(d.t.Context(), string(comparedTenant), Scope{}, values, comparedNow)
	require.NoError(d.t, err)
	require.NoError(d.t, json.Unmarshal(p.JSON(), &document))
	return p, document
}

// TestAgentsUnderProfiles compares the table of agents under profiles that are not
// in force with that of desks that had them from the beginning.
func TestAgentsUnderProfiles(t *testing.T) {
	t.Parallel()
	sea, us, wecom := [2]string{"tiktok_shop", seaSettings}, [2]string{"tiktok_shop", usSettings}, [2]string{"wecom", `{}`}
	d := writtenDesk(t, comparedEvents(sea, us, wecom))
	span := []string{"from", "2026-03-09", "to", "2026-03-12", "sort", "-name"}
	plain, inForce := d.agentsTable(span...)
	require.Nil(t, plain.Compared)
	_, got := d.agentsTable(append(span, "profile", "wecom@3,tiktok_shop@1,tiktok_shop@2")...)
	require.Equal(t, "wecom@3,tiktok_shop@1,tiktok_shop@2", got.Profile)
	require.Len(t, got.Profiles, 3)
	require.Equal(t, string(got.Profiles[0].Average), string(got.Average), "the document's own is the first's")
	_, under1 := writtenDesk(t, comparedEvents(sea)).agentsTable(span...)
	_, under2 := writtenDesk(t, comparedEvents(us)).agentsTable(span...)
	for i, want := range []agentsTable{inForce, under1, under2} {
		of := got.Profiles[i]
		require.Len(t, want.Rows, 2)
		b, err := json.Marshal(want.Rows)
		require.NoError(t, err)
		require.JSONEq(t, string(b), under(t, got.Rows, of.Profile), of.Profile)
		require.JSONEq(t, string(want.Average), string(of.Average), of.Profile)
		require.JSONEq(t, string(want.Weighted), string(of.Weighted), of.Profile)
	}
	require.NotEqual(t, string(got.Profiles[0].Average), string(got.Profiles[1].Average))

	var field *metric.FieldError
	_, err := d.db.AgentPerformance(t.Context(), string(comparedTenant), Scope{}, map[string][]string{"profile": {"acme@7"}}, comparedNow)
	require.ErrorAs(t, err, &field)
	require.Equal(t, "profile", field.Field)
}

// TestFilesUnderProfiles reads files with several profiles and finds the numbers
// that the answers have.
func TestFilesUnderProfiles(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, comparedEvents([2]string{"tiktok_shop", seaSettings}, [2]string{"wecom", `{}`}))
	read := func(write func(context.Context, *bytes.Buffer) error) [][]string {
		var b bytes.Buffer
		require.NoError(t, write(t.Context(), &b))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
		require.NoError(t, err)
		return rows
	}
	file := func(values map[string][]string) [][]string {
		return read(func(ctx context.Context, b *bytes.Buffer) error {
			return d.db.ExportMetrics(ctx, b, string(comparedTenant), values, Export{Format: CSV, Now: comparedNow})
		})
	}
	values := map[string][]string{"metric": {"chats,first_online_at"}, "by": {"day"}, "from": {"2026-03-10"}, "to": {"2026-03-10"}}
	plain := file(values)
	require.Equal(t, []string{"Day", "Chats", "First online"}, plain[0])
	values["profile"] = []string{"wecom@2,tiktok_shop@1"}
	both := file(values)
	require.Equal(t, []string{"Profile", "Day", "Chats", "First online"}, both[0])
	require.Len(t, both, 3)
	require.Equal(t, append([]string{"wecom@2"}, plain[1]...), both[1])
	require.Equal(t, "tiktok_shop@1", both[2][0])
	// The same moment in Shanghai and in Kathmandu, where the agents were online at midnight.
	require.Equal(t, "2026-03-10 00:01:20", both[1][3])
	require.Equal(t, "2026-03-10 00:00:00", both[2][3])

	agents := read(func(ctx context.Context, b *bytes.Buffer) error {
		return d.db.ExportAgents(ctx, b, string(comparedTenant), map[string][]string{"profile": {"wecom@2,tiktok_shop@1"}, "metric": {"handled_chats"}, "lang": {"zh"}}, Export{Format: CSV, Now: comparedNow})
	})
	require.Len(t, agents, 9, "a header, and an average, a sum and two agents for each")
	require.Equal(t, "配置", agents[0][0])
	require.Equal(t, []string{"wecom@2", "团队平均"}, []string{agents[1][0], agents[1][2]})
	require.Equal(t, []string{"tiktok_shop@1", "全员合计"}, []string{agents[6][0], agents[6][2]})
}
