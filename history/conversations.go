package history

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

// How many conversations a page holds, and how far a list is counted.
const (
	defaultPage = 50
	mostPage    = 500
	mostCounted = 10_000
)

// Page is a part of a list of conversations, the newest first.
type Page struct {
	From     metric.Day `json:"from"`
	To       metric.Day `json:"to"`
	Timezone string     `json:"timezone"`
	AsOfSeq  uint64     `json:"as_of_seq"`
	// Total is how many there are on all pages. It is counted up to 10,000;
	// TotalMore says that there are more.
	Total     int               `json:"total"`
	TotalMore bool              `json:"total_more"`
	Rows      []ConversationRow `json:"rows"`
	// AgentNames are the names of the agents in the rows, by id.
	AgentNames map[string]string `json:"agent_names"`
	// Next is the cursor of the page that follows, empty on the last one.
	Next string `json:"next,omitempty"`
}

// ConversationRow is one session of a conversation, as lists show it.
type ConversationRow struct {
	ID                   string         `json:"id"`
	Session              int            `json:"session"` // 1 is the conversation's first
	StartedAt            time.Time      `json:"started_at"`
	ClosedAt             *time.Time     `json:"closed_at"` // null while it is open
	UpdatedAt            time.Time      `json:"updated_at"`
	Channel              string         `json:"channel"`
	Customer             *CustomerShort `json:"customer"` // null if nobody knows who
	Agents               []string       `json:"agents"`   // all humans, by id
	Team                 *string        `json:"team"`     // of the first human
	Intent               string         `json:"intent"`
	Tags                 []string       `json:"tags"`
	Handling             string         `json:"handling"`
	State                string         `json:"state"` // queued, bot, human, open, closed
	Stars                *int           `json:"stars,omitempty"`
	Reasons              []string       `json:"reasons"`
	Risky                bool           `json:"risky"`
	Messages             MessageCounts  `json:"messages"`
	FirstQuestion        string         `json:"first_question"`
	FirstResponseSeconds *float64       `json:"first_response_seconds,omitempty"`
}

// CustomerShort is a customer as lists show him.
type CustomerShort struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Anonymous bool   `json:"anonymous"`
	Friend    bool   `json:"friend"`
}

// MessageCounts is how many messages each kind of author wrote.
type MessageCounts struct {
	Customer int `json:"customer"`
	Agent    int `json:"agent"`
	Bot      int `json:"bot"`
}

// Conversations lists the conversations of a range of days, by the day on which
// they began. values are the parameters of GET /v1/conversations; the list stays
// the same from page to page while new conversations arrive. agent lets through
// whoever was assigned or wrote, not the first human alone.
// Errors: *metric.FieldError for a faulty question, ErrUnavailable.
func (d *Database) Conversations(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (Page, error) {
	var page Page
	if err := checkText(values); err != nil {
		return page, err
	}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		p, err := profile(ctx, tx, tenant)
		if err != nil {
			return err
		}
		l, err := parseList(tenant, scope, values, now, p)
		if err != nil {
			return err
		}
		page, err = l.page(ctx, tx)
		return err
	})
	if err != nil {
		return Page{}, listError(err)
	}
	return page, nil
}

func listError(err error) error {
	if field, ok := errors.AsType[*metric.FieldError](err); ok {
		return field
	}
	return fmt.Errorf("conversations: %w", err)
}

// page reads one page, and counts the list if it has more.
func (l *list) page(ctx context.Context, tx pgx.Tx) (Page, error) {
	page := Page{From: l.from, To: l.to, Timezone: l.profile.Timezone, Rows: []ConversationRow{}, AgentNames: map[string]string{}}
	var err error
	if page.AsOfSeq, err = asOf(ctx, tx); err != nil || l.nothing {
		return page, err
	}
	whole := l.where
	if l.after != nil {
		l.where.and("c.started_at <= ?", l.after.started())
		l.where.and("(c.started_at < ? OR (c.conversation, c.session) > (?, ?))", l.after.started(), l.after.Conversation, l.after.Session)
	}
	page.Rows, err = rowsOf(ctx, tx, fmt.Sprintf("%s LIMIT %d", l.sql(), l.limit+1), l.where.args, scanConversation)
	if err != nil {
		return page, err
	}
	switch {
	case len(page.Rows) > l.limit:
		page.Rows = page.Rows[:l.limit]
		last := &page.Rows[l.limit-1]
		page.Next = pageMark{Micros: last.StartedAt.UnixMicro(), Conversation: last.ID, Session: last.Session}.encode()
	case l.after == nil:
		page.Total = len(page.Rows) // they are all: a search is not made twice
	}
	if page.Next != "" || l.after != nil {
		if err := l.count(ctx, tx, &whole, &page); err != nil {
			return page, err
		}
	}
	page.AgentNames, err = agentNames(ctx, tx, l.tenant, page.Rows)
	return page, err
}

