package history

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
)

// StoredEvent is an event as it came, and where it stands in the stream.
type StoredEvent struct {
	Seq uint64
	Raw []byte
}

// LastMessages are the last events of a conversation that are about its messages
// (sent, blocked, flagged, delivered, failed), of those that stand in the stream
// up to a sequence: at most most, in the stream's order. It is what a conversation
// said before somebody began to follow it. Errors: ErrUnavailable.
func (d *Database) LastMessages(ctx context.Context, tenant event.TenantID, conversation event.ConversationID, upTo uint64, most int) ([]StoredEvent, error) {
	var list []StoredEvent
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		c, _, err := readCursor(ctx, tx, d.partitionOf(tenant), "")
		if err != nil {
			return err
		}
		if c.seq < upTo {
			return fmt.Errorf("%w: sequence %d is not stored again yet", ErrUnavailable, upTo)
		}
		// Sequences of earlier epochs have nothing to do with this one's.
		rows, err := tx.Query(ctx, `
			SELECT seq, body::text FROM events
			WHERE tenant = $1 AND conversation = $2 AND (epoch < $3 OR seq <= $4)
				AND type IN ('message.sent', 'message.blocked', 'message.flagged', 'message.delivered', 'message.failed')
			ORDER BY epoch DESC, seq DESC LIMIT $5`,
			string(tenant), string(conversation), c.epoch, int64(upTo), most) //nolint:gosec // JetStream's sequences stay far below 2^63
		if err != nil {
			return err
		}
		var seq int64
		var body string
		_, err = pgx.ForEachRow(rows, []any{&seq, &body}, func() error {
			list = append(list, StoredEvent{Seq: uint64(max(0, seq)), Raw: []byte(body)})
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return list, nil
}
