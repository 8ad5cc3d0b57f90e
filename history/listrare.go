package history

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
)

// mostRare is how many sessions, or customers, a filter may let through to be
// rare: they are taken up by its index, and the range is not walked for them.
// What passes more often fills a page soon.
const mostRare = 1000

// mark is what a filter asks for and a walk through the range may not find.
type mark struct {
	// sql reads, by an index alone, the keys of what has the mark: of the tenant
	// $1, with the values that follow, at most so many as the last argument says.
	sql    string
	values []any
	// customers says that the keys are those of customers, not of sessions.
	customers bool
}

// friends are a desk's customers who are friends.
var friends = mark{sql: "SELECT customer, 0 FROM customers WHERE tenant = $1 AND friend LIMIT $2", customers: true}

// marked narrows to the sessions of which one of a column's words is asked for.
func (l *list) marked(column string, words []string) {
	if len(words) == 0 {
		return
	}
	l.where.and("c."+column+" && ?", words)
	// The coalesce keeps the other indexes out: statistics may not know the word.
	l.marks = append(l.marks, mark{
		sql:    "SELECT conversation, session FROM conversations WHERE coalesce(tenant, '') = $1 AND " + column + " && $2 LIMIT $3",
		values: []any{words},
	})
}

// violated narrows to the sessions in which a message was blocked or flagged
// under one of the values of a dimension. All of these are risky: the index of
// those bounds the walk.
func (l *list) violated(dimension string, values []string) error {
	parts := make([]string, len(values))
	for i, v := range values {
		part, err := json.Marshal([]map[string]string{{"d": dimension, "v": v}}, json.Deterministic(true))
		if err != nil {
			return err
		}
		parts[i] = string(part)
	}
	// What was paid for stands under categories, too. A scalar subquery is never
	// turned into a join.
	const counted = "(k.blocked_messages > 0 OR k.flagged_messages > 0)"
	l.where.and("c.risky")
	l.where.and("coalesce((SELECT true FROM contributions k WHERE k.tenant = c.tenant AND k.conversation = c.conversation AND k.session = c.session AND "+
		counted+" AND coalesce(k.parts, '[]') @> ANY(?::text[]::jsonb[]) LIMIT 1), false)", parts)
	l.marks = append(l.marks, mark{
		sql: "SELECT conversation, session FROM contributions k WHERE coalesce(k.tenant, '') = $1 AND " +
			counted + " AND k.parts @> ANY($2::text[]::jsonb[]) LIMIT $3",
		values: []any{parts},
	})
	return nil
}

// rare looks up which of the filters lets few through, and narrows to those.
func (l *list) rare(ctx context.Context, tx pgx.Tx, most int) error {
	// A plan that is right for any value walks the range for one that nothing has.
	if _, err := tx.Exec(ctx, "SET LOCAL plan_cache_mode = force_custom_plan"); err != nil {
		return err
	}
	for _, m := range l.marks {
		if l.few {
			return nil
		}
		if err := l.take(ctx, tx, m, most); err != nil {
			return fmt.Errorf("look up what is rare: %w", err)
		}
	}
	return nil
}

// take narrows to what has a mark, if that is rare.
func (l *list) take(ctx context.Context, tx pgx.Tx, m mark, most int) error {
	rows, err := tx.Query(ctx, m.sql, append(append([]any{l.desk.rows}, m.values...), most+1)...)
	if err != nil {
		return err
	}
	var ids []string
	var sessions []int32
	var id string
	var session int32
	if _, err := pgx.ForEachRow(rows, []any{&id, &session}, func() error {
		ids, sessions = append(ids, id), append(sessions, session)
		return nil
	}); err != nil {
		return err
	}
	switch {
	case len(ids) > most:
		return nil
	case len(ids) == 0:
		l.nothing = true
	case m.customers:
		l.few = true
		l.where.and("c.customer = ANY(?)", ids)
	default:
		l.few = true
		l.where.and("(c.conversation, c.session) IN (SELECT * FROM unnest(?::text[], ?::integer[]))", ids, sessions)
	}
	return nil
}

// byUpdate is a page of the list in the order of the last change. Only a session
// of more than two days changes later than that after the range's end; the index
// of those finds it, so that what changed since is not walked.
func (l *list) byUpdate(w *condition, limit int) string {
	begin, late := w.arg(l.begin), w.arg(l.end.Add(margin))
	branch := func(from string, bounds ...string) string {
		return fmt.Sprintf("(SELECT %s FROM %s LEFT JOIN customers u ON u.tenant = c.tenant AND u.customer = c.customer WHERE %s%s LIMIT %d)",
			listColumns, from, strings.Join(append(bounds, w.parts...), " AND "), l.sort.order(), limit)
	}
	fence := strings.Join(l.fence, " AND ")
	// The OFFSET keeps the index of the order out of the second one.
	return branch("conversations c", fence, "c.updated_at >= "+begin, "c.updated_at < "+late) + " UNION ALL " +
		branch("(SELECT * FROM conversations c WHERE "+fence+" AND c.updated_at - c.started_at > interval '48 hours' OFFSET 0) c", "c.updated_at >= "+late) +
		strings.ReplaceAll(l.sort.order(), "c.", "") + fmt.Sprintf(" LIMIT %d", limit)
}
