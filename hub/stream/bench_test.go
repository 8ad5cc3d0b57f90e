package stream_test

import (
	"context"
	"slices"
	"sync"
	"syscall"
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
	js := d.jetstream()
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

// BenchmarkTrickle stores 2,000 messages a second, each with a sync, while two read
// them: by Consume, and in turn by nats.go's own, which always has a request open. The
// CPU is the whole process', for each message; p99 is of the acks.
func BenchmarkTrickle(b *testing.B) {
	const rate, n = 2000, 4000
	d := newDesk(b, stream.Config{})
	js := d.jetstream()
	var ours, bare trickle
	from := 0
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for b.Loop() {
		reading, stop := context.WithCancel(ctx)
		var readers sync.WaitGroup
		for range 2 {
			readers.Go(func() {
				_ = d.Consume(reading, uint64(from+1), func([]stream.Message) error { return nil }) // until it is stopped
			})
		}
		ours.publish(b, d, rate, from, n)
		stop()
		readers.Wait()
		from += n
		var running []jetstream.ConsumeContext
		for range 2 {
			consumer, err := js.OrderedConsumer(ctx, stream.Name, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: uint64(from + 1)})
			require.NoError(b, err)
			one, err := consumer.Consume(func(jetstream.Msg) {}, jetstream.PullMaxMessages(4096))
			require.NoError(b, err)
			running = append(running, one)
		}
		bare.publish(b, d, rate, from, n)
		for _, one := range running {
			one.Stop()
		}
		from += n
	}
	b.ReportMetric(ours.cpu.Seconds()/float64(ours.n)*1e6, "cpu-µs")
	b.ReportMetric(bare.cpu.Seconds()/float64(bare.n)*1e6, "bare-cpu-µs")
	b.ReportMetric(ours.cpu.Seconds()/bare.cpu.Seconds(), "ratio")
	b.ReportMetric(ours.at(0.99), "p99-ms")
	b.ReportMetric(bare.at(0.99), "bare-p99-ms")
	b.ReportMetric(0, "ns/op")
}

// trickle is what it takes to store messages at a rate.
type trickle struct {
	cpu  time.Duration
	n    int
	took []time.Duration
}

func (t *trickle) publish(b *testing.B, d *desk, rate, from, n int) {
	b.Helper()
	took := make([]time.Duration, n)
	began, cpu := time.Now(), processTime(b)
	var all sync.WaitGroup
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		<-time.After(time.Until(due))
		all.Go(func() {
			e := say("star", from+i)
			if _, err := d.Publish(b.Context(), &e); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	all.Wait()
	t.cpu += processTime(b) - cpu
	t.n += n
	t.took = append(t.took, took...)
}

// at is a percentile of the time to the ack, milliseconds.
func (t *trickle) at(share float64) float64 {
	slices.Sort(t.took)
	return t.took[int(share*float64(len(t.took)))].Seconds() * 1000
}

// processTime is the CPU that the process has used.
func processTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
