package simulator

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestNoScreenStaysEmpty: a visitor finds every number of the screens with something
// behind it at each desk, and what only one kind of desk does at the desk of that kind.
func TestNoScreenStaysEmpty(t *testing.T) {
	t.Parallel()

	type at struct {
		desk event.TenantID
		what string
	}
	seen := map[at]int{}
	handedOff, closed := map[at]bool{}, map[at]bool{}
	c := Config{Seed: 1, Start: noon, Past: 24 * time.Hour, PastEvents: 60_000, Days: 3, DayEvents: 30_000, Tenants: Desks(4)}
	for _, a := range New(c).Until(noon, 1<<30) {
		about := at{a.Event.Tenant, a.Event.Key}
		count := func(what string) { seen[at{a.Event.Tenant, what}]++ }
		switch d := a.Event.Data.(type) {
		case *event.TenantConfigured:
			p, err := metric.NewProfile(d.Profile, 1, d.Settings)
			require.NoError(t, err)
			if p.ResponseWindowHours == 12 {
				count("12 hours for an answer")
			}
			if p.NeutralIsNegative {
				count("three stars are negative")
			}
			if len(p.Benchmarks) > 0 {
				count("a benchmark")
			}
		case *event.ChannelUpdated:
			require.Equal(t, d.AI == "on", d.Attribution != nil, "%s: what a bot sells is told where there is one", d.Channel)
			if d.Attribution != nil {
				count("attribution by " + d.Attribution.Touch)
			}
		case *event.ConversationStarted:
			switch {
			case d.Customer.Anonymous != nil && *d.Customer.Anonymous:
				require.Nil(t, d.Customer.Name)
				count("anonymous")
			case d.Customer.Name == nil:
				require.True(t, d.Customer.Email != nil || d.Customer.Phone != nil)
				count("known by an address alone")
			default:
				count("named")
			}
		case *event.ConversationHandoff:
			count("handoff by " + d.Kind)
			handedOff[about] = d.Kind == "message"
		case *event.ConversationQueued:
			delete(handedOff, about)
		case *event.ConversationClosed:
			closed[about] = true
			if handedOff[about] {
				count("closed by the handoff message")
			}
		case *event.ServiceInvited:
			count("invited to a " + d.Kind)
		case *event.ServiceJoined:
			count("joined a " + d.Kind)
		case *event.TemplateCharged:
			count("charged for " + d.Category)
		case *event.AssistUsed:
			count("used " + d.Tool)
		case *event.MessageSent:
			switch h := a.history(); {
			case h.Type == event.TypeMessageBlocked:
				count("blocked")
			case a.Risky:
				count("flagged")
			}
			if d.From.Kind == event.Customer && closed[about] {
				count("reopened")
				delete(closed, about)
			}
		case *event.DisputeDecided:
			count(string(d.Decision))
		case *event.AgentUpdated:
			count(fmt.Sprintf("an agent with %d accounts", len(d.Channels)))
		case *event.SurveyAnswered:
			if *d.Stars <= 2 {
				count("rated badly")
			}
		}
		count(string(a.Event.Type))
	}
	overturned, decided := 0, 0 // at one desk they are few
	for _, d := range Desks(4) {
		for _, what := range []string{
			string(event.TypeFlowTriggered), string(event.TypeProductClicked), string(event.TypeOrderPaid), "attribution by product_click", "flagged", "rated badly", "named", "anonymous",
			"charged for marketing", "charged for utility", "charged for authentication", "used ai_writer", "used doc_reply", "used recommended_answer",
			string(event.Upheld), "an agent with 2 accounts", "an agent with 0 accounts",
		} {
			require.NotZero(t, seen[at{d.Tenant, what}], "%s: %s", d.Tenant, what)
		}
		share := func(what, whole string) float64 {
			return float64(seen[at{d.Tenant, what}]) / float64(seen[at{d.Tenant, whole}])
		}
		t.Logf("%s: %.2f of blocks are disputed, %.2f of the decisions overturn, %.3f of what is closed is reopened", d.Tenant,
			share(string(event.TypeDisputeOpened), "blocked"), share(string(event.Overturned), string(event.TypeDisputeDecided)), share("reopened", string(event.TypeConversationClosed)))
		require.InDelta(t, disputeShare, share(string(event.TypeDisputeOpened), "blocked"), 0.15)
		overturned += seen[at{d.Tenant, string(event.Overturned)}]
		decided += seen[at{d.Tenant, string(event.TypeDisputeDecided)}]
		if d.Preset == "inbox" {
			require.Zero(t, seen[at{d.Tenant, "reopened"}], "there it would be another session")
		} else {
			require.InDelta(t, 0.02, share("reopened", string(event.TypeConversationClosed)), 0.015)
		}
	}
	require.InDelta(t, overturnShare, float64(overturned)/float64(decided), 0.2)
	for _, only := range []at{
		{"lumen", "a benchmark"},
		{"vela", "12 hours for an answer"},
		{"harbor", "three stars are negative"},
		{"vela", "three stars are negative"},
		{"qinghe", "invited to a specialist"},
		{"qinghe", "invited to a group"},
		{"qinghe", "joined a specialist"},
		{"qinghe", "joined a group"},
		{"qinghe", string(event.TypeCustomerUpdated)},
		{"harbor", "attribution by message"},
		{"harbor", "closed by the handoff message"},
		{"harbor", "known by an address alone"},
	} {
		require.NotZero(t, seen[only], "%s: %s", only.desk, only.what)
	}
}

// TestCreditIsAddedBeforeItIsGone: whatever a desk spends, something is left.
func TestCreditIsAddedBeforeItIsGone(t *testing.T) {
	t.Parallel()

	hundredths := func(amount string) int {
		n, err := strconv.Atoi(strings.Replace(amount, ".", "", 1))
		require.NoError(t, err)
		return n
	}
	balance, spent := 0, 0
	for _, a := range New(Config{Seed: 2, Start: noon, Days: 60, DayEvents: 1500, Tenants: Desks(1)}).Until(noon, 1<<30) {
		switch d := a.Event.Data.(type) {
		case *event.CreditAdded:
			balance += hundredths(d.Amount)
		case *event.TemplateCharged:
			balance -= hundredths(d.Amount)
			spent += hundredths(d.Amount)
		}
		require.GreaterOrEqual(t, balance, 0, "overdrawn at %s", a.Due)
	}
	require.Greater(t, spent, firstCredit, "more than there was at first")
}
