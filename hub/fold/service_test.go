package fold_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// The cases of this file are about what stands beside messages and turns.

func TestInvitationsAndJoinings(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "times sent",
			script: `09:00 start c1 u1
				09:01 invite c1 a1 specialist s1
				09:02 invite c1 a1 specialist s1
				+1 09:02 invite c1 a1 group g1`,
			want: "specialist_invites@0=2 group_invites@0=0 group_invites@1=1 specialists_added=0",
		},
		{
			sentence: "distinct pairs customer × specialist, customer × group that day; distinct customers with either",
			script: `09:00 start c1 u1
				09:00 start c2 u2
				09:01 join u1 specialist s1 c1
				09:02 join u1 specialist s1 c1
				09:02 join u1 specialist s2
				09:03 join u1 group s1
				09:04 join u2 group s1 c2
				+1 09:00 join u1 specialist s1 c1`,
			want: "specialists_added@0=2 groups_joined@0=2 specialists_added@1=1 upgraded_customers@0=2 upgraded_customers@1=1 upgraded_customers=2",
		},
		{
			sentence: "conversation and agent, if absent, are those of the latest invitation to that target",
			script: `09:00 start c1 u1 web
				09:01 classify c1 logistics
				09:02 assign c1 a1 T1
				09:03 invite c1 a1 group g1
				09:04 close c1
				10:00 start c1 u1 web
				10:01 assign c1 a2 T2
				10:02 join u1 group g1`,
			want: "/T1:groups_joined=1 /T2:groups_joined=0 groups_joined@0h10=1",
		},
		{
			sentence: "an invitation in a conversation that is announced later is the customer's whose it turns out to be",
			script: `09:03 invite c1 a1 group g1
				09:04 assign c1 a1 T1
				09:05 start c1 u1 web
				09:06 join u1 group g1`,
			want: "/T1:groups_joined=1 upgraded_customers=1",
		},
		{
			sentence: "a joining in somebody else's conversation, or in none, belongs to no conversation",
			script: `09:00 start c1 u1
				09:01 assign c1 a1 T1
				09:03 join u2 group g1 c1
				09:04 join u3 specialist s1`,
			want: "/T1:groups_joined=0 groups_joined=1 specialists_added=1 upgraded_customers=2",
		},
	})
}

func TestFlowsCreditsToolsAndTags(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "firings; distinct flows",
			script: `09:00 start c1 u1
				09:01 flow f1 c1
				09:02 flow f1 wa
				+1 09:03 flow f2`,
			want: "flow_triggers=3 flow_triggers@0=2 flows_triggered@0=1 flows_triggered=2 flow_triggers[flow:f1]=2 flow_triggers[flow:f2]@1=1",
		},
		{
			sentence: "charged; added − charged, ever",
			script: `09:00 charge marketing 0.5 USD wa
				09:01 charge marketing 0.25 USD
				10:00 charge other 3 JPY wa
				+1 09:00 credit 100 USD wa`,
			want: `credits_used[USD]@0=0.75 credits_used[JPY]@0=3 credits_used[USD]@1=none credits_used[marketing:USD]=0.75 credits_used[other:JPY]=3
				credit_balance[USD]=99.25 credit_balance[JPY]=-3`,
		},
		{
			sentence: "assist_uses by tool; translated, incomplete or empty uses are left out of the mean",
			script: `09:00 start c1 u1
				09:01 uses c1 a1 ai_writer hello|hallo
				09:02 uses c1 a1 doc_reply a|a
				09:03 uses c1 a1 doc_reply a|
				09:04 translate c1 a1`,
			want: `assist_uses=4 assist_accuracy_uses=2 assist_accuracy=1800000000000 assist_uses[tool:ai_writer]=2 assist_uses[tool:doc_reply]=2
				assist_accuracy[tool:ai_writer]=800000000000 assist_accuracy_uses[tool:doc_reply]=1`,
		},
		{
			sentence: "a list that is given replaces the whole list; a conversation counts once under each of its tags",
			script: `09:00 start c1 u1
				09:01 tag c1 vip late vip
				09:00 start c2 u2
				09:01 tag c2 vip
				09:02 classify c2 logistics
				09:00 start c3 u3
				09:01 tag c3 vip
				09:02 tag c3`,
			want: "c1.tags=vip,late c2.tags=vip c3.tags=",
		},
		{
			sentence: "negative_ratings by reason: once under each reason, once in the total; a second answer takes the first back",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:00 assign c1 a1
				09:01 survey c1 s1
				09:02 rate c1 s1 1 slow rude slow
				+1 09:03 rate c1 s1 2 slow
				09:01 survey c1 s2
				09:02 rate c1 s2 5 slow`,
			want: `negative_ratings@0=0 negative_ratings@1=1 negative_ratings[reason:slow]@0=0 negative_ratings[reason:slow]@1=1 negative_ratings[reason:rude]=0
				a1:negative_ratings[reason:slow]=1 rated=2`,
		},
		{
			sentence: "blocked_messages, flagged_messages by category, rule: once in the total, once under each distinct category and rule",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 breaks c1 a1 m1 pay.off pay.link pay.off abuse.word
				09:02 breaks c1 a1 m1 pay.off
				09:03 breaks-sent c1 a2 m2 pay.off
				09:04 flagged-by c1 a3 m3 pay.link pay.link`,
			want: `blocked_messages=1 blocked_messages[category:pay]=1 blocked_messages[category:abuse]=1 blocked_messages[rule:pay.off]=1 blocked_messages[rule:pay.link]=1
				a1:blocked_messages[rule:pay.off]=1 flagged_messages[category:pay]=1 a2:flagged_messages[rule:pay.off]=1 a2:blocked_messages[rule:pay.off]=0 affected_agents=3
				flagged_messages=2 flagged_messages[rule:pay.link]=1 a3:flagged_messages[rule:pay.link]=1`,
		},
		{
			sentence: "served_customers A: distinct customers of the conversations assigned",
			script: `09:00 start c1 u1
				09:00 start c2 u1
				09:00 start c3 u2
				09:01 assign c1 a1
				09:01 assign c2 a1
				09:01 assign c3 a1
				09:02 assign c3 a2`,
			want: "a1:served_customers=2 a2:served_customers=1 served_customers=2",
		},
		{
			sentence: "contacts: ever wrote",
			script: `09:00 start c1 u1 web
				09:00 start c2 u2 web
				09:01 says c1 u1
				09:02 start c3 u1 app
				09:03 says c3 u1
				09:04 says c4 u3
				09:05 start c4 u3 app
				09:06 says c5 u4
				09:07 start c5 u5 web`,
			want: "contacts=3 contacts[web]=1 contacts[app]=2 contacts[unknown]=0 new_contacts=3",
		},
	})
}

