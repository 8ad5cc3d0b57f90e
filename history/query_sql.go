package history

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/floorlight/floorlight/hub/metric"
)

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// dayNumber is a date as the number of days since 1970.
const dayNumber = "(day - DATE '1970-01-01')"

// summing fills the cells of one range of days.
type summing struct {
	*report
	from, to, offset metric.Day
	cells            map[string]*cell
}

// cell finds the cell of a key, or makes it. The key is kept.
func (s *summing) cell(key []string) *cell {
	id := cellID(key)
	c, ok := s.cells[id]
	if !ok {
		c = &cell{key: key, agents: metric.Sums{PerAgent: true}}
		s.cells[id] = c
	}
	return c
}

// dimensions are the expressions to group by. absent are the dimensions that the
// table does not have: what is in it belongs to none of their values.
func (s *summing) dimensions(absent ...metric.Dimension) []string {
	list := make([]string, len(s.query.By))
	for i, d := range s.query.By {
		list[i] = string(d)
		if d == metric.ByHour {
			list[i] = "lpad(hour::text, 2, '0')"
		}
		if d == metric.ByDay {
			list[i] = dayNumber
		}
		for _, a := range absent {
			if a == d {
				list[i] = "''::text"
			}
		}
	}
	return list
}

// where begins a condition on the rows of the range.
func (s *summing) where() *condition {
	c := &condition{}
	c.and("tenant = ?", s.tenant)
	c.and("day BETWEEN ? AND ?", s.from.Time(), s.to.Time())
	return c
}

// contributions is where on the rows of sessions, or of agents, that the filter lets through.
func (s *summing) contributions(perAgent bool) *condition {
	c := s.where()
	if perAgent {
		c.and("per_agent")
	} else {
		c.and("NOT per_agent")
	}
	f := &s.query.Filter
	c.in("channel", f.Channel)
	c.in("team", f.Team)
	c.in("agent", f.Agent)
	c.in("intent", f.Intent)
	c.in("handling", f.Handling)
	c.in("ai_status", f.AIStatus)
	return c
}

// groupBy is the clause that groups by the first n columns, after optional more.
func groupBy(n int) string {
	if n == 0 {
		return ""
	}
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(i + 1)
	}
	return " GROUP BY " + strings.Join(list, ", ")
}

// each runs a query whose first columns are the dimensions, and gives each row's
// cell after its other columns were read into dest.
func (s *summing) each(ctx context.Context, sql string, args []any, dest []any, f func(*cell) error) error {
	rows, err := s.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var day int32
	texts := make([]string, len(s.query.By))
	all := make([]any, 0, len(s.query.By)+len(dest))
	for i, d := range s.query.By {
		if d == metric.ByDay {
			all = append(all, &day)
		} else {
			all = append(all, &texts[i])
		}
	}
	all = append(all, dest...)
	for rows.Next() {
		if err := rows.Scan(all...); err != nil {
			return err
		}
		key := make([]string, len(texts))
		for i, d := range s.query.By {
			if d == metric.ByDay {
				key[i] = (metric.Day(day) + s.offset).String()
			} else {
				key[i] = texts[i]
			}
		}
		if err := f(s.cell(key)); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *summing) wholeCounts(ctx context.Context) error {
	return s.counts(ctx, s.whole, false, func(c *cell) *metric.Counts { return &c.whole.Counts })
}

func (s *summing) agentCounts(ctx context.Context) error {
	return s.counts(ctx, s.agents, true, func(c *cell) *metric.Counts { return &c.agents.Counts })
}

// counts sums the columns of some counters.
func (s *summing) counts(ctx context.Context, counters []metric.Counter, perAgent bool, to func(*cell) *metric.Counts) error {
	w := s.contributions(perAgent)
	columns := s.dimensions()
	sums := make([]int64, len(counters))
	dest := make([]any, len(counters))
	for i, c := range counters {
		// A sum of bigints is numeric; one that passes 63 bits is refused by the cast.
		columns = append(columns, "coalesce(sum("+c.String()+"), 0)::bigint")
		dest[i] = &sums[i]
	}
	sql := "SELECT " + strings.Join(columns, ", ") + " FROM contributions WHERE " + w.sql() + groupBy(len(s.query.By))
	return s.each(ctx, sql, w.args, dest, func(c *cell) error {
		counts := to(c)
		for i, counter := range counters {
			counts[counter] += sums[i]
		}
		return nil
	})
}

// distinct counts customers once in the range, or once in each of its days. A
// customer is reduced to one row before he is counted: that hashes, where
// count(DISTINCT …) would sort.
func (s *summing) distinct(ctx context.Context) error {
	w := s.contributions(false)
	w.and("customer <> ''")
	w.and("(sessions <> 0 OR chats <> 0 OR converted <> 0)")
	dimensions := s.dimensions()
	inner := make([]string, 0, len(dimensions)+5)
	outer := make([]string, 0, len(dimensions)+3)
	for i, d := range dimensions {
		name := "d" + strconv.Itoa(i)
		inner = append(inner, d+" AS "+name)
		outer = append(outer, name)
	}
	inner = append(inner, "customer")
	once := len(inner)
	if s.profile.Unique == "sum_daily" {
		inner = append(inner, "day")
		once++
	}
	inner = append(inner, "bool_or(sessions <> 0) AS of_sessions", "bool_or(chats <> 0) AS of_chats", "bool_or(converted <> 0) AS of_converted")
	outer = append(outer, "count(*) FILTER (WHERE of_sessions)", "count(*) FILTER (WHERE of_chats)", "count(*) FILTER (WHERE of_converted)")
	sql := "SELECT " + strings.Join(outer, ", ") +
		" FROM (SELECT " + strings.Join(inner, ", ") + " FROM contributions WHERE " + w.sql() + groupBy(once) + ") once" + groupBy(len(dimensions))
	var sessions, chats, converted int64
	return s.each(ctx, sql, w.args, []any{&sessions, &chats, &converted}, func(c *cell) error {
		c.whole.Customers, c.whole.ConsultingCustomers, c.whole.ConvertedCustomers = sessions, chats, converted
		return nil
	})
}

// revenue sums the amounts by currency, exactly.
func (s *summing) revenue(ctx context.Context) error {
	w := s.contributions(false)
	w.and("revenue IS NOT NULL")
	dimensions := s.dimensions()
	columns := append(dimensions, "amount.key", "sum(amount.value::numeric)::text")
	sql := "SELECT " + strings.Join(columns, ", ") + " FROM contributions, jsonb_each_text(revenue) amount WHERE " + w.sql() + groupBy(len(dimensions)+1)
	var currency, sum string
	return s.each(ctx, sql, w.args, []any{&currency, &sum}, func(c *cell) error {
		amount, err := decimal.NewFromString(sum)
		if err != nil {
			return err
		}
		if c.whole.Revenue == nil {
			c.whole.Revenue = metric.Money{}
		}
		c.whole.Revenue.Add(currency, amount)
		return nil
	})
}

// rowsOf is a query's rows, each read by scan.
func rowsOf[T any](ctx context.Context, tx pgx.Tx, sql string, args []any, scan func(pgx.Rows, *T) error) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
