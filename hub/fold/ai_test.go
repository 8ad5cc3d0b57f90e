package fold_test

import "testing"

// The cases of this file are about bots: what became of their conversations,
// and which orders are their sales.

func TestAIStatus(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "ai_conversations: sessions assigned to a bot, or in which a bot wrote, on the day of the start",
			script: `09:00 start c1 u1
				09:01 assign c1 b1
				09:00 start c2 u2
				+1 09:01 says c2 b1
				09:00 start c3 u3
				09:01 says c3 u3
				09:00 start c4 u4
				09:01 auto c4 a1`,
			want: "ai_conversations@0=3 ai_conversations@1=0 c1.ai_status=open c3.ai_status= c4.ai_status=open",
		},
		{
			sentence: "routed: handoff to a ticket, or a human became involved",
			script: `09:00 start c1 u1
				09:01 says c1 b1
				09:02 handoff c1 ticket
				09:03 handoff c1 message
				09:00 start c2 u2
				09:00 says c2 b1
				09:01 says c2 a1
				09:00 start c3 u3
				09:00 says c3 b1
				09:01 says c3 u3
				09:02 queue c3
				09:00 start c4 u4
				09:00 says c4 b1
				09:02 queue c4`,
			want: "c1.ai_status=routed c2.ai_status=routed c3.ai_status=routed c4.ai_status=open ai_resolved=0",
		},
		{
			sentence: "closed: handoff message shown; the first that applies",
			script: `09:00 start c1 u1
				09:01 says c1 b1
				09:02 handoff c1 message
				09:03 close c1
				09:00 start c2 u2
				09:01 says c2 b1
				09:02 handoff c2 message
				09:03 handoff c2 ticket`,
			want: "c1.ai_status=closed c2.ai_status=routed ai_resolved=0 ai_conversations=2",
		},
		{
			sentence: "resolved: closed with outcome resolved, and the last message of customer, agent or bot is a bot's",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 says c1 b1
				09:02 says c1 system
				+1 09:03 close c1
				09:00 start c2 u2
				09:01 says c2 b1
				09:02 says c2 u2
				09:03 close c2
				09:00 start c3 u3
				09:01 says c3 b1
				09:03 closes c3 system spam`,
			want: "c1.ai_status=resolved c2.ai_status=open c3.ai_status=open ai_resolved@0=1 ai_resolved@1=0 ai_conversations=3",
		},
		{
			sentence: "ai_status moves with what was counted: a reopening takes resolved back, a bot's message after the close gives it",
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:01 says c1 b1
				09:02 close c1
				+1 09:00 says c1 u1
				09:00 start c2 u2
				09:00 assign c2 b1
				09:00 says c2 u2
				09:01 close c2
				09:02 says c2 b1`,
			want: "c1.ai_status=open c2.ai_status=resolved ai_resolved=1 ai_conversations=2",
		},
		{
			sentence: "An assignment to a bot alone, closed as resolved without any message, is no resolution",
			script: `09:00 start c1 u1
				09:00 assign c1 b1
				09:01 close c1`,
			want: "c1.ai_status=open ai_conversations=1 ai_resolved=0",
		},
	})
}

