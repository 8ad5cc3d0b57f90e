package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// BenchmarkChecksAtRate asks for 2,000 verdicts a second over NATS, for five desks,
// and then stores as many events at that rate, with nothing else done: what the
// store takes of a check. Requests are sent when they are due, however slow the
// answers are, and each latency counts from then; unanswered are those that the
// server had no room for. One operation is three seconds of each.
func BenchmarkChecksAtRate(b *testing.B) {
	const rate, seconds, desks = 2000, 3, 5
	s := startServed(b, postgrestest.Dir(b))
	conn := s.natsClient()
	js, err := jetstream.New(conn)
	require.NoError(b, err)
	ctx, n := b.Context(), 0
	check := func(i int) error {
		request := fmt.Appendf(nil, `{"conversation":"c%d","message":"m%d","from":{"kind":"agent","id":"a1"},"text":"Your parcel has left our warehouse and arrives on Friday."}`, i%50, i)
		reply, err := conn.RequestWithContext(ctx, fmt.Sprintf("floorsvc.bench%d.message.check", i%desks), request)
		if err == nil && !strings.Contains(string(reply.Data), `"verdict":"allow"`) {
			err = fmt.Errorf("not allowed: %s", reply.Data)
		}
		return err
	}
	store := func(i int) error {
		e := event.New(event.TenantID(fmt.Sprint("bench", i%desks)), "bench", fmt.Sprint("e", i), time.Now(), &event.ConversationViewed{Conversation: "c1", Agent: "a1"})
		raw, err := e.Encode()
		if err == nil {
			_, err = js.Publish(ctx, e.Subject(), raw)
		}
		return err
	}
	for i := range desks {
		require.NoError(b, check(i), "and its rules are in force")
	}
	n += desks
	whole, stored := hdrhistogram.New(1, 60_000_000, 3), hdrhistogram.New(1, 60_000_000, 3)
	unanswered := 0
	for b.Loop() {
		unanswered += atRate(ctx, rate, n, rate*seconds, whole, check)
		unanswered += atRate(ctx, rate, n, rate*seconds, stored, store)
		n += rate * seconds
	}
	require.NoError(b, ctx.Err())
	millis := func(h *hdrhistogram.Histogram, percentile float64) float64 {
		return float64(h.ValueAtPercentile(percentile)) / 1000
	}
	b.ReportMetric(millis(whole, 50), "p50-ms")
	b.ReportMetric(millis(whole, 99), "p99-ms")
	b.ReportMetric(millis(stored, 50), "store-p50-ms")
	b.ReportMetric(millis(stored, 99), "store-p99-ms")
	b.ReportMetric(stored.Mean()/whole.Mean(), "store-share")
	b.ReportMetric(float64(unanswered), "unanswered")
	b.ReportMetric(0, "ns/op")
}

// atRate does work n times, rate times a second, and counts how often it failed.
func atRate(ctx context.Context, rate, from, n int, took *hdrhistogram.Histogram, work func(int) error) (failed int) {
	var (
		all sync.WaitGroup
		mu  sync.Mutex // guards took and failed
	)
	began := time.Now()
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if wait := time.Until(due); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
		}
		all.Go(func() {
			err := work(from + i)
			passed := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			_ = took.RecordValue(passed.Microseconds())
			if err != nil {
				failed++
			}
		})
	}
	all.Wait()
	return failed
}
