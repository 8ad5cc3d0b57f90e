package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// tenantPair is a server with a stream and a check, and two tenants' clients.
func tenantPair(t *testing.T) (n *natsServer, js jetstream.JetStream, star, moon *nats.Conn) {
	t.Helper()

	n = startTestNATS(t, natsSettings(t))
	inside := connectInside(t, n)
	js = makeStream(t, inside)
	check, err := inside.Subscribe("floorsvc.*.message.check", func(m *nats.Msg) { _ = m.Respond([]byte("allow " + m.Subject)) })
	require.NoError(t, err)
	t.Cleanup(func() { _ = check.Unsubscribe() })
	require.NoError(t, inside.Flush())
	star, _ = connectOutside(t, n.ClientURL("star"))
	moon, _ = connectOutside(t, n.ClientURL("moon"))
	return n, js, star, moon
}

func lastOf(t *testing.T, js jetstream.JetStream) uint64 {
	t.Helper()

	floor, err := js.Stream(t.Context(), "FLOOR")
	require.NoError(t, err)
	return floor.CachedInfo().State.LastSeq
}

// listen subscribes, and is sure that the server knows it.
func listen(t *testing.T, nc *nats.Conn, subject string) *nats.Subscription {
	t.Helper()

	sub, err := nc.SubscribeSync(subject)
	require.NoError(t, err)
	require.NoError(t, nc.Flush())
	return sub
}

// TestNATSTenantsSeeNoAnswersOfOthers: whoever listens to every inbox, and even to one
// that he knows by name, hears his own desk's answers and no other's.
func TestNATSTenantsSeeNoAnswersOfOthers(t *testing.T) {
	t.Parallel()

	_, js, star, moon := tenantPair(t)
	ears := map[string]*nats.Subscription{}
	for _, subject := range []string{"_INBOX.>", "_INBOX.*.*", "_INBOX.known"} {
		ears[subject] = listen(t, moon, subject)
	}
	own := listen(t, star, "_INBOX.>")
	answer, err := star.RequestWithContext(t.Context(), "floorsvc.star.message.check", nil)
	require.NoError(t, err)
	require.Equal(t, "allow floorsvc.star.message.check", string(answer.Data))
	ack, err := jetstreamOf(t, star).Publish(t.Context(), "floor.star.message.sent.c1", []byte("{}"))
	require.NoError(t, err)
	require.Equal(t, "FLOOR", ack.Stream)
	require.NoError(t, star.PublishRequest("floorsvc.star.message.check", "_INBOX.known", nil))
	for range 3 { // the listener is where answers go
		_, err := own.NextMsgWithContext(t.Context())
		require.NoError(t, err)
	}

	// What comes next to moon is its own, so nothing has come before.
	require.NoError(t, moon.PublishRequest("floorsvc.moon.message.check", "_INBOX.known", nil))
	first, err := ears["_INBOX.known"].NextMsgWithContext(t.Context())
	require.NoError(t, err)
	require.Equal(t, "allow floorsvc.moon.message.check", string(first.Data))
	first, err = ears["_INBOX.>"].NextMsgWithContext(t.Context())
	require.NoError(t, err)
	require.Equal(t, "allow floorsvc.moon.message.check", string(first.Data))
	waiting, _, err := ears["_INBOX.*.*"].Pending()
	require.NoError(t, err)
	require.Zero(t, waiting)
	require.EqualValues(t, 1, lastOf(t, js))
}

