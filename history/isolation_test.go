package history

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

// isolated is a database of some of the desks. Where another desk's message would
// stand in the stream there is one that is refused, so that sequences are the same.
type isolated struct {
	*desk
	all   []*lookalike
	holds map[event.TenantID]bool
}

// nobodys is refused whoever reads it.
var nobodys = stream.Message{Subject: "floor.nobody.message.sent.c1", Raw: []byte("{")}

func (s *isolated) send(list []stream.Message, of []event.TenantID) {
	s.t.Helper()
	out := make([]stream.Message, len(list))
	for i := range list {
		if out[i] = nobodys; s.holds[of[i]] {
			out[i] = list[i]
		}
	}
	for i, r := range s.PublishMessages(s.t.Context(), out) {
		require.NoError(s.t, r.Err, i)
	}
}

func newIsolated(t *testing.T, all []*lookalike, tenants ...event.TenantID) *isolated {
	t.Helper()
	s := &isolated{desk: newDesk(t), all: all, holds: map[event.TenantID]bool{}}
	for _, id := range tenants {
		s.holds[id] = true
	}
	s.db.others.limit = 900 // more events than a desk has, fewer than all have
	ctx := t.Context()
	list, of, err := interleaved(all, 20261122)
	require.NoError(t, err)
	half := len(list) / 2
	s.send(list[:half], of[:half])
	s.spreadOver(1)
	s.follow()
	for _, l := range all { // what is asked now is brought up to date by the next question
		_, err := s.db.MetricsJSON(ctx, string(l.tenant), Scope{}, questionOf("metric", "chats,friend_customers", "from", "2026-03-08", "to", "2026-03-13"), noon)
		require.NoError(t, err)
	}
	require.NoError(t, s.Repartition(ctx, 2))
	s.send(list[half:], of[half:])
	s.spreadOver(2)
	s.follow()
	for _, l := range all {
		if s.holds[l.tenant] {
			s.furnish(l)
		}
	}
	return s
}

// follow brings the index of words and the list of known events up to the writer.
func (s *isolated) follow() {
	require.NoError(s.t, s.db.IndexTexts(s.t.Context()))
	packing := seen
	packing.window = 500
	require.NoError(s.t, s.db.follow(s.t.Context(), &packing))
}

// furnish stores what comes from no event: documents, minutes; and crowds of texts
// with one word in all of them, more than a search takes up.
func (s *isolated) furnish(l *lookalike) {
	s.t.Helper()
	ctx := s.t.Context()
	for _, kind := range []DocumentKind{Boards, Rules} {
		for version := range int64(l.own) {
			for _, id := range []string{"common", fmt.Sprint("own", l.own)} {
				_, err := s.db.PutDocument(ctx, string(l.tenant), Document{Kind: kind, ID: id, Version: version, At: noon, Author: l.words("Ann"), Body: []byte(fmt.Sprintf(`{"name":%q}`, l.words("board")))})
				require.NoError(s.t, err)
			}
		}
	}
	for i := range 3 {
		at := noon.Add(time.Duration(i+l.own) * time.Minute)
		for _, view := range []string{"", "channel=ch0"} {
			require.NoError(s.t, s.db.KeepMinutes(ctx, l.tenant, view, []Minute{{At: at, Numbers: map[string]float64{"queue_length": float64(10*l.own + i)}}}, MinutesKept{Whole: noon.Add(time.Duration(l.own+1) * time.Minute), Views: noon}))
		}
	}
	defer func() {
		_, err := s.db.pool.Exec(ctx, "ANALYZE")
		require.NoError(s.t, err)
	}()
	token := func(word string) string { return "'" + tenantMark(string(l.tenant)) + word + "'" }
	at := 4 - l.own // each has some of another's with the same mark, and not those before
	for word, sql := range map[string]string{
		"crowd":  `INSERT INTO conversation_texts SELECT $1, 'c' || i, 900, true, '2026-03-01', '2026-03-20', 1, ($2::text || ':1')::tsvector FROM generate_series($3::int, $3::int + 5200) i`,
		"throng": `INSERT INTO customer_texts SELECT $1, 'u' || i, ($2::text || ':1')::tsvector FROM generate_series($3::int, $3::int + 5200) i ON CONFLICT (tenant, customer) DO UPDATE SET tokens = customer_texts.tokens || excluded.tokens`,
	} {
		_, err := s.db.pool.Exec(ctx, sql, string(l.tenant), token(word), at)
		require.NoError(s.t, err)
	}
	// What is only written otherwise is compared by itself.
	_, err := s.db.pool.Exec(ctx, `UPDATE entities SET state = state || ' '::bytea WHERE tenant = $1 AND kind = $2`, string(l.tenant), int16(fold.KindAgent))
	require.NoError(s.t, err)
}

// recompute gives each desk another profile, one after the other, while the others'
// are noted to be under way and have not begun.
func (s *isolated) recompute() {
	s.t.Helper()
	ctx := s.t.Context()
	quiet := RecomputingConfig{Logger: zerolog.Nop(), Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
		ack, err := s.Publish(ctx, e)
		return ack.Seq, err
	}}
	r := s.db.NewRecomputing(quiet)
	require.NoError(s.t, r.Start(ctx))
	defer r.Stop()
	at, _, err := r.Configure(ctx, "unheard-of", &Change{Preset: "wecom", By: "test", At: noon})
	require.NoError(s.t, err)
	require.Positive(s.t, at, "at once: what the others have stored is none of its past")
	change := func(l *lookalike) *Change {
		return &Change{Preset: "wecom", Settings: fmt.Appendf(nil, `{"timezone":"Asia/Tokyo","response_window_hours":%d}`, l.own), By: "test", At: noon.AddDate(0, 0, 12)}
	}
	for _, l := range s.all {
		if !s.holds[l.tenant] {
			continue
		}
		now, _, err := s.db.profileOf(ctx, l.tenant)
		require.NoError(s.t, err)
		o, err := r.orderOf(l.tenant, now, change(l))
		require.NoError(s.t, err)
		require.NoError(s.t, s.db.beginRecompute(ctx, o))
	}
	for _, l := range s.all {
		if !s.holds[l.tenant] {
			s.send([]stream.Message{nobodys}, []event.TenantID{""})
			continue
		}
		_, _, err := r.Configure(ctx, l.tenant, change(l))
		require.NoError(s.t, err)
		r.Wait(ctx, l.tenant)
		p, err := r.Progress(ctx, l.tenant)
		require.NoError(s.t, err)
		require.Equal(s.t, stateDone, p.State, p.Error)
	}
	s.spreadOver(2)
	s.follow()
}

