package history

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// many is the shared conversations several times over, each time with ids of
// its own, some days later.
func many(b *testing.B, times int) []stream.Message {
	b.Helper()
	base := star(b)
	list := make([]stream.Message, 0, times*len(base))
	for i := range times {
		for j := range base {
			e := base[j]
			e.Time = e.Time.Add(time.Duration(i) * 72 * time.Hour)
			e.ID = fmt.Sprintf("%s-%d", e.ID, i)
			raw, err := e.Encode()
			require.NoError(b, err)
			list = append(list, stream.Message{Subject: e.Subject(), Raw: raw})
		}
	}
	return list
}

// BenchmarkWriter measures from the stream to committed history, and a bare COPY
// of the same rows into an identical table in the same run. One operation is
// one pass over all events; x-of-copy is the share of the bare COPY's speed.
func BenchmarkWriter(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := newDesk(b)
		messages := many(b, 4)
		for _, r := range d.PublishMessages(b.Context(), messages) {
			require.NoError(b, r.Err)
		}
		warm := d.db.NewWriter(d.Stream, WriterConfig{Logger: zerolog.Nop()})
		committed := make(chan struct{})
		warm.c.OnCommit = func(seq, _ uint64) {
			if seq == uint64(len(messages)) {
				close(committed)
			}
		}
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		began := time.Now()
		b.StartTimer()
		go func() { done <- warm.Run(ctx) }()
		<-committed
		b.StopTimer()
		wrote := float64(len(messages)) / time.Since(began).Seconds()
		cancel()
		require.NoError(b, <-done)
		copied := bareCopy(b, d)
		b.ReportMetric(wrote, "events/s")
		b.ReportMetric(copied, "copy-rows/s")
		b.ReportMetric(wrote/copied, "x-of-copy")
		b.StartTimer()
	}
}

// bareCopy copies the events that are stored into an identical partitioned
// table, in batches of the size of the writer's, each committed.
func bareCopy(b *testing.B, d *desk) float64 {
	b.Helper()
	ctx := b.Context()
	conn, err := d.db.connect(ctx)
	require.NoError(b, err)
	defer hangUp(ctx, conn)
	rows, err := conn.Query(ctx, `SELECT seq, arrived, body FROM events ORDER BY seq`)
	require.NoError(b, err)
	var batches []*batch
	n := 0
	for rows.Next() {
		if n%4096 == 0 {
			batches = append(batches, newBatch())
		}
		var m stream.Message
		require.NoError(b, rows.Scan(&m.Seq, &m.Arrived, &m.Raw))
		e, err := event.Decode(m.Raw)
		require.NoError(b, err)
		batches[len(batches)-1].event(1, &m, &e)
		n++
	}
	require.NoError(b, rows.Err())
	_, err = conn.Exec(ctx, `TRUNCATE events`)
	require.NoError(b, err)
	began := time.Now()
	for _, batch := range batches {
		require.NoError(b, batch.events.send(ctx, conn, copyEvents))
	}
	return float64(n) / time.Since(began).Seconds()
}

// BenchmarkOneEvent measures how long an idle system takes from a published
// event to its commit. One operation is one event.
func BenchmarkOneEvent(b *testing.B) {
	d := newDesk(b)
	committed := make(chan uint64, 16)
	w := d.db.NewWriter(d.Stream, WriterConfig{Logger: zerolog.Nop(), OnCommit: func(seq, _ uint64) { committed <- seq }})
	end := d.run(w)
	d.publish(say("desk", 0))
	<-committed
	i := 0
	for b.Loop() {
		i++
		d.publish(say("desk", i))
		<-committed
	}
	require.NoError(b, end())
}

// BenchmarkFold measures the writer's side alone: decode, fold, encode rows.
func BenchmarkFold(b *testing.B) {
	messages := many(b, 1)
	for i := range messages {
		messages[i].Seq, messages[i].Arrived = uint64(i+1), time.Now()
	}
	b.ReportAllocs()
	for b.Loop() {
		f := newFolder(nil, 1, nil)
		f.alone = true
		batch := newBatch()
		for from := 0; from < len(messages); from += 4096 {
			batch.reset()
			require.NoError(b, f.fold(b.Context(), messages[from:min(len(messages), from+4096)], batch))
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(messages))/b.Elapsed().Seconds(), "events/s")
}
