package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// compared are the tables that verify looks at, the column with their day, and the one
// with the id by which their rows are found. What has no day bears on every range: who
// is a friend, who belongs to a team, and the states from which balances and contacts
// are told and the fold goes on.
var compared = []comparedTable{
	{inContributions, "day", "conversation", fmt.Sprintf("CASE WHEN session = %d THEN %d ELSE %d END", looseSession, fold.KindLoose, fold.KindConversation)},
	{inAgentDays, "day", "", ""},
	{inConversations, "start_day", "conversation", strconv.Itoa(int(fold.KindConversation))},
	{inCustomers, "", "customer", strconv.Itoa(int(fold.KindCustomer))},
	{inAgents, "", "", ""},
	{inChannels, "", "", ""},
	{inTeams, "", "", ""},
	{inEntities, "", "id", "kind"},
	{inTenants, "", "", ""},
}

// comparedTable has an id, and the kind that it is of, where its rows are those of
// entities on the shelf. All rows of the others are compared column by column, and so
// are fewEntities.
type comparedTable struct {
	table         int
	day, id, kind string
}

var fewEntities = []int16{int16(fold.KindTenant), int16(fold.KindAgent)}

// sum is that of the hashes of an entity's rows in the range; the entity itself
// is given as it would be stored.
func (v *verification) sum(t *tenantFold, r fold.Ref) (sum uint64, rows int32, stored []byte, err error) {
	b := v.batch
	b.reset()
	if err := b.all(t, r); err != nil {
		return 0, 0, nil, err
	}
	for i := range compared {
		c := &compared[i]
		if c.id == "" {
			continue
		}
		err := b.tables[c.table].each(func(values [][]byte) error {
			if !v.inRange(c, values) {
				return nil
			}
			if c.table == inEntities {
				stored = values[len(values)-1]
			}
			h, err := v.hash(c.table, values)
			sum += h
			rows++
			return err
		})
		if err != nil {
			return 0, 0, nil, err
		}
	}
	return sum, rows, stored, nil
}

// all adds every row of an entity, whether it has changed or not.
func (b *batch) all(t *tenantFold, r fold.Ref) error {
	switch r.Kind { //nolint:exhaustive // the others have no rows, or are few and written otherwise.
	case fold.KindConversation:
		if c, ok := t.state.Conversation(event.ConversationID(r.ID)); ok {
			for _, s := range c.Sessions {
				for i := range s.Rows {
					s.Rows[i].Dirty = true
				}
				if err := b.session(t.rows, s); err != nil {
					return err
				}
			}
		}
	case fold.KindCustomer:
		if u, ok := t.state.Customer(event.CustomerID(r.ID)); ok {
			b.customer(t.rows, u)
		}
	case fold.KindLoose:
		if l, ok := t.state.LooseRow(r); ok {
			l.Row.Dirty = true
			if err := b.loose(t.rows, l); err != nil {
				return err
			}
		}
	}
	return b.entity(t, r)
}

func (v *verification) inRange(c *comparedTable, values [][]byte) bool {
	if c.day == "" {
		return true
	}
	at := slices.Index(derived[c.table].columns, c.day)
	day := metric.Day(int32(binary.BigEndian.Uint32(values[at]))) + postgresEpochDays //nolint:gosec // two's complement
	return v.report.From <= day && day <= v.report.To
}

