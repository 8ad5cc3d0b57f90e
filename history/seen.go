package history

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

const (
	// seenWindow is how many events' ids stand in one row of a tenant at most. Up to
	// as many are read one by one when a server starts.
	seenWindow = 1 << 16
	seenEvery  = 10 * time.Second
	seenLock   = 0x7365656e
)

// seen packs the ids of stored events, as hashes: a state has to know them all,
// and to read them event by event takes a start seconds for each million.
var seen = follower{name: "list of known events", cursors: "seen_cursors", lock: seenLock, window: seenWindow, whole: true, take: packSeen}

// RunSeen keeps the packed ids behind the writer's cursor until ctx ends. What
// fails is logged and tried again.
func (d *Database) RunSeen(ctx context.Context) { d.keepFollowing(ctx, &seen, seenEvery) }

func packSeen(ctx context.Context, tx pgx.Tx, w window) error {
	rows, err := tx.Query(ctx, `SELECT tenant, source, id FROM events
		WHERE epoch = $1 AND seq > $2 AND seq <= $3 AND ($4::text[] IS NULL OR tenant = ANY($4))`, w.epoch, w.from, w.to, w.tenants)
	if err != nil {
		return err
	}
	by := map[string][]byte{}
	var tenant, source, id string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &source, &id}, func() error {
		by[tenant] = binary.LittleEndian.AppendUint64(by[tenant], fold.EventHash(source, id))
		return nil
	})
	if err != nil {
		return err
	}
	for tenant, hashes := range by {
		// Another spreading of the tenants may have packed some of them before: one
		// too many does no harm.
		_, err := tx.Exec(ctx, `INSERT INTO seen (tenant, epoch, seq, hashes) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tenant, epoch, seq) DO UPDATE SET hashes = seen.hashes || excluded.hashes`, tenant, w.epoch, w.to, hashes)
		if err != nil {
			return err
		}
	}
	return nil
}

// eventIDs tells the states of every event that is stored: of the packed ones, and
// of those behind them.
func (l *loader) eventIDs(ctx context.Context) error {
	epoch, seq := int32(0), int64(0)
	// First how far they are packed: what is packed from here on is read twice.
	rows, err := l.q.Query(ctx, `SELECT epoch, seq FROM seen_cursors WHERE partition = $1`, l.cursor.partition)
	if err != nil {
		return err
	}
	if _, err = pgx.ForEachRow(rows, []any{&epoch, &seq}, func() error { return nil }); err != nil {
		return err
	}
	if err := l.packed(ctx); err != nil {
		return err
	}
	// Two questions in one: only the first can go by the index of sequences.
	rows, err = l.q.Query(ctx, `
		SELECT tenant, source, id FROM events WHERE epoch = $1 AND seq > $2 AND ($3::text[] IS NULL OR tenant = ANY($3))
		UNION ALL
		SELECT tenant, source, id FROM events WHERE $4 AND epoch > $1 AND ($3::text[] IS NULL OR tenant = ANY($3))`,
		epoch, seq, l.only, l.cursor.epoch > epoch)
	if err != nil {
		return err
	}
	var tenant event.TenantID
	var source, id string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &source, &id}, func() error {
		if st, ok := l.states[tenant]; ok {
			st.KnowEvent(fold.EventHash(source, id))
		}
		return nil
	})
	return err
}

func (l *loader) packed(ctx context.Context) error {
	rows, err := l.q.Query(ctx, `SELECT tenant, hashes FROM seen WHERE $1::text[] IS NULL OR tenant = ANY($1)`, l.only)
	if err != nil {
		return err
	}
	var tenant event.TenantID
	var hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&tenant, &hashes}, func() error {
		st, ok := l.states[tenant]
		for list := hashes; ok && len(list) >= 8; list = list[8:] {
			st.KnowEvent(binary.LittleEndian.Uint64(list))
		}
		return nil
	})
	return err
}
