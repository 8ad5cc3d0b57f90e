package history_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/history/migrations"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// reading is a database whose rows the test puts there itself, apart from the
// writer: what a report reads is the schema, not the program beside it.
type reading struct {
	*history.Database
	conn *pgx.Conn
}

// newReading makes an empty database with the schema.
func newReading(tb testing.TB) *reading {
	tb.Helper()
	url := postgrestest.New(tb)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = conn.Close(ctx) })
	steps, err := migrations.FS.ReadDir(".")
	require.NoError(tb, err)
	for _, step := range steps {
		sql, err := migrations.FS.ReadFile(step.Name())
		require.NoError(tb, err)
		_, err = conn.Exec(ctx, string(sql))
		require.NoError(tb, err)
	}
	_, err = conn.Exec(ctx, "CREATE TABLE events_all PARTITION OF events DEFAULT")
	require.NoError(tb, err)
	db, err := history.Open(ctx, history.Config{URL: url, Logger: zerolog.Nop()})
	require.NoError(tb, err)
	tb.Cleanup(db.Close)
	return &reading{Database: db, conn: conn}
}

func (r *reading) exec(tb testing.TB, sql string, args ...any) {
	tb.Helper()
	_, err := r.conn.Exec(context.Background(), sql, args...)
	require.NoError(tb, err)
}

// folding is a tenant's fold and the events that it took.
type folding struct {
	*fold.State
	events []event.Event
}

func newFolding(tenant event.TenantID) *folding { return &folding{State: fold.New(tenant)} }

// take applies events in order.
func (f *folding) take(tb testing.TB, events ...event.Event) {
	tb.Helper()
	for i := range events {
		e := &events[i]
		for _, ref := range f.Missing(e, nil) { // nothing is stored: each is a false alarm
			require.NoError(tb, f.Bring(ref, nil))
		}
		f.events = append(f.events, *e)
		c := f.Apply(uint64(len(f.events)), e)
		require.Nil(tb, c.Refused)
		require.False(tb, c.Duplicate)
	}
}

// say takes one more event, at a moment, about d.
func (f *folding) say(tb testing.TB, at time.Time, d event.Data) {
	tb.Helper()
	f.take(tb, event.New(f.Tenant(), "test", "e"+time.Duration(len(f.events)).String(), at, d))
}

// store writes everything that the fold has made, and its events.
func (r *reading) store(tb testing.TB, f *folding) {
	tb.Helper()
	ctx := context.Background()
	tenant := string(f.Tenant())
	b := &pgx.Batch{}
	p := f.Profile()
	settings, err := jsonv2.Marshal(p.Settings)
	require.NoError(tb, err)
	b.Queue("INSERT INTO tenants (tenant, name, profile, version, settings) VALUES ($1, $2, $3, $4, $5)", tenant, f.Name(), p.Name, p.Version, settings)
	b.Queue("INSERT INTO cursors (partition, seq, stream, fold_version) VALUES (0, $1, 's', $2) ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq", int64(f.Seq()), fold.Version)
	refs := []fold.Ref{{Kind: fold.KindTenant}}
	for a := range f.Agents() {
		refs = append(refs, fold.Ref{Kind: fold.KindAgent, ID: string(a.ID)})
	}
	seen := map[event.CustomerID]bool{}
	for c := range f.Conversations() {
		for _, s := range c.Sessions {
			if u, ok := f.Customer(s.Customer); ok && !seen[u.ID] {
				seen[u.ID] = true
				refs = append(refs, fold.Ref{Kind: fold.KindCustomer, ID: string(u.ID)})
			}
		}
	}
	for _, ref := range refs {
		state, err := f.Encode(ref)
		require.NoError(tb, err)
		b.Queue("INSERT INTO entities VALUES ($1, $2, $3, $4, $5)", tenant, int16(ref.Kind), ref.ID, int64(f.Seq()), state)
	}
	for c := range f.Channels() {
		b.Queue("INSERT INTO channels VALUES ($1, $2, $3, $4, $5)", tenant, c.ID, c.Name, c.Kind, c.Disabled)
	}
	for g := range f.Teams() {
		b.Queue("INSERT INTO teams VALUES ($1, $2, $3, $4, $5)", tenant, g.ID, g.Name, g.Capacity, g.Disabled)
	}
	for a := range f.Agents() {
		b.Queue("INSERT INTO agents VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", tenant, a.ID, a.Name, a.Department,
			texts(a.Teams), texts(a.Channels), a.Capacity, a.Disabled, a.Status, moment(a.OnlineSince))
		for day, d := range a.Days {
			b.Queue("INSERT INTO agent_days VALUES ($1, $2, $3, $4, $5)", tenant, a.ID, day.Time(), d.Online, moment(d.First))
		}
	}
	for l := range f.Loose() {
		b.Queue("INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, messages_broadcast) "+
			"VALUES ($1, $2, -1, 0, 1, $3, $4, false, $5, '', '', '', '', '', '{}', $6, $7)",
			tenant, l.Ref().ID, l.Row.Day.Time(), l.Row.Hour, l.Row.Channel, l.Customer, l.Row.Counts.At(metric.MessagesBroadcast))
	}
	customers := map[event.CustomerID]bool{}
	for c := range f.Conversations() {
		for _, s := range c.Sessions {
			storeSession(tb, b, tenant, s)
			u, ok := f.Customer(s.Customer)
			if !ok || customers[u.ID] {
				continue
			}
			customers[u.ID] = true
			b.Queue("INSERT INTO customers VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)", tenant, u.ID, u.Name, u.Reached().Email, u.Reached().Phone, u.Anonymous, u.Friend, moment(u.WroteAt))
		}
	}
	for i := range f.events {
		e := &f.events[i]
		raw, err := e.Encode()
		require.NoError(tb, err)
		var about struct {
			Data struct {
				Conversation *string `json:"conversation"`
			} `json:"data"`
		}
		require.NoError(tb, json.Unmarshal(raw, &about))
		b.Queue("INSERT INTO events (tenant, time, source, id, seq, arrived, type, conversation, body) VALUES ($1, $2, $3, $4, $5, $2, $6, $7, $8)",
			tenant, e.Time, e.Source, e.ID, int64(i+1), e.Type, about.Data.Conversation, raw)
	}
	require.NoError(tb, r.conn.SendBatch(ctx, b).Close())
	require.NoError(tb, r.IndexTexts(ctx))
	r.exec(tb, "ANALYZE")
}

