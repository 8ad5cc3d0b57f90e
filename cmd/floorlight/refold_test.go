package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// TestRefoldMovesThePast changes a desk's time zone and computes its past anew:
// what was counted on one day is counted on another, by reports, by the
// wallboard and by verify alike.
func TestRefoldMovesThePast(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	token := s.token("shop", "owner")
	began := chat(t, s.must("nats-url"), "shop", 1)
	s.settle("shop", token)
	day := began.UTC().Format(time.DateOnly)
	require.Equal(t, map[string]float64{day: 1}, s.sessions(token))

	zone, moved := zoneOfAnotherDay(began)
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

// zoneOfAnotherDay is a time zone in which it is not the day that it is in UTC at a
// moment, and the day there.
func zoneOfAnotherDay(at time.Time) (zone, day string) {
	at = at.UTC()
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			continue
		}
		if day := at.In(loc).Format(time.DateOnly); day != at.Format(time.DateOnly) {
			return zone, day
		}
	}
	return "UTC", at.Format(time.DateOnly)
}

// TestRefoldIsNotNoticed changes a desk's definitions, and computes its past anew,
// with the new hub held up for as long as it takes to see that the one before
// answers and goes on: nobody gets an error, and the socket has every change.
func TestRefoldIsNotNoticed(t *testing.T) {
	t.Parallel()

	dir := postgrestest.Dir(t)
	s := startServed(t, dir)
	token := s.token("shop", "owner")
	url := s.must("nats-url")
	chat(t, url, "shop", 1)
	s.settle("shop", token)
	db, err := pgx.Connect(t.Context(), managedURL(t, dir))
	require.NoError(t, err)
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()

	enough := make(chan struct{})
	var askers errgroup.Group
	for _, path := range []string{
		"/readyz", "/v1/tenant", "/v1/metrics?metric=sessions", "/v1/agents/performance", "/v1/conversations", "/v1/conversations/c1",
		"/v1/live/wallboard", "/v1/live/wallboard/series?metric=queue_length", "/v1/directory",
	} {
		askers.Go(func() error {
			tick := time.NewTicker(5 * time.Millisecond) // the server is to have the processors, too
			defer tick.Stop()
			for {
				select {
				case <-enough:
					return nil
				case <-tick.C:
				}
				if status, body := s.get(path, token); status != http.StatusOK {
					return fmt.Errorf("%s: %d %s", path, status, body)
				}
			}
		})
	}
	f := s.follows(token)
	for n, change := range [][]string{
		{"tenant", "set", "shop", "--set", "response_window_hours=1", "--no-wait"},
		{"refold", "--tenant", "shop", "--no-wait"},
	} {
		held, err := db.Begin(t.Context()) // a new hub reads the wallboards' lines last of all
		require.NoError(t, err)
		_, err = held.Exec(t.Context(), "LOCK TABLE minutes IN ACCESS EXCLUSIVE MODE")
		require.NoError(t, err)
		s.must(change...)
		require.Eventually(t, func() bool { return strings.Count(s.log.String(), "a hub begins from them beside") == n+1 }, 30*time.Second, 10*time.Millisecond, "%s", s.log)
		before := f.epoch
		chat(t, url, "shop", n+2)
		for f.sessions < float64(n+2) {
			f.read()
		}
		require.Equal(t, before, f.epoch, "the hub before is still the one that tells")
		require.NoError(t, held.Commit(t.Context()))
		for f.epoch == before {
			f.read()
		}
		require.InEpsilon(t, n+2, f.sessions, 0)
		s.settle("shop", token)
		s.sameNow(token)
	}
	close(enough)
	require.NoError(t, askers.Wait())
}

// following is a socket on the wallboard: its frames are checked to be one after
// another, as they are read.
type following struct {
	s        *served
	c        *websocket.Conn
	epoch    string
	version  uint64
	sessions float64 // of today
}

func (s *served) follows(token string) *following {
	s.t.Helper()
	c, answer, err := websocket.Dial(s.t.Context(), "ws"+strings.TrimPrefix(s.url, "http")+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	require.NoError(s.t, err)
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	c.SetReadLimit(1 << 20)
	s.t.Cleanup(func() { _ = c.CloseNow() })
	require.NoError(s.t, c.Write(s.t.Context(), websocket.MessageText, []byte(`{"op":"subscribe","id":1,"topic":"wallboard"}`)))
	f := &following{s: s, c: c}
	f.read()
	return f
}

// read takes the next frame.
func (f *following) read() {
	f.s.t.Helper()
	ctx, cancel := context.WithTimeout(f.s.t.Context(), 30*time.Second)
	defer cancel()
	var frame struct {
		Op      string    `json:"op"`
		Epoch   string    `json:"epoch"`
		Version uint64    `json:"version"`
		State   wallboard `json:"state"`
		Patch   wallboard `json:"patch"`
	}
	for frame.Op != "snapshot" && frame.Op != "delta" {
		require.NoError(f.s.t, wsjson.Read(ctx, f.c, &frame), "%s", f.s.log)
	}
	changed := frame.Patch
	if frame.Op == "snapshot" {
		require.NotEqual(f.s.t, f.epoch, frame.Epoch)
		changed = frame.State
	} else {
		require.Equal(f.s.t, f.epoch, frame.Epoch)
		require.Equal(f.s.t, f.version+1, frame.Version)
	}
	f.epoch, f.version = frame.Epoch, frame.Version
	if now, ok := changed.Metrics["sessions"].Value.(float64); ok {
		f.sessions = now
	}
}

// wallboard is what is read of one, or of a change of it.
type wallboard struct {
	Metrics map[string]reportValue `json:"metrics"`
}
