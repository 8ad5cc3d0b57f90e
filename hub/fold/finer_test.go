package fold_test

import "testing"

// The cases of this file go through the specification's "Finer points".

func TestOrders(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "converted_customers: any of that day's chats has 0 ≤ paid − started ≤ window; one order may convert several days",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				+1 09:00 start c2 u1
				+1 09:00 says c2 u1
				+2 09:00 start c3 u1
				+2 08:00 order o1 u1 22.00 USD`,
			want: "converted_customers@0=1 converted_customers@1=1 converted_customers@2=0 orders_after_inquiry@0=0 orders_after_inquiry@1=1 c2.revenue.USD=22.00 c1.revenue.USD=",
		},
		{
			sentence: "0 ≤ paid − started ≤ window: both ends are included, elapsed time",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:00 order o1 u1 1.00 USD
				+7 09:00 order o2 u1 2.00 USD
				+7 09:00:00.001 order o3 u1 4.00 USD
				08:59:59.999 order o4 u1 8.00 USD`,
			want: "orders_after_inquiry=2 c1.revenue.USD=3.00 converted_customers=1",
		},
		{
			sentence: "24 h windows are elapsed time, also where a day has 23 hours",
			profile:  `{"timezone":"America/New_York","conversion_window_days":1}`,
			day:      "2026-03-07",
			script: `12:00 start c1 u1
				12:00 says c1 u1
				+1 13:00 order o1 u1 1.00 USD
				+1 13:00:01 order o2 u1 1.00 USD`,
			want: "orders_after_inquiry=1",
		},
		{
			sentence: "each order once: on the one of the customer's chats that started last; when a session becomes a chat, that customer's orders are placed anew",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				+1 09:00 start c2 u1
				+2 09:00 order o1 u1 22.00 USD
				+3 09:00 says c2 u1`,
			want: "orders_after_inquiry@0=0 orders_after_inquiry@1=1 c1.revenue.USD= c2.revenue.USD=22.00 converted_customers@0=1 converted_customers@1=1",
		},
		{
			sentence: "Attribution compares times, not arrival: the order arrives before any chat",
			script: `10:00 order o1 u1 5.00 USD
				09:00 start c1 u1
				09:00 says c1 u1
				11:00 start c2 u1
				11:00 says c2 u1`,
			want: "orders_after_inquiry=1 c1.revenue.USD=5.00 c2.revenue.USD= converted_customers=1",
		},
		{
			sentence: "a further order.paid with that id adds no order and replaces amount and currency; time, customer and chat stay the first's",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:00 start c2 u2
				09:00 says c2 u2
				10:00 order o1 u1 22.00 USD
				+1 10:00 order o1 u2 20.50 EUR`,
			want: "orders_after_inquiry=1 c1.revenue.USD= c1.revenue.EUR=20.50 c2.revenue.EUR= converted_customers=1",
		},
		{
			sentence: "Revenue by currency, exact decimals, never converted",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				10:00 order o1 u1 0.10 USD
				10:00 order o2 u1 0.20 USD
				10:00 order o3 u1 100 JPY
				10:00 order o4 u1 1.234 KWD`,
			want: "orders_after_inquiry=4 c1.revenue.USD=0.30 c1.revenue.JPY=100 c1.revenue.KWD=1.234",
		},
		{
			sentence: "an order of a customer who never wrote counts nowhere",
			script: `09:00 start c1 u1
				10:00 order o1 u1 0.10 USD`,
			want: "orders_after_inquiry=0 converted_customers=0 c1.revenue.USD=",
		},
		{
			sentence: "a late message from before the closing makes the old session a chat, and takes its orders, where a message after it begins a new session",
			profile:  `{"message_after_close":"new_session"}`,
			script: `09:00 start c0 u1
				09:00 says c0 u1
				10:00 start c1 u1
				11:00 order o1 u1 7.00 USD
				12:00 close c1
				11:30 says c1 u1`,
			want: "orders_after_inquiry=1 c0.revenue.USD= c1.revenue.USD=7.00 c1.sessions=1 chats=2",
		},
	})
}

func TestRisk(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "it makes a chat risky only if the customer wrote in that session, whenever",
			script: `09:00 start c1 u1
				09:01 blocked c1 a1 m1
				09:00 start c2 u2
				09:01 flagged c2 a1 m1
				+1 09:02 says c2 u2`,
			want: "risky_chats=1 risky_chats@0=1 risky_chats@1=0 blocked_messages=1 flagged_messages=1 a1:risky_chats@0=2 a1:handled_or_risky=2",
		},
		{
			sentence: "A: distinct conversations with a blocked or flagged message by that agent ÷ (his handled_chats and those)",
			script: `09:00 start c1 u1
				09:01 says c1 a1 m1
				09:02 flagged c1 a1 m1
				09:03 blocked c1 a1 m2
				09:00 start c2 u1
				09:01 says c2 a1 m1
				09:00 start c3 u1
				09:01 blocked c3 a1 m1
				+1 09:01 blocked c3 a1 m2`,
			want: "a1:risky_chats@0=2 a1:handled_or_risky@0=3 a1:risky_chats@1=1 a1:handled_or_risky@1=1 a1:blocked_messages=3 a1:flagged_messages=1",
		},
		{
			sentence: "No rate can pass 100 %: a risky message after a transfer to another team stands beside what he handled",
			script: `09:00 start c1 u1
				09:00 assign c1 a1 T1
				09:01 says c1 a1 m1
				09:02 assign c1 a1 T2
				09:03 blocked c1 a1 m2`,
			want: "a1/T1:risky_chats=1 a1/T1:handled_or_risky=1 a1/T2:risky_chats=0 a1/T2:blocked_messages=1",
		},
		{
			sentence: "the first message.sent, the first message.blocked and the first flag count, each once",
			script: `09:00 start c1 u1
				09:01 says c1 a1 m1
				09:02 says c1 a1 m1
				09:03 flagged c1 a1 m1
				09:04 flagged c1 a1 m1
				09:05 blocked c1 a1 m1
				09:06 blocked c1 a1 m1
				09:07 flagged-sent c1 a1 m2
				09:08 flagged c1 a1 m2`,
			want: "messages_agent=2 flagged_messages=2 blocked_messages=1 a1:flagged_messages=2",
		},
		{
			sentence: "the first flag is also that of a second message.sent",
			script: `09:00 start c1 u1
				09:01 says c1 a1 m1
				09:02 flagged-sent c1 a1 m1
				09:03 flagged c1 a1 m1`,
			want: "messages_agent=1 flagged_messages=1",
		},
		{
			sentence: "message ids are those of one conversation",
			script: `09:00 start c1 u1
				09:00 start c2 u2
				09:01 says c1 a1 m1
				09:01 says c2 a1 m1`,
			want: "messages_agent=2",
		},
		{
			sentence: "a message.sent after message.blocked is a release: an agent message at its own time, the block stays counted",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:01 says c1 u1
				09:02 blocked c1 a1 m1
				09:05 says c1 a1 m1`,
			want: "blocked_messages=1 messages_agent=1 first_response_millis=240000 risky_chats=1",
		},
		{
			sentence: "A blocked message is no agent message: no turn, no involvement",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 blocked c1 a1 m1
				09:02 queue c1
				09:03 blocked c1 a1 m2
				09:04 close c1`,
			want: "first_responses=0 handled_chats=0 human_replied=0 abandoned_chats=1",
		},
		{
			sentence: "an automatic message that is flagged is a bot's, and no agent's",
			script: `09:00 start c1 u1
				09:01 auto c1 a1 m1
				09:02 flagged c1 a1 m1`,
			want: "flagged_messages=1 a1:flagged_messages=0 a1:risky_chats=0",
		},
		{
			sentence: "a customer's message can be flagged; it is no agent's",
			script: `09:00 start c1 u1
				09:01 says c1 u1 m1
				09:02 flagged c1 u1 m1`,
			want: "flagged_messages=1 risky_chats=1 handled_or_risky=0",
		},
	})
}

func TestOrderOfEvents(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "a customer message not later than the conversation's latest agent or bot message is already answered",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:05 says c1 a1
				09:04 says c1 u1
				09:00 start c2 u1
				09:00 assign c2 a1
				09:05 says c2 b1
				09:04 says c2 u1`,
			want: "c1.turn=false c2.turn=false response_required=0 messages_received=2 human_inbound=2",
		},
		{
			// A decision, see doc.go.
			sentence: "a message that arrives behind its reply is replied to, for the session and for the agent",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:05 says c1 a1
				09:04 says c1 u1`,
			want: "human_inbound=1 human_replied=1 a1:human_inbound=1 a1:human_replied=1 response_required=0",
		},
		{
			// The one deliberate departure: the shared results need "earlier", see doc.go.
			sentence: "a customer message of the very time of the latest reply is not answered by it",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:05 says c1 a1
				09:05 says c1 u1`,
			want: "c1.turn=true response_required=1",
		},
		{
			sentence: "Durations are never negative: a reply older than its turn takes no time",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:05 says c1 u1
				09:04 says c1 a1`,
			want: "first_responses=1 first_response_millis=0 responded_in_service_level=1",
		},
		{
			sentence: "a message from before the last closing counts and does not reopen",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:10 close c1
				09:05 says c1 u1
				09:06 says c1 a1
				09:07 says c1 b1`,
			want: "c1.open=false reopened=0 messages_received=1 messages_agent=1 messages_bot=1 chats=1 c1.handling=bot_to_human handled_chats=1",
		},
		{
			sentence: "a message of the very time of the closing reopens",
			script: `09:00 start c1 u1
				09:10 close c1
				09:10 says c1 u1`,
			want: "c1.open=true reopened=1",
		},
		{
			sentence: "after a reopening, a message from before the closing answers nothing and is not waiting",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:10 close c1
				10:00 says c1 u1
				09:08 says c1 b1
				10:05 queue c1
				09:09 says c1 a1`,
			want: "c1.turn=true response_required=1 first_responses=0",
		},
		{
			sentence: "a queueing or assignment from before the last closing counts and does not reopen",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:10 close c1
				09:05 assign c1 a1
				09:04 queue c1 T1`,
			want: "c1.open=false reopened=0 assign_events=1 human_sessions=1 segments=1 consultations=1 c1.agent=a1 c1.handler=",
		},
		{
			sentence: "a queueing or assignment older than the one in force counts and changes no handler",
			script: `09:00 start c1 u1
				09:10 assign c1 a1
				09:05 assign c1 a2
				09:06 queue c1 T1`,
			want: "c1.handler=a1 c1.queued=false assign_events=2 a2:assigned_sessions=1 c1.agent=a1",
		},
		{
			sentence: "closed clears the handler: none is in force after a closing that bears an earlier time",
			script: `09:00 start c1 u1
				09:10 assign c1 a1
				09:05 close c1
				09:07 queue c1`,
			want: "c1.open=true c1.queued=true reopened=1",
		},
		{
			sentence: "Days and durations follow the events' own times: late events land on their own day",
			script: `09:00 start c1 u1
				+3 09:00 start c2 u1
				09:01 says c1 u1
				+1 09:01 says c1 a1
				+1 09:02 survey c1 s1
				+2 09:02 answer c1 s1 5`,
			want: "messages_received@0=1 chats@0=1 messages_agent@1=1 surveys_sent@1=1 rated@2=1 sessions@3=1",
		},
		{
			sentence: "the queue's wait begins with the first queueing after the last assignment",
			script: `09:00 start c1 u1
				09:01 queue c1
				09:02 assign c1 a1
				09:03 queue c1 T1
				09:04 queue c1 T2`,
			want: "c1.queued=true c1.queued_since=09:03 c1.handler=",
		},
	})
}

