package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
)

// mostHits is how many texts a search takes up at most; where more of them hold
// its words, the list is walked from its beginning instead, and each
// conversation looked at: then a page is full soon.
const mostHits = 5000

// search turns the words that are looked for into a condition.
func (l *list) search(ctx context.Context, tx pgx.Tx) error {
	if l.words == "" && l.name == "" {
		return nil
	}
	// A plan that reads all texts is never the better one here.
	if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
		return err
	}
	if l.name != "" {
		customers, more, err := hits(ctx, tx, customerHits, l.desk.tenant, l.name)
		if err != nil {
			return err
		}
		if more {
			l.where.and(customerSays, l.desk.tenant, l.name)
		} else {
			l.few = true
			l.where.and("c.customer = ANY(?)", customers)
		}
	}
	if l.words == "" {
		return nil
	}
	texts, moreTexts, err := textHits(ctx, tx, l.desk.tenant, l.words)
	if err != nil {
		return err
	}
	customers, moreCustomers, err := hits(ctx, tx, customerHits, l.desk.tenant, l.words)
	if err != nil {
		return err
	}
	if !moreTexts && !moreCustomers {
		l.few = true
		texts.since(l.begin)
		either := condition{args: l.where.args}
		if len(texts.ids) > 0 {
			either.and(`(c.conversation, c.session) IN (SELECT s.conversation, s.session
				FROM unnest(?::text[], ?::timestamptz[], ?::timestamptz[]) AS h (conversation, first_at, last_at)
				JOIN conversations s ON s.tenant = ? AND s.conversation = h.conversation AND s.started_at <= h.last_at AND s.updated_at >= h.first_at)`,
				texts.ids, texts.first, texts.last, l.desk.rows)
		}
		if len(customers) > 0 {
			either.and("c.customer = ANY(?)", customers)
		}
		if len(either.parts) == 0 {
			l.nothing = true
			return nil
		}
		l.where.args = either.args
		l.where.parts = append(l.where.parts, "("+strings.Join(either.parts, " OR ")+")")
		return nil
	}
	l.walk = true
	c := condition{args: l.where.args}
	if moreCustomers {
		c.and(customerSays, l.desk.tenant, l.words)
	} else {
		c.and("c.customer = ANY(?)", customers)
	}
	c.and(conversationSays, l.desk.tenant, l.words)
	l.where.args = c.args
	l.where.parts = append(l.where.parts, "("+c.parts[0]+" OR "+c.parts[1]+")")
	return nil
}

const (
	conversationHits = "SELECT conversation, first_at, last_at FROM conversation_texts WHERE tokens @@ $1::tsquery AND tenant = $2 LIMIT $3"
	customerHits     = "SELECT customer FROM customer_texts WHERE tokens @@ $1::tsquery AND tenant = $2 LIMIT $3"

	// For one row of the list. A scalar subquery is never turned into a join, and
	// the coalesce keeps the index of all texts out of it.
	conversationSays = `coalesce((SELECT true FROM conversation_texts t WHERE t.tenant = ? AND t.conversation = c.conversation
		AND coalesce(t.tokens, '') @@ ?::tsquery AND c.started_at <= t.last_at AND c.updated_at >= t.first_at LIMIT 1), false)`
	customerSays = `coalesce((SELECT true FROM customer_texts t WHERE t.tenant = ? AND t.customer = c.customer
		AND coalesce(t.tokens, '') @@ ?::tsquery LIMIT 1), false)`
)

// found are the texts that hold the words, and the times that they are from.
type found struct {
	ids         []string
	first, last []time.Time
}

// since keeps the texts that may be of a session that began at that time or later.
func (f *found) since(begin time.Time) {
	n := 0
	for i := range f.ids {
		if !f.last[i].Before(begin) {
			f.ids[n], f.first[n], f.last[n] = f.ids[i], f.first[i], f.last[i]
			n++
		}
	}
	f.ids, f.first, f.last = f.ids[:n], f.first[:n], f.last[:n]
}

// textHits are the conversations' texts that hold the words, and whether there
// are too many.
func textHits(ctx context.Context, tx pgx.Tx, tenant, words string) (f found, more bool, err error) {
	if often, err := frequent(ctx, tx, tenant, words); err != nil || often {
		return f, often, err
	}
	rows, err := tx.Query(ctx, conversationHits, words, tenant, mostHits+1)
	if err != nil {
		return f, false, fmt.Errorf("search: %w", err)
	}
	var id string
	var first, last time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &first, &last}, func() error {
		f.ids, f.first, f.last = append(f.ids, id), append(f.first, first), append(f.last, last)
		return nil
	})
	if err != nil {
		return f, false, fmt.Errorf("search: %w", err)
	}
	return f, len(f.ids) > mostHits, nil
}

// frequent says whether PostgreSQL's statistics know the words to be in far more
// texts than are taken up: to read those first would cost more than it tells.
func frequent(ctx context.Context, tx pgx.Tx, tenant, words string) (bool, error) {
	var plan []byte
	if err := tx.QueryRow(ctx, "EXPLAIN (FORMAT JSON) SELECT FROM conversation_texts WHERE tokens @@ $1::tsquery AND tenant = $2", words, tenant).Scan(&plan); err != nil {
		return false, fmt.Errorf("search: %w", err)
	}
	var list []struct {
		Plan struct {
			Rows float64 `json:"Plan Rows"`
		}
	}
	if err := json.Unmarshal(plan, &list); err != nil || len(list) != 1 {
		return false, fmt.Errorf("search: read a plan: %w", err)
	}
	return list[0].Plan.Rows > 3*mostHits, nil
}

// hits are the ids whose texts hold the words, and whether there are too many.
func hits(ctx context.Context, tx pgx.Tx, sql, tenant, words string) (ids []string, more bool, err error) {
	rows, err := tx.Query(ctx, sql, words, tenant, mostHits+1)
	if err != nil {
		return nil, false, fmt.Errorf("search: %w", err)
	}
	if ids, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, false, fmt.Errorf("search: %w", err)
	}
	return ids, len(ids) > mostHits, nil
}