// hash is that of a row in PostgreSQL's binary form, but for the column seq, which says
// when it was written and not what it is.
func (v *verification) hash(table int, values [][]byte) (uint64, error) {
	b := append(v.row[:0], byte(table)) //nolint:gosec // there are few tables
	columns := derived[table].columns
	for i, value := range values {
		switch columns[i] {
		case "seq":
			continue
		case "revenue", "ai_sales", "credits", "parts":
			if value == nil {
				break
			}
			// Behind its version: PostgreSQL has spaces and an order of its own.
			text := jsontext.Value(bytes.Clone(value[1:]))
			if err := text.Canonicalize(jsontext.CanonicalizeRawInts(false)); err != nil {
				return 0, fmt.Errorf("read %s.%s: %w", derived[table].name, columns[i], err)
			}
			value = text
		}
		if value == nil {
			b = append(b, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...) //nolint:gosec // far smaller than 4 GiB
	}
	v.row = b
	return maphash.Bytes(v.shelf.seed, b), nil
}

// compare holds what was folded against what is stored.
func (v *verification) compare(ctx context.Context) error {
	done := int64(0)
	v.tell(VerifyProgress{VerifyComparing, 0, v.rows})
	for i := range compared {
		if compared[i].id == "" {
			continue
		}
		if err := v.takeStored(ctx, &compared[i], &done); err != nil {
			return fmt.Errorf("compare %s: %w", derived[compared[i].table].name, err)
		}
	}
	v.report.Rows = int(done)
	suspects, err := v.suspects(ctx)
	if err != nil {
		return err
	}
	// What there are few of, in full, and of the rest what differs.
	b := v.batch
	b.reset()
	if err := v.few(); err != nil {
		return err
	}
	var kinds []int16
	var ids []string
	for _, r := range suspects {
		kinds, ids = append(kinds, int16(r.Kind)), append(ids, r.ID)
		stored, err := v.shelf.find(r)
		if err != nil {
			return err
		}
		if stored == nil {
			continue
		}
		one := newTenantFold(fold.New(v.report.Tenant), true)
		one.rows = v.replay.rows
		if err := one.state.Bring(r, stored); err != nil {
			return err
		}
		if err := b.all(one, r); err != nil {
			return err
		}
	}
	for i := range compared {
		if err := v.columns(ctx, &compared[i], kinds, ids); err != nil {
			return fmt.Errorf("compare %s: %w", derived[compared[i].table].name, err)
		}
	}
	v.tell(VerifyProgress{VerifyComparing, v.rows, v.rows})
	return nil
}

// few adds the rows that are not on the shelf: nothing was flushed, so all of them.
func (v *verification) few() error {
	t, b := v.replay.fold(), v.batch
	if err := t.flush(b); err != nil {
		return err
	}
	b.tables[inAgentDays].reset() // of which these are not all
	for agent, days := range v.days {
		for day, d := range days {
			b.agentDay(t.rows, agent, day, &d)
		}
	}
	return nil
}

// takeStored subtracts the stored rows of a table from the sums of their entities.
func (v *verification) takeStored(ctx context.Context, c *comparedTable, done *int64) error {
	t := &derived[c.table]
	sql, args := "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" WHERE tenant = $1", []any{pgx.QueryResultFormats{pgx.BinaryFormatCode}, v.replay.rows}
	if c.day != "" {
		sql += " AND " + c.day + " BETWEEN $2 AND $3"
		args = append(args, v.report.From.Time(), v.report.To.Time())
	}
	if c.table == inEntities {
		sql += " AND kind <> ALL ($2)"
		args = append(args, fewEntities)
	}
	rows, err := v.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	id, session := slices.Index(t.columns, c.id), slices.Index(t.columns, "session")
	for rows.Next() {
		values := rows.RawValues()
		r := fold.Ref{Kind: fold.KindConversation, ID: string(values[id])}
		switch {
		case c.table == inCustomers:
			r.Kind = fold.KindCustomer
		case c.table == inEntities:
			r.Kind = fold.Kind(binary.BigEndian.Uint16(values[1])) //nolint:gosec // kinds are small
		case int32(binary.BigEndian.Uint32(values[session])) == looseSession: //nolint:gosec // two's complement
			r.Kind = fold.KindLoose
		}
		h, err := v.hash(c.table, values)
		if err != nil {
			return err
		}
		if !v.shelf.take(r, h) && len(v.surplus) <= mostDifferences {
			v.surplus = append(v.surplus, r)
		}
		if *done++; *done%replayed == 0 {
			v.tell(VerifyProgress{VerifyComparing, *done, max(v.rows, *done)})
		}
	}
	return rows.Err()
}

// suspects are entities of which a row differs, at least one for each difference that
// a report has room for. States that only are written otherwise are none.
func (v *verification) suspects(ctx context.Context) ([]fold.Ref, error) {
	list := slices.Clone(v.surplus)
	var some []fold.Ref
	for _, k := range v.shelf.kept {
		if k.at == noPlace || k.sum == 0 && k.rows == 0 {
			continue
		}
		r, _, err := v.shelf.load(k.at)
		if err != nil {
			return nil, err
		}
		if some = append(some, r); len(some) < replayed {
			continue
		}
		if list, err = v.differing(ctx, list, some); err != nil || len(list) > mostDifferences {
			return list, err
		}
		some = some[:0]
	}
	return v.differing(ctx, list, some)
}

// differing appends those of some entities whose rows differ when states that say the
// same are taken for equal.
func (v *verification) differing(ctx context.Context, list, some []fold.Ref) ([]fold.Ref, error) {
	kinds, ids := make([]int16, len(some)), make([]string, len(some))
	for i, r := range some {
		kinds[i], ids[i] = int16(r.Kind), r.ID
	}
	stored := make(map[fold.Ref][]byte, len(some))
	rows, err := v.tx.Query(ctx, `SELECT e.kind, e.id, e.state FROM unnest($2::smallint[], $3::text[]) AS w (kind, id)
		JOIN entities e ON e.tenant = $1 AND e.kind = w.kind AND e.id = w.id`, v.replay.rows, kinds, ids)
	if err != nil {
		return nil, err
	}
	var kind int16
	var id string
	var state []byte
	_, err = pgx.ForEachRow(rows, []any{&kind, &id, &state}, func() error {
		stored[fold.Ref{Kind: fold.Kind(kind), ID: id}] = state //nolint:gosec // kinds are small
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range some {
		same, err := v.sayTheSame(r, stored[r])
		if err != nil {
			return nil, err
		}
		if !same {
			list = append(list, r)
		}
	}
	return list, nil
}

// sayTheSame reports whether nothing of an entity differs but how its state is written.
func (v *verification) sayTheSame(r fold.Ref, stored []byte) (bool, error) {
	if stored == nil {
		return false, nil
	}
	found, err := v.shelf.find(r)
	if err != nil {
		return false, err
	}
	computed := bytes.Clone(found)
	same, err := v.report.sameStates(r, computed, stored)
	if err != nil || !same {
		return false, err
	}
	k := v.shelf.kept[v.shelf.hash(r)]
	for _, side := range []struct {
		state []byte
		times uint64
	}{{computed, ^uint64(0)}, {stored, 1}} {
		h, err := v.hash(inEntities, [][]byte{[]byte(v.replay.rows), binary.BigEndian.AppendUint16(nil, uint16(r.Kind)), []byte(r.ID), nil, side.state})
		if err != nil {
			return false, err
		}
		k.sum += h * side.times
	}
	return k.sum == 0 && k.rows == 0, nil
}