func TestUnannounced(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "an event for an unknown conversation starts a session at its time, channel unknown, customer the author if a customer wrote it",
			script: `09:00 says c1 u1
				+1 09:00 queue c2
				+2 09:00 viewed c3 a1`,
			want: "sessions=3 sessions@1=1 chats=1 c1.channel=unknown c1.customer=u1 c2.customer= c3.customer=",
		},
		{
			sentence: "else none: an automatic message is a bot's",
			script:   `09:00 auto c1 u1`,
			want:     "c1.customer= chats=0 customers=0",
		},
		{
			sentence: "the author of a blocked or flagged message is a customer too",
			script: `09:00 blocked c1 u1 m1
				09:00 flagged c2 u2 m1`,
			want: "c1.customer=u1 c2.customer=u2 customers=2 chats=0",
		},
		{
			sentence: "whose blocked or flagged message a conversation begins with stays who he was",
			script: `08:00 start c0 u1
				08:01 says c0 u1
				08:02 order o1 u1 5.00 USD
				08:03 start c9 u2
				08:04 says c9 u2
				09:00 blocked c1 u1 m1
				09:01 flagged c2 u2 m1
				09:02 says c1 u1
				09:03 says c2 u2`,
			want: "new_contacts=2 customers=2 orders_after_inquiry=1 c0.revenue.USD=5.00",
		},
		{
			sentence: "the first later conversation.started sets channel and customer and moves what was counted, but not the start",
			script: `23:00 says c1 u1
				23:01 assign c1 a1
				23:02 says c1 u1
				+1 09:00 start c1 u2 app
				+1 09:01 start c1 u3 web`,
			want: "c1.channel=app c1.customer=u2 c1.start_day=0 sessions@0=1 sessions@1=0 customers=1 chats@0=1",
		},
		{
			sentence: "it moves orders and conversion to the customer",
			script: `09:00 says c1 u1
				10:00 order o1 u1 5.00 USD
				10:00 order o2 u2 6.00 USD
				08:00 start c0 u1
				08:00 says c0 u1
				11:00 start c1 u2 app`,
			want: "c1.revenue.USD=6.00 c0.revenue.USD=5.00 orders_after_inquiry=2 converted_customers=2",
		},
		{
			sentence: "an author without an id is a new contact once it is known who he is",
			script: `09:00 says c1 anon
				09:01 start c1 u1
				09:02 start c2 u1
				09:03 says c2 u1`,
			want: "new_contacts=1 consulting_customers=1",
		},
		{
			sentence: "announced after its closing, by a start from before it",
			script: `09:00 says c1 u1
				09:10 close c1
				08:59 start c1 u1 app`,
			want: "c1.sessions=1 c1.channel=app c1.open=false",
		},
		{
			sentence: "a start from after the closing begins a new session",
			script: `09:00 says c1 u1
				09:10 close c1
				09:11 start c1 u1 app`,
			want: "c1.sessions=2 c1.channel=app c1#1.channel=unknown",
		},
	})
}

