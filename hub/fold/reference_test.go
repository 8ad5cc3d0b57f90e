package fold_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// The tests of this file count apart from the fold: over all events at once, as
// the specification's sentences read, without any state.

// TestSalesAgainstAllTouches attributes each order to the latest of all touches
// that there ever were, in whatever order they came.
func TestSalesAgainstAllTouches(t *testing.T) {
	t.Parallel()
	attribution := map[event.ChannelID]event.Attribution{"web": {Touch: "product_click", Hours: 24}, "sms": {Touch: "message", Hours: 3}, "app": {Touch: "product_click", Hours: 1}}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"America/New_York", "Asia/Shanghai", "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe"}).Draw(t, "zone")
		events := []event.Event{configured(`{"timezone":"` + zone + `"}`)}
		begin := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
		add := func(at time.Time, d event.Data) {
			events = append(events, event.New("desk", "test", fmt.Sprint("e", len(events)), at, d))
		}
		for id, a := range attribution {
			add(begin, &event.ChannelUpdated{Channel: id, Name: "n", Kind: "other", Attribution: &a})
		}
		one := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "id") }
		type conversation struct {
			channel  event.ChannelID
			customer event.CustomerID
			ai       bool
		}
		conversations := map[event.ConversationID]*conversation{}
		for _, id := range []event.ConversationID{"c1", "c2", "c3", "c4", "c5"} {
			c := &conversation{channel: event.ChannelID(one("web", "sms", "app", "mail")), customer: event.CustomerID(one("u1", "u2"))}
			conversations[id] = c
			add(begin, &event.ConversationStarted{Conversation: id, Channel: c.channel, Customer: event.Profile{ID: c.customer}})
		}
		type touch struct {
			at       time.Time
			c        *conversation
			customer event.CustomerID
			message  bool
		}
		type order struct {
			paid     time.Time
			customer event.CustomerID
			amount   decimal.Decimal
			currency string
		}
		var touches []touch
		orders := map[event.OrderID]*order{}
		for i := range rapid.IntRange(5, 60).Draw(t, "events") {
			at := begin.Add(time.Duration(rapid.IntRange(0, 60*40).Draw(t, "minute")) * time.Minute)
			id := event.ConversationID(one("c1", "c2", "c3", "c4", "c5"))
			c, customer := conversations[id], event.CustomerID(one("u1", "u2"))
			switch one("click", "click", "bot", "bot", "assign", "order", "order", "order") {
			case "click":
				add(at, &event.ProductClicked{Customer: customer, Product: "p", Conversation: id})
				touches = append(touches, touch{at, c, customer, false})
			case "bot":
				add(at, &event.MessageSent{Conversation: id, Message: event.MessageID(fmt.Sprint("m", i)), From: event.Actor{Kind: event.Bot}, Text: "x"})
				c.ai = true
				touches = append(touches, touch{at, c, c.customer, true})
			case "assign":
				add(at, &event.ConversationAssigned{Conversation: id, To: event.Actor{Kind: event.Bot, ID: "b1"}})
				c.ai = true
			case "order":
				o := event.OrderID(one("o1", "o2", "o3", "o4", "o5", "o6"))
				amount, currency := one("1", "2.50", "0.001"), one("USD", "JPY")
				add(at, &event.OrderPaid{Order: o, Customer: customer, Amount: amount, Currency: currency})
				if orders[o] == nil {
					orders[o] = &order{paid: at, customer: customer}
				}
				orders[o].amount, orders[o].currency = decimal.RequireFromString(amount), currency
			}
		}
		want := map[string]metric.Money{}
		for _, o := range orders {
			for i := range touches {
				x := &touches[i]
				a, ok := attribution[x.c.channel]
				since := o.paid.Sub(x.at)
				counts := ok && x.customer == o.customer && since >= 0 && since <= time.Duration(a.Hours)*time.Hour
				if x.message {
					counts = counts && a.Touch == "message"
				} else {
					counts = counts && a.Touch == "product_click" && x.c.ai
				}
				if counts { // whichever is the latest, it takes the whole order
					loc, err := time.LoadLocation(zone)
					require.NoError(t, err)
					hour := o.paid.In(loc).Format("2006-01-02 15")
					if want[hour] == nil {
						want[hour] = metric.Money{}
					}
					want[hour].Add(o.currency, o.amount)
					break
				}
			}
		}
		st, _ := folded(t, events)
		got := map[string]metric.Money{}
		for k, m := range scratch(st).sales {
			hour := fmt.Sprintf("%s %02d", k.Day, k.Hour)
			if got[hour] == nil {
				got[hour] = metric.Money{}
			}
			got[hour].AddAll(m)
		}
		shown := func(m map[string]metric.Money) map[string]map[string]string {
			out := map[string]map[string]string{}
			for hour, sum := range m {
				if len(sum) > 0 {
					out[hour] = sum.Strings()
				}
			}
			return out
		}
		require.Equal(t, shown(want), shown(got))
	})
}

// TestJoiningsContactsAndCredits: distinct pairs of customer and target that
// day; customers who ever wrote; added less charged, ever; firings.
func TestJoiningsContactsAndCredits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		pairs, balance, charged := map[string]bool{}, metric.Money{}, metric.Money{}
		var flows, invites int64
		st, db := folded(t, nil)
		seq := uint64(0)
		for i := range events {
			seq++
			c := db.apply(t, st, seq, &events[i])
			if c.Refused != nil || c.Duplicate {
				continue
			}
			switch d := events[i].Data.(type) {
			case *event.ServiceJoined: // the zone is the one in force when it came
				pairs[fmt.Sprint(d.Customer, d.Kind, d.Target, st.Calendar().Day(events[i].Millis()))] = true
			case *event.ServiceInvited:
				invites++
			case *event.FlowTriggered:
				flows++
			case *event.CreditAdded:
				balance.Add(d.Currency, decimal.RequireFromString(d.Amount))
			case *event.TemplateCharged:
				balance.Add(d.Currency, decimal.RequireFromString(d.Amount).Neg())
				charged.Add(d.Currency, decimal.RequireFromString(d.Amount))
			}
		}
		var sum metric.Counts
		all := scratch(st)
		for k, c := range all.rows {
			if k.Agent == "" {
				sum.Add(c)
			}
		}
		require.EqualValues(t, len(pairs), sum[metric.SpecialistsAdded]+sum[metric.GroupsJoined])
		require.Equal(t, invites, sum[metric.SpecialistInvites]+sum[metric.GroupInvites])
		require.Equal(t, flows, sum[metric.FlowTriggers])
		require.Equal(t, sum[metric.NewContacts], st.Contacts(nil))
		require.Equal(t, balance.Strings(), st.Balance(nil).Strings())
		used := metric.Money{}
		for k, m := range all.used {
			if k.Tags == "" { // else by category
				used.AddAll(m)
			}
		}
		require.Equal(t, charged.Strings(), used.Strings())
		var byChannel int64
		for _, id := range []event.ChannelID{"web", "app", "unknown", ""} {
			byChannel = max(byChannel, st.Contacts(func(c event.ChannelID) bool { return c == id }))
		}
		require.LessOrEqual(t, byChannel, st.Contacts(nil))
	})
}
