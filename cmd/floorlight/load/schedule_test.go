package load

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestScheduleIsNotMovedByWhoIsSlow(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &schedule{start: start, end: start.Add(time.Second), rate: 100}
		var dues []time.Duration
		var lateness time.Duration
		n := s.each(t.Context(), func(n int, due time.Time) {
			dues = append(dues, due.Sub(start))
			lateness = max(lateness, time.Since(due))
			if n == 10 {
				<-time.After(300 * time.Millisecond) // the server stands still
			}
		})
		require.Equal(t, 100, n)
		require.Equal(t, 100, s.all())
		for i, due := range dues {
			require.Equal(t, time.Duration(i)*10*time.Millisecond, due)
		}
		require.Greater(t, lateness, 280*time.Millisecond, "those that were due meanwhile are charged with it")
	})
}

func TestScheduleGivesUpWhatIsTooLate(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &schedule{start: start, end: start.Add(time.Second), late: start.Add(2 * time.Second), rate: 10}
		n := s.each(t.Context(), func(int, time.Time) { <-time.After(time.Second) })
		require.Less(t, n, s.all())
		require.Equal(t, 10, s.all())
	})
}

func TestScheduleWithoutRateOrTime(t *testing.T) {
	t.Parallel()

	now := time.Now()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, s := range map[string]*schedule{
		"no rate": {start: now, end: now.Add(time.Hour)},
		"no time": {start: now, end: now, rate: 1000},
	} {
		require.Zero(t, s.all(), name)
		require.Zero(t, s.each(t.Context(), func(int, time.Time) { require.Fail(t, name) }), name)
	}
	s := &schedule{start: now, end: now.Add(time.Hour), rate: 1000}
	require.Zero(t, s.each(ended, func(int, time.Time) { require.Fail(t, "ended") }))
}