func TestDaysOfOtherLengths(t *testing.T) {
	t.Parallel()
	day := `00:00 start c1 u1
		23:59:59.999 start c2 u1
		+1 00:00 start c3 u1
		-1 23:59:59.999 start c4 u1`
	want := "sessions@0=2 sessions@1=1 sessions@-1=1 customers@0=1"
	prove(t, []scenario{
		{sentence: "A day of 23 hours", profile: `{"timezone":"America/New_York"}`, day: "2026-03-08", script: day, want: want},
		{sentence: "A day of 25 hours", profile: `{"timezone":"America/New_York"}`, day: "2026-11-01", script: day, want: want},
		{sentence: "Asia/Shanghai", profile: `{"timezone":"Asia/Shanghai"}`, script: day, want: want},
		{sentence: "Asia/Kathmandu", profile: `{"timezone":"Asia/Kathmandu"}`, script: day, want: want},
		{sentence: "Australia/Lord_Howe, 24 and a half hours", profile: `{"timezone":"Australia/Lord_Howe"}`, day: "2026-04-05", script: day, want: want},
		{
			sentence: "America/Sao_Paulo, whose midnight was skipped", profile: `{"timezone":"America/Sao_Paulo"}`, day: "2018-11-04",
			script: `-1 23:59:59.999 start c1 u1
				01:00 start c2 u1`,
			want: "sessions@-1=1 sessions@0=1",
		},
		{
			sentence: "Pacific/Apia, where a day was left out", profile: `{"timezone":"Pacific/Apia"}`, day: "2011-12-29",
			script: `23:59:59.999 start c1 u1
				+2 00:00 start c2 u1`,
			want: "sessions@0=1 sessions@1=0 sessions@2=1",
		},
	})
}

