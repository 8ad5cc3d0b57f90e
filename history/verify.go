package history

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// mostDifferences is how many a report lists.
const mostDifferences = 1000

// Report is what verify found.
type Report struct {
	Tenant   event.TenantID
	From, To metric.Day
	Seq      uint64 // up to which everything stored was compared
	Events   int    // that were folded anew
	Rows     int    // that were compared
	Profile  string // such as tiktok_shop@2
	// Today is the local day of the tenant's latest event; Counts are the sums of
	// its sessions' and its loose rows as recomputed, and Hash is theirs; see
	// HashDay.
	Today  metric.Day
	Counts metric.Counts
	Hash   string
	// Differences are at most 1,000; Truncated says that there are more.
	Differences []Difference
	Truncated   bool

	latest int64 // time of the latest event, in milliseconds
}

// Difference is a column in which a stored row differs from the recomputed one,
// or a whole row that only one side has.
type Difference struct {
	Table    string
	Key      string // the row's primary key without the tenant, separated by slashes
	Missing  bool   // the row is not stored and should be
	Surplus  bool   // the row is stored and should not be
	Column   string // "" for a whole row
	Stored   string // JSON; "" for a whole row, and for customers' names and words
	Computed string
}

// compared are the tables that verify looks at, and the column with their day. What
// has none bears on every range: who is a friend, who belongs to a team, and the
// states from which balances and contacts are told and the fold goes on.
var compared = []struct {
	table int
	day   string
}{
	{inContributions, "day"},
	{inAgentDays, "day"},
	{inConversations, "start_day"},
	{inCustomers, ""},
	{inAgents, ""},
	{inChannels, ""},
	{inTeams, ""},
	{inEntities, ""},
	{inTenants, ""},
}

// words are columns that a report of differences does not repeat, besides the states
// of entities.
var words = []string{"first_question", "name", "email", "phone"}

// Verify folds a tenant's stored events from zero and compares the rows of the
// local days from..to, both included, with the stored ones, in one view of the
// database. It changes nothing. Errors: ErrUnknownTenant, ErrUnavailable.
func (d *Database) Verify(ctx context.Context, tenant event.TenantID, from, to metric.Day) (Report, error) {
	report := Report{Tenant: tenant, From: from, To: to}
	conn, err := d.connect(ctx)
	if err != nil {
		return report, err
	}
	defer hangUp(ctx, conn)
	if err := makeStages(ctx, conn); err != nil {
		return report, interpret(err)
	}
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly} // temporary tables may be written
	err = pgx.BeginTxFunc(ctx, conn, view, func(tx pgx.Tx) error { return d.verify(ctx, tx, &report) })
	return report, interpret(err)
}

func (d *Database) verify(ctx context.Context, tx pgx.Tx, report *Report) error {
	c, ok, err := readCursor(ctx, tx, d.partitionOf(report.Tenant), "")
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownTenant, report.Tenant)
	}
	if err := c.checkVersion(); err != nil {
		return err
	}
	report.Seq = c.seq
	r, err := newReplay(ctx, tx, report.Tenant, d)
	if err != nil {
		return err
	}
	r.folder.alone = true
	if err := r.run(ctx, func(context.Context) error { return nil }); err != nil {
		return err
	}
	st := r.state()
	report.Events, report.Profile = r.events, st.Profile().Label()
	report.latest = st.Latest()
	report.Today = st.Calendar().Day(report.latest)
	for c := range st.Conversations() {
		for _, s := range c.Sessions {
			for i := range s.Rows {
				if row := &s.Rows[i]; row.Agent == "" && row.Day == report.Today {
					report.Counts.AddFew(&row.Counts, 1)
				}
			}
		}
	}
	for l := range st.Loose() {
		if l.Row.Day == report.Today {
			report.Counts.AddFew(&l.Row.Counts, 1)
		}
	}
	report.Hash = HashDay(report.Tenant, report.Today, &report.Counts)

	// Nothing was flushed, so every row still counts as changed.
	b := newBatch()
	if err := r.folder.flush(b); err != nil {
		return err
	}
	for _, t := range compared {
		if err := b.tables[t.table].send(ctx, tx.Conn(), derived[t.table].copy); err != nil {
			return err
		}
		under := r.rows
		if t.table == inTenants { // which says where the rows stand
			under = string(report.Tenant)
		}
		if err := compare(ctx, tx, &derived[t.table], t.day, under, report); err != nil {
			return fmt.Errorf("compare %s: %w", derived[t.table].name, err)
		}
	}
	return nil
}

