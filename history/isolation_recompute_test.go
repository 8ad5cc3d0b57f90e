package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// place is where another desk's recomputation stands.
type place string

const (
	notBegun  place = "not begun"
	begun     place = "begun"
	halfWay   place = "half way"
	switched  place = "in force, and not announced"
	givenUp   place = "given up"
	completed place = "completed"
)

// rowsOf are a desk's rows, whatever name they stand under, without what belongs to a run.
func (s *isolated) rowsOf(l *lookalike) string {
	return s.rowsIn(l, append(derivedNames(), "refolds")...)
}

func (s *isolated) rowsIn(l *lookalike, tables ...string) string {
	s.t.Helper()
	var all strings.Builder
	for _, table := range tables {
		s.read(&all, `SELECT '`+table+`' || (to_jsonb(t) - '{seq,resumed,resumed_from,resumed_at,started_at,updated_at}'::text[])::text FROM `+table+` t
			WHERE tenant = $1 OR starts_with(tenant, $1 || '@') ORDER BY 1`, string(l.tenant))
	}
	return all.String()
}

// touched tells of each of a desk's rows that somebody reads which transaction wrote it, and where.
func (s *isolated) touched(l *lookalike) string {
	s.t.Helper()
	var all strings.Builder
	for _, table := range append([]string{"refolds"}, derivedNames()...) {
		inUse := "tenant = $1 OR starts_with(tenant, $1 || '@')"
		if table != "refolds" && table != "tenants" {
			inUse = "(" + inUse + ") AND tenant NOT IN (SELECT stored_as FROM abandoned_rows)"
		}
		s.read(&all, `SELECT '`+table+`' || concat_ws(' ', t.xmin, t.ctid) FROM `+table+` t WHERE `+inUse+` ORDER BY 1`, string(l.tenant))
	}
	return all.String()
}

