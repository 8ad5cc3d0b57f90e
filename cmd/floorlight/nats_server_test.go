package main

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

func natsSettings(t *testing.T) settings {
	t.Helper()

	return settings{DataDir: t.TempDir(), NATSListen: "127.0.0.1:0"}
}

func startTestNATS(t *testing.T, s settings) *natsServer {
	t.Helper()

	n, err := startNATS(s, zerolog.Nop())
	require.NoError(t, err)
	t.Cleanup(n.Stop)
	return n
}

func connectInside(t *testing.T, n *natsServer) *nats.Conn {
	t.Helper()

	nc, err := n.Connect(t.Context())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}

// connectOutside is a foreign client; what the server refuses it comes out of
// the channel.
func connectOutside(t *testing.T, rawURL string, options ...nats.Option) (*nats.Conn, <-chan error) {
	t.Helper()

	refused := make(chan error, 16)
	options = append(options, nats.Timeout(time.Minute), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	nc, err := nats.Connect(rawURL, options...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc, refused
}

func nextError(t *testing.T, refused <-chan error) error {
	t.Helper()

	select {
	case err := <-refused:
		return err
	case <-time.After(time.Minute):
		require.FailNow(t, "nothing was refused")
		return nil
	}
}

func makeStream(t *testing.T, nc *nats.Conn) jetstream.JetStream {
	t.Helper()

	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)
	_, err = js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "FLOOR", Subjects: []string{"floor.>"}})
	require.NoError(t, err)
	return js
}

func TestNATSRefusesWhoHasNoCredentials(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	right, err := url.Parse(n.ClientURL("star"))
	require.NoError(t, err)
	password, _ := right.User.Password()
	for name, user := range map[string]*url.Userinfo{
		"nobody":             nil,
		"wrong password":     url.UserPassword(natsOwner, "floorlight"),
		"no password":        url.User(natsOwner),
		"tenant as owner":    url.UserPassword(natsOwner, password),
		"another tenant":     url.UserPassword("tenant.moon", password),
		"wildcard tenant":    url.UserPassword("tenant.>", n.auth.tenantPassword(">")),
		"tenant's bare name": url.UserPassword("star", password),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			wrong := *right
			wrong.User = user
			_, err := nats.Connect(wrong.String(), nats.Timeout(time.Minute))
			require.ErrorIs(t, err, nats.ErrAuthorization)
		})
	}
	connectOutside(t, right.String())
	connectOutside(t, n.ClientURL(""))
}

func TestNATSTenantKeepsToItsSubjects(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	inside := connectInside(t, n)
	makeStream(t, inside)
	check, err := inside.Subscribe("floorsvc.*.message.check", func(m *nats.Msg) { _ = m.Respond([]byte("allow")) })
	require.NoError(t, err)
	t.Cleanup(func() { _ = check.Unsubscribe() })
	require.NoError(t, inside.Flush())

	star, refused := connectOutside(t, n.ClientURL("star"))
	js, err := jetstream.New(star, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)

	// Its own: publish with an ack, ask, listen.
	ack, err := js.Publish(t.Context(), "floor.star.message.sent.c1", []byte("{}"))
	require.NoError(t, err)
	require.Equal(t, "FLOOR", ack.Stream)
	answer, err := star.RequestWithContext(t.Context(), "floorsvc.star.message.check", nil)
	require.NoError(t, err)
	require.Equal(t, "allow", string(answer.Data))
	own, err := star.SubscribeSync("floor.star.message.sent.*")
	require.NoError(t, err)
	require.NoError(t, star.Flush())
	require.NoError(t, inside.Publish("floor.star.message.sent.c2", []byte("{}")))
	_, err = own.NextMsgWithContext(t.Context())
	require.NoError(t, err)

	// Everything else is refused, and nothing of it arrives.
	for _, subject := range []string{
		"floor.moon.message.sent.c1", "floor.star", "floor.stars.message.sent.c1", "floorsvc.moon.message.check",
		"refused.star", "$JS.API.STREAM.PURGE.FLOOR", "$JS.API.STREAM.DELETE.FLOOR", "_INBOX.someone", natsOwnInbox + ".x",
	} {
		require.NoError(t, star.Publish(subject, nil))
		require.ErrorIs(t, nextError(t, refused), nats.ErrPermissionViolation, "publish to %s", subject)
	}
	for _, subject := range []string{
		">", "floor.>", "floor.*.message.sent.*", "floor.moon.>", "floorsvc.star.message.check", "$JS.>", natsOwnInbox + ".>", "_INBOX_moon.>",
	} {
		_, err := star.SubscribeSync(subject)
		require.NoError(t, err)
		require.ErrorIs(t, nextError(t, refused), nats.ErrPermissionViolation, "subscribe to %s", subject)
	}
	stream, err := jetstreamOf(t, inside).Stream(t.Context(), "FLOOR")
	require.NoError(t, err)
	state, err := stream.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(2), state.State.Msgs)

	// The inbox that no other tenant may read.
	quiet, _ := connectOutside(t, n.ClientURL("star"), nats.CustomInboxPrefix("_INBOX_star"))
	_, err = quiet.RequestWithContext(t.Context(), "floorsvc.star.message.check", nil)
	require.NoError(t, err)
}

func jetstreamOf(t *testing.T, nc *nats.Conn) jetstream.JetStream {
	t.Helper()

	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)
	return js
}

