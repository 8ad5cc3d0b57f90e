package history

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/fold"
)

// listedConversations is how many conversations of ten messages the benchmarks of lists are
// made over; the figures of the README are of a million.
var listedConversations = flag.Int("conversations", 20_000, "conversations that the benchmarks of lists are made over")

// listDesk is a database with many conversations.
type listDesk struct {
	*desk

	words  []string // the most frequent first
	chars  []rune
	latest time.Time
}

// BenchmarkLists fills a year with conversations and asks for lists of them.
func BenchmarkLists(b *testing.B) {
	d := &listDesk{desk: newDesk(b), latest: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	d.fill(b, *listedConversations)
	b.Run("Search", func(b *testing.B) { benchmarkSearch(b, d) })
	b.Run("Page", func(b *testing.B) { benchmarkPage(b, d) })
	b.Run("Export", func(b *testing.B) { benchmarkExport(b, d) })
}

func (d *listDesk) fill(b *testing.B, n int) {
	b.Helper()
	ctx := context.Background()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		word := ""
		for j := 0; j < 3+i%5; j++ {
			word += string("bcdfghklmnprstvwz"[random.IntN(17)]) + string("aeiou"[random.IntN(5)])
		}
		d.words = append(d.words, word)
	}
	for i := range 3000 {
		d.chars = append(d.chars, rune(0x4e00+7*i))
	}
	often := rand.NewZipf(random, 1.1, 8, uint64(len(d.words)-1))
	oftenChars := rand.NewZipf(random, 1.1, 20, uint64(len(d.chars)-1))
	conn, err := d.db.connect(ctx)
	require.NoError(b, err)
	defer hangUp(ctx, conn)
	exec := func(sql string, args ...any) {
		_, err := conn.Exec(ctx, sql, args...)
		require.NoError(b, err)
	}
	exec(`INSERT INTO cursors (partition, seq, stream, fold_version) VALUES (0, 1, 's', ` + strconv.Itoa(fold.Version) + `) ON CONFLICT DO NOTHING`)
	exec(`INSERT INTO tenants (tenant, name, profile, version, settings) VALUES ('desk', 'desk', 'default', 1, '{}')`)
	handlings := []string{"bot_only", "human_only", "bot_to_human", "unhandled"}
	began := time.Now()
	const step = 5000
	for from := 0; from < n; from += step {
		var ids, vectors []string
		var at []time.Time
		var rows [][]any
		for i := from; i < min(n, from+step); i++ {
			started := d.latest.Add(-365 * 24 * time.Hour).Add(time.Duration(float64(i) / float64(n) * float64(365*24*time.Hour)))
			var list []token
			place := 1
			for range 10 {
				var text strings.Builder
				for range 5 + random.IntN(8) {
					if i%2 == 0 {
						text.WriteString(d.words[often.Uint64()] + " ")
					} else {
						text.WriteRune(d.chars[oftenChars.Uint64()])
					}
				}
				list, place = tokens(list, text.String(), place+1, true)
			}
			id := fmt.Sprintf("c%07d", i)
			ids, at, vectors = append(ids, id), append(at, started), append(vectors, vector(tenantMark("desk"), list))
			var stars any
			if random.IntN(5) == 0 {
				stars = int16(1 + random.IntN(5))
			}
			rows = append(rows, []any{
				"desk", id, 1, started, started, started.Add(10 * time.Minute), started.Add(10 * time.Minute), fmt.Sprintf("ch%d", random.IntN(6)), fmt.Sprintf("u%d", random.IntN(1+n/3)),
				[]string{fmt.Sprintf("a%d", random.IntN(500))},
				fmt.Sprintf("t%d", random.IntN(12)),
				[]string{"pre_purchase", "aftersales", "logistics", "other"}[random.IntN(4)],
				[]string{fmt.Sprintf("tag%d", random.IntN(40))},
				handlings[random.IntN(4)], "closed", "", stars,
				[]string{},
				random.IntN(100) == 0, 5, 4, 1, "what is it?",
			})
		}
		_, err := conn.CopyFrom(ctx, pgx.Identifier{"conversations"}, []string{
			"tenant", "conversation", "session", "start_day", "started_at", "closed_at", "updated_at", "channel", "customer", "agents", "team", "intent", "tags",
			"handling", "state", "ai_status", "stars", "reasons", "risky", "messages_customer", "messages_agent", "messages_bot", "first_question",
		}, pgx.CopyFromRows(rows))
		require.NoError(b, err)
		exec(`INSERT INTO conversation_texts SELECT 'desk', w.id, 0, true, w.at, w.at + interval '10 min', 100, w.v::tsvector
			FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS w (id, at, v)`, ids, at, vectors)
	}
	exec(`INSERT INTO customers SELECT 'desk', 'u' || i, 'name ' || i, '', '', false, i % 10 = 0, 1, NULL FROM generate_series(0, $1::int) i`, n/3)
	exec("VACUUM ANALYZE")
	b.Logf("%d conversations of 10 messages in %s", n, time.Since(began).Round(time.Second))
}

