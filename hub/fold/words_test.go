package fold_test

import "testing"

// The cases of this file go through the specification's "Words", sentence by
// sentence.

func TestWordsOfMessages(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "customer message, agent message, bot message: message.sent from that kind",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 says c1 b1
				09:03 says c1 a1
				09:04 says c1 system`,
			want: "messages_received=1 messages_bot=1 messages_agent=1 a1:messages_agent=1 c1.handling=bot_to_human",
		},
		{
			sentence: "automatic makes it a bot message, whoever's name it bears",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 auto c1 a1
				09:02 auto c1 u1`,
			want: "messages_received=1 messages_bot=2 messages_agent=0 a1:messages_agent=0 handled_chats=0 c1.handling=bot_only chats_bot_only=1",
		},
		{
			sentence: "Blocked messages are none of these",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 blocked c1 a1 m9
				09:03 blocked c1 u1 m8`,
			want: "messages_received=1 messages_agent=0 handled_chats=0 c1.handling=unhandled blocked_messages=2 chats_unhandled=1",
		},
		{
			sentence: "to agent is a notice that only the agent sees; it counts nowhere",
			script: `09:00 start c1 u1
				09:01 notice c1 b1
				09:02 notice c1 a1
				09:03 notice c1 u1`,
			want: "messages_bot=0 messages_agent=0 messages_received=0 chats=0 c1.handling=none sessions=1",
		},
	})
}

func TestWordsOfResponsibilityAndTurns(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "A human turn opens by a message when a human is responsible",
			script: `09:00 start c1 u1
				09:01 queue c1
				09:02 says c1 u1
				09:04 says c1 a1`,
			want: "response_required=1 responded_in_window=1 first_responses=1 first_response_millis=120000 turn_responses=0 c1.turn=false",
		},
		{
			sentence: "A human turn opens by queueing when a customer message is unanswered; its start is the moment the human became responsible",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:05 queue c1
				09:06 says c1 a1`,
			want: "response_required=1 first_response_millis=60000",
		},
		{
			sentence: "A human turn opens by assignment to an agent",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:05 assign c1 a1
				09:05:30 says c1 a1`,
			want: "response_required=1 first_response_millis=30000 responded_in_service_level=1 a1:response_required=1 a1:first_response_millis=30000",
		},
		{
			sentence: "Without a human responsible no turn opens",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 assign c1 b1
				09:03 says c1 u1
				09:04 says c1 a1`,
			want: "response_required=0 first_responses=0 c1.handling=human_only human_inbound=0",
		},
		{
			sentence: "answered = followed by any agent or bot message",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 says c1 b1
				09:03 queue c1`,
			want: "response_required=0 c1.turn=false",
		},
		{
			sentence: "Its start is the first unanswered customer message",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 says c1 u1
				09:03 says c1 a1`,
			want: "first_response_millis=120000 first_responses=1",
		},
		{
			sentence: "It is answered by the next agent message",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:03 says c1 a2
				09:04 says c1 a1`,
			want: "first_responses=1 turn_responses=0 a2:first_response_millis=120000 a1:first_responses=0 a2:response_required=1 a1:response_required=0",
		},
		{
			sentence: "Once open, a bot or automatic message neither answers it nor closes it nor moves its start",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 says c1 b1
				09:03 auto c1 a1
				09:04 says c1 u1
				09:06 says c1 a1`,
			want: "response_required=1 first_response_millis=300000 turn_responses=0 c1.turn=false",
		},
		{
			sentence: "It closes unanswered when the conversation closes",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 close c1`,
			want: "response_required=1 responded_in_window=0 first_responses=0 c1.turn=false a1:response_required=1",
		},
		{
			sentence: "It closes unanswered when the conversation is assigned to a bot",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 assign c1 b1
				09:03 says c1 a1`,
			want: "response_required=1 responded_in_window=0 first_responses=0 turn_responses=0 c1.turn=false",
		},
		{
			sentence: "human responsible: queueing again or a transfer in between does not restart it",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 queue c1
				09:03 assign c1 a1
				09:04 queue c1
				09:05 assign c1 a2
				09:06 says c1 a2`,
			want: "first_response_millis=240000 response_required=1",
		},
		{
			sentence: "An assignment to a bot ends the responsibility, the next queueing begins it anew",
			script: `09:00 start c1 u1
				09:00 queue c1
				09:01 assign c1 b1
				09:02 says c1 u1
				09:05 queue c1
				09:06 says c1 a1`,
			want: "first_response_millis=60000 response_required=1",
		},
		{
			sentence: "human involved: a human turn was opened",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 queue c1`,
			want: "c1.handling=human_only chats_human_only=1 chats_unhandled=0",
		},
		{
			sentence: "bot involved: a bot wrote; both make bot_to_human",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:01 says c1 b1
				09:02 queue c1
				09:03 says c1 u1`,
			want: "c1.handling=bot_to_human chats_bot_to_human=1 chats_bot_only=0",
		},
		{
			sentence: "An assignment alone involves nobody",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:01 says c1 b1
				09:02 assign c1 a1
				09:03 assign c1 b1`,
			want: "c1.handling=bot_only chats_bot_only=1",
		},
	})
}

