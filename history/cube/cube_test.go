package cube_test

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/metric"
)

// ask asks one question.
func (m *model) ask(c *cube.Cube, q *cube.Question) (*cube.Table, uint64) {
	m.t.Helper()
	table, seq, err := m.try(c, q)
	require.NoError(m.t, err)
	return table, seq
}

func (m *model) try(c *cube.Cube, q *cube.Question) (table *cube.Table, seq uint64, err error) {
	err = c.Within(context.Background(), m.pool, "desk", func(ctx context.Context, s *cube.Session) error {
		seq = s.Seq
		var err error
		table, err = s.Ask(ctx, q, nil)
		return err
	})
	return table, seq, err
}

// TestAnswersOfChangingRows asks questions between changes, and compares each
// answer with a computation from the rows. One cube has room for everything, one
// for some months, one for none; one is always new.
func TestAnswersOfChangingRows(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		m := newModel(t, seed)
		cubes := []*cube.Cube{
			cube.New(cube.Config{Logger: zerolog.Nop()}),
			cube.New(cube.Config{Bytes: 60_000, Logger: zerolog.Nop()}),
			cube.New(cube.Config{Bytes: 1, Logger: zerolog.Nop()}),
			nil,
		}
		for range 40 {
			switch m.rand.IntN(10) {
			case 0:
				m.refold(false)
			case 1:
				m.refold(true)
			case 2: // nothing happens
			default:
				m.change(1 + m.rand.IntN(40))
			}
			cubes[3] = cube.New(cube.Config{Logger: zerolog.Nop()})
			q := m.question()
			for _, c := range cubes {
				table, seq := m.ask(c, q)
				require.Equal(t, uint64(m.seq), seq)
				m.check(q, table)
			}
		}
	}
}

// TestReadersBesideChanges has many ask at once while rows change. A view that was
// torn would have a conversation on both sides of a move, or on none.
func TestReadersBesideChanges(t *testing.T) {
	t.Parallel()
	m := newModel(t, 99)
	const rows = 5000 // more than a chunk
	m.exec(`INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, sessions)
		SELECT 'desk', 'c' || i, 1, 0, 1, DATE '2026-02-01' + (i % 50), 0, false, 'ch' || (i % 3), '', '', 'other', 'none', '', '{}', 'u' || i, 1 FROM generate_series(1, $1::int) i`, rows)
	m.exec("UPDATE cursors SET seq = 1")
	c := cube.New(cube.Config{Logger: zerolog.Nop()})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			var last uint64
			for {
				select {
				case <-stop:
					return
				default:
				}
				table, seq, err := m.try(c, &cube.Question{
					From: metric.DayOf(2026, 2, 1), To: metric.DayOf(2026, 3, 31), By: []metric.Dimension{metric.ByChannel},
					Sessions: cube.Wanted{Counters: []metric.Counter{metric.Sessions}, Distinct: cube.Customers},
				})
				if err != nil {
					t.Error(err)
					return
				}
				var sessions, customers int64
				for cell := range table.Len() {
					var s, a metric.Sums
					table.Fill(cell, false, &s, &a)
					sessions += s.Counts[metric.Sessions]
					customers += s.Customers
				}
				if sessions != rows || customers != rows || seq < last {
					t.Errorf("%d sessions of %d customers at %d, after %d", sessions, customers, seq, last)
					return
				}
				last = seq
			}
		})
	}
	defer readers.Wait()
	defer close(stop)
	for i := range 60 {
		m.exec(`WITH moved AS (UPDATE contributions SET channel = 'ch' || ((session + $1::int) % 5), seq = $1::int + 2 WHERE tenant = 'desk' AND hashtext(conversation || $1::int::text) % 7 = 0)
			UPDATE cursors SET seq = $1::int + 2`, i)
	}
}

func TestSumsThatPass63Bits(t *testing.T) {
	t.Parallel()
	m := newModel(t, 1)
	m.exec(`INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, assist_accuracy)
		SELECT 'desk', 'c' || i, 1, 0, 1, '2026-02-01', 0, false, '', '', '', 'other', 'none', '', '{}', '', $1::bigint FROM generate_series(1, 2) i`, int64(math.MaxInt64/2+1))
	c := cube.New(cube.Config{Logger: zerolog.Nop()})
	err := c.Within(context.Background(), m.pool, "desk", func(ctx context.Context, s *cube.Session) error {
		_, err := s.Ask(ctx, &cube.Question{From: metric.DayOf(2026, 2, 1), To: metric.DayOf(2026, 2, 1), Sessions: cube.Wanted{Counters: []metric.Counter{metric.AssistAccuracy}}}, nil)
		return err
	})
	require.ErrorIs(t, err, cube.ErrTooLarge)
}
