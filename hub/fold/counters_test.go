package fold_test

import "testing"

// The cases of this file go through the specification's table of counters.

func TestChatsAndTheirParts(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "sessions: conversations started; chats: sessions in which the customer wrote, on the day of the start",
			script: `23:50 start c1 u1
				23:51 start c2 u2
				+1 00:10 says c1 u1`,
			want: "sessions@0=2 chats@0=1 chats@1=0 messages_received@1=1 customers@0=2 consulting_customers@0=1",
		},
		{
			sentence: "bot and no human; human and no bot; both; neither. The four always add up to chats",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 says c1 b1
				09:00 start c2 u2
				09:00 says c2 u2
				09:01 says c2 a1
				09:00 start c3 u3
				09:00 says c3 u3
				09:01 says c3 b1
				09:02 says c3 a1
				09:00 start c4 u4
				09:00 says c4 u4
				09:00 start c5 u5
				09:01 says c5 b1`,
			want: "chats=4 chats_bot_only=1 chats_human_only=1 chats_bot_to_human=1 chats_unhandled=1 c5.handling=none",
		},
		{
			sentence: "Handling of a session without a customer message is none",
			script: `09:00 start c1 u1
				09:01 says c1 b1
				09:02 says c1 a1`,
			want: "c1.handling=none chats=0",
		},
		{
			sentence: "consultations: chats assigned to an agent or a bot at least once",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 assign c1 b1
				09:01 assign c1 a1
				09:00 start c2 u2
				09:01 assign c2 a1
				09:00 start c3 u3
				09:01 says c3 u3`,
			want: "consultations=1",
		},
		{
			sentence: "human_sessions: sessions assigned to an agent at least once, on the day of the first such assignment",
			script: `22:00 start c1 u1
				22:01 assign c1 b1
				+1 09:00 assign c1 a1
				+2 09:00 assign c1 a2`,
			want: "human_sessions@0=0 human_sessions@1=1 human_sessions@2=0",
		},
		{
			sentence: "A conversation reclassified next week changes the past day's row",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				+7 09:00 classify c1 logistics
				09:00 start c2 u2`,
			want: "c1.intent=logistics c2.intent=other sessions@0=2",
		},
		{
			sentence: "messages_broadcast, by day, belong to no conversation",
			script: `09:00 broadcast u1 web
				09:01 broadcast u2 web
				+1 09:01 broadcast u2 app`,
			want: "messages_broadcast@0=2 messages_broadcast@1=1 sessions=0",
		},
		{
			sentence: "messages_received A: customers' messages while assigned to that agent; messages_agent by author, not assignee",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 assign c1 a1
				09:02 says c1 u1
				09:03 says c1 a2
				09:04 queue c1
				09:05 says c1 u1`,
			want: "messages_received=3 a1:messages_received=1 a2:messages_agent=1 a1:messages_agent=0",
		},
		{
			sentence: "new_contacts: customers whose first message ever this was, in stream order",
			script: `09:00 start c1 u1
				+1 09:00 says c1 u1
				+2 09:00 start c2 u1
				08:00 says c2 u1
				+3 09:00 start c3 u2`,
			want: "new_contacts=1 new_contacts@1=1",
		},
		{
			sentence: "assigned_sessions: distinct conversations assigned; assign_events: assignments; both by day",
			script: `09:00 start c1 u1
				09:01 assign c1 a1
				09:02 assign c1 a2
				09:03 assign c1 a1
				+1 09:03 assign c1 a1
				09:04 assign c1 b1`,
			want: "a1:assigned_sessions@0=1 a1:assign_events@0=2 a2:assigned_sessions@0=1 a1:assigned_sessions@1=1 assigned_sessions@0=1 assign_events=4",
		},
		{
			sentence: "handled_chats: conversations in which the agent wrote, by day",
			script: `09:00 start c1 u1
				09:01 says c1 a1
				09:02 says c1 a1
				09:03 says c1 a2
				+1 00:00 says c1 a1
				09:03 start c2 u2
				09:03 says c2 a1`,
			want: "a1:handled_chats@0=2 a2:handled_chats@0=1 a1:handled_chats@1=1 handled_chats@0=2 handled_chats@1=1",
		},
	})
}