func TestAssist(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "1 − Levenshtein(suggested, sent) ÷ the longer length, summed in whole 10⁻¹²",
			script: `09:00 start c1 u1
				09:00 assist c1 a1 kitten|sitting`, // distance 3 of 7: 4/7
			want: "assist_uses=1 assist_accuracy_uses=1 assist_accuracy=571428571429",
		},
		{
			sentence: "in code points",
			script: `09:00 start c1 u1
				09:00 assist c1 a1 您好，请稍等|您好，请等😀`, // of 6: one left out, one put in: 4/6
			want: "assist_accuracy=666666666667",
		},
		{
			sentence: "case-sensitive, not normalised",
			script: "09:00 start c1 u1\n09:00 assist c1 a1 Abcd|abcd\n" +
				"09:00 assist c1 a1 caf\u00e9|cafe\u0301", // 3/4, and é against e with an accent: 2 of 5
			want: "assist_accuracy=1350000000000 assist_accuracy_uses=2",
		},
		{
			sentence: "translated, incomplete or empty uses are left out of the mean",
			script: `09:00 start c1 u1
				09:00 translate c1 a1
				09:00 assist c1 a1 a|
				09:00 assist c1 a1 |a
				09:00 assist c1 a1 |
				+1 09:00 assist c1 a1 same|same`,
			want: "assist_uses=5 assist_uses@1=1 assist_accuracy_uses=1 assist_accuracy=1000000000000",
		},
		{
			sentence: "nothing in common is 0",
			script: `09:00 start c1 u1
				09:00 assist c1 a1 abc|xyz`,
			want: "assist_accuracy_uses=1 assist_accuracy=0",
		},
	})
}