// TestHours is about the clock: An hour row is the local clock hour; the hour
// that a clock repeats is one row, the skipped one has none.
func TestHours(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "pairs with a day stand on the hour in which they first happened, and their numerators beside them",
			script: `09:50 start c1 u1
				09:50 assign c1 a1
				09:55 says c1 u1
				10:05 says c1 u1
				11:05 says c1 a1
				12:05 says c1 a1
				13:00 survey c1 s1
				14:00 answer c1 s1 5`,
			want: `human_inbound@0h9=1 human_inbound@0h10=0 human_replied@0h9=1 human_replied@0h11=0 a1:human_replied@0h9=1 handled_chats@0h11=1 handled_chats@0h12=0
				messages_agent@0h11=1 messages_agent@0h12=1 first_responses@0h11=1 response_required@0h9=1 responded_in_window@0h9=1
				surveys_sent@0h13=1 surveys_sent_answered@0h13=1 rated@0h14=1 sessions@0h9=1 a1:first_responses@0h11=1`,
		},
		{
			sentence: "the hour that a clock repeats is one row",
			profile:  `{"timezone":"America/New_York"}`,
			day:      "2026-10-31",
			script: `23:00 start c1 u1
				+1 00:30 says c1 u1
				+1 01:30 says c1 u1
				+1 02:30 says c1 u1`,
			want: "messages_received@1h0=1 messages_received@1h1=1 messages_received@1h2=1",
		},
	})
	t.Run("twice 01:30", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, `{"timezone":"America/New_York"}`, "2026-11-01", false)
		first := time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC) // 01:30 EDT, and an hour later 01:30 EST
		for i := range 2 {
			d.apply(first.Add(time.Duration(i)*time.Hour), &event.MessageSent{Conversation: "c1", Message: event.MessageID([]string{"m1", "m2"}[i]), From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "x"})
		}
		d.expect("messages_received@0h1=2 messages_received@0=2")
		c, _ := d.st.Conversation("c1")
		require.Len(t, c.Current().Rows, 1)
	})
	t.Run("half an hour in Lord Howe", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, `{"timezone":"Australia/Lord_Howe"}`, "2026-04-05", false)
		at := time.Date(2026, 4, 4, 14, 45, 0, 0, time.UTC) // 01:45 at +11; 15 minutes later it is 01:30 again, at +10:30
		for i := range 3 {
			d.apply(at.Add(time.Duration(i)*30*time.Minute), &event.MessageSent{Conversation: "c1", Message: event.MessageID([]string{"m1", "m2", "m3"}[i]), From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "x"})
		}
		d.expect("messages_received@0h1=2 messages_received@0h2=1")
	})
}
