package faults

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// TestFaultPostgresRefuses lets PostgreSQL live and refuse: it ends single sessions
// of the server's, one of its processes is killed and takes all others with it, it
// has no connection left, it has become read-only as after a switch to a standby,
// and it recovers for as long as that takes.
func TestFaultPostgresRefuses(t *testing.T) {
	t.Parallel()

	b, s := onDatabase(t)
	s.start()
	d := open(s, 40, "")
	d.more(50)
	for range long(3, 1) {
		for range long(10, 3) {
			require.Eventually(t, func() bool {
				return b.count(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'floorlight'`) > 0
			}, time.Minute, 20*time.Millisecond)
			d.more(20)
		}
		var pid int64 // the server comes back to one that was ended
		require.Eventually(t, func() bool {
			pid = b.count(`SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE application_name = 'floorlight'`)
			return pid > 0
		}, time.Minute, 20*time.Millisecond)
		require.NoError(t, syscall.Kill(int(pid), syscall.SIGKILL))
		d.more(20)
		b.over(s, "a process killed")

		release := b.occupy()
		requireAway(t, s, d, "no connection left")
		release()
		b.over(s, "no connection left")

		b.exec(`ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`)
		require.Eventually(t, func() bool { return s.alerts("lumen")["history_down"] != "" }, time.Minute, 50*time.Millisecond, "the wallboard says that nothing is stored")
		status, header, answer := s.ask(http.MethodPut, "/v1/boards/b1", "lumen", `{"version":0,"name":"b","tiles":[{"metric":"queue_length"}],"agents":false,"queue":false}`, 30*time.Second)
		require.Equal(t, http.StatusServiceUnavailable, status, answer)
		require.NotEmpty(t, header.Get("Retry-After"))
		status, _, answer = s.ask(http.MethodGet, "/v1/conversations", "lumen", "", 30*time.Second)
		require.Equal(t, http.StatusOK, status, "what is stored can be read: %s", answer)
		d.more(20)
		b.exec(`ALTER SYSTEM RESET default_transaction_read_only`, `SELECT pg_reload_conf()`)
		b.over(s, "read-only")

		b.recover(func() { requireAway(t, s, d, "recovering") })
		b.over(s, "recovering")
		d.more(20)
	}
	s.prove(d)
}

// over waits until reports are answered and nobody is warned.
func (b *database) over(s *server, name string) {
	b.t.Helper()
	began := time.Now()
	require.Eventually(b.t, func() bool {
		status, _, _ := s.ask(http.MethodGet, "/v1/metrics?metric=chats", "lumen", "", 10*time.Second)
		return status == http.StatusOK && len(s.alerts("lumen")) == 0
	}, 2*time.Minute, 100*time.Millisecond, "%s: %v", name, s.alerts("lumen"))
	b.t.Logf("%s: over after %s", name, time.Since(began).Round(time.Millisecond))
}

func (b *database) connect() (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.t.Context()), 10*time.Second)
	defer cancel()
	return pgx.Connect(ctx, b.url)
}

func (b *database) exec(each ...string) {
	b.t.Helper()
	conn, err := b.connect()
	require.NoError(b.t, err)
	defer func() { _ = conn.Close(b.t.Context()) }()
	for _, sql := range each {
		_, err := conn.Exec(b.t.Context(), sql)
		require.NoError(b.t, err, sql)
	}
}

func (b *database) count(sql string) (n int64) {
	b.t.Helper()
	conn, err := b.connect()
	require.NoError(b.t, err)
	defer func() { _ = conn.Close(b.t.Context()) }()
	require.NoError(b.t, conn.QueryRow(b.t.Context(), sql).Scan(&n))
	return n
}

// occupy takes every connection that there may be, those of the server too. What is
// there is counted: a connection of the server's that is just being made is on no list.
func (b *database) occupy() (release func()) {
	b.t.Helper()
	most := int(b.count(`SELECT current_setting('max_connections')::int - CASE WHEN usesuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int END
		FROM pg_user WHERE usename = current_user`))
	var mine []*pgx.Conn
	var last error
	require.Eventually(b.t, func() bool {
		for {
			conn, err := b.connect()
			if last = err; err != nil {
				break
			}
			mine = append(mine, conn)
		}
		if len(mine) == most {
			return true
		}
		_, err := mine[0].Exec(b.t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'floorlight'`)
		require.NoError(b.t, err)
		return false
	}, time.Minute, time.Millisecond)
	require.True(b.t, refusedWith(last, "53300"), "%v", last)
	return func() {
		for _, conn := range mine {
			require.NoError(b.t, conn.Close(b.t.Context()))
		}
	}
}

// recover restarts it as one that recovers, and refuses everybody meanwhile, until
// the time is over.
func (b *database) recover(meanwhile func()) {
	b.t.Helper()
	b.stop()
	cluster, err := filepath.EvalSymlinks(filepath.Join(b.config.DataDir, "cluster"))
	require.NoError(b.t, err)
	b.config.Settings = map[string]string{"hot_standby": "off"}
	require.NoError(b.t, os.WriteFile(filepath.Join(cluster, "standby.signal"), nil, 0o644))
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		b.start()
	}()
	require.Eventually(b.t, func() bool { _, err := b.connect(); return refusedWith(err, "57P03") }, time.Minute, 20*time.Millisecond)
	meanwhile()
	require.NoError(b.t, os.WriteFile(filepath.Join(cluster, "promote"), nil, 0o644))
	require.NoError(b.t, syscall.Kill(postmaster(cluster), syscall.SIGUSR1))
	<-ready
	b.config.Settings = nil
}

func refusedWith(err error, code string) bool {
	refusal, is := errors.AsType[*pgconn.PgError](err)
	return is && refusal.Code == code
}