func TestWordsOfSegmentsAndFirstHuman(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "segment: starts at an assignment whose handler (kind, id) differs from the previous assignment's",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 assign c1 b1
				09:03 assign c1 a1
				09:04 assign c1 a1
				09:05 assign c1 a2
				09:06 assign c1 a1`,
			want: "segments=4 human_segments=3 assign_events=4 consultations=1 human_sessions=1",
		},
		{
			sentence: "segment: queueing in between does not matter",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:03 assign c1 a1
				09:04 queue c1
				09:05 assign c1 a1`,
			want: "segments=1 human_segments=1",
		},
		{
			sentence: "segment: writing without an assignment starts none",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:03 says c1 a1
				09:04 says c1 b1`,
			want: "segments=0 human_segments=0",
		},
		{
			sentence: "segments of sessions in which the customer wrote, whenever he did, on the day of the start",
			script: `23:00 start c1 u1
				23:01 assign c1 b1
				23:02 assign c1 a1
				23:00 start c2 u2
				23:01 assign c2 a1
				+1 00:10 says c1 u1`,
			want: "segments@0=2 human_segments@0=1 consultations@0=1 segments@1=0 chats@0=1",
		},
		{
			sentence: "first human: the first agent assigned, or who wrote if none was",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:03 says c1 a1
				09:04 assign c1 a2 T2
				09:05 assign c1 a3 T3
				09:00 start c2 u2
				09:03 says c2 a1
				09:04 says c2 a2`,
			want: "c1.agent=a2 c1.team=T2 c2.agent=a1",
		},
		{
			sentence: "Its team: the assignment's",
			script: `08:00 agent a1 T9
				09:00 start c1 u1
				09:01 queue c1 T1
				09:02 assign c1 a1 T2`,
			want: "c1.team=T2",
		},
		{
			sentence: "Its team: else the latest queueing's before it",
			script: `08:00 agent a1 T9
				09:00 start c1 u1
				09:01 queue c1 T1
				09:02 queue c1 T3
				09:03 assign c1 a1`,
			want: "c1.team=T3 a1/T3:assign_events=1",
		},
		{
			sentence: "Its team: else that agent's only team, else none",
			script: `08:00 agent a1 T9
				08:00 agent a2 T1 T2
				09:00 start c1 u1
				09:03 assign c1 a1
				09:00 start c2 u1
				09:03 assign c2 a2
				09:00 start c3 u1
				09:03 says c3 a1`,
			want: "c1.team=T9 c2.team= c3.team=T9",
		},
		{
			sentence: "until there is one, the queued team",
			script: `09:00 start c1 u1
				09:01 queue c1 T1
				09:02 queue c1 T2
				09:03 queue c1`,
			want: "c1.team=T2 c1.agent= /T2:sessions=1",
		},
		{
			sentence: "Transfers do not change it",
			script: `09:00 start c1 u1
				09:01 assign c1 a1 T1
				09:02 assign c1 a2 T2
				09:03 queue c1 T3
				09:04 says c1 a2`,
			want: "c1.agent=a1 c1.team=T1 /T1:sessions=1 /T2:sessions=0",
		},
	})
}

