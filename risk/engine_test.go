package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

var agent = risk.Context{Tenant: "t1", Channel: "web", Market: "US", From: "agent"}

func TestCheckGivesTheContractsExample(t *testing.T) {
	t.Parallel()

	got := risk.Default().Check("add me on wechat: lily_88", agent)
	require.Equal(t, event.Block, got.Verdict)
	require.Equal(t, []string{"contact.messenger"}, got.Rules)
	require.Len(t, got.Violations, 1)
	v := got.Violations[0]
	require.Equal(t, "contact.messenger", v.Rule)
	require.Equal(t, "off_platform_contact", v.Category)
	require.Equal(t, event.SeverityBlock, v.Severity)
	require.Equal(t, 10, v.Start)
	require.Equal(t, 25, v.End)
	require.NotEmpty(t, v.Explanation.EN)
	require.NotEmpty(t, v.Explanation.ZH)
}
