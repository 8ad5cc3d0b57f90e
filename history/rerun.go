package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// mostRerun bounds how many events are folded for one explanation.
const mostRerun = 50_000

// rerun folds the stored events of a few conversations again, to find out what
// each of them did. It does not make a number: those are the stored ones.
//
// The directory is that of now. What a conversation
// takes from elsewhere (that its customer wrote before, another chat of his
// that took an order) is only seen if that conversation is among the few.
type rerun struct {
	tx   pgx.Tx
	desk *openedDesk
	st   *fold.State
	// Truncated says that there were more events than are folded.
	truncated bool
}

// storedEvent is an event as it stands in the table.
type storedEvent struct {
	seq  uint64
	at   time.Time
	kind event.Type
	id   string
	e    event.Event
}

// newRerun makes an empty state with the profile and the agents' teams of now, or
// with another profile if one is given.
func newRerun(ctx context.Context, tx pgx.Tx, desk *openedDesk, agents []string, profile *metric.Profile) (*rerun, error) {
	r := &rerun{tx: tx, desk: desk, st: fold.New(event.TenantID(desk.tenant))}
	rows, err := tx.Query(ctx, `SELECT kind, id, state FROM entities WHERE tenant = $1 AND (kind = $2 AND id = '' OR kind = $3 AND id = ANY($4))`,
		desk.rows, int16(fold.KindTenant), int16(fold.KindAgent), agents)
	if err != nil {
		return nil, err
	}
	var kind int16
	var id string
	var state []byte
	_, err = pgx.ForEachRow(rows, []any{&kind, &id, &state}, func() error {
		if profile != nil && fold.Kind(kind) == fold.KindTenant { //nolint:gosec // kinds are small
			if state, err = underProfile(state, profile); err != nil {
				return err
			}
		}
		return r.st.Bring(fold.Ref{Kind: fold.Kind(kind), ID: id}, state) //nolint:gosec // kinds are small
	})
	return r, err
}

// events reads what was stored of conversations, and of customers beside them,
// in the order in which it was folded.
func (r *rerun) events(ctx context.Context, conversations, customers []string) ([]storedEvent, error) {
	rows, err := r.tx.Query(ctx, `
		SELECT epoch, seq, time, type, id, body FROM events WHERE tenant = $1 AND conversation = ANY($2)
		UNION ALL SELECT epoch, seq, time, type, id, body FROM events
			WHERE tenant = $1 AND conversation IS NULL AND body->'data'->>'customer' = ANY($3) AND type <> $4
		ORDER BY epoch, seq LIMIT $5`,
		r.desk.tenant, conversations, customers, string(event.TypeMessageSent), mostRerun+1)
	if err != nil {
		return nil, err
	}
	var list []storedEvent
	var epoch int32
	var s storedEvent
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&epoch, &s.seq, &s.at, &s.kind, &s.id, &body}, func() error {
		if len(list) == mostRerun {
			r.truncated = true
			return nil
		}
		e, err := event.Decode(body)
		if err != nil {
			return fmt.Errorf("stored event at %d: %w", s.seq, err)
		}
		s.e = e
		s.at = s.at.UTC()
		list = append(list, s)
		return nil
	})
	return list, err
}

// fold applies events one by one. The change is valid until f returns; an event
// that is refused or came before changes nothing and is passed over.
func (r *rerun) fold(list []storedEvent, f func(*storedEvent, *fold.Change)) error {
	var refs []fold.Ref
	for i := range list {
		s := &list[i]
		if s.kind == event.TypeTenantConfigured {
			continue
		}
		for refs = r.st.Missing(&s.e, refs[:0]); len(refs) > 0; refs = r.st.Missing(&s.e, refs[:0]) {
			for _, ref := range refs { // nothing else is there
				if err := r.st.Bring(ref, nil); err != nil {
					return err
				}
			}
		}
		if c := r.st.Apply(s.seq, &s.e); c.Refused == nil && !c.Duplicate {
			f(s, c)
		}
	}
	return nil
}
