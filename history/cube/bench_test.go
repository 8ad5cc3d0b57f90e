package cube

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// quarter is a desk's three months with that many conversations: a row of the
// session, for one in three another of a later hour, and a row of an agent.
func quarter(b *testing.B, conversations int) (*names, []*segment) {
	b.Helper()
	n := newNames()
	r := rand.New(rand.NewPCG(1, 2))
	word := func(d *dict, prefix string, of int) uint32 { return d.number(fmt.Append(nil, prefix, r.IntN(of))) }
	key := uint64(0)
	var segments []*segment
	first := metric.DayOf(2026, 1, 1)
	for m := monthOf(first); m < monthOf(first)+3; m++ {
		e := newEdit(m, nil, map[uint64]place{})
		put := func(w *row) {
			key++
			w.key = key
			require.NoError(b, e.put(w))
		}
		for range conversations / 3 {
			w := row{
				day: m.first() + metric.Day(r.IntN(28)), hour: uint8(r.IntN(24)), channel: word(&n.channels, "ch", 6), team: word(&n.teams, "t", 20), agent: word(&n.agents, "a", 500),
				intent: uint8(n.intents.number([]byte("other"))), handling: uint8(word(&n.handlings, "h", 4)), status: uint8(word(&n.statuses, "s", 3)),
				customer: n.customer(fmt.Append(nil, r.IntN(600_000))), tags: n.tagSet([]uint32{word(&n.tags, "tag", 12), word(&n.tags, "tag", 12)}),
			}
			for c := range w.counts {
				if r.IntN(4) == 0 {
					w.counts[c] = int64(r.IntN(3))
				}
			}
			w.counts[metric.Sessions], w.counts[metric.Chats] = 1, 1
			w.counts[metric.FirstResponses], w.counts[metric.FirstResponseMillis] = 1, int64(r.IntN(1_000_000))
			put(&w)
			if r.IntN(3) == 0 {
				put(&w)
			}
			w.perAgent = true
			put(&w)
		}
		segments = append(segments, e.publish())
	}
	return n, segments
}

// BenchmarkQuestions sums a quarter of a desk with a million conversations a year.
// cpu-ms is the processor's time for an answer, however busy the machine is.
func BenchmarkQuestions(b *testing.B) {
	n, segments := quarter(b, 250_000)
	var bytes int64
	rows := 0
	for _, s := range segments {
		bytes += s.bytes
		for _, c := range append(s.sessions, s.agents...) {
			rows += c.rows()
		}
	}
	day := metric.DayOf(2026, 1, 1)
	for _, q := range []struct {
		name string
		q    Question
	}{
		{"day-channel", Question{By: []metric.Dimension{metric.ByDay, metric.ByChannel}, Sessions: Wanted{Counters: []metric.Counter{metric.Sessions, metric.Chats}}}},
		{"day-agent", Question{By: []metric.Dimension{metric.ByDay, metric.ByAgent}, Agents: Wanted{Counters: []metric.Counter{metric.MessagesAgent, metric.HandledChats}}}},
		{"tag-hour", Question{By: []metric.Dimension{metric.ByTag, metric.ByHour}, Sessions: Wanted{Counters: []metric.Counter{metric.Chats, metric.Rated}}}},
		{"rates", Question{By: []metric.Dimension{metric.ByHour, metric.ByChannel}, Sessions: Wanted{Counters: metric.Counters(), Responses: true}}},
		{"customers", Question{By: []metric.Dimension{metric.ByDay, metric.ByChannel}, Sessions: Wanted{Distinct: Customers | Consulting | Converted}}},
		{"customers-of-all", Question{Sessions: Wanted{Distinct: Customers | Consulting | Converted}}},
		{"filtered", Question{By: []metric.Dimension{metric.ByDay, metric.ByIntent}, Filter: metric.Filter{Channel: []string{"ch1"}, Tag: []string{"tag3"}}, Sessions: Wanted{Counters: []metric.Counter{metric.Chats}}}},
	} {
		b.Run(q.name, func(b *testing.B) {
			q.q.From, q.q.To = day, day+89
			words := n.known()
			before := cpu(b)
			for b.Loop() {
				t := newTable(&q.q, &words)
				err := t.sum(context.Background(), nil, func(yield func(*segment, error) bool) {
					for _, s := range segments {
						if !yield(s, nil) {
							return
						}
					}
				})
				require.NoError(b, err)
				require.NotZero(b, t.Len())
			}
			b.ReportMetric((cpu(b)-before)/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(bytes)/float64(rows), "B/row")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// cpu is the process's time on the processor so far, in milliseconds.
func cpu(tb testing.TB) float64 {
	tb.Helper()
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}
