package faults

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// server is a `floorlight serve` in a process of its own.
type server struct {
	t        *testing.T
	dir      string
	args     []string
	database string // its URL, where it is outside
	listen   string // the same after a restart
	nats     string
	url      string
	log      *output
	under    []string // a command that runs it, with its arguments; none for none
	stderr   *os.File // what takes the log instead, nil for log

	mu     sync.Mutex // around tokens
	tokens map[string]string

	command *exec.Cmd
	exited  chan struct{} // closed when the process has ended
}

// newServer makes a server that has not been started. It is ended with the test,
// and so is a PostgreSQL that it leaves behind.
func newServer(t *testing.T, args ...string) *server {
	t.Helper()
	return serverIn(t, postgrestest.Dir(t), args...)
}

func serverIn(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	s := &server{t: t, dir: dir, args: args, listen: freeAddress(t), nats: freeAddress(t), log: &output{}, tokens: map[string]string{}}
	t.Cleanup(func() {
		s.terminate()
		if t.Failed() {
			t.Logf("the server's last words:\n%s", s.log.last(60))
		}
		for _, log := range append(s.databaseLogs(), s.log.String()) {
			require.NotContains(t, log, canary, "what people write is in no log")
		}
		require.NotContains(t, s.log.String(), "panic:")
		require.NotContains(t, s.log.String(), "DATA RACE")
	})
	return s
}

// databaseLogs are what the PostgreSQL inside, if there is one, has said.
func (s *server) databaseLogs() (all []string) {
	s.t.Helper()
	names, err := filepath.Glob(filepath.Join(s.dir, "postgres", "cluster", "log", "*"))
	require.NoError(s.t, err)
	for _, name := range names {
		raw, err := os.ReadFile(name)
		require.NoError(s.t, err)
		all = append(all, string(raw))
	}
	return all
}

// started is a server that is ready.
func started(t *testing.T, args ...string) *server {
	t.Helper()
	s := newServer(t, args...)
	s.start()
	return s
}

// spawn starts the process and reads where it listens.
func (s *server) spawn() {
	s.t.Helper()
	args := append([]string{"serve", "--data-dir", s.dir, "--listen", s.listen, "--nats-listen", s.nats}, s.args...)
	line := append(append(append([]string{}, s.under...), binary(s.t)), args...)
	s.command = exec.CommandContext(context.WithoutCancel(s.t.Context()), line[0], line[1:]...)
	s.command.Stderr = s.log
	if s.stderr != nil {
		s.command.Stderr = s.stderr
	}
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, in, err := os.Pipe()
	require.NoError(s.t, err)
	s.command.Stdout = in
	require.NoError(s.t, s.command.Start())
	require.NoError(s.t, in.Close())
	command, exited := s.command, make(chan struct{})
	s.exited = exited
	go func() {
		_ = command.Wait() // its code stands in the command.
		close(exited)
	}()
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(s.t, err, "%s", s.log)
	require.NoError(s.t, out.Close())
	if s.url == "" { // it stays
		s.url = strings.TrimSpace(strings.TrimPrefix(said, "listening on "))
		s.listen = strings.TrimPrefix(s.url, "http://")
	}
}

// start starts the process and waits until it is ready.
func (s *server) start() {
	s.t.Helper()
	s.spawn()
	s.ready()
}

func (s *server) ready() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		status, _, _ := s.ask(http.MethodGet, "/readyz", "", "", 5*time.Second)
		return status == http.StatusOK || s.ended()
	}, 2*time.Minute, 20*time.Millisecond, "%s", s.log)
	require.False(s.t, s.ended(), "%s", s.log)
	if raw, err := os.ReadFile(filepath.Join(s.dir, "nats-address")); err == nil {
		s.nats = strings.TrimSpace(string(raw))
	}
}

func (s *server) ended() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

func (s *server) signal(sig syscall.Signal) {
	s.t.Helper()
	require.NoError(s.t, s.command.Process.Signal(sig))
}

// kill is kill -9, and waits for the end.
func (s *server) kill() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	<-s.exited
}

// terminate asks the process to end, and makes it if it does not. It returns its
// exit code and how long it took.
func (s *server) terminate() (code int, took time.Duration) {
	if s.command == nil || s.command.Process == nil {
		return 0, 0
	}
	began := time.Now()
	_ = s.command.Process.Signal(syscall.SIGCONT) // it may have been stopped
	_ = s.command.Process.Signal(syscall.SIGTERM) // or have ended
	select {
	case <-s.exited:
	case <-time.After(30 * time.Second):
		_ = s.command.Process.Kill()
		<-s.exited
	}
	took = time.Since(began)
	endPostgres(filepath.Join(s.dir, "postgres", "cluster"))
	return s.command.ProcessState.ExitCode(), took
}

