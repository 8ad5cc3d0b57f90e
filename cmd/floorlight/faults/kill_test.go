package faults

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestFaultKilled kills the server at random moments, while it starts too.
func TestFaultKilled(t *testing.T) {
	t.Parallel()

	kills := long(20, 4)
	s := started(t)
	d := open(s, long(60.0, 40.0), "")
	chance := rand.New(rand.NewPCG(seed(t), 1))
	for n := range kills {
		d.more(20)
		<-time.After(time.Duration(chance.IntN(300)) * time.Millisecond)
		s.kill()
		if n%4 == 3 { // and once more before it is ready
			s.spawn()
			<-time.After(time.Duration(chance.IntN(800)) * time.Millisecond)
			s.kill()
		}
		s.start()
	}
	d.more(20)
	s.prove(d)
}

// TestFaultStopped sends SIGTERM under load: the process ends by itself with 0,
// within ten seconds.
func TestFaultStopped(t *testing.T) {
	t.Parallel()

	s := started(t)
	d := open(s, 60, "")
	for range long(10, 2) {
		d.more(100)
		code, took := s.terminate()
		require.Zero(t, code, "%s", s.log)
		require.Less(t, took, 10*time.Second)
		s.start()
	}
	d.more(20)
	s.prove(d)
}

// gate is a trigger that makes the history writer wait inside its transaction
// for as long as the test holds a lock.
const gate = `
CREATE FUNCTION faults_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4242); RETURN NULL; END $$;`

// TestFaultAtCommit kills the server at the worst moments of a commit: when the
// events are copied and nothing else is written, when COMMIT is on its way and
// PostgreSQL has not done it, and when it was done and nobody heard of it.
func TestFaultAtCommit(t *testing.T) {
	t.Parallel()

	const copied = `CREATE TRIGGER faults_gate AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION faults_gate()`
	const committing = `CREATE CONSTRAINT TRIGGER faults_gate AFTER UPDATE ON cursors DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION faults_gate()`
	s := started(t)
	d := open(s, 40, "")
	d.more(20)
	db, err := pgx.Connect(t.Context(), s.databaseURL())
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	exec := func(sql string) {
		t.Helper()
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	count := func(sql string) (n int64) {
		t.Helper()
		require.NoError(t, db.QueryRow(t.Context(), sql).Scan(&n))
		return n
	}
	exec(gate)
	const waiting = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted`
	for range long(5, 1) {
		for _, moment := range []struct {
			name, trigger, table string
			done                 bool // what the killed server has sent is carried out
		}{
			{"copied, not committed", copied, "events", false},
			{"committing, not committed", committing, "cursors", false},
			{"committed, and not heard of", committing, "cursors", true},
		} {
			exec("SELECT pg_advisory_lock(4242)")
			exec(moment.trigger)
			d.more(5)
			require.Eventually(t, func() bool { return count(waiting) == 1 }, 20*time.Second, time.Millisecond, moment.name)
			before := count(`SELECT seq FROM cursors`)
			s.kill()
			if !moment.done {
				require.EqualValues(t, 1, count(`SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted) x`))
			}
			exec("SELECT pg_advisory_unlock(4242)")
			require.Eventually(t, func() bool {
				return count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242`) == 0
			}, 20*time.Second, time.Millisecond)
			require.Equal(t, moment.done, count(`SELECT seq FROM cursors`) > before, moment.name)
			exec("DROP TRIGGER faults_gate ON " + moment.table)
			s.start()
			d.more(5)
		}
	}
	exec("DROP FUNCTION faults_gate")
	s.prove(d)
}

// TestFaultTwoWriters stops the server that writes for longer than its lease, as a
// suspended machine would be: another one takes over, and then both believe
// that it is their turn.
func TestFaultTwoWriters(t *testing.T) {
	t.Parallel()

	first, second, d := pair(t)
	for range long(6, 2) {
		d.more(50)
		writer := first
		if cursorOwner(t, first.database, second) {
			writer = second
		}
		writer.signal(syscall.SIGSTOP)
		other := first
		if writer == first {
			other = second
		}
		require.Eventually(t, func() bool { return cursorOwner(t, first.database, other) }, 30*time.Second, 20*time.Millisecond)
		<-time.After(time.Second)
		writer.signal(syscall.SIGCONT)
		d.more(50)
	}
	first.prove(d)
	second.prove(d)
}
