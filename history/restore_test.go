package history

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestLoadedStatesGoOnAsIfNothingHadHappened loads what is stored half way, folds
// the rest in memory as the hub does, and compares each entity with what the
// writer makes of the same.
func TestLoadedStatesGoOnAsIfNothingHadHappened(t *testing.T) {
	t.Parallel()
	events := star(t)[:8000]
	half := len(events) / 2
	d := newDesk(t)
	d.publish(events[:half]...)
	d.write()

	tenants, at, err := d.db.Tenants(t.Context())
	require.NoError(t, err)
	require.Equal(t, []event.TenantID{starTenant}, tenants)
	require.EqualValues(t, half, at)
	seq, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	require.EqualValues(t, half, seq)
	st := states[starTenant]
	require.NotNil(t, st)
	require.EqualValues(t, half, st.Seq())
	open := 0
	for c := range st.Conversations() {
		if c.Open() {
			open++
		}
		_, ok := st.Customer(c.Current().Customer)
		require.True(t, ok, "a conversation's customer is there with it")
	}
	require.Equal(t, d.count(`SELECT count(*) FROM conversations WHERE state <> 'closed'`), open)

	// What was stored is known: the last event again is a duplicate, an old one is looked up.
	for _, i := range []int{half - 1, 10} {
		apply(t, d.db, st, uint64(half), &events[i], true)
	}
	for i := half; i < len(events); i++ {
		apply(t, d.db, st, uint64(i+1), &events[i], false)
		if i%500 == 0 {
			st.Forget(seq) // nothing behind it is stored
			st.Sweep(seq, 60_000, true)
		}
	}
	d.publish(events[half:]...)
	d.write()
	compared := 0
	compare := func(r fold.Ref) {
		got, err := st.Encode(r)
		require.NoError(t, err)
		stored, err := d.db.Fetch(t.Context(), starTenant, []fold.Ref{r})
		require.NoError(t, err)
		require.Equal(t, string(stored[r]), string(got), "%d %s", r.Kind, r.ID)
		compared++
	}
	for c := range st.Conversations() {
		compare(fold.Ref{Kind: fold.KindConversation, ID: string(c.ID)})
		compare(fold.Ref{Kind: fold.KindCustomer, ID: string(c.Current().Customer)})
	}
	compare(fold.Ref{Kind: fold.KindTenant})
	require.Greater(t, compared, 200)
}