func TestWordsOfSessions(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "A second conversation.started with the same id while it is open is a re-entry: it adds and changes nothing",
			script: `09:00 start c1 u1 web
				09:01 says c1 u1
				10:00 start c1 u2 app`,
			want: "sessions=1 chats=1 customers=1 c1.channel=web c1.customer=u1 c1.sessions=1",
		},
		{
			sentence: "A second closed changes nothing",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 close c1
				09:05 close c1`,
			want: "abandoned_chats=1 c1.open=false",
		},
		{
			sentence: "After closed a conversation.started with the same id begins a new session under it",
			script: `09:00 start c1 u1 web
				09:01 says c1 u1
				09:02 close c1
				+1 10:00 start c1 u1 app
				+1 10:01 says c1 u1`,
			want: "sessions@0=1 sessions@1=1 chats@0=1 chats@1=1 c1.sessions=2 c1.channel=app c1#1.channel=web reopened=0",
		},
		{
			sentence: "After closed a customer message reopens the old one; the message that reopened it is unanswered",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 close c1
				+1 10:00 says c1 u1
				+1 10:01 queue c1
				+1 10:02 says c1 a1`,
			want: "sessions=1 chats=1 chats@0=1 reopened@1=1 c1.sessions=1 c1.open=true response_required@1=1 first_response_millis@1=60000",
		},
		{
			sentence: "After closed an agent message, a queueing or an assignment reopens the old one",
			script: `09:00 start c1 u1
				09:02 close c1
				10:00 says c1 a1
				10:01 close c1
				11:00 queue c1
				11:01 close c1
				12:00 assign c1 b1
				12:01 close c1
				13:00 assign c1 a1`,
			want: "reopened=4 sessions=1 c1.open=true c1.handler=a1",
		},
		{
			sentence: "anything else (a survey answer, a classification, a bot's or system message) is recorded on it",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 close c1
				10:00 survey c1 s1
				10:01 answer c1 s1 5
				10:02 classify c1 logistics
				10:03 says c1 b1
				10:04 says c1 system
				10:05 viewed c1 a1
				10:06 flagged c1 a1 m9
				10:07 auto c1 a1`,
			want: "c1.open=false reopened=0 surveys_sent=1 rated=1 c1.intent=logistics messages_bot=2 c1.handling=bot_only flagged_messages=1",
		},
		{
			sentence: "closed clears handler, queue, responsibility and unanswered messages; a reopening restores none of them",
			script: `09:00 start c1 u1
				09:01 assign c1 a1
				09:02 says c1 u1
				09:03 close c1
				10:00 says c1 a2
				10:01 queue c1
				10:02 close c1
				11:00 says c1 a1`,
			want: "c1.open=true c1.handler= c1.queued=false c1.turn=false first_responses=0 response_required=1 human_inbound=1",
		},
		{
			sentence: "start day and first-turn marks go on",
			script: `09:00 start c1 u1
				09:01 assign c1 a1
				09:02 says c1 u1
				09:03 close c1
				+1 10:00 says c1 u1
				+1 10:01 assign c1 a2
				+1 10:02 says c1 a2`,
			want: "response_required=1 response_required@0=1 a1:response_required=1 a2:response_required=0 first_responses@1=1 responded_in_window=0 c1.start_day=0",
		},
		{
			sentence: "message_after_close new_session: the customer's message begins a new session under that id",
			profile:  `inbox {}`,
			script: `09:00 start c1 u1 web
				09:01 says c1 u1
				09:02 close c1
				+1 10:00 says c1 u1
				+1 10:01 start c1 u1 app`,
			want: "sessions@1=1 chats@1=1 reopened=0 c1.sessions=2 c1.channel=web",
		},
		{
			sentence: "new_session: an agent's message still reopens the old one",
			profile:  `{"message_after_close":"new_session"}`,
			script: `09:00 start c1 u1
				09:02 close c1
				10:00 says c1 a1`,
			want: "sessions=1 reopened=1",
		},
	})
}
