package history

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"
)

// words are columns that a report of differences does not repeat, besides the states
// of entities.
var words = []string{"first_question", "name", "email", "phone"}

// columns finds the rows of a table that differ from the batch's, among those of some
// entities where it has ids.
func (v *verification) columns(ctx context.Context, c *comparedTable, kinds []int16, ids []string) error {
	t, report := &derived[c.table], v.report
	if err := v.batch.tables[c.table].send(ctx, v.tx.Conn(), t.copy); err != nil {
		return err
	}
	names := slices.DeleteFunc(slices.Clone(t.columns), func(c string) bool { return c == "seq" }) // which says when, not what
	for i, name := range names {
		if name == "settings" { // JSON as text has no equality
			names[i] = "settings::jsonb AS settings"
		}
	}
	under := v.replay.rows
	if c.table == inTenants { // which says where the rows stand
		under = string(report.Tenant)
	}
	list, keys := strings.Join(names, ", "), strings.Join(t.columns[:t.keys], ", ")
	where, args := " WHERE tenant = $1", []any{under}
	if c.day != "" {
		where += " AND " + c.day + " BETWEEN $2 AND $3"
		args = append(args, report.From.Time(), report.To.Time())
	}
	if c.id != "" {
		args = append(args, kinds, ids)
		n := len(args)
		of := fmt.Sprintf("%[1]s = ANY ($%[4]d) AND (%[2]s, %[1]s) IN (SELECT * FROM unnest($%[3]d::smallint[], $%[4]d::text[]))", c.id, c.kind, n-1, n)
		if c.table == inEntities {
			args = append(args, fewEntities)
			of = fmt.Sprintf("(kind = ANY ($%d) OR %s)", n+1, of)
		}
		where += " AND " + of
	}
	computed := "(SELECT " + list + " FROM stage_" + t.name + where + ") s"
	stored := "(SELECT " + list + " FROM " + t.name + where + ") x"
	if c.id == "" {
		var n int
		if err := v.tx.QueryRow(ctx, "SELECT count(*) FROM "+computed+" FULL JOIN "+stored+" USING ("+keys+")", args...).Scan(&n); err != nil {
			return err
		}
		report.Rows += n
	}
	rows, err := v.tx.Query(ctx, "SELECT to_jsonb(s), to_jsonb(x) FROM "+computed+" FULL JOIN "+stored+" USING ("+keys+
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
