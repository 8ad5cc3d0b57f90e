package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// TestRefoldMovesThePast changes a desk's time zone and computes its past anew:
// what was counted on one day is counted on another, by reports, by the
// wallboard and by verify alike.
func TestRefoldMovesThePast(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	token := s.token("shop", "owner")
	chat(t, s.must("nats-url"), "shop", 1)
	s.settle("shop", token)
	day := time.Now().UTC().Format(time.DateOnly)
	require.Equal(t, map[string]float64{day: 1}, s.sessions(token))

	zone, moved := zoneOfAnotherDay()
	s.must("tenant", "set", "shop", "--set", "timezone="+zone)
	s.must("refold", "--tenant", "shop")
	require.Eventually(t, func() bool {
		status, _ := s.get("/readyz", "")
		return status == http.StatusOK
	}, 30*time.Second, 20*time.Millisecond)
	s.settle("shop", token)
	require.Equal(t, map[string]float64{moved: 1}, s.sessions(token))
	s.must("verify", "--tenant", "shop")
	s.sameNow(token)
}

// sessions are the days on which sessions are counted, of the last two weeks.
func (s *served) sessions(token string) map[string]float64 {
	s.t.Helper()
	now := time.Now().UTC()
	var r report
	s.read(fmt.Sprintf("/v1/metrics?metric=sessions&by=day&from=%s&to=%s", now.AddDate(0, 0, -7).Format(time.DateOnly), now.AddDate(0, 0, 2).Format(time.DateOnly)), token, &r)
	found := map[string]float64{}
	for _, row := range r.Rows {
		if n, ok := row.Values["sessions"].Value.(float64); ok && n != 0 {
			found[row.Day] = n
		}
	}
	return found
}

// zoneOfAnotherDay is a time zone in which it is not the day that it is in UTC,
// and the day there.
func zoneOfAnotherDay() (zone, day string) {
	now := time.Now().UTC()
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			continue
		}
		if day := now.In(loc).Format(time.DateOnly); day != now.Format(time.DateOnly) {
			return zone, day
		}
	}
	return "UTC", now.Format(time.DateOnly)
}