func TestNATSConnectionSurvivesRestarts(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	inside := connectInside(t, n)
	js := makeStream(t, inside)
	before := n.ClientURL("star")
	outside, _ := connectOutside(t, before, nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))

	const restarts = 3
	for i := range restarts {
		_, err := js.Publish(t.Context(), "floor.star.message.sent.c1", []byte("{}"))
		require.NoError(t, err)
		require.NoError(t, n.Restart())
		require.Equal(t, before, n.ClientURL("star"), "the port stays")
		require.Eventually(t, func() bool { return publishes(t.Context(), js) }, time.Minute, 20*time.Millisecond, "inside, restart %d", i)
	}
	require.Eventually(t, func() bool { return publishes(t.Context(), jetstreamOf(t, outside)) }, time.Minute, 20*time.Millisecond)

	stream, err := js.Stream(t.Context(), "FLOOR")
	require.NoError(t, err)
	state, err := stream.Info(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, state.State.Msgs, uint64(2*restarts+1))
	require.EqualValues(t, 1, state.State.FirstSeq, "nothing acked is gone")
}

func publishes(ctx context.Context, js jetstream.JetStream) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()

	_, err := js.Publish(ctx, "floor.star.message.sent.c1", []byte("{}"))
	return err == nil
}

func TestNATSKeepsWhatItAcked(t *testing.T) {
	t.Parallel()

	s := natsSettings(t)
	n := startTestNATS(t, s)
	nc := connectInside(t, n)
	_, err := makeStream(t, nc).Publish(t.Context(), "floor.star.message.sent.c1", []byte("kept"))
	require.NoError(t, err)
	nc.Close()
	n.Stop()
	n.Stop() // twice is fine
	require.Zero(t, n.MaxStore())
	require.ErrorIs(t, n.Restart(), errNATSStopped)
	_, err = n.InProcessConn()
	require.ErrorIs(t, err, errNATSStopped)
	require.NoFileExists(t, natsAddressFile(s))

	again := startTestNATS(t, s)
	require.NotZero(t, again.MaxStore())
	stream, err := jetstreamOf(t, connectInside(t, again)).Stream(t.Context(), "FLOOR")
	require.NoError(t, err)
	msg, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "kept", string(msg.Data))
}

// A stream whose limit was fine on yesterday's disk must still be there today,
// and take today's limit.
func TestNATSKeepsStreamsThatNoLongerFit(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	nc := connectInside(t, n)
	js := jetstreamOf(t, nc)
	_, err := stream.Open(t.Context(), nc, stream.Config{MaxBytes: n.MaxStore() / 10 * 8, Logger: zerolog.Nop()})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "floor.star.message.sent.c1", []byte("kept"))
	require.NoError(t, err)

	n.mu.Lock()
	n.stopCurrent()
	n.room = func(string) (int64, error) { return 64 << 20, nil }
	err = n.start()
	n.mu.Unlock()
	require.NoError(t, err)
	var floor *stream.Stream
	require.Eventually(t, func() bool {
		floor, err = stream.Open(t.Context(), nc, stream.Config{MaxBytes: n.MaxStore() / 10 * 8, RefusedMaxBytes: 1 << 20, Logger: zerolog.Nop()})
		return !errors.Is(err, stream.ErrUnavailable)
	}, time.Minute, 20*time.Millisecond)
	require.NoError(t, err)
	st, err := floor.State(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, st.Last)
	require.LessOrEqual(t, st.MaxBytes, uint64(64<<20))
}

func TestNATSPortTaken(t *testing.T) {
	t.Parallel()

	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	s := natsSettings(t)
	s.NATSListen = taken.Addr().String()
	_, err = startNATS(s, zerolog.Nop())
	require.ErrorContains(t, err, "nats_listen")
	require.ErrorContains(t, err, s.NATSListen)
	require.ErrorContains(t, err, "address already in use")

	// The failed start left nothing behind that is in the way of the next.
	s.NATSListen = "127.0.0.1:0"
	startTestNATS(t, s)
}

func TestNATSWithoutClientPort(t *testing.T) {
	t.Parallel()

	s := natsSettings(t)
	s.NATSListen = natsListenOff
	require.NoError(t, os.WriteFile(natsAddressFile(s), []byte("127.0.0.1:4222\n"), 0o600))
	n := startTestNATS(t, s)
	require.Empty(t, n.ClientURL(""))
	require.NoFileExists(t, natsAddressFile(s))
	require.NoError(t, n.Restart())
	makeStream(t, connectInside(t, n))
	_, err := natsAddress(s)
	require.ErrorContains(t, err, "nats_listen is off")
}

func TestNATSOneProcessPerDirectory(t *testing.T) {
	t.Parallel()

	s := natsSettings(t)
	n := startTestNATS(t, s)
	_, err := startNATS(s, zerolog.Nop())
	require.ErrorContains(t, err, "another process is using it")
	n.Stop()
	startTestNATS(t, s)
}

func TestNATSURLCommandReachesARunningServer(t *testing.T) {
	t.Parallel()

	s := natsSettings(t)
	n := startTestNATS(t, s)
	for _, tenant := range []string{"", "star"} {
		var out strings.Builder
		require.NoError(t, (&natsURLCommand{Tenant: tenant}).Run(&environment{stdout: &out, settings: s}))
		require.Equal(t, n.ClientURL(tenant), strings.TrimSpace(out.String()))
		connectOutside(t, strings.TrimSpace(out.String()))
	}
}

func TestNATSTakesLongMessages(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	nc, _ := connectOutside(t, n.ClientURL("star"))
	require.GreaterOrEqual(t, nc.MaxPayload(), int64(256<<10))
	makeStream(t, connectInside(t, n))
	_, err := jetstreamOf(t, nc).Publish(t.Context(), "floor.star.message.sent.c1", make([]byte, 256<<10))
	require.NoError(t, err)
}
