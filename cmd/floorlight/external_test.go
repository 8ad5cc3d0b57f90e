package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// outsideNATS is a NATS that is not the program's own.
func outsideNATS(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, SyncAlways: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(30*time.Second))
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

// chat publishes a conversation's start and one message as a foreign client.
func chat(t *testing.T, url, tenant string, n int) (began time.Time) {
	t.Helper()
	conn, err := nats.Connect(strings.TrimSpace(url), nats.Timeout(time.Minute))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)
	id := event.ConversationID(fmt.Sprint("c", n))
	began = time.Now()
	for i, d := range []event.Data{
		&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.MessageSent{Conversation: id, Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello"},
	} {
		e := event.New(event.TenantID(tenant), "test", fmt.Sprintf("%d/%d", n, i), began.Add(time.Duration(i)*time.Millisecond), d)
		raw, err := e.Encode()
		require.NoError(t, err)
		_, err = js.Publish(t.Context(), e.Subject(), raw)
		require.NoError(t, err)
	}
	return began
}

// TestServersOutside serves on a NATS and a PostgreSQL that are not its own, and
// goes on while PostgreSQL is away: the wallboard moves, reports say 503, and
// history catches up afterwards.
func TestServersOutside(t *testing.T) {
	t.Parallel()

	config := postgres.Config{DataDir: filepath.Join(postgrestest.Dir(t), "postgres"), Logger: zerolog.Nop(), NoFsync: true}
	database, err := postgres.Start(t.Context(), config)
	require.NoError(t, err)
	stop := func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		require.NoError(t, database.Stop(ctx))
	}
	t.Cleanup(stop)
	natsURL := outsideNATS(t)
	s := startServed(t, postgrestest.Dir(t), "--nats-url", natsURL, "--database-url", database.URL(), "--stream-size", "96MiB")
	conn, err := nats.Connect(natsURL, nats.Timeout(time.Minute))
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)
	floor, err := js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	require.EqualValues(t, 96<<20, floor.CachedInfo().Config.MaxBytes)
	_, err = os.Stat(filepath.Join(s.dir, "nats"))
	require.ErrorIs(t, err, os.ErrNotExist)
	token := s.token("shop", "owner")
	chats := func() (n int) {
		var live struct {
			State struct {
				Metrics map[string]struct {
					Value json.RawMessage `json:"value"`
				} `json:"metrics"`
			} `json:"state"`
		}
		s.read("/v1/live/wallboard", token, &live)
		require.NoError(t, json.Unmarshal(live.State.Metrics["chats"].Value, &n))
		return n
	}
	chat(t, natsURL, "shop", 1)
	s.settle("shop", token)
	require.Equal(t, 1, chats())

	stop()
	require.Eventually(t, func() bool {
		status, _ := s.get("/v1/metrics?metric=chats", token)
		return status == http.StatusServiceUnavailable
	}, time.Minute, 50*time.Millisecond)
	chat(t, natsURL, "shop", 2)
	require.Eventually(t, func() bool { return chats() == 2 }, time.Minute, 20*time.Millisecond)

	database, err = postgres.Start(t.Context(), config)
	require.NoError(t, err)
	s.settle("shop", token)
	s.sameNow(token)
}