// percentile runs f for each of n questions and reports the 95th percentile.
func percentile(b *testing.B, n int, f func(i int)) {
	b.Helper()
	took := make([]time.Duration, 0, n)
	for b.Loop() {
		for i := range n {
			began := time.Now()
			f(i)
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(0, "ns/op")
}

// benchmarkSearch looks for words of every frequency, in both languages, over 90
// days and over a year.
func benchmarkSearch(b *testing.B, d *listDesk) {
	b.Helper()
	ask := func(b *testing.B, days int, pairs ...string) {
		b.Helper()
		values := map[string][]string{"from": {d.latest.AddDate(0, 0, 1-days).Format(time.DateOnly)}, "to": {d.latest.Format(time.DateOnly)}}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = []string{pairs[i+1]}
		}
		_, err := d.db.Conversations(context.Background(), "desk", Scope{}, values, d.latest)
		require.NoError(b, err)
	}
	rank := func(i, of int) int { return min(of-1, 1<<(i%14)) } // 1, 2, 4 … 8192
	for _, days := range []int{90, 365} {
		b.Run(fmt.Sprintf("words/%d days", days), func(b *testing.B) {
			percentile(b, 140, func(i int) { ask(b, days, "q", d.words[rank(i, len(d.words))]) })
		})
		b.Run(fmt.Sprintf("two words/%d days", days), func(b *testing.B) {
			percentile(b, 140, func(i int) { ask(b, days, "q", d.words[rank(i, len(d.words))]+" "+d.words[rank(i/2, len(d.words))]) })
		})
		b.Run(fmt.Sprintf("two characters/%d days", days), func(b *testing.B) {
			percentile(b, 140, func(i int) { ask(b, days, "q", string(d.chars[rank(i, 1000)])+string(d.chars[rank(i/3, 1000)])) })
		})
		b.Run(fmt.Sprintf("words of an agent/%d days", days), func(b *testing.B) {
			percentile(b, 140, func(i int) { ask(b, days, "q", d.words[rank(i, len(d.words))], "agent", fmt.Sprintf("a%d", i)) })
		})
		b.Run(fmt.Sprintf("names/%d days", days), func(b *testing.B) {
			percentile(b, 40, func(i int) { ask(b, days, "name", fmt.Sprintf("name %d", i*37)) })
		})
	}
}

// benchmarkPage asks for the first page of lists with every filter, of 90 days.
func benchmarkPage(b *testing.B, d *listDesk) {
	b.Helper()
	for _, filter := range [][]string{
		{},
		{"channel", "ch1"},
		{"agent", "a7"},
		{"team", "t3", "intent", "logistics"},
		{"handling", "human"},
		{"rating", "1,2"},
		{"negative", "true"},
		{"risky", "true"},
		{"tag", "tag9"},
		{"friend", "true"},
		{"customer", "u77"},
		{"agent", "a7", "rating", "1"},
		{"sort", "-updated_at"},
		{"tag", "none"},
	} {
		b.Run(strings.Join(filter, "="), func(b *testing.B) {
			percentile(b, 20, func(i int) {
				to := d.latest.AddDate(0, 0, -10*i)
				values := map[string][]string{"from": {to.AddDate(0, 0, -89).Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}
				for j := 0; j < len(filter); j += 2 {
					values[filter[j]] = []string{filter[j+1]}
				}
				_, err := d.db.Conversations(context.Background(), "desk", Scope{}, values, d.latest)
				require.NoError(b, err)
			})
		})
	}
}

// benchmarkExport writes all conversations to a file, and reports by how much the
// heap has grown at its peak.
func benchmarkExport(b *testing.B, d *listDesk) {
	b.Helper()
	for _, format := range []Format{CSV, XLSX} {
		b.Run(string(format), func(b *testing.B) {
			values := map[string][]string{"from": {"2025-10-01"}, "to": {"2026-11-02"}}
			for b.Loop() {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				w := &peakWatch{start: m.HeapInuse + m.StackInuse}
				began := time.Now()
				require.NoError(b, d.db.ExportConversations(context.Background(), w, "desk", values, Export{Format: format, Now: d.latest}))
				b.ReportMetric(float64(*listedConversations)/time.Since(began).Seconds(), "rows/s")
				b.ReportMetric(float64(w.peak)/(1<<20), "grown-MiB")
				b.ReportMetric(float64(w.written)/(1<<20), "file-MiB")
			}
		})
	}
}

// peakWatch looks at the heap each megabyte.
type peakWatch struct {
	start, peak   uint64
	written, next int
}

func (w *peakWatch) Write(p []byte) (int, error) {
	if w.written += len(p); w.written >= w.next {
		w.next += 1 << 20
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapInuse+m.StackInuse-min(w.start, m.HeapInuse+m.StackInuse))
	}
	return io.Discard.Write(p)
}