// TestLoadedStatesKnowWhatWasBroadcast checks that today's broadcasts outlive a
// restart of the hub, which counts them from its state.
func TestLoadedStatesKnowWhatWasBroadcast(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	broadcast := func(id string, at time.Time) event.Event {
		return event.New("desk", "test", id, at, &event.MessageSent{
			Message: event.MessageID(id), From: event.Actor{Kind: event.Broadcast}, Text: "sale", Customer: "u1", Channel: "wa",
		})
	}
	d.publish(broadcast("old", noon.AddDate(0, 0, -9)), broadcast("m1", noon), broadcast("m2", noon))
	d.write()
	_, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	var all []fold.Loose
	for l := range states["desk"].Loose() {
		all = append(all, *l)
	}
	require.Len(t, all, 1, "nine days ago is no longer anybody's today")
	require.EqualValues(t, 2, all[0].Row.Counts.At(metric.MessagesBroadcast))
	require.Equal(t, metric.DayOf(noon.Date()), all[0].Row.Day)

	r, err := d.db.Verify(t.Context(), "desk", firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(t, err)
	require.EqualValues(t, 2, r.Counts[metric.MessagesBroadcast], "what the hub's counters are compared with")
}

// TestLoadedStatesKnowWhatCountsToday pays an order days after the conversation
// that it is attributed to: it counts today, on what nobody has changed since.
func TestLoadedStatesKnowWhatCountsToday(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	bot := event.Actor{Kind: event.Bot, ID: "b1"}
	var events []event.Event
	add := func(after time.Duration, data event.Data) {
		events = append(events, event.New("desk", "test", fmt.Sprint("e", len(events)), noon.Add(after), data))
	}
	add(0, &event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web", Attribution: &event.Attribution{Touch: "message", Hours: 240}})
	add(time.Second, &event.ConversationStarted{Conversation: "old", Channel: "web", Customer: event.Profile{ID: "u1"}})
	add(2*time.Second, &event.MessageSent{Conversation: "old", Message: "m1", From: bot, Text: "have a look"})
	add(3*time.Second, &event.ConversationClosed{Conversation: "old", By: bot})
	add(time.Second, &event.ConversationStarted{Conversation: "older", Channel: "web", Customer: event.Profile{ID: "u2"}})
	add(3*time.Second, &event.ConversationClosed{Conversation: "older", By: bot})
	add(8*24*time.Hour, &event.OrderPaid{Order: "o1", Customer: "u1", Amount: "12.50", Currency: "USD"})
	d.publish(events...)
	d.write()
	_, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	st := states["desk"]
	found, there := st.Conversation("old")
	require.True(t, there)
	rows := found.Current().Rows
	require.Equal(t, "12.50", rows[len(rows)-1].AISales().Strings()["USD"])
	require.Equal(t, metric.DayOf(2026, 3, 10), rows[len(rows)-1].Day)
	_, there = st.Conversation("older")
	require.False(t, there, "it counts nothing today")
}

// apply folds one event as a state's owner does.
func apply(t *testing.T, db *Database, st *fold.State, seq uint64, e *event.Event, duplicate bool) {
	t.Helper()
	for refs := st.Missing(e, nil); len(refs) > 0; refs = st.Missing(e, nil) {
		found, err := db.Fetch(t.Context(), st.Tenant(), refs)
		require.NoError(t, err)
		for _, r := range refs {
			require.NoError(t, st.Bring(r, found[r]))
		}
	}
	require.Equal(t, duplicate, st.Apply(seq, e).Duplicate)
}

func TestFetchOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 3)...)
	d.write()
	there := fold.Ref{Kind: fold.KindEvent, ID: "test\x00e1"}
	found, err := d.db.Fetch(t.Context(), "desk", []fold.Ref{
		there, {Kind: fold.KindEvent, ID: "test\x00e9"}, {Kind: fold.KindConversation, ID: "c9"}, {Kind: fold.KindOrder, ID: "c1"},
	})
	require.NoError(t, err)
	require.Equal(t, map[fold.Ref][]byte{there: []byte("1772452801000000")}, found)
	found, err = d.db.Fetch(t.Context(), "other", []fold.Ref{there, {Kind: fold.KindConversation, ID: "c1"}})
	require.NoError(t, err)
	require.Empty(t, found)
	_, err = d.db.Fetch(t.Context(), "desk", []fold.Ref{{Kind: fold.KindEvent, ID: "e1"}})
	require.Error(t, err)
}

func TestNothingStoredYet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seq, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	require.Zero(t, seq)
	require.Empty(t, states)
	_, err = d.db.Verify(t.Context(), "desk", firstDay, lastDay, func(VerifyProgress) {})
	require.ErrorIs(t, err, ErrUnknownTenant)
	d.publish(say("desk", 0))
	d.write()
	require.ErrorIs(t, d.db.Refold(t.Context(), "other"), ErrUnknownTenant)
}

// TestPostgresDiesInTheMiddle kills PostgreSQL under a writer, which goes on
// when it is back.
func TestPostgresDiesInTheMiddle(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := uninterrupted(t, events)
	server, err := postgres.Start(t.Context(), postgres.Config{DataDir: postgrestest.Dir(t), Logger: zerolog.Nop()})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop(context.WithoutCancel(t.Context())) })
	d := newDesk(t)
	d.url = server.URL()
	d.db = d.database()
	require.NoError(t, d.db.Migrate(t.Context()))
	d.publish(events[:1500]...)
	w := d.small()
	w.log = zerolog.Nop()
	end := d.run(w)
	d.awaitUpTo(w, 501)
	pid := server.Pid()
	require.NoError(t, syscall.Kill(pid, syscall.SIGQUIT)) // at once, as after a crash
	require.Eventually(t, func() bool { return w.Status().Err != nil || server.Pid() != pid }, 2*patience, time.Millisecond)
	d.publish(events[1500:]...)
	d.await(w)
	require.NoError(t, w.Status().Err)
	require.NoError(t, end())
	d.requireDump(want)
}