// TestNATSAnswersGoNowhereElse: the subject that a tenant wants to be answered on is
// of its own account, whatever its name, so that no acknowledgement or verdict is
// written where the tenant may not write.
func TestNATSAnswersGoNowhereElse(t *testing.T) {
	t.Parallel()

	n, js, star, _ := tenantPair(t)
	inside := connectInside(t, n)
	everything := listen(t, inside, ">")
	for i, reply := range []string{"floor.moon.message.sent.c9", "floor.star", "$KV.rules.star", "$JS.API.STREAM.PURGE.FLOOR", natsOwnInbox + ".x"} {
		require.NoError(t, star.PublishRequest("floor.star.message.sent.c1", reply, []byte("{}")))
		require.NoError(t, star.PublishRequest("floorsvc.star.message.check", reply, nil))
		require.NoError(t, star.Flush())
		require.Eventually(t, func() bool { return lastOf(t, js) == uint64(i+1) }, time.Minute, 20*time.Millisecond, "%s", reply)
	}
	// A last one whose answer is asked for comes behind all of the others' answers.
	_, err := jetstreamOf(t, star).Publish(t.Context(), "floor.star.message.sent.c1", []byte("{}"))
	require.NoError(t, err)
	require.EqualValues(t, 6, lastOf(t, js), "no answer was stored")
	require.NoError(t, inside.Publish("done", nil))
	for {
		m, err := everything.NextMsgWithContext(t.Context())
		require.NoError(t, err)
		if m.Subject == "done" {
			break
		}
		require.NotContains(t, m.Subject, "moon")
		require.NotContains(t, m.Subject, "$KV")
		require.NotContains(t, m.Subject, "PURGE")
		require.NotEqual(t, natsOwnInbox+".x", m.Subject)
	}
}

// TestNATSTenantsEventsComeOnce: a desk's own subscribers get each of its events once,
// whoever publishes it; those of a group share them; and the stream has what was sent.
func TestNATSTenantsEventsComeOnce(t *testing.T) {
	t.Parallel()

	n, js, star, moon := tenantPair(t)
	other, _ := connectOutside(t, n.ClientURL("star"))
	inside := connectInside(t, n)
	heard := []*nats.Subscription{listen(t, star, "floor.star.>"), listen(t, other, "floor.star.message.sent.*")}
	foreign := listen(t, moon, "floor.moon.>")
	var group []*nats.Subscription
	for _, nc := range []*nats.Conn{star, other} {
		sub, err := nc.QueueSubscribeSync("floor.star.message.sent.*", "deliver")
		require.NoError(t, err)
		require.NoError(t, nc.Flush())
		group = append(group, sub)
	}
	const each = 20
	publish := func(nc *nats.Conn, id, text string) *jetstream.PubAck {
		ack, err := jetstreamOf(t, nc).PublishMsg(t.Context(), &nats.Msg{
			Subject: "floor.star.message.sent.c1", Data: []byte(text), Header: nats.Header{jetstream.MsgIDHeader: {id}},
		})
		require.NoError(t, err)
		return ack
	}
	for i := range each {
		for who, nc := range []*nats.Conn{star, other, inside} {
			require.False(t, publish(nc, fmt.Sprint(who, "/", i), "{}").Duplicate)
		}
	}
	require.True(t, publish(other, "0/0", "last").Duplicate, "the stream knows ids whoever publishes")
	for _, sub := range heard {
		for range 3 * each {
			m, err := sub.NextMsgWithContext(t.Context())
			require.NoError(t, err)
			require.Equal(t, "{}", string(m.Data))
		}
		m, err := sub.NextMsgWithContext(t.Context())
		require.NoError(t, err)
		require.Equal(t, "last", string(m.Data), "each came once")
	}
	require.Eventually(t, func() bool {
		all := 0
		for _, sub := range group {
			waiting, _, err := sub.Pending()
			require.NoError(t, err)
			all += waiting
		}
		return all == 3*each+1
	}, time.Minute, 20*time.Millisecond, "a group shares them")
	require.NoError(t, inside.Publish("floor.moon.message.sent.c1", []byte("moon")))
	m, err := foreign.NextMsgWithContext(t.Context())
	require.NoError(t, err)
	require.Equal(t, "moon", string(m.Data), "and nothing of star's before")

	stored, err := js.Stream(t.Context(), "FLOOR")
	require.NoError(t, err)
	raw, err := stored.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "floor.star.message.sent.c1", raw.Subject)
	require.Len(t, raw.Header, 1, "and nothing of the account: %v", raw.Header)
	_, err = star.RequestWithContext(t.Context(), "floorsvc.star.nobody", nil)
	require.ErrorIs(t, err, nats.ErrNoResponders)
}
