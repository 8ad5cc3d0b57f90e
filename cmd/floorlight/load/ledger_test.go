package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLedgerJoinsFramesWithWhatTheyCover(t *testing.T) {
	t.Parallel()

	zero := time.Now()
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	l := &ledger{took: newLatencies()}
	first, second, third := l.begin(at(0)), l.begin(at(10)), l.begin(at(500))
	l.saw(at(100), 4, 6) // the frame is here before anybody knows which event it covers
	l.join(false)
	require.Zero(t, l.took.sum().Count)
	require.Equal(t, 3, l.waiting())

	l.answer(second, 6, true)
	l.join(false)
	require.Zero(t, l.took.sum().Count, "the first may have come before it, or not")
	l.answer(first, 5, false)
	l.join(false)
	require.Equal(t, int64(1), l.took.sum().Count, "only what is marked")
	require.InDelta(t, 90, l.took.sum().Max, 0.1, "from the moment at which it was due")
	require.Equal(t, uint64(6), l.highest())

	l.saw(at(700), 6, 7)
	l.join(false)
	require.Equal(t, int64(1), l.took.sum().Count)
	l.answer(third, 7, true)
	l.saw(at(900), 6, 7) // another client
	l.join(false)
	require.Equal(t, int64(3), l.took.sum().Count)
	require.InDelta(t, 400, l.took.sum().Max, 0.5)
	require.Zero(t, l.waiting())

	lost := l.begin(at(1000))
	l.saw(at(2000), 7, 9)
	l.answer(lost, 0, true)
	l.join(true)
	require.Equal(t, int64(3), l.took.sum().Count, "what the stream never had is in no frame")
	l.reached(20)
	require.Equal(t, uint64(20), l.highest())
}

func TestLatenciesKeepTheWholeAndThePart(t *testing.T) {
	t.Parallel()

	l := newLatencies()
	for i := range 1000 {
		l.record(time.Duration(i) * time.Millisecond)
	}
	part := l.take()
	require.Equal(t, int64(1000), part.Count)
	require.InDelta(t, 500, part.P50, 1)
	require.InDelta(t, 990, part.P99, 2)
	require.Zero(t, l.take().Count)
	l.record(time.Hour)
	require.InDelta(t, longest.Seconds()*1000, l.take().Max, 1000, "cut, and not lost")
	require.Equal(t, int64(1001), l.sum().Count)
}