func TestAISales(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "product_click: a click by that customer in a conversation of that channel that counts in ai_conversations; on the day of the order",
			script: `08:00 channel web web product_click 24
				09:00 start c1 u1
				09:01 says c1 b1
				09:02 click u1 c1
				09:03 click u2 c1
				09:04 click u3
				+1 08:00 order o1 u1 10.00 USD
				+1 08:00 order o2 u2 1.00 USD
				+1 08:00 order o3 u3 5.00 USD
				+1 08:00 order o4 u4 5.00 USD`,
			want: "ai_sales[USD]@1=11.00 ai_sales[USD]@0=none ai_sales[USD]@1h8=11.00",
		},
		{
			sentence: "within the channel's attribution window: the limit included",
			script: `08:00 channel web web product_click 1
				09:00 start c1 u1
				09:01 says c1 b1
				09:02 click u1 c1
				10:02 order o1 u1 10.00 USD
				10:02:01 order o2 u1 5.00 USD
				09:01 order o3 u1 3.00 USD`,
			want: "ai_sales[USD]=10.00",
		},
		{
			sentence: "message: a bot's message to him there",
			script: `08:00 channel sms sms message 2
				09:00 start c1 u1 sms
				09:01 says c1 b1
				10:00 says c1 u1
				11:01 order o1 u1 10.00 USD
				11:02 order o2 u1 5.00 USD
				09:00 start c2 u2 sms
				09:01 says c2 a1
				09:02 click u2 c2
				09:30 order o3 u2 5.00 USD`,
			want: "ai_sales[USD]=10.00",
		},
		{
			sentence: "The latest touch of all takes the whole order",
			script: `08:00 channel web web product_click 24
				08:00 channel sms sms message 24
				09:00 start c1 u1 web
				09:01 says c1 b1
				09:02 click u1 c1
				10:00 start c2 u1 sms
				10:01 says c2 b1
				11:00 order o1 u1 10.00 USD
				11:30 click u1 c1
				12:00 order o2 u1 7.00 USD`,
			want: "ai_sales[USD]=17.00 ai_sales[USD]@0h11=10.00 ai_sales[USD]@0h12=7.00",
		},
		{
			sentence: "a channel whose window has passed leaves the order to an earlier touch of one whose window has not",
			script: `08:00 channel web web product_click 24
				08:00 channel sms sms message 1
				09:00 start c1 u1 web
				09:01 says c1 b1
				09:02 click u1 c1
				10:00 start c2 u1 sms
				10:01 says c2 b1
				12:00 order o1 u1 10.00 USD`,
			want: "ai_sales[USD]=10.00",
		},
		{
			sentence: "a channel without attribution has none; a profile's holds for channels of a kind that say nothing",
			profile:  `klaviyo {}`,
			script: `08:00 channel web web
				08:00 channel app app
				08:00 channel shop web product_click 1
				09:00 start c1 u1 web
				09:01 says c1 b1
				09:02 click u1 c1
				09:00 start c2 u2 app
				09:01 says c2 b1
				09:02 click u2 c2
				09:00 start c3 u3 shop
				09:01 says c3 b1
				09:02 click u3 c3
				20:00 order o1 u1 1.00 USD
				20:00 order o2 u2 2.00 USD
				20:00 order o3 u3 4.00 USD`,
			want: "ai_sales[USD]=1.00",
		},
		{
			sentence: "Attribution compares times, not arrival: a touch that arrives late takes the order over",
			script: `08:00 channel web web product_click 24
				09:00 start c1 u1
				09:01 says c1 b1
				09:02 click u1 c1
				09:00 start c2 u1
				09:01 says c2 b1
				11:00 order o1 u1 10.00 USD
				10:00 click u1 c2
				09:30 click u1 c1
				11:30 click u1 c1
				09:00 start c3 u3
				09:02 click u3 c3
				10:00 order o2 u3 4.00 USD
				+3 09:01 says c3 b1`,
			want: "ai_sales[USD]@0=14.00",
		},
		{
			sentence: "a further order.paid with that id adds no order and replaces amount and currency",
			script: `08:00 channel web web product_click 24
				09:00 start c1 u1
				09:01 says c1 b1
				09:02 click u1 c1
				10:00 order o1 u1 10.00 USD
				+3 10:00 order o1 u9 900 JPY`,
			want: "ai_sales[USD]=none ai_sales[JPY]@0=900 ai_sales[JPY]@3=none",
		},
		{
			sentence: "Unannounced conversation: the first later conversation.started sets channel and customer and moves what was counted",
			script: `08:00 channel sms sms message 24
				09:01 says c1 b1
				10:00 order o1 u1 10.00 USD
				11:00 start c1 u1 sms
				09:01 says c2 b1
				10:00 order o2 u2 20.00 USD
				11:00 start c2 u2 web`,
			want: "ai_sales[USD]@0=10.00 ai_sales[USD]@0h10=10.00",
		},
	})
}
