package stream_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// tenants that stand in both of two partitions, and in all of four.
var many = []event.TenantID{"star", "moon", "sun", "a", "b", "c", "0", "1"}

// read is what a partition's reader gets up to a sequence: events by their ids, in order.
func read(t *testing.T, s *stream.Stream, partition int, upTo uint64) (ids []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := s.Partition(partition).Consume(ctx, 1, func(batch []stream.Message) error {
		for _, m := range batch {
			if m.Subject != "" {
				e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
				require.NoError(t, err)
				require.Equal(t, partition, stream.PartitionOf(e.Tenant, s.Partitions()))
				ids = append(ids, string(e.Tenant)+"/"+e.ID)
			}
			if m.Seq >= upTo {
				return errEnough
			}
		}
		return nil
	})
	require.ErrorIs(t, err, errEnough)
	return ids
}

// TestPartitions publishes for many tenants into a stream that is spread over
// two, then over four partitions, then over one. At each time each event comes to
// the reader of exactly one partition, in its order, under the subject that it
// was published on, and a mark comes to all.
func TestPartitions(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{}, quick)
	var want []string
	round := 0
	publish := func() {
		for i := range 20 {
			for _, id := range many {
				e := say(id, 100*round+i)
				_, err := d.Publish(t.Context(), &e)
				require.NoError(t, err)
				want = append(want, string(id)+"/"+e.ID)
			}
		}
		round++
	}
	check := func(n int) {
		last, err := d.Last(t.Context())
		require.NoError(t, err)
		mark, err := d.Mark(t.Context(), last)
		require.NoError(t, err)
		again, err := d.Mark(t.Context(), last)
		require.NoError(t, err)
		require.Equal(t, mark, again)
		require.Equal(t, last+1, mark)
		require.Equal(t, n, d.Partitions())
		var got []string
		for p := range n {
			ids := read(t, d.Stream, p, mark)
			got = append(got, ids...)
			var own []string
			for _, id := range want {
				if stream.PartitionOf(tenantOf(id), n) == p {
					own = append(own, id)
				}
			}
			require.Equal(t, own, ids, "partition %d of %d", p, n)
		}
		require.ElementsMatch(t, want, got)
	}
	publish()
	check(1)
	for _, n := range []int{2, 4, 1, 4} {
		require.NoError(t, d.Repartition(t.Context(), n))
		publish()
		check(n)
	}
	require.Error(t, d.Repartition(t.Context(), 0))

	other, err := stream.Open(t.Context(), d.connect(), stream.Config{Partitions: 7})
	require.NoError(t, err)
	require.Equal(t, 4, other.Partitions(), "a stream that is there keeps its number")

	m, err := other.At(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "floor.star.message.sent.c0", m.Subject)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	scanned := map[string]int{}
	err = other.Scan(ctx, "all", "floor.*.message.sent.*", func(_ context.Context, m stream.Message) error {
		e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
		require.NoError(t, err)
		if scanned[string(e.Tenant)+"/"+e.ID]++; len(scanned) == len(want) {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, scanned, len(want))
}

func tenantOf(id string) event.TenantID {
	for _, t := range many {
		if len(id) > len(t) && id[:len(t)] == string(t) && id[len(t)] == '/' {
			return t
		}
	}
	return ""
}

// TestPartitionsOfWhatIsNoEvent: the server has spread the
// subjects, and each reader gets what it expects. What is no event at all comes
// to exactly one reader, too.
func TestPartitionsOfWhatIsNoEvent(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{Partitions: 8}, quick)
	require.Equal(t, 8, d.Partitions())
	var want []string
	for i := range 40 {
		subject := fmt.Sprintf("floor.t%d", i)
		if i%2 == 0 {
			subject += ".x.y.z"
		}
		_, err := d.PublishRaw(t.Context(), subject, []byte("{"), "")
		require.NoError(t, err)
		want = append(want, subject)
	}
	mark, err := d.Mark(t.Context(), 40)
	require.NoError(t, err)
	var got []string
	for p := range 8 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err := d.Partition(p).Consume(ctx, 1, func(batch []stream.Message) error {
			for _, m := range batch {
				if m.Subject != "" {
					got = append(got, m.Subject)
				}
				if m.Seq == mark {
					return errEnough
				}
			}
			return nil
		})
		cancel()
		require.ErrorIs(t, err, errEnough)
	}
	require.ElementsMatch(t, want, got)
}