func TestResponses(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "response_required: conversations whose first human turn opened. Only the first turn ever opened counts",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 says c1 a1
				09:03 says c1 u1
				09:04 says c1 a1
				+1 09:04 says c1 u1`,
			want: "response_required=1 responded_in_window=1 first_responses=1 turn_responses=1",
		},
		{
			sentence: "Within a limit includes the limit: the response window",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				+1 09:01 says c1 a1
				09:00 start c2 u1
				09:00 assign c2 a1
				09:01 says c2 u1
				+1 09:01:00.001 says c2 a1`,
			want: "response_required@0=2 responded_in_window@0=1 responded_in_window@1=0 first_responses@1=2",
		},
		{
			sentence: "response_window_hours 12 in South-East Asia",
			profile:  `tiktok_shop {"market":"sea"}`,
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				21:01:01 says c1 a1`,
			want: "response_required=1 responded_in_window=0",
		},
		{
			sentence: "Within a limit includes the limit: service_level_seconds, on the day that turn opened",
			script: `23:59 start c1 u1
				23:59 assign c1 a1
				23:59:30 says c1 u1
				+1 00:00:30 says c1 a1
				09:00 start c2 u1
				09:00 assign c2 a1
				09:01 says c2 u1
				09:02:00.001 says c2 a1`,
			want: "responded_in_service_level@0=1 responded_in_service_level@1=0 first_responses@1=1 first_responses@0=1",
		},
		{
			sentence: "service_level: the first human turn was answered; a later one is not looked at",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 assign c1 b1
				09:03 says c1 u1
				09:04 assign c1 a1
				09:04:10 says c1 a1`,
			want: "response_required=1 responded_in_service_level=0 responded_in_window=0 first_responses=1 first_response_millis=10000",
		},
		{
			sentence: "response_required A: of the agent who answered it",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 says c1 a2`,
			want: "a1:response_required=0 a2:response_required=1 a2:responded_in_window=1 response_required=1",
		},
		{
			sentence: "response_required A: else of the one it is assigned to (moves while it is open)",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 assign c1 a2
				09:03 close c1`,
			want: "a1:response_required=0 a2:response_required=1 response_required=1",
		},
		{
			sentence: "response_required A: nobody's while only queued",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 queue c1
				09:00 start c2 u2
				09:01 says c2 u2
				09:02 queue c2`,
			want: "a1:response_required=0 response_required=2",
		},
		{
			sentence: "response_required A: it moves no more once its turn is closed",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 assign c1 b1
				09:03 assign c1 a2`,
			want: "a1:response_required=1 a2:response_required=0",
		},
		{
			sentence: "first_response A: of the first turn which that agent answered; turn_response A: of every turn he answered but his first",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 says c1 a1
				09:03 assign c1 a2
				09:04 says c1 u1
				09:06 says c1 a2
				09:10 says c1 u1
				09:13 says c1 a1
				09:20 says c1 u1
				09:24 says c1 a2`,
			want: `first_responses=1 first_response_millis=60000 turn_responses=3 turn_response_millis=540000
				a1:first_responses=1 a1:first_response_millis=60000 a1:turn_responses=1 a1:turn_response_millis=180000
				a2:first_responses=1 a2:first_response_millis=120000 a2:turn_responses=1 a2:turn_response_millis=240000`,
		},
		{
			sentence: "first responses count on the day of the reply",
			script: `23:50 start c1 u1
				23:50 assign c1 a1
				23:55 says c1 u1
				+1 00:05 says c1 a1`,
			want: "response_required@0=1 responded_in_window@0=1 first_responses@0=0 first_responses@1=1 first_response_millis@1=600000",
		},
		{
			sentence: "human_inbound, human_replied: pairs (conversation, local day); a conversation across midnight counts on both",
			script: `22:00 start c1 u1
				22:00 assign c1 a1
				22:01 says c1 u1
				22:02 says c1 u1
				23:00 says c1 a1
				+1 00:01 says c1 u1`,
			want: "human_inbound@0=1 human_replied@0=1 human_inbound@1=1 human_replied@1=0 a1:human_inbound@1=1 a1:human_replied@0=1",
		},
		{
			sentence: "human_replied: those where an agent wrote after the first of these messages that day",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 a1
				09:02 says c1 u1
				+1 09:03 says c1 a1`,
			want: "human_inbound=1 human_replied=0",
		},
		{
			sentence: "human_inbound A: messages while assigned; that same agent wrote after the first of them that day, even if no longer assigned",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 assign c1 a2
				09:03 says c1 a2
				09:04 says c1 a1`,
			want: "a1:human_inbound=1 a1:human_replied=1 a2:human_inbound=0 a2:human_replied=0 human_replied=1",
		},
		{
			sentence: "human_inbound A: messages while only queued are nobody's",
			script: `09:00 start c1 u1
				09:00 queue c1
				09:01 says c1 u1
				09:02 assign c1 a1
				09:03 says c1 a1`,
			want: "human_inbound=1 human_replied=1 a1:human_inbound=0 a1:human_replied=0",
		},
		{
			sentence: "No rate can pass 100 %: a reply after a transfer to another team stands beside what it answers",
			script: `09:00 start c1 u1
				09:00 assign c1 a1 T1
				09:01 says c1 u1
				09:02 assign c1 a1 T2
				09:03 says c1 a1`,
			want: "a1/T1:human_inbound=1 a1/T1:human_replied=1 a1/T2:human_replied=0 a1/T2:messages_agent=1",
		},
		{
			sentence: "abandoned_chats: closed with a human turn open and no agent message so far, on the day its first human turn opened",
			script: `23:00 start c1 u1
				23:00 queue c1
				23:01 says c1 u1
				+1 09:00 close c1
				09:00 start c2 u2
				09:00 queue c2
				09:01 says c2 a1
				09:02 says c2 u2
				09:03 close c2
				09:00 start c3 u3
				09:00 says c3 u3
				09:03 close c3`,
			want: "abandoned_chats=1 abandoned_chats@0=1",
		},
		{
			sentence: "abandoned_chats: once per session",
			script: `09:00 start c1 u1
				09:00 queue c1
				09:01 says c1 u1
				09:02 close c1
				10:00 says c1 u1
				10:01 queue c1
				10:02 close c1`,
			want: "abandoned_chats=1 reopened=1 response_required=1",
		},
		{
			sentence: "abandoned_chats: taken back if an agent writes after a reopening",
			script: `09:00 start c1 u1
				09:00 queue c1
				09:01 says c1 u1
				09:02 close c1
				+1 10:00 says c1 a1`,
			want: "abandoned_chats=0 abandoned_chats@0=0",
		},
		{
			sentence: "reopened: reopenings, on the day of the event",
			script: `09:00 start c1 u1
				09:02 close c1
				+1 10:00 says c1 u1
				+1 10:01 close c1
				+2 10:00 queue c1`,
			want: "reopened@0=0 reopened@1=1 reopened@2=1",
		},
		{
			sentence: "first_response_from customer: first agent message − first customer message of the session, on the reply's day",
			profile:  `{"first_response_from":"customer"}`,
			script: `23:00 start c1 u1
				23:00 says c1 u1
				23:01 says c1 b1
				23:02 says c1 u1
				23:58 queue c1
				+1 00:10 says c1 a1
				+1 00:11 says c1 u1
				+1 00:12 says c1 a1`,
			want: "first_responses@1=1 first_response_millis@1=4200000 turn_responses=1 turn_response_millis=60000 a1:first_response_millis=720000 a1:turn_responses=1",
		},
		{
			sentence: "first_response_from customer: only if a human turn had opened",
			profile:  `{"first_response_from":"customer"}`,
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:10 says c1 a1
				09:20 queue c1
				09:21 says c1 u1
				09:22 says c1 a1`,
			want: "first_responses=0 turn_responses=0 response_required=1 a1:first_responses=1",
		},
	})
}

