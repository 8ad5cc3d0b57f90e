package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// reportQuestion is asked over HTTP and, beside it, of the events by plain SQL:
// the same answer, or the part of it that SQL over events can give in one query.
type reportQuestion struct {
	name, path, sql string
	limit           time.Duration
}

// DAYS stands for the range, of from (inclusive) and to (exclusive).
func reportQuestions(last time.Time) []reportQuestion {
	day := func(n int) string { return last.AddDate(0, 0, -n).Format(time.DateOnly) }
	quarter := "&from=" + day(89) + "&to=" + day(0)
	month := "from=" + day(29) + "&to=" + day(0)
	const local = `(e.time AT TIME ZONE 'America/New_York')`
	within := func(n int) string {
		return fmt.Sprintf(`e.tenant = 'fill' AND e.time >= timestamp '%s' AT TIME ZONE 'America/New_York' AND e.time < timestamp '%s' AT TIME ZONE 'America/New_York'`, day(n-1), day(-1))
	}
	first := `(SELECT DISTINCT ON (e.conversation) e.conversation, ` + local + `::date AS day, e.body->'data'->>'channel' AS channel, e.body->'data'->'customer'->>'id' AS customer
		FROM events e WHERE ` + within(90) + ` AND e.type = 'conversation.started' ORDER BY e.conversation, e.seq)`
	return []reportQuestion{
		{"day-channel", "/v1/metrics?metric=sessions,chats&by=day,channel" + quarter, `SELECT s.day, s.channel, count(*), count(m.conversation) FROM ` + first + ` s LEFT JOIN
			(SELECT DISTINCT conversation FROM events e WHERE ` + within(90) + ` AND e.type = 'message.sent' AND e.body->'data'->'from'->>'kind' = 'customer') m USING (conversation) GROUP BY 1, 2`, 50 * time.Millisecond},
		{"day-agent", "/v1/metrics?metric=messages_agent&by=day,agent" + quarter, `SELECT ` + local + `::date, e.body->'data'->'from'->>'id', count(*) FROM events e
			WHERE ` + within(90) + ` AND e.type = 'message.sent' AND e.body->'data'->'from'->>'kind' = 'agent' GROUP BY 1, 2`, 50 * time.Millisecond},
		{"hour-channel-rates", "/v1/metrics?metric=reply_rate,avg_response,first_response_p90,satisfaction_rate&by=hour,channel" + quarter, `SELECT extract(hour FROM ` + local + `), count(*) FILTER (WHERE e.body->'data'->'from'->>'kind' = 'agent')
			FROM events e WHERE ` + within(90) + ` AND e.type IN ('message.sent', 'survey.answered') GROUP BY 1`, 50 * time.Millisecond},
		{"tag-team", "/v1/metrics?metric=chats,negative_ratings,risky_chats&by=tag,team" + quarter, `SELECT t.tag, count(DISTINCT e.conversation) FROM events e, jsonb_array_elements_text(e.body::jsonb->'data'->'tags') t(tag)
			WHERE ` + within(90) + ` AND e.type = 'conversation.classified' GROUP BY 1`, 50 * time.Millisecond},
		{"customers-day-channel", "/v1/metrics?metric=customers,chatting_customers,conversion_rate&by=day,channel&compare=previous" + quarter, `SELECT s.day, s.channel, count(DISTINCT s.customer) FROM ` + first + ` s GROUP BY 1, 2`, 50 * time.Millisecond},
		{"revenue-intent-handling", "/v1/metrics?metric=revenue_after_inquiry,orders_after_inquiry&by=intent,handling" + quarter, `SELECT e.body->'data'->>'currency', sum((e.body->'data'->>'amount')::numeric) FROM events e
			WHERE ` + within(90) + ` AND e.type = 'order.paid' GROUP BY 1`, 50 * time.Millisecond},
		{"agent-table-30", "/v1/agents/performance?" + month, `SELECT e.body->'data'->'from'->>'id', count(*), count(DISTINCT e.conversation) FROM events e
			WHERE ` + within(30) + ` AND e.type = 'message.sent' AND e.body->'data'->'from'->>'kind' = 'agent' GROUP BY 1`, 50 * time.Millisecond},
		{"conversations-page", "/v1/conversations?channel=web&handling=human" + quarter, `SELECT s.conversation FROM ` + first + ` s WHERE s.channel = 'web' AND EXISTS (SELECT FROM events m
			WHERE m.tenant = 'fill' AND m.conversation = s.conversation AND m.type = 'message.sent' AND m.body->'data'->'from'->>'kind' = 'agent') ORDER BY s.day DESC LIMIT 50`, 50 * time.Millisecond},
		{"search", "/v1/conversations?q=charger+42" + quarter, `SELECT DISTINCT e.conversation FROM events e WHERE ` + within(90) + ` AND e.type = 'message.sent' AND e.body->'data'->>'text' ILIKE '%charger 42%' LIMIT 50`, 200 * time.Millisecond},
		{"search-chinese", "/v1/conversations?q=%E7%89%A9%E6%B5%8142" + quarter, `SELECT DISTINCT e.conversation FROM events e WHERE ` + within(90) + ` AND e.type = 'message.sent' AND e.body->'data'->>'text' LIKE '%物流42%' LIMIT 50`, 200 * time.Millisecond},
	}
}

