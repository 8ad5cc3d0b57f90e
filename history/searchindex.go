package history

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// searchWindow is how many sequences are taken up in one transaction.
	searchWindow = 20_000
	// searchEvery is how often the index looks for what the writer has stored.
	searchEvery = 500 * time.Millisecond
	searchLock  = 0x736561726368 // any number that nobody else uses
)

// textKey is a conversation, or a customer, of a tenant.
type textKey struct{ tenant, id string }

// textPart is a stretch of a conversation's texts, up to a closing.
type textPart struct {
	part        int
	closed      bool
	first, last time.Time
	at          int // the next position
	list        []token
}

// texting takes texts into the search.
var texting = follower{
	name: "search index", cursors: "search_cursors", lock: searchLock, window: searchWindow,
	take: func(ctx context.Context, tx pgx.Tx, w window) error {
		x := indexing{tenants: w.tenants, parts: map[textKey][]*textPart{}, customers: map[textKey]struct{}{}}
		if err := x.read(ctx, tx, w.epoch, w.from, w.to); err != nil {
			return err
		}
		return x.write(ctx, tx)
	},
}

// RunSearchIndex keeps the index of texts behind the writer's cursor until ctx
// ends. One of several that run does the work. What fails is logged and tried
// again.
func (d *Database) RunSearchIndex(ctx context.Context) { d.keepFollowing(ctx, &texting, searchEvery) }

// IndexTexts takes all texts up to the writer's cursor into the search. It
// returns at once where somebody else does so. Errors: ErrUnavailable.
func (d *Database) IndexTexts(ctx context.Context) error { return d.follow(ctx, &texting) }

// searchedSeq is how far a tenant's texts have been taken up.
func (d *Database) searchedSeq(ctx context.Context, tx pgx.Tx, tenant string) (uint64, error) {
	var seq int64
	err := tx.QueryRow(ctx, `SELECT coalesce(min(seq), 0) FROM search_cursors WHERE partition = $1`, d.partitionOf(event.TenantID(tenant))).Scan(&seq)
	return uint64(max(0, seq)), err
}

// indexing is one window's texts.
type indexing struct {
	tenants   []string                // whose events are read; nil: all
	parts     map[textKey][]*textPart // the last one is written to; of a known conversation the first continues what is stored
	customers map[textKey]struct{}
}

// textEvent is what the index takes from an event.
type textEvent struct {
	tenant, conversation string
	at                   time.Time
	kind                 event.Type
	text                 *string
	customer             *string
}

func (x *indexing) read(ctx context.Context, tx pgx.Tx, epoch int32, from, to int64) error {
	rows, err := tx.Query(ctx, `
		SELECT tenant, coalesce(conversation, ''), time, type, body->'data'->>'text',
			CASE type WHEN 'conversation.started' THEN body->'data'->'customer'->>'id' WHEN 'customer.updated' THEN body->'data'->>'customer'
				WHEN 'message.sent' THEN CASE WHEN body->'data'->'from'->>'kind' = 'customer' THEN body->'data'->'from'->>'id' END END
		FROM events WHERE epoch = $1 AND seq > $2 AND seq <= $3 AND ($4::text[] IS NULL OR tenant = ANY($4))
			AND type IN ('message.sent', 'message.blocked', 'conversation.started', 'conversation.closed', 'customer.updated')
		ORDER BY seq`, epoch, from, to, x.tenants)
	if err != nil {
		return err
	}
	var all []textEvent
	var e textEvent
	_, err = pgx.ForEachRow(rows, []any{&e.tenant, &e.conversation, &e.at, &e.kind, &e.text, &e.customer}, func() error {
		all = append(all, e)
		e.text, e.customer = nil, nil
		return nil
	})
	if err != nil {
		return err
	}
	if err := x.continued(ctx, tx, all); err != nil {
		return err
	}
	for i := range all {
		x.add(&all[i])
	}
	return nil
}