func TestSurveys(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "surveys_sent: conversations that were sent a survey that day; A: the agent last assigned when it was sent",
			script: `09:00 start c1 u1
				09:01 assign c1 a1
				09:02 assign c1 a2
				09:03 assign c1 b1
				09:04 survey c1 s1
				09:05 survey c1 s2
				09:06 assign c1 a1
				+1 09:04 survey c1 s3`,
			want: "surveys_sent@0=1 surveys_sent@1=1 a2:surveys_sent@0=1 a1:surveys_sent@0=0 a1:surveys_sent@1=1",
		},
		{
			sentence: "surveys_sent_answered: of them, answered (whenever), on the day it was sent",
			script: `09:00 start c1 u1
				09:01 assign c1 a1
				09:04 survey c1 s1
				09:05 assign c1 a2
				+7 09:00 answer c1 s1 4`,
			want: "surveys_sent_answered@0=1 surveys_sent_answered@7=0 rated@7=1 satisfied@7=1 a1:surveys_sent_answered@0=1 a1:satisfied@7=1 a2:rated=0",
		},
		{
			sentence: "No rate can pass 100 %: an answered survey stands beside the sending of that day",
			script: `09:00 start c1 u1
				09:01 assign c1 a1 T1
				09:02 survey c1 s1
				09:03 assign c1 a1 T2
				09:04 survey c1 s2
				09:05 answer c1 s2 4`,
			want: "a1/T1:surveys_sent=1 a1/T1:surveys_sent_answered=1 a1/T2:surveys_sent_answered=0",
		},
		{
			sentence: "satisfied, neutral, dissatisfied: answers with 4–5, 3, 1–2 stars",
			script: `09:00 start c1 u1
				09:01 answer c1 s1 5
				09:01 answer c1 s2 4
				09:01 answer c1 s3 3
				09:01 answer c1 s4 2
				09:01 answer c1 s5 1`,
			want: "rated=5 satisfied=2 neutral=1 dissatisfied=2 negative_ratings=3",
		},
		{
			sentence: "negative_ratings: ≤ 2 stars, or ≤ 3 where neutral is negative; in market us it is not",
			profile:  `tiktok_shop {"market":"us"}`,
			script: `09:00 start c1 u1
				09:01 answer c1 s3 3
				09:01 answer c1 s4 2`,
			want: "negative_ratings=1 neutral=1",
		},
		{
			sentence: "wecom: neutral is not negative",
			profile:  `wecom {}`,
			script: `09:00 start c1 u1
				09:01 answer c1 s3 3`,
			want: "negative_ratings=0 neutral=1",
		},
		{
			sentence: "stars holds over level",
			script: `09:00 start c1 u1
				09:01 answer c1 s1 1 satisfied
				09:01 level c1 s2 satisfied
				09:01 level c1 s3 neutral
				09:01 level c1 s4 dissatisfied`,
			want: "satisfied=1 neutral=1 dissatisfied=2",
		},
		{
			sentence: "A second answer takes the first back, on its day, and counts on its own; surveys_sent_answered stays",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 survey c1 s1
				10:00 answer c1 s1 1
				+1 10:00 answer c1 s1 5`,
			want: "rated@0=0 dissatisfied@0=0 negative_ratings@0=0 rated@1=1 satisfied@1=1 surveys_sent_answered@0=1 a1:rated@0=0 a1:satisfied@1=1",
		},
		{
			sentence: "An answer without a sending is rated, of the agent last assigned when answered",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 answer c1 s1 5`,
			want: "rated=1 a1:rated=1 surveys_sent=0 surveys_sent_answered=0",
		},
		{
			sentence: "and joins the sending if that arrives later",
			script: `09:00 start c1 u1
				09:00 assign c1 a1 T1
				09:05 answer c1 s1 5
				09:06 assign c1 a2 T2
				09:04 survey c1 s1`,
			want: "rated=1 surveys_sent=1 surveys_sent_answered=1 a1:rated=0 a2/T2:rated=1 a2:surveys_sent=1 a2:surveys_sent_answered=1",
		},
		{
			sentence: "joining a sending of the same agent takes its team as well",
			script: `09:00 start c1 u1
				09:00 assign c1 a1 T1
				09:05 answer c1 s1 5
				09:06 assign c1 a1 T2
				09:07 survey c1 s1`,
			want: "a1/T1:rated=0 a1/T2:rated=1 a1/T2:surveys_sent_answered=1",
		},
		{
			sentence: "rated counts surveys, surveys_sent pairs (conversation, day)",
			script: `09:00 start c1 u1
				09:01 survey c1 s1
				09:02 survey c1 s2
				09:03 answer c1 s1 5
				09:04 answer c1 s2 5`,
			want: "rated=2 surveys_sent=1 surveys_sent_answered=1",
		},
		{
			sentence: "An answer belongs to the session whose survey id was sent",
			script: `09:00 start c1 u1 web
				09:00 assign c1 a1
				09:01 survey c1 s1
				09:02 close c1
				+1 09:00 start c1 u1 app
				+1 09:00 assign c1 a2
				+1 09:01 answer c1 s1 2`,
			want: "a1:rated@1=1 a2:rated=0 surveys_sent_answered@0=1 c1.sessions=2",
		},
	})
}