// BenchmarkReports asks a filled desk's reports over HTTP. p95-ms is the client's
// 95th percentile of at least a hundred answers, cpu-ms what one costs this process, sql-ms the best of two runs of plain
// SQL over the events, x the ratio. FLOORLIGHT_BENCH_DIR is the data directory of a
// desk that `floorlight simulate --fill` has filled up to yesterday; without it a small one is
// filled for the run.
func BenchmarkReports(b *testing.B) {
	dir := os.Getenv("FLOORLIGHT_BENCH_DIR")
	if dir == "" {
		dir = postgrestest.Dir(b)
		s := &served{t: b, dir: dir}
		s.must("simulate", "--fill", "--fill-days", "100", "--fill-conversations", "3000", "--fill-messages", "30000", "--fill-agents", "50")
	}
	s := startServed(b, dir, "--log", "warn")
	token := s.token("fill", "owner")
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(b, err)
	conn, err := pgx.Connect(context.Background(), managedURL(b, dir))
	require.NoError(b, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var latest time.Time
	require.NoError(b, conn.QueryRow(context.Background(), "SELECT max(time) FROM events WHERE tenant = 'fill' AND type = 'conversation.started'").Scan(&latest))
	require.Eventually(b, func() bool { // the search index follows the writer
		var behind int64
		err := conn.QueryRow(context.Background(), "SELECT coalesce((SELECT min(seq) FROM cursors), 0) - coalesce((SELECT min(seq) FROM search_cursors), 0)").Scan(&behind)
		return err == nil && behind <= 0
	}, time.Hour, 100*time.Millisecond)
	_, err = conn.Exec(context.Background(), "VACUUM ANALYZE")
	require.NoError(b, err)
	for _, q := range reportQuestions(latest.In(zone)) {
		b.Run(q.name, func(b *testing.B) {
			var bytes int
			ask := func() time.Duration {
				began := time.Now()
				bytes = s.fetch(q.path, token)
				return time.Since(began)
			}
			cold := ask()
			var took []time.Duration
			busy := processTime(b)
			for b.Loop() {
				took = append(took, ask())
			}
			for len(took) < 100 {
				took = append(took, ask())
			}
			busy = processTime(b) - busy
			slices.Sort(took)
			p95 := took[len(took)*95/100]
			var plain time.Duration
			for range 2 {
				began := time.Now()
				rows, err := conn.Query(context.Background(), q.sql)
				require.NoError(b, err)
				for rows.Next() {
				}
				require.NoError(b, rows.Err())
				if d := time.Since(began); plain == 0 || d < plain {
					plain = d
				}
			}
			b.ReportMetric(float64(p95.Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(busy.Microseconds())/1000/float64(len(took)), "cpu-ms")
			b.ReportMetric(float64(cold.Microseconds())/1000, "first-ms")
			b.ReportMetric(float64(plain.Microseconds())/1000, "sql-ms")
			b.ReportMetric(float64(plain)/float64(p95), "x")
			b.ReportMetric(float64(bytes), "answer-B")
			if p95 > q.limit {
				b.Logf("%s: p95 %s is more than %s", q.name, p95, q.limit)
			}
		})
	}
}

// processTime is how long the processor has worked for this process, server and
// client alike: what an answer costs, however busy the machine is with others.
func processTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fetch reads an answer whole and gives its length.
func (s *served) fetch(path, token string) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), http.MethodGet, s.url+path, nil)
	require.NoError(s.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = answer.Body.Close() }()
	n, err := io.Copy(io.Discard, answer.Body)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, answer.StatusCode, path)
	return int(n)
}

// managedURL is how to reach the PostgreSQL that a server runs below its data directory.
func managedURL(tb testing.TB, dir string) string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "postgres", "*", "postmaster.pid"))
	require.NoError(tb, err)
	if len(files) == 0 {
		files, err = filepath.Glob(filepath.Join(dir, "postgres", "postmaster.pid"))
		require.NoError(tb, err)
	}
	require.NotEmpty(tb, files)
	text, err := os.ReadFile(files[0])
	require.NoError(tb, err)
	lines := strings.Split(string(text), "\n")
	return fmt.Sprintf("host=%s port=%s user=floorlight dbname=floorlight", lines[4], lines[3])
}
