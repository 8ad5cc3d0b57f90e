package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// How many conversations a page holds, and how far a list is counted.
const (
	defaultPage = 50
	mostPage    = 500
	mostCounted = 10_000
	mostWalked  = 20_000
)

// Page is a part of a list of conversations, the newest first.
type Page struct {
	From     metric.Day `json:"from"`
	To       metric.Day `json:"to"`
	Timezone string     `json:"timezone"`
	AsOfSeq  uint64     `json:"as_of_seq"`
	// FoldVersion is the version of the fold by which the rows were made.
	FoldVersion int32 `json:"fold_version"`
	// SearchedSeq is how far the texts have been taken up that a search looks in;
	// 0 where nothing was searched for.
	SearchedSeq uint64 `json:"searched_seq,omitzero"`
	Sort        string `json:"sort"`
	// Total is how many there are on all pages. The latest 20,000 of the range are
	// looked at for it; TotalMore says that there may be more.
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
	State                string         `json:"state"`     // queued, bot, human, open, closed
	AIStatus             string         `json:"ai_status"` // open, resolved, routed, closed; empty if no bot took part
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
// they began. values are the parameters of GET /v1/conversations; in its default
// order the list stays the same from page to page while new conversations
// arrive. agent lets through whoever was assigned or wrote, not the first human
// alone. Errors: *metric.FieldError for a faulty question, ErrUnavailable.
func (d *Database) Conversations(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (Page, error) {
	var page Page
	if err := checkText(values); err != nil {
		return page, err
	}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		l, err := parseList(desk, scope, values, now)
		if err != nil {
			return err
		}
		page, err = l.page(ctx, d, tx)
		return err
	})
	if err != nil {
		return Page{}, listError("conversations", err)
	}
	return page, nil
}

// listError says which list failed, and hands a faulty question on as it is.
func listError(list string, err error) error {
	if field, ok := errors.AsType[*metric.FieldError](err); ok {
		return field
	}
	return fmt.Errorf("%s: %w", list, err)
}

// page reads one page, and counts the list if it has more.
func (l *list) page(ctx context.Context, d *Database, tx pgx.Tx) (Page, error) {
	page := Page{From: l.from, To: l.to, Timezone: l.desk.profile.Timezone, Sort: l.sort.name, Rows: []ConversationRow{}, AgentNames: map[string]string{}}
	c, there, err := readCursor(ctx, tx, d.partitionOf(event.TenantID(l.desk.tenant)), "")
	if page.AsOfSeq, page.FoldVersion = c.seq, fold.Version; there {
		page.FoldVersion = c.foldVersion
	}
	if err != nil || l.nothing {
		return page, err
	}
	if l.words != "" || l.name != "" {
		if page.SearchedSeq, err = d.searchedSeq(ctx, tx, l.desk.tenant); err != nil {
			return page, err
		}
	}
	if err := l.search(ctx, tx); err != nil || l.nothing {
		return page, err
	}
	if err := l.rare(ctx, tx, d.rare); err != nil || l.nothing {
		return page, err
	}
	w := l.where
	if l.after != nil {
		l.sort.from(&w, l.after)
	}
	sql := fmt.Sprintf("%s LIMIT %d", l.sql(&w), l.limit+1)
	if l.sort.column == "c.updated_at" {
		sql = l.byUpdate(&w, l.limit+1)
	}
	page.Rows, err = rowsOf(ctx, tx, sql, w.args, scanConversation)
	if err != nil {
		return page, err
	}
	switch {
	case len(page.Rows) > l.limit:
		page.Rows = page.Rows[:l.limit]
		page.Next = l.sort.mark(&page.Rows[l.limit-1]).encode()
	case l.after == nil:
		page.Total = len(page.Rows) // they are all: a search is not made twice
	}
	if page.Next != "" || l.after != nil {
		if err := l.count(ctx, tx, &page); err != nil {
			return page, err
		}
	}
	page.AgentNames, err = agentNames(ctx, tx, l.desk.rows, page.Rows)
	return page, err
}

// count counts the list on all its pages, up to a bound of what is looked at for
// it: a page must not wait for a number beside it.
func (l *list) count(ctx context.Context, tx pgx.Tx, page *Page) error {
	if l.walk { // to look at each text of the range would take seconds
		page.Total, page.TotalMore = len(page.Rows), true
		return nil
	}
	where := append(slices.Clone(l.fence), l.where.parts...)
	if l.few { // an index finds them
		sql := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) counted", listed, strings.Join(where, " AND "), mostCounted+1)
		if err := tx.QueryRow(ctx, sql, l.where.args...).Scan(&page.Total); err != nil {
			return err
		}
		if page.Total > mostCounted {
			page.Total, page.TotalMore = mostCounted, true
		}
		return nil
	}
	counted, walked := append([]string{"true"}, l.where.parts...), 0
	sql := fmt.Sprintf(`SELECT count(*) FILTER (WHERE %s), count(*) FROM (SELECT * FROM conversations c WHERE %s ORDER BY c.started_at DESC LIMIT %d) c
		LEFT JOIN customers u ON u.tenant = c.tenant AND u.customer = c.customer`,
		strings.Join(counted, " AND "), strings.Join(l.fence, " AND "), mostWalked)
	if err := tx.QueryRow(ctx, sql, l.where.args...).Scan(&page.Total, &walked); err != nil {
		return err
	}
	page.TotalMore = walked >= mostWalked
	if page.TotalMore {
		page.Total = max(page.Total, len(page.Rows))
	}
	return nil
}

// listed is what a list reads from.
const listed = "conversations c LEFT JOIN customers u ON u.tenant = c.tenant AND u.customer = c.customer"

const listColumns = `c.conversation, c.session, c.started_at, c.closed_at, c.updated_at, c.channel,
	c.customer, coalesce(u.name, ''), coalesce(u.email, ''), coalesce(u.phone, ''), coalesce(u.anonymous, false), coalesce(u.friend, false),
	c.agents, c.team, c.intent, c.tags, c.handling, c.state, c.ai_status, c.stars, c.reasons, c.risky,
	c.messages_customer, c.messages_agent, c.messages_bot, c.first_question, c.first_response_millis`

// sql is the list's query with a condition.
func (l *list) sql(w *condition) string {
	return "SELECT " + listColumns + " FROM " + listed + " WHERE " + strings.Join(append(slices.Clone(l.fence), w.parts...), " AND ") + l.sort.order()
}

func scanConversation(rows pgx.Rows, r *ConversationRow) error {
	var customer *string
	var u CustomerShort
	var response *int64
	if err := rows.Scan(&r.ID, &r.Session, &r.StartedAt, &r.ClosedAt, &r.UpdatedAt, &r.Channel,
		&customer, &u.Name, &u.Email, &u.Phone, &u.Anonymous, &u.Friend,
		&r.Agents, &r.Team, &r.Intent, &r.Tags, &r.Handling, &r.State, &r.AIStatus, &r.Stars, &r.Reasons, &r.Risky,
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