// postmaster is the process id in a cluster's postmaster.pid, 0 if there is none.
func postmaster(cluster string) int {
	raw, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return pid
}

// endPostgres ends what a killed server has left.
func endPostgres(cluster string) {
	pid := postmaster(cluster)
	if pid <= 1 {
		return
	}
	for range 100 {
		for _, p := range append(children(pid), pid) {
			_ = syscall.Kill(p, syscall.SIGCONT)
		}
		if syscall.Kill(pid, syscall.SIGQUIT) != nil {
			return
		}
		<-time.After(50 * time.Millisecond)
	}
}

// children are the processes below one.
func children(pid int) (list []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			list = append(list, child)
		}
	}
	return list
}

// token is one of the server's secret.
func (s *server) token(tenant event.TenantID, role load.Role) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := string(tenant) + " " + string(role)
	if s.tokens[key] == "" {
		secret, err := os.ReadFile(filepath.Join(s.dir, "secret"))
		if err != nil {
			return "", err
		}
		text, err := live.Issue(bytes.TrimSpace(secret), live.Claims{Tenant: tenant, User: "faults", Role: live.Role(role), Expires: time.Now().Add(12 * time.Hour)})
		if err != nil {
			return "", err
		}
		s.tokens[key] = text
	}
	return s.tokens[key], nil
}

// ask makes one request and returns the answer's status and what it says; 0 where
// none comes in time.
func (s *server) ask(method, path string, tenant event.TenantID, body string, within time.Duration) (status int, header http.Header, answer string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), within)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err.Error()
	}
	if tenant != "" {
		token, err := s.token(tenant, load.Owner)
		if err != nil {
			return 0, nil, err.Error()
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer func() { _ = got.Body.Close() }()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		return 0, nil, err.Error()
	}
	return got.StatusCode, got.Header, string(raw)
}

// alerts are what the desk's wallboard shows, by id.
func (s *server) alerts(tenant event.TenantID) map[string]string {
	var board struct {
		State struct {
			Alerts map[string]struct {
				Text string `json:"text"`
			} `json:"alerts"`
		} `json:"state"`
	}
	status, _, answer := s.ask(http.MethodGet, "/v1/live/wallboard", tenant, "", 10*time.Second)
	out := map[string]string{}
	if status == http.StatusOK && json.Unmarshal([]byte(answer), &board) == nil {
		for id, a := range board.State.Alerts {
			out[id] = a.Text
		}
	}
	return out
}

// natsURL is where a client of the NATS inside connects.
func (s *server) natsURL() (string, error) {
	password, errPassword := os.ReadFile(filepath.Join(s.dir, "nats-password"))
	address, errAddress := os.ReadFile(filepath.Join(s.dir, "nats-address"))
	if err := errors.Join(errPassword, errAddress); err != nil {
		return "", err
	}
	return "nats://floorlight:" + strings.TrimSpace(string(password)) + "@" + strings.TrimSpace(string(address)), nil
}

// databaseURL is where its PostgreSQL is.
func (s *server) databaseURL() string {
	if s.database != "" {
		return s.database
	}
	return load.DatabaseIn(s.dir)
}

// prove waits until everything that was handed over is acknowledged, and proves it.
func (s *server) prove(d *desks) []proof.Desk {
	s.t.Helper()
	d.drain()
	return proof.Require(s.t, proof.Claim{URL: s.url, Token: s.token, Database: s.databaseURL(), Acked: &d.acked, Clients: d.clients})
}

// level waits until everything that is acknowledged is stored.
func (s *server) level(d *desks) {
	s.t.Helper()
	db, err := pgx.Connect(s.t.Context(), s.databaseURL())
	require.NoError(s.t, err)
	defer func() { _ = db.Close(s.t.Context()) }()
	require.Eventually(s.t, func() bool {
		var stored int
		err := db.QueryRow(s.t.Context(), `SELECT count(*) FROM events`).Scan(&stored)
		return err == nil && stored >= d.acked.Len()
	}, time.Minute, 20*time.Millisecond)
}

// output is what a process writes, readable meanwhile.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// last is the last n lines.
func (o *output) last(n int) string {
	lines := strings.Split(strings.TrimSpace(o.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// freeAddress is a port of the loopback that nobody listens on, and that the system gives
// to nobody by itself.
func freeAddress(t *testing.T) string {
	t.Helper()
	const first, end = 10_000, 32_000 // below what systems choose from
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", first+rand.IntN(end-first)))
		if err == nil {
			defer func() { _ = l.Close() }()
			return l.Addr().String()
		}
	}
	require.FailNow(t, "no port is free")
	return ""
}