// altered is what a verification finds when one state of a desk's is wrong, and the
// others' are what that should be: one stands before it, one behind it.
func (s *isolated) altered(l *lookalike) []Difference {
	s.t.Helper()
	ctx := s.t.Context()
	for _, sql := range []string{
		`UPDATE entities e SET state = convert_to(replace(convert_from(state, 'UTF8'), '"twin"', '"changeling"'), 'UTF8') FROM tenants t
			WHERE t.tenant = $1 AND e.tenant = ` + storedAs + ` AND kind = $2 AND id = 'twin'`,
		`UPDATE entities SET seq = seq WHERE kind = $2 AND id = 'twin'
			AND tenant = (SELECT max(tenant) FROM entities WHERE kind = $2 AND id = 'twin' AND NOT starts_with(tenant, $1))`,
	} {
		_, err := s.db.pool.Exec(ctx, sql, string(l.tenant), int16(fold.KindAgent))
		require.NoError(s.t, err)
	}
	report, err := s.db.Verify(ctx, l.tenant, firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(s.t, err)
	return report.Differences
}

func (s *isolated) ask(tenant event.TenantID, some bool) *interview {
	v := &interview{some: some, ctx: s.t.Context(), db: s.db, tenant: tenant, now: time.Date(2026, 3, 12, 20, 0, 0, 0, time.UTC), answers: map[string]string{}}
	v.everything(s.all)
	return v
}

// requireSame compares all answers about a tenant with those of a database in which
// no other desk has ever been.
func requireSame(t *testing.T, alone, among *interview, others []*lookalike) {
	t.Helper()
	require.Empty(t, append(alone.failures, among.failures...))
	require.Equal(t, alone.order, among.order)
	rich := 0
	for _, question := range alone.order {
		want := alone.answers[question]
		require.Equal(t, want, among.answers[question], "%s: %s", alone.tenant, question)
		for _, l := range others {
			if l.tenant != alone.tenant {
				require.NotContains(t, want, l.secret, question) // or this compares nothing
			} else if strings.Contains(want, l.secret) {
				rich++
			}
		}
	}
	require.Greater(t, rich, 100)
	require.NotContains(t, alone.answers["verify"], "Column:")
}

var asOf = regexp.MustCompile(`"as_of_seq":[0-9]+`)

// requireKept compares answers on which a profile does not bear, from before and
// from after a recomputation: the rows stand under another name, and are found there.
func requireKept(t *testing.T, before, after *interview) {
	t.Helper()
	compared := 0
	for _, question := range before.order {
		if strings.HasPrefix(question, "disputes ") || strings.HasPrefix(question, "past messages ") || question == "directory" {
			compared++
			require.Equal(t, asOf.ReplaceAllString(before.answers[question], ""), asOf.ReplaceAllString(after.answers[question], ""), question)
		}
	}
	require.Greater(t, compared, 20)
}

// TestDesksShareNothing stores three desks that have the same ids at the same
// moments, in one database, and asks it everything that can be asked about one of
// them: each answer is that of a database of this desk alone, byte for byte, before
// its past is computed anew, afterwards, and after all were for a newer fold.
func TestDesksShareNothing(t *testing.T) {
	t.Parallel()
	all := lookalikes()
	require.Equal(t, tenantMark(string(all[0].tenant)), tenantMark(string(all[1].tenant)), "so that words are told apart by the tenant alone")
	require.NotEqual(t, stream.PartitionOf(all[0].tenant, 2), stream.PartitionOf(all[2].tenant, 2))
	together := newIsolated(t, all, all[0].tenant, all[1].tenant, all[2].tenant)
	asked := []*lookalike{all[0], all[2]}
	var alone []*isolated
	for _, l := range asked {
		alone = append(alone, newIsolated(t, all, l.tenant))
	}
	before := map[event.TenantID]*interview{}
	compare := func(some bool) {
		for i, l := range asked {
			v := together.ask(l.tenant, some)
			requireSame(t, alone[i].ask(l.tenant, some), v, all)
			if before[l.tenant] != nil {
				requireKept(t, before[l.tenant], v)
			}
			before[l.tenant] = v
		}
	}
	compare(false)
	everyone := append(alone, together)
	for _, s := range everyone {
		s.recompute()
	}
	compare(true)
	for _, s := range everyone {
		s.age()
		require.NoError(t, s.db.Renew(t.Context()))
	}
	compare(true)
	for i, l := range asked {
		found := alone[i].altered(l)
		require.NotEmpty(t, found)
		require.Equal(t, found, together.altered(l))
	}
	var b []byte
	require.NoError(t, together.db.pool.QueryRow(t.Context(), `SELECT jsonb_agg(DISTINCT stored_as) FROM tenants`).Scan(&b))
	var names []string
	require.NoError(t, json.Unmarshal(b, &names))
	require.NotContains(t, names, "", "all were computed anew")
}