// HashDay is the hash by which the hub's and history's counters of a day are
// compared: 16 hex digits of XXH64 over tenant, a zero byte, the day's number and
// each counter in its stored order, as 64 bits big-endian.
func HashDay(tenant event.TenantID, day metric.Day, counts *metric.Counts) string {
	b := append([]byte(tenant), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(day)) //nolint:gosec // two's complement
	for _, n := range counts {
		b = binary.BigEndian.AppendUint64(b, uint64(n)) //nolint:gosec // two's complement
	}
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, xxhash.Sum64(b)))
}

// compare finds the rows of a table that differ from the staged ones.
func compare(ctx context.Context, tx pgx.Tx, t *table, day, under string, report *Report) error {
	columns := slices.DeleteFunc(slices.Clone(t.columns), func(c string) bool { return c == "seq" }) // which says when, not what
	for i, c := range columns {
		if c == "settings" { // JSON as text has no equality
			columns[i] = "settings::jsonb AS settings"
		}
	}
	list, keys := strings.Join(columns, ", "), strings.Join(t.columns[:t.keys], ", ")
	where, args := " WHERE tenant = $1", []any{under}
	if day != "" {
		where += " AND " + day + " BETWEEN $2 AND $3"
		args = append(args, report.From.Time(), report.To.Time())
	}
	computed := "(SELECT " + list + " FROM stage_" + t.name + where + ") s"
	stored := "(SELECT " + list + " FROM " + t.name + where + ") x"
	var n int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM "+computed+" FULL JOIN "+stored+" USING ("+keys+")", args...).Scan(&n); err != nil {
		return err
	}
	report.Rows += n
	rows, err := tx.Query(ctx, "SELECT to_jsonb(s), to_jsonb(x) FROM "+computed+" FULL JOIN "+stored+" USING ("+keys+
		") WHERE s IS DISTINCT FROM x ORDER BY "+keys, args...)
	if err != nil {
		return err
	}
	var a, b []byte
	_, err = pgx.ForEachRow(rows, []any{&a, &b}, func() error { return report.differ(t, a, b) })
	return err
}

// differ lists what differs between a computed and a stored row, either of which may be nil.
func (r *Report) differ(t *table, computed, stored []byte) error {
	var c, s map[string]jsontext.Value
	for _, row := range []struct {
		to   *map[string]jsontext.Value
		from []byte
	}{{&c, computed}, {&s, stored}} {
		if row.from == nil {
			continue
		}
		if err := json.Unmarshal(row.from, row.to); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
	}
	whole := c
	if whole == nil {
		whole = s
	}
	key := make([]string, 0, t.keys)
	for _, column := range t.columns[1:t.keys] {
		key = append(key, strings.Trim(string(whole[column]), `"`))
	}
	d := Difference{Table: t.name, Key: strings.Join(key, "/")}
	if c == nil || s == nil {
		d.Missing = c != nil
		d.Surplus = s != nil
		r.add(d)
		return nil
	}
	for _, column := range slices.Sorted(maps.Keys(c)) {
		if string(c[column]) == string(s[column]) {
			continue
		}
		same, err := r.same(t, whole, column, c[column], s[column])
		if err != nil {
			return err
		}
		if same {
			continue
		}
		d.Column, d.Stored, d.Computed = column, string(s[column]), string(c[column])
		if slices.Contains(words, column) || t == &derived[inEntities] {
			d.Stored, d.Computed = "", ""
		}
		r.add(d)
	}
	return nil
}

func (r *Report) add(d Difference) {
	if len(r.Differences) >= mostDifferences {
		r.Truncated = true
		return
	}
	r.Differences = append(r.Differences, d)
}
