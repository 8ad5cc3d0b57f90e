package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

// PastMessage is a message of a customer, an agent or a bot as it stands in the
// record, with where its conversation stands.
type PastMessage struct {
	At           time.Time
	Conversation event.ConversationID
	Message      event.MessageID
	From         event.Actor
	Text         string
	Blocked      bool // it was not delivered
	Channel      string
	Team         string
}

// pastMessages is the condition of PastMessages. $1 is the tenant, $2 and $3 the
// time, $6 the name under which the tenant's rows stand.
const pastMessages = ` FROM events e LEFT JOIN conversations c ON c.tenant = $6 AND c.conversation = e.conversation AND c.session = 1
	WHERE e.tenant = $1 AND e.time >= $2 AND e.time < $3 AND e.type IN ('message.sent', 'message.blocked') AND e.conversation IS NOT NULL
	AND (cardinality($4::text[]) = 0 OR c.channel = ANY($4)) AND (cardinality($5::text[]) = 0 OR c.team = ANY($5))`

// PastMessages shows each every message from one time until before another, in
// order of their times, within a scope's channels and teams; before the first,
// total says how many there are. An error of each ends it and is returned.
// Errors: ErrUnavailable.
func (d *Database) PastMessages(ctx context.Context, tenant string, scope Scope, from, until time.Time, total func(int64), each func(*PastMessage) error) error {
	args := []any{tenant, from, until, append([]string{}, scope.Channels...), append([]string{}, scope.Teams...)}
	var refused error
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		args = append(args, desk.rows)
		var n int64
		if err := tx.QueryRow(ctx, "SELECT count(*)"+pastMessages, args...).Scan(&n); err != nil {
			return err
		}
		total(n)
		rows, err := tx.Query(ctx, "SELECT e.body, coalesce(c.channel, ''), coalesce(c.team, '')"+pastMessages+" ORDER BY e.time, e.seq", args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var body []byte
			var m PastMessage
			if err := rows.Scan(&body, &m.Channel, &m.Team); err != nil {
				return err
			}
			e, err := event.Decode(body)
			if err != nil {
				return fmt.Errorf("stored event: %w", err)
			}
			if !m.take(&e) {
				continue
			}
			if refused = each(&m); refused != nil {
				return refused
			}
		}
		return rows.Err()
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return fmt.Errorf("past messages: %w", err)
	}
	return nil
}

// take fills the message from its event, and reports whether somebody's rules read it.
func (m *PastMessage) take(e *event.Event) bool {
	m.At = e.Time
	switch d := e.Data.(type) {
	case *event.MessageSent:
		m.Conversation, m.Message, m.From, m.Text = d.Conversation, d.Message, d.From, d.Text
		if d.Automatic != "" {
			m.From.Kind = event.Bot
		}
		if d.To == "agent" {
			return false
		}
	case *event.MessageBlocked:
		m.Conversation, m.Message, m.From, m.Text, m.Blocked = d.Conversation, d.Message, d.From, d.Text, true
	default:
		return false
	}
	switch m.From.Kind {
	case event.Agent, event.Bot, event.Customer:
		return true
	case event.Broadcast, event.System:
	}
	return false
}
