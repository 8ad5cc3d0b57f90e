package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

// BenchmarkConsume reads 50,000 stored messages with Consume, and in turn with
// a bare ordered consumer of nats.go, and reports both rates and their ratio,
// which holds on any machine.
func BenchmarkConsume(b *testing.B) {
	const n = 50000
	d := newDesk(b, stream.Config{}, quick)
	d.fill(0, n)
	js, err := jetstream.New(d.nc)
	require.NoError(b, err)
	var ours, bare time.Duration
	batches := 0
	b.ResetTimer()
	for b.Loop() {
		began, read := time.Now(), 0
		require.ErrorIs(b, d.Consume(b.Context(), 1, func(batch []stream.Message) error {
			batches++
			if read += len(batch); read == n {
				return errEnough
			}
			return nil
		}), errEnough)
		ours += time.Since(began)

		began = time.Now()
		consumer, err := js.OrderedConsumer(b.Context(), stream.Name, jetstream.OrderedConsumerConfig{})
		require.NoError(b, err)
		done, got := make(chan struct{}), 0
		running, err := consumer.Consume(func(m jetstream.Msg) {
			if _, err := m.Metadata(); err != nil {
				b.Error(err)
			}
			if got++; got == n {
				close(done)
			}
		}, jetstream.PullMaxMessages(4096))
		require.NoError(b, err)
		<-done
		bare += time.Since(began)
		running.Stop()
	}
	total := float64(n * b.N)
	b.ReportMetric(total/ours.Seconds(), "msg/s")
	b.ReportMetric(total/bare.Seconds(), "bare-msg/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
	b.ReportMetric(total/float64(batches), "msg/batch")
}

// BenchmarkIdle measures how long the first message after a silence takes from
// its ack to the reader.
func BenchmarkIdle(b *testing.B) {
	d := newDesk(b, stream.Config{}, quick)
	ctx, cancel := context.WithCancel(b.Context())
	came, ended := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		ended <- d.Consume(ctx, 1, func(batch []stream.Message) error {
			for range batch {
				came <- struct{}{}
			}
			return nil
		})
	}()
	i := 0
	for b.Loop() {
		e := say("star", i)
		_, err := d.Publish(b.Context(), &e)
		require.NoError(b, err)
		<-came
		i++
	}
	cancel()
	require.ErrorIs(b, <-ended, context.Canceled)
}

// BenchmarkPublish publishes with fsync before each ack, one at a time and in
// batches of 500.
func BenchmarkPublish(b *testing.B) {
	b.Run("one", func(b *testing.B) {
		d := newDesk(b, stream.Config{})
		i := 0
		for b.Loop() {
			e := say("star", i)
			_, err := d.Publish(b.Context(), &e)
			require.NoError(b, err)
			i++
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
	})
	b.Run("batch", func(b *testing.B) {
		d := newDesk(b, stream.Config{})
		i := 0
		for b.Loop() {
			d.fill(i, 500)
			i += 500
		}
		b.ReportMetric(float64(500*b.N)/b.Elapsed().Seconds(), "msg/s")
	})
}