// TestDatabaseIsAway starts everything before PostgreSQL does.
func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 3)...)
	there := d.db
	var err error
	d.db, err = Open(t.Context(), Config{URL: "postgres:///floorlight?host=" + t.TempDir(), Logger: zerolog.Nop()})
	require.NoError(t, err)
	t.Cleanup(d.db.Close)
	require.ErrorIs(t, d.db.Ping(t.Context()), ErrUnavailable)
	require.ErrorIs(t, d.db.Migrate(t.Context()), ErrUnavailable)
	_, _, err = d.db.Load(t.Context(), 0, 0)
	require.ErrorIs(t, err, ErrUnavailable)
	w := d.db.NewWriter(d.Stream, WriterConfig{})
	end := d.run(w)
	require.Eventually(t, func() bool { return w.Status().Err != nil }, 2*patience, time.Millisecond)
	require.ErrorIs(t, w.Status().Err, ErrUnavailable)
	require.False(t, w.Status().Running)
	require.NoError(t, end())
	d.db = there
	d.write()
	require.Equal(t, 3, d.count(`SELECT count(*) FROM events`))
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(some(t)...)
	d.write()
	clean, err := d.db.Verify(t.Context(), starTenant, firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(t, err)
	require.Empty(t, clean.Differences)
	require.Equal(t, len(some(t)), clean.Events)
	require.EqualValues(t, clean.Events, clean.Seq)
	require.Equal(t, "tiktok_shop@1", clean.Profile)
	require.Equal(t, "2020-05-20", clean.Today.String())
	require.Equal(t, d.count(`SELECT sum(messages_received) FROM contributions WHERE NOT per_agent AND day = '2020-05-20'`), int(clean.Counts[metric.MessagesReceived]))
	require.Equal(t, HashDay(starTenant, clean.Today, &clean.Counts), clean.Hash)
	require.Len(t, clean.Hash, 16)

	for _, sql := range []string{
		`UPDATE contributions SET chats = chats + 1 WHERE (conversation, session, position) = (SELECT conversation, session, position FROM contributions WHERE chats > 0 ORDER BY 1, 2, 3 LIMIT 1)`,
		`UPDATE conversations SET first_question = 'changed', intent = 'other2' WHERE conversation = (SELECT min(conversation) FROM conversations)`,
		`DELETE FROM agent_days WHERE agent = (SELECT min(agent) FROM agent_days)`,
		`UPDATE customers SET friend = NOT friend, name = 'changed' WHERE customer = (SELECT min(customer) FROM customers)`,
		`INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer)
			VALUES ('star', 'x', -1, 0, 1, '2020-05-20', 0, false, 'web', '', '', '', '', '', '{}', '')`,
	} {
		_, err := d.db.pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	r, err := d.db.Verify(t.Context(), starTenant, firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(t, err)
	found := map[string]Difference{}
	for _, x := range r.Differences {
		found[x.Table+" "+x.Column] = x
		require.NotContains(t, x.Stored+x.Computed, "changed", "no customer's word")
	}
	require.Len(t, found, 7)
	require.Equal(t, "true", found["customers friend"].Stored)
	require.Empty(t, found["customers name"].Computed)
	require.Equal(t, "2", found["contributions chats"].Stored)
	require.Equal(t, "1", found["contributions chats"].Computed)
	require.NotEmpty(t, found["contributions chats"].Key)
	require.Equal(t, `"other2"`, found["conversations intent"].Stored)
	require.Contains(t, found, "conversations first_question")
	require.True(t, found["agent_days "].Missing)
	require.True(t, found["contributions "].Surplus)
	require.Equal(t, "x/-1/0", found["contributions "].Key)
	require.Equal(t, clean.Hash, r.Hash, "the recomputed hash does not follow the stored rows")

	none, err := d.db.Verify(t.Context(), starTenant, firstDay, metric.DayOf(2020, 5, 1), func(VerifyProgress) {})
	require.NoError(t, err)
	require.Len(t, none.Differences, 2, "customers have no day")
}

// TestRefoldPutsThePastUnderTheProfileInForce compares with a desk that had the
// profile from the beginning, while a writer runs.
func TestRefoldPutsThePastUnderTheProfileInForce(t *testing.T) {
	t.Parallel()
	events := some(t)
	shanghai := configure("profile/2", "wecom", `{"timezone":"Asia/Shanghai"}`)
	other := newDesk(t)
	first := append([]event.Event{shanghai}, events[1:]...)
	other.publish(first...)
	other.write()
	want := other.dump()

	d := newDesk(t)
	d.publish(events[:2000]...)
	w := d.small()
	end := d.run(w)
	d.await(w)
	before := d.dump()
	d.publish(shanghai)
	d.await(w)
	require.Equal(t, before["contributions"], d.dump()["contributions"], "a profile changes nothing by itself")
	require.NoError(t, d.db.Refold(t.Context(), starTenant))
	requireVerified(t, d)
	d.publish(events[2000:]...)
	d.await(w)
	require.NoError(t, w.Status().Err)
	require.NoError(t, end())
	requireVerified(t, d)
	got := d.dump()
	for _, table := range []string{"contributions", "conversations", "agent_days", "customers", "agents", "channels", "teams"} {
		require.Equal(t, want[table], got[table], table)
	}
	require.NotEqual(t, before["contributions"], got["contributions"])
	require.NoError(t, d.db.Refold(t.Context(), starTenant))
	d.requireDump(got)
}

func TestNumbersOfAnOlderFoldAreComputedAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(some(t)...)
	d.write()
	want := d.dump()
	age := func() {
		for _, sql := range []string{
			`UPDATE contributions SET chats = chats + 1`, `DELETE FROM conversations WHERE conversation < 'm'`,
			`UPDATE entities SET state = '{}' WHERE kind = 3`, `UPDATE cursors SET fold_version = 0`,
		} {
			_, err := d.db.pool.Exec(t.Context(), sql)
			require.NoError(t, err)
		}
	}
	age()
	_, _, err := d.db.Load(t.Context(), 0, 0)
	require.ErrorIs(t, err, ErrOldFold)
	_, err = d.db.Verify(t.Context(), starTenant, firstDay, lastDay, func(VerifyProgress) {})
	require.ErrorIs(t, err, ErrOldFold)
	require.NoError(t, d.db.Migrate(t.Context()))
	_, _, err = d.db.Load(t.Context(), 0, 0)
	require.ErrorIs(t, err, ErrOldFold, "the schema alone")
	require.NoError(t, d.db.Renew(t.Context()))
	require.NoError(t, d.db.sweepAbandoned(t.Context()))
	d.requireDump(want)
	age()
	d.write() // a writer does the same
	require.NoError(t, d.db.sweepAbandoned(t.Context()))
	require.Equal(t, fold.Version, d.count(`SELECT fold_version FROM cursors`))
	d.requireDump(want)
}

func TestNewerProgramsAreRespected(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(say("desk", 0))
	d.write()
	_, err := d.db.pool.Exec(t.Context(), `UPDATE cursors SET fold_version = 99`)
	require.NoError(t, err)
	require.ErrorIs(t, d.db.Migrate(t.Context()), ErrNewerFold)
	require.ErrorIs(t, d.writer().Run(t.Context()), ErrNewerFold)
	_, _, err = d.db.Load(t.Context(), 0, 0)
	require.ErrorIs(t, err, ErrNewerFold)
	_, err = d.db.pool.Exec(t.Context(), `UPDATE `+versionTable+` SET version = 99`)
	require.NoError(t, err)
	require.ErrorIs(t, d.db.Migrate(t.Context()), ErrNewerSchema)
}

func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	d := &desk{t: t, url: postgrestest.New(t)}
	d.db = d.database()
	errs := make(chan error)
	for range 4 {
		go func() { errs <- d.db.Migrate(t.Context()) }()
	}
	for range 4 {
		require.NoError(t, <-errs)
	}
}

// TestErrorsDoNotQuoteRows provokes a refusal whose detail holds a value.
func TestErrorsDoNotQuoteRows(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, sql := range []string{
		`INSERT INTO channels VALUES ('t', 'c', 'secret words', NULL, NULL)`,
		`SELECT 'secret words'::integer`,
	} {
		_, err := d.db.pool.Exec(t.Context(), sql)
		require.Error(t, err)
		require.NotContains(t, interpret(err).Error(), "secret")
	}
}
