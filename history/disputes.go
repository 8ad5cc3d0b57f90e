package history

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// PastDispute is a dispute and, once there is one, its decision.
type PastDispute struct {
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	Agent        event.AgentID        `json:"agent"`
	AgentName    string               `json:"agent_name"`
	At           time.Time            `json:"at"`
	Blocked      time.Time            `json:"blocked"`
	Text         string               `json:"text"`
	Violations   []event.Violation    `json:"violations"`
	Comment      string               `json:"comment,omitzero"`

	Decision  event.Decision `json:"decision,omitzero"` // absent: it is open
	DecidedAt *time.Time     `json:"decided_at,omitzero"`
	By        string         `json:"by,omitzero"`
	Reason    string         `json:"reason,omitzero"`
	Released  bool           `json:"released,omitzero"`
	Allowed   []string       `json:"allowed,omitzero"`

	id string // of the event
}

// PastDisputes is a page of disputes, the newest first.
type PastDisputes struct {
	AsOfSeq uint64        `json:"as_of_seq"`
	Items   []PastDispute `json:"items"`
	Next    string        `json:"next,omitzero"` // the cursor of the next page
}

// mostDisputes bounds a page.
const mostDisputes = 500

// Disputes lists a tenant's disputes within a scope, the newest first, those
// after cursor; state is open, decided or empty for both. A dispute that the fold
// ignored, because nothing was blocked there, is not among them. Errors:
// *metric.FieldError, ErrUnavailable.
func (d *Database) Disputes(ctx context.Context, tenant string, scope Scope, state, cursor string, limit int) (PastDisputes, error) {
	page := PastDisputes{Items: []PastDispute{}}
	before, id, err := readDisputeCursor(cursor)
	if err != nil {
		return page, err
	}
	switch state {
	case "", "open", "decided":
	default:
		return page, &metric.FieldError{Field: "state", Message: "must be open or decided"}
	}
	limit = max(1, min(limit, mostDisputes))
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		var err error
		if page.AsOfSeq, err = d.asOfSeq(ctx, tx, tenant); err != nil {
			return err
		}
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		page.Items, err = rowsOf(ctx, tx, `SELECT o.time, o.id, o.body, d.time, d.body, coalesce(a.name, o.body->'data'->>'agent')
			FROM events o
			LEFT JOIN LATERAL (
				SELECT time, body FROM events d WHERE d.tenant = o.tenant AND d.type = 'dispute.decided' AND d.time >= o.time
					AND d.conversation = o.conversation AND d.body->'data'->>'message' = o.body->'data'->>'message'
				ORDER BY d.seq LIMIT 1
			) d ON true
			LEFT JOIN agents a ON a.tenant = $9 AND a.agent = o.body->'data'->>'agent'
			LEFT JOIN conversations c ON c.tenant = $9 AND c.conversation = o.conversation AND c.session = 1
			WHERE o.tenant = $1 AND o.type = 'dispute.opened' AND (o.time, o.id) < ($2, $3)
				AND ($4 = '' OR ($4 = 'decided') = (d.time IS NOT NULL))
				AND (cardinality($5::text[]) = 0 OR c.channel = ANY($5)) AND (cardinality($6::text[]) = 0 OR c.team = ANY($6))
				AND ($7 = '' OR o.body->'data'->>'agent' = $7)
				AND EXISTS (SELECT FROM events b WHERE b.tenant = o.tenant AND b.conversation = o.conversation AND b.type = 'message.blocked'
					AND b.time = (o.body->'data'->>'blocked')::timestamptz AND b.body->'data'->>'message' = o.body->'data'->>'message')
			ORDER BY o.time DESC, o.id DESC LIMIT $8`,
			[]any{tenant, before, id, state, append([]string{}, scope.Channels...), append([]string{}, scope.Teams...), scope.Agent, limit + 1, desk.rows},
			scanDispute)
		return err
	})
	if err != nil {
		return PastDisputes{}, fmt.Errorf("disputes: %w", err)
	}
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := &page.Items[limit-1]
		page.Next = disputeCursor(last)
	}
	return page, nil
}

func scanDispute(rows pgx.Rows, p *PastDispute) error {
	var opened, decided []byte
	var name string
	if err := rows.Scan(&p.At, &p.id, &opened, &p.DecidedAt, &decided, &name); err != nil {
		return err
	}
	e, err := event.Decode(opened)
	if err != nil {
		return fmt.Errorf("stored event: %w", err)
	}
	o, ok := e.Data.(*event.DisputeOpened)
	if !ok {
		return fmt.Errorf("a stored %s holds another event", event.TypeDisputeOpened)
	}
	p.At = p.At.UTC()
	p.Conversation, p.Message, p.Agent, p.AgentName = o.Conversation, o.Message, o.Agent, name
	p.Blocked, p.Text, p.Violations, p.Comment = o.Blocked, o.Text, o.Violations, o.Comment
	if decided == nil {
		return nil
	}
	if e, err = event.Decode(decided); err != nil {
		return fmt.Errorf("stored event: %w", err)
	}
	d, ok := e.Data.(*event.DisputeDecided)
	if !ok {
		return fmt.Errorf("a stored %s holds another event", event.TypeDisputeDecided)
	}
	at := p.DecidedAt.UTC()
	p.DecidedAt, p.Decision, p.By, p.Reason, p.Released, p.Allowed = &at, d.Decision, d.By, d.Reason, d.Released, d.Allowed
	return nil
}

// A cursor is the time and the event's id of the last one shown.
type disputePlace struct {
	At time.Time `json:"t"`
	ID string    `json:"i"`
}

func disputeCursor(p *PastDispute) string {
	raw, err := json.Marshal(disputePlace{p.At, p.id})
	if err != nil {
		return "" // a time of this millennium and a string always encode
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readDisputeCursor(cursor string) (time.Time, string, error) {
	if cursor == "" {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	var p disputePlace
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil || p.At.IsZero() {
		return time.Time{}, "", &metric.FieldError{Field: "cursor", Message: "is none that this list gave"}
	}
	return p.At, p.ID, nil
}