// count counts the list on all its pages, up to a bound.
func (l *list) count(ctx context.Context, tx pgx.Tx, whole *condition, page *Page) error {
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) counted", listed, whole.sql(), mostCounted+1)
	if err := tx.QueryRow(ctx, sql, whole.args...).Scan(&page.Total); err != nil {
		return err
	}
	if page.Total > mostCounted {
		page.Total, page.TotalMore = mostCounted, true
	}
	return nil
}

// listed is what a list reads from.
const listed = "conversations c LEFT JOIN customers u ON u.tenant = c.tenant AND u.customer = c.customer"

const listColumns = `c.conversation, c.session, c.started_at, c.closed_at, c.updated_at, c.channel,
	c.customer, coalesce(u.name, ''), coalesce(u.email, ''), coalesce(u.phone, ''), coalesce(u.anonymous, false), coalesce(u.friend, false),
	c.agents, c.team, c.intent, c.tags, c.handling, c.state, c.stars, c.reasons, c.risky,
	c.messages_customer, c.messages_agent, c.messages_bot, c.first_question, c.first_response_millis`

func (l *list) sql() string {
	return "SELECT " + listColumns + " FROM " + listed + " WHERE " + l.where.sql() + " ORDER BY c.started_at DESC, c.conversation, c.session"
}

func scanConversation(rows pgx.Rows, r *ConversationRow) error {
	var customer *string
	var u CustomerShort
	var response *int64
	if err := rows.Scan(&r.ID, &r.Session, &r.StartedAt, &r.ClosedAt, &r.UpdatedAt, &r.Channel,
		&customer, &u.Name, &u.Email, &u.Phone, &u.Anonymous, &u.Friend,
		&r.Agents, &r.Team, &r.Intent, &r.Tags, &r.Handling, &r.State, &r.Stars, &r.Reasons, &r.Risky,
		&r.Messages.Customer, &r.Messages.Agent, &r.Messages.Bot, &r.FirstQuestion, &response); err != nil {
		return err
	}
	r.StartedAt, r.UpdatedAt = r.StartedAt.UTC(), r.UpdatedAt.UTC()
	if r.ClosedAt != nil {
		at := r.ClosedAt.UTC()
		r.ClosedAt = &at
	}
	if customer != nil {
		u.ID = *customer
		r.Customer = &u
	}
	if response != nil {
		s := float64(*response) / 1000
		r.FirstResponseSeconds = &s
	}
	return nil
}

// agentNames are the names of the agents in some rows.
func agentNames(ctx context.Context, tx pgx.Tx, tenant string, of []ConversationRow) (map[string]string, error) {
	ids := map[string]struct{}{}
	for i := range of {
		for _, a := range of[i].Agents {
			ids[a] = struct{}{}
		}
	}
	return namesOf(ctx, tx, tenant, slices.Collect(maps.Keys(ids)))
}

func namesOf(ctx context.Context, tx pgx.Tx, tenant string, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := tx.Query(ctx, "SELECT agent, name FROM agents WHERE tenant = $1 AND agent = ANY($2)", tenant, ids)
	if err != nil {
		return nil, err
	}
	var id, name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return names, err
}

// pageMark is the last row of a page, after which the next one begins.
type pageMark struct {
	Micros       int64  `json:"t"` // its start, since 1970
	Conversation string `json:"c"`
	Session      int    `json:"s"`
}

func (m *pageMark) started() time.Time { return time.UnixMicro(m.Micros).UTC() }

func (m pageMark) encode() string {
	b, err := json.Marshal(m)
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Years that PostgreSQL can hold; a cursor of ours is within.
const mostMicros = 200_000_000_000_000_000

func parsePageMark(s string) (*pageMark, error) {
	broken := &metric.FieldError{Field: "cursor", Message: "is not a cursor of this list; take next from the page before, or leave it out"}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, broken
	}
	var m pageMark
	if err := json.Unmarshal(b, &m, json.RejectUnknownMembers(true)); err != nil || m.Conversation == "" || m.Session < 1 || m.Session > 1<<30 ||
		m.Micros > mostMicros || m.Micros < -mostMicros/4 || strings.IndexByte(m.Conversation, 0) >= 0 {
		return nil, broken
	}
	return &m, nil
}
