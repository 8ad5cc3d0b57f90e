package history

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMembersAreExported: names that would be formulas are none, what is not known
// is empty, and a limit of none is no limit.
func TestMembersAreExported(t *testing.T) {
	t.Parallel()

	none := int64(0)
	members := []Member{
		{ID: "a1", Name: `=HYPERLINK("x")`, Department: "Returns", Role: "agent", Status: "online", Teams: []string{"Sales", "配送组"}, Channels: []string{"Web"}, Capacity: &none, Email: "a@b.c"},
		{ID: "a2", Name: "陈晓", Disabled: true},
	}
	var out bytes.Buffer
	require.NoError(t, ExportMembers(&out, members, nil, Export{Format: CSV}))
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(out.String(), "\ufeff")), "\n")
	require.Len(t, lines, 3)
	require.Equal(t, "Agent,Agent name,Department,Role,Teams,Channels,Limit,Status,Email,Disabled", strings.TrimSpace(lines[0]))
	require.Equal(t, `a1,"'=HYPERLINK(""x"")",Returns,agent,Sales; 配送组,Web,0,online,a@b.c,false`, strings.TrimSpace(lines[1]))
	require.Equal(t, "a2,陈晓,,,,,,,,true", strings.TrimSpace(lines[2]))

	out.Reset()
	require.NoError(t, ExportMembers(&out, members, map[string][]string{"lang": {"zh"}}, Export{Format: CSV}))
	require.Contains(t, out.String(), "员工名称")
	require.Error(t, ExportMembers(&out, members, map[string][]string{"lang": {"xx"}}, Export{Format: CSV}))
	require.Error(t, ExportMembers(&out, members, nil, Export{Format: "pdf"}))
}