func storeSession(tb testing.TB, b *pgx.Batch, tenant string, s *fold.Session) {
	tb.Helper()
	var stars *int64
	if s.More().Stars != 0 {
		stars = &s.More().Stars
	}
	state := "open"
	switch {
	case s.Closed:
		state = "closed"
	case s.Queued:
		state = "queued"
	case s.Handler.Kind == event.Bot:
		state = "bot"
	case s.Handler.Kind == event.Agent:
		state = "human"
	}
	var closed *time.Time
	if s.Closed {
		closed = moment(s.ClosedAt)
	}
	var response *int64
	if s.HasFirst {
		response = &s.More().FirstResponse
	}
	b.Queue(`INSERT INTO conversations VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), nullif($10, ''), $11, nullif($12, ''), $13, $14, $15, $16,
		$17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		tenant, s.Conversation, s.Number, s.StartDay.Time(), moment(s.Started), closed, moment(s.Updated), s.Channel, s.Customer, s.Agent,
		texts(s.Agents()), s.Team, s.IntentOrOther(), texts(s.More().Tags), s.Handling, state, s.AIStatus,
		stars, texts(s.More().Reasons), s.Risky, s.FromCustomer, s.FromAgent, s.FromBot, s.FirstQuestion, response)
	for i := range s.Rows {
		row := &s.Rows[i]
		channel, team, agent := s.Channel, s.Team, s.Agent
		if row.Agent != "" {
			channel, team, agent = row.Channel, row.Team, row.Agent
		}
		var revenue map[string]string
		if row.Agent == "" && row.Slot() == s.Start() && len(s.More().Revenue) > 0 {
			revenue = s.More().Revenue.Strings()
		}
		args := []any{
			tenant, s.Conversation, s.Number, i, 1, row.Day.Time(), row.Hour, row.Agent != "", channel, team, agent,
			s.IntentOrOther(), s.Handling, s.AIStatus, texts(s.More().Tags), s.Customer, revenue,
		}
		columns, places := "tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, revenue", "$1"
		for n := 2; n <= len(args); n++ {
			places += ", $" + itoa(n)
		}
		for _, c := range metric.Counters() {
			columns += ", " + c.String()
			args = append(args, row.Counts.At(c))
			places += ", $" + itoa(len(args))
		}
		b.Queue("INSERT INTO contributions ("+columns+") VALUES ("+places+")", args...)
	}
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }

func moment(millis int64) *time.Time {
	if millis == 0 {
		return nil
	}
	t := time.UnixMilli(millis).UTC()
	return &t
}

// sharedFile finds a file of the shared data beside the repository.
func sharedFile(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	require.NoError(tb, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			path := filepath.Join(dir, "..", "shared", name)
			require.FileExists(tb, path)
			return path
		}
		require.NotEqual(tb, dir, filepath.Dir(dir), "no repository root")
		dir = filepath.Dir(dir)
	}
}

const starTenant event.TenantID = "star"

// foldStar folds the shared real conversations under the profile for which
// their numbers are known.
func foldStar(tb testing.TB) *folding {
	tb.Helper()
	f := newFolding(starTenant)
	f.take(tb, event.New(starTenant, event.ServerSource, "profile/1", time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC), &event.TenantConfigured{
		Profile: "tiktok_shop", Settings: []byte(`{"timezone":"America/New_York","market":"us"}`),
	}))
	file, err := os.Open(sharedFile(tb, "data/star.ndjson.gz"))
	require.NoError(tb, err)
	defer func() { require.NoError(tb, file.Close()) }()
	z, err := gzip.NewReader(file)
	require.NoError(tb, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.Decode(line.Event)
		require.NoError(tb, err)
		f.take(tb, e)
	}
	require.NoError(tb, lines.Err())
	return f
}

// params reads parameters as they stand in a URL, by pairs.
func params(pairs ...string) map[string][]string {
	v := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i]] = append(v[pairs[i]], pairs[i+1])
	}
	return v
}