func (s *isolated) read(all *strings.Builder, sql string, args ...any) {
	s.t.Helper()
	rows, err := s.db.pool.Query(s.t.Context(), sql, args...)
	require.NoError(s.t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(s.t, err)
	all.WriteString(strings.Join(lines, "\n"))
}

func (s *isolated) order(l *lookalike, round int) *order {
	s.t.Helper()
	now, _, err := s.db.profileOf(s.t.Context(), l.tenant)
	require.NoError(s.t, err)
	o, err := s.db.NewRecomputing(RecomputingConfig{}).orderOf(l.tenant, now, &Change{
		Preset: "wecom", Settings: fmt.Appendf(nil, `{"timezone":"Asia/Tokyo","response_window_hours":%d}`, 2*round+l.own), Name: l.words("renamed"), By: fmt.Sprint(round), At: noon.AddDate(0, 0, 12),
	})
	require.NoError(s.t, err)
	return o
}

// steps goes on with a desk's recomputation, and is cut off after some steps.
func (s *isolated) steps(l *lookalike, most int) error {
	ctx := s.t.Context()
	conn, err := s.db.connect(ctx)
	require.NoError(s.t, err)
	defer hangUp(ctx, conn)
	one, err := s.db.resumeRecompute(ctx, conn, l.tenant, forProfile)
	if err != nil {
		return err
	}
	n := 0
	one.window, one.near = 60, 20
	one.stepped = func() error {
		if n++; n == most {
			return errCut
		}
		return nil
	}
	return one.run(ctx)
}

// stand brings a desk's recomputation to a place.
func (s *isolated) stand(l *lookalike, at place, round int) {
	s.t.Helper()
	ctx := s.t.Context()
	if at == notBegun {
		return
	}
	require.NoError(s.t, s.db.beginRecompute(ctx, s.order(l, round)))
	switch at {
	case notBegun, begun:
	case halfWay:
		require.ErrorIs(s.t, s.steps(l, 2), errCut)
	case switched:
		require.NoError(s.t, s.steps(l, 0))
	case givenUp:
		s.db.failRecompute(ctx, l.tenant, errCut)
	case completed:
		require.NoError(s.t, s.db.recompute(ctx, l.tenant, &RecomputingConfig{}))
	}
}

// goThrough lets a desk's recomputation go through all that can happen to one. It
// tells what is stored of the desk after each step; between says what that was.
func (s *isolated) goThrough(l *lookalike, round int, between func(what string)) (told []string) {
	s.t.Helper()
	r := s.db.NewRecomputing(RecomputingConfig{})
	note := func(what string, err error) {
		s.t.Helper()
		p, failed := r.Progress(s.t.Context(), l.tenant)
		require.NoError(s.t, failed)
		told = append(told, fmt.Sprint(what, err, p.State, p.Profile, p.Events, " of ", p.Total, p.Error), s.rowsIn(l, "refolds", "tenants"))
		between(what)
	}
	note("begun", s.db.beginRecompute(s.t.Context(), s.order(l, round)))
	note("cut off", s.steps(l, 2))
	_, err := s.db.pool.Exec(s.t.Context(), `UPDATE refolds SET fold_version = 0 WHERE tenant = $1`, string(l.tenant))
	require.NoError(s.t, err)
	note("by another program", s.steps(l, 3))
	note("gone on", s.steps(l, 1))
	note("announced", s.db.recompute(s.t.Context(), l.tenant, &RecomputingConfig{Publish: func(_ context.Context, e *event.Event) (uint64, error) {
		raw, err := e.Encode()
		told = append(told, string(raw))
		return 1, err
	}}))
	note("swept", s.db.sweepAbandoned(s.t.Context()))
	require.Zero(s.t, s.count(`SELECT count(*) FROM abandoned_rows`))
	told = append(told, s.rowsOf(l))

	note("under the same profile", s.db.beginRecompute(s.t.Context(), &order{tenant: l.tenant}))
	note(fmt.Sprint("again ", s.db.again(s.t.Context(), l.tenant)), nil)
	s.db.failRecompute(s.t.Context(), l.tenant, errCut)
	note("given up", nil)
	note("another", s.db.beginRecompute(s.t.Context(), s.order(l, round+1)))
	note(fmt.Sprint("not again ", s.db.again(s.t.Context(), l.tenant)), nil)
	note("instead of it", s.db.beginRecompute(s.t.Context(), s.order(l, round+2)))
	note("in force", s.steps(l, 0))
	return append(told, s.rowsOf(l))
}

// renewed computes all numbers for a newer fold, cut off again and again. It tells
// what was noted at its beginning.
func (s *isolated) renewed() string {
	s.t.Helper()
	ctx := s.t.Context()
	s.age()
	var noted strings.Builder
	cuts, err := 0, errCut
	for ; errors.Is(err, errCut); cuts++ {
		n := 0
		err = s.db.renew(ctx, pace{window: 60, near: 20, stepped: func() error {
			if n++; n == 3 && cuts < 12 {
				return errCut
			}
			return nil
		}})
		if cuts == 0 {
			for _, table := range []string{"refolds", "tenants"} { // so that the first desk's are not found first
				_, err := s.db.pool.Exec(ctx, "UPDATE "+table+" SET tenant = tenant WHERE tenant = (SELECT min(tenant) FROM tenants)")
				require.NoError(s.t, err)
			}
			s.read(&noted, `SELECT concat_ws(' ', tenant, stored_as, profile, version_from, total, E'\n') FROM refolds WHERE purpose = 'fold'`)
		}
	}
	require.NoError(s.t, err)
	require.Greater(s.t, cuts, 4)
	require.NoError(s.t, s.db.sweepAbandoned(ctx))
	return noted.String()
}

// TestRecomputationsShareNothing computes one desk's past anew, with all that can come
// between, while another's recomputation, of the same ids, stands at each place: what
// becomes of the first is what becomes of it alone, and no row of the other is written.
// So are both for a newer fold, before and after.
func TestRecomputationsShareNothing(t *testing.T) {
	t.Parallel()
	all := lookalikes()[:2]
	one, other := all[1], all[0]
	list, of, err := interleaved(all, 20261123)
	require.NoError(t, err)
	begin := func(tenants ...event.TenantID) *isolated {
		s := &isolated{desk: newDesk(t), all: all, holds: map[event.TenantID]bool{}}
		for _, id := range tenants {
			s.holds[id] = true
		}
		s.send(list, of)
		s.spreadOver(1)
		return s
	}
	together, alone, without := begin(one.tenant, other.tenant), begin(one.tenant), begin(other.tenant)
	renewed := func() {
		t.Helper()
		noted := map[*isolated]string{}
		for _, s := range []*isolated{together, alone, without} {
			noted[s] = s.renewed()
		}
		for line := range strings.Lines(noted[alone] + noted[without]) {
			require.Contains(t, noted[together], line)
		}
		require.Equal(t, alone.rowsOf(one), together.rowsOf(one))
		require.Equal(t, without.rowsOf(other), together.rowsOf(other))
	}
	renewed() // while neither has a profile from which the past was made
	for round, at := range []place{notBegun, begun, halfWay, switched, givenUp, completed} {
		together.stand(other, at, 3*round)
		for _, table := range []string{"refolds", "tenants", "entities"} { // whoever reads any row finds the other's first
			_, err := together.db.pool.Exec(t.Context(), "CLUSTER "+table+" USING "+table+"_pkey")
			require.NoError(t, err)
		}
		without.stand(other, at, 3*round)
		untouched := together.touched(other)
		told := together.goThrough(one, 3*round, func(what string) {
			require.Equal(t, untouched, together.touched(other), "%s, the other's is %s", what, at)
		})
		want := alone.goThrough(one, 3*round, func(string) {})
		require.Len(t, told, len(want))
		for i := range want {
			require.Equal(t, want[i], told[i], "the other's is %s", at)
		}
	}
	require.NoError(t, together.db.beginRecompute(t.Context(), together.order(one, 99)))
	require.NoError(t, alone.db.beginRecompute(t.Context(), alone.order(one, 99)))
	renewed()
}