// continued finds where the stored texts of the conversations end.
func (x *indexing) continued(ctx context.Context, tx pgx.Tx, all []textEvent) error {
	var tenants, ids []string
	for i := range all {
		e := &all[i]
		k := textKey{e.tenant, e.conversation}
		if e.conversation == "" {
			continue
		}
		if _, seen := x.parts[k]; !seen {
			x.parts[k] = nil
			tenants, ids = append(tenants, k.tenant), append(ids, k.id)
		}
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT ON (t.tenant, t.conversation) t.tenant, t.conversation, t.part, t.closed, t.positions
		FROM unnest($1::text[], $2::text[]) AS w (tenant, conversation) JOIN conversation_texts t USING (tenant, conversation)
		ORDER BY t.tenant, t.conversation, t.part DESC`, tenants, ids)
	if err != nil {
		return err
	}
	var k textKey
	var p textPart
	_, err = pgx.ForEachRow(rows, []any{&k.tenant, &k.id, &p.part, &p.closed, &p.at}, func() error {
		stored := p
		x.parts[k] = []*textPart{&stored}
		return nil
	})
	return err
}

func (x *indexing) add(e *textEvent) {
	if e.customer != nil && *e.customer != "" {
		x.customers[textKey{e.tenant, *e.customer}] = struct{}{}
	}
	if e.conversation == "" {
		return // a broadcast, or a customer by himself
	}
	p := x.part(e)
	if p.first.IsZero() || e.at.Before(p.first) {
		p.first = e.at
	}
	if e.at.After(p.last) {
		p.last = e.at
	}
	if e.kind == event.TypeConversationClosed {
		p.closed = true
		return
	}
	if e.text != nil {
		p.list, p.at = tokens(p.list, *e.text, p.at+1, true) // a place between, so that no phrase spans two messages
	}
}

// part is the one that an event belongs to.
func (x *indexing) part(e *textEvent) *textPart {
	k := textKey{e.tenant, e.conversation}
	list := x.parts[k]
	next := 0
	if n := len(list); n > 0 {
		p := list[n-1]
		if e.kind == event.TypeConversationClosed || !p.closed && p.at < mostPositions {
			return p
		}
		next = p.part + 1
	}
	p := &textPart{part: next, at: 1}
	p.list, p.at = tokens(nil, e.conversation, p.at, true)
	x.parts[k] = append(list, p)
	return p
}

func (x *indexing) write(ctx context.Context, tx pgx.Tx) error {
	var tenants, ids, vectors []string
	var parts, positions []int
	var closed []bool
	var first, last []time.Time
	marks := map[string]string{}
	mark := func(tenant string) string {
		if _, ok := marks[tenant]; !ok {
			marks[tenant] = tenantMark(tenant)
		}
		return marks[tenant]
	}
	for k, list := range x.parts {
		for _, p := range list {
			if p.first.IsZero() {
				continue // nothing has come to it
			}
			tenants, ids, parts, closed = append(tenants, k.tenant), append(ids, k.id), append(parts, p.part), append(closed, p.closed)
			first, last, positions = append(first, p.first), append(last, p.last), append(positions, p.at)
			vectors = append(vectors, vector(mark(k.tenant), shifted(p.list)))
		}
	}
	// Appended to what is stored: || moves the positions of its right side behind
	// those of its left.
	_, err := tx.Exec(ctx, `
		INSERT INTO conversation_texts AS t (tenant, conversation, part, closed, first_at, last_at, positions, tokens)
		SELECT w.tenant, w.conversation, w.part, w.closed, w.first_at, w.last_at, w.positions, w.tokens::tsvector
		FROM unnest($1::text[], $2::text[], $3::int[], $4::bool[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::text[])
			AS w (tenant, conversation, part, closed, first_at, last_at, positions, tokens)
		ON CONFLICT (tenant, conversation, part) DO UPDATE SET closed = excluded.closed, first_at = least(t.first_at, excluded.first_at),
			last_at = greatest(t.last_at, excluded.last_at), positions = excluded.positions, tokens = t.tokens || excluded.tokens`,
		tenants, ids, parts, closed, first, last, positions, vectors)
	if err != nil {
		return err
	}
	return x.writeCustomers(ctx, tx, mark)
}

// shifted moves a part's positions to begin at 2, so that what is stored before
// it and its first word are no phrase.
func shifted(list []token) []token {
	if len(list) > 0 {
		for i, by := 0, list[0].at-2; i < len(list); i++ {
			list[i].at -= by
		}
	}
	return list
}

// writeCustomers makes the texts of customers anew, as they are called now.
func (x *indexing) writeCustomers(ctx context.Context, tx pgx.Tx, mark func(string) string) error {
	if len(x.customers) == 0 {
		return nil
	}
	var tenants, ids []string
	for k := range x.customers {
		tenants, ids = append(tenants, k.tenant), append(ids, k.id)
	}
	rows, err := tx.Query(ctx, `SELECT w.tenant, u.customer, u.name, u.email, u.phone
		FROM unnest($1::text[], $2::text[]) AS w (tenant, customer) JOIN tenants t ON t.tenant = w.tenant
		JOIN customers u ON u.tenant = `+storedAs+` AND u.customer = w.customer`, tenants, ids)
	if err != nil {
		return err
	}
	tenants, ids = nil, nil
	var vectors []string
	var tenant, id, name, email, phone string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &id, &name, &email, &phone}, func() error {
		var list []token
		at := 1
		for _, text := range []string{id, name, email, phone, strings.Map(digitOnly, phone)} {
			list, at = tokens(list, text, at, true)
			at++
		}
		tenants, ids, vectors = append(tenants, tenant), append(ids, id), append(vectors, vector(mark(tenant), list))
		return nil
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO customer_texts (tenant, customer, tokens)
		SELECT w.tenant, w.customer, w.tokens::tsvector FROM unnest($1::text[], $2::text[], $3::text[]) AS w (tenant, customer, tokens)
		ON CONFLICT (tenant, customer) DO UPDATE SET tokens = excluded.tokens WHERE customer_texts.tokens <> excluded.tokens`, tenants, ids, vectors)
	return err
}

// digitOnly keeps the digits of a telephone number, however it is written.
func digitOnly(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}
