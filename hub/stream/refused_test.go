package stream_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestRefused publishes what no reader takes, keeps it as the writer does, and
// lists it with its reason, whole.
func TestRefused(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	for _, m := range []stream.Message{
		{Subject: "floor.star.message.sent.c1", Raw: []byte("not json"), MsgID: "star/x/1"},
		{Subject: "floor.moon.message.sent.c1", Raw: []byte(`{"specversion":"1.0"}`)},
		{Subject: "floor.NOBODY.x", Raw: []byte(`[]`)},
		{Subject: "floor.star.message.sent.c2", Raw: nil},
		{Subject: "floor.star.a.b.c", Raw: []byte(`{"` + strings.Repeat("k\\n", 9000) + `":1,"id":7}`)},
	} {
		_, err := d.PublishRaw(t.Context(), m.Subject, m.Raw, m.MsgID)
		require.NoError(t, err)
	}
	got, err := collect(t.Context(), d.Stream, 1, 5)
	require.ErrorIs(t, err, errEnough)
	var refusals []event.Refusal
	for _, m := range got {
		_, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
		var refusal *event.Refusal
		require.ErrorAs(t, err, &refusal)
		refusals = append(refusals, *refusal)
		require.NoError(t, d.Refuse(t.Context(), m, refusal))
		require.NoError(t, d.Refuse(t.Context(), m, refusal), "twice is once")
	}
	long := got[0]
	refusals = append(refusals, event.Refusal{Reason: event.InvalidField, Field: strings.Repeat("f", 100<<10), Detail: "d\nd"})
	long.Arrived = long.Arrived.Add(time.Second) // the same sequence, after the stream went back
	require.NoError(t, d.Refuse(t.Context(), long, &refusals[5]))
	refusals[5].Field, refusals[5].Detail = refusals[5].Field[:512], "d d"
	got = append(got, long)

	list := func(tenant event.TenantID, after uint64, limit int) []int {
		found, err := d.Refused(t.Context(), tenant, after, limit)
		require.NoError(t, err)
		seqs := []int{}
		for _, r := range found {
			seqs = append(seqs, int(r.Seq))
			want := got[r.Seq-1]
			require.Equal(t, want.Seq, r.Event.Seq)
			require.Equal(t, want.Subject, r.Event.Subject)
			require.Equal(t, string(want.Raw), string(r.Event.Raw))
			require.WithinDuration(t, want.Arrived, r.Event.Arrived, 0)
			require.WithinDuration(t, time.Now(), r.At, time.Hour)
			require.Equal(t, refusals[r.Seq-1], r.Refusal)
		}
		return seqs
	}
	require.Equal(t, []int{1, 2, 3, 4, 5, 6}, list("", 0, 100))
	require.Equal(t, []int{1, 4, 5, 6}, list("star", 0, 100))
	require.Equal(t, []int{2}, list("moon", 0, 100))
	require.Equal(t, []int{3}, list(stream.UnknownTenant, 0, 100))
	require.Equal(t, []int{1, 4}, list("star", 0, 2), "a page")
	require.Equal(t, []int{5, 6}, list("star", 4, 2), "the next page")
	require.Empty(t, list("star", 6, 2))
	require.Empty(t, list("mars", 0, 2))
	_, err = d.Refused(t.Context(), "Not A Tenant", 0, 1)
	require.Error(t, err)

	ack, err := d.Again(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, stream.Ack{Seq: 6}, ack, "its first id is in the window of duplicates, and no hindrance")
	m, err := d.At(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, got[0].Subject, m.Subject)
	require.Equal(t, got[0].Raw, m.Raw)
	ack, err = d.Again(t.Context(), 1)
	require.NoError(t, err)
	require.True(t, ack.Duplicate)
	_, err = d.Again(t.Context(), 99)
	require.ErrorIs(t, err, stream.ErrNotFound)
	_, err = d.Again(t.Context(), 0)
	require.ErrorIs(t, err, stream.ErrNotFound)
}

// TestScan handles every message of its subjects, brings back what failed, and
// goes on where it was, in another process and after a restart.
func TestScan(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{AckWait: lostWait})
	other := event.New("star", "test", "p1", noon, &event.AgentPresence{Agent: "a1", Status: event.Online})
	_, err := d.Publish(t.Context(), &other)
	require.NoError(t, err)
	d.fill(0, 30)

	times := map[uint64]int{}
	// scan ends when so many different messages were handled in all.
	scan := func(s *stream.Stream, n int, fail uint64) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		late := time.AfterFunc(3*patience, cancel)
		defer late.Stop()
		err := s.Scan(ctx, "unchecked", "floor.*.message.sent.*", func(_ context.Context, m stream.Message) error {
			times[m.Seq]++
			if m.Seq == fail && times[m.Seq] == 1 {
				return errors.New("not now")
			}
			if len(times) == n && (fail == 0 || times[fail] > 1) {
				cancel()
			}
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Len(t, times, n)
	}
	scan(d.Stream, 30, 11)
	require.NotContains(t, times, uint64(1), "not on the subjects")
	for seq, n := range times {
		require.Equal(t, map[bool]int{true: 2, false: 1}[seq == 11], n, seq)
	}

	d.stop()
	d.start()
	d.fill(30, 10)
	scan(d.open(stream.Config{AckWait: lostWait}), 40, 0)

	// What one scan had fetched ahead when it ended is the next one's at once.
	d.fill(40, 100)
	began := time.Now()
	scan(d.Stream, 45, 0)
	scan(d.Stream, 140, 0)
	require.Less(t, time.Since(began), time.Minute, "no message waits for its acknowledgement, which would take that long")
}
