package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// readyEvery is how often a starting postmaster is asked.
	readyEvery = 25 * time.Millisecond
	// watchEvery is how often an adopted postmaster is looked at: it is nobody's
	// child here, so the kernel does not tell us of its end.
	watchEvery = 200 * time.Millisecond
	// leftoverWait is how long a start waits for what a killed postmaster left:
	// its backends hold the shared memory until they notice, within a moment.
	leftoverWait = 10 * time.Second
)

// postmaster is one living server process.
type postmaster struct {
	process   *os.Process
	adopted   bool
	socketDir string
	port      string
	exited    chan struct{} // closed when it has ended
	unwatch   func()        // ends the watching of an adopted one
}

// launch returns a postmaster that takes connections: the one that is alive on
// the cluster, or else a new one.
func (s *Server) launch(ctx context.Context) (*postmaster, error) {
	giveUp := time.Now().Add(leftoverWait)
	for {
		pm, err := s.adoptable()
		if err != nil {
			return nil, err
		}
		if pm == nil {
			pm, err = s.spawn(ctx)
			if err != nil {
				return nil, err
			}
		}
		err = s.awaitReady(ctx, pm)
		if err == nil {
			return pm, nil
		}
		ended := errors.Is(err, errEnded)
		if pm.adopted {
			pm.unwatch()
			if ended {
				// It was on its way down when we found it.
				continue
			}
			return nil, err
		}
		if !ended {
			s.end(pm)
			return nil, err
		}
		if !s.leftover() || time.Now().After(giveUp) {
			return nil, &StartError{Dir: s.cluster, Err: err, Tail: s.tail()}
		}
		if err := pause(ctx, 10*readyEvery); err != nil {
			return nil, err
		}
	}
}

// leftover recognises the complaints of a postmaster that comes too early
// after another one's violent end.
func (s *Server) leftover() bool {
	b, err := os.ReadFile(s.startLog)
	return err == nil && (bytes.Contains(b, []byte("pre-existing shared memory block")) ||
		bytes.Contains(b, []byte(`lock file "postmaster.pid" already exists`)))
}

// adoptable returns the postmaster that is alive on the cluster, or nil.
func (s *Server) adoptable() (*postmaster, error) {
	f, err := readPidFile(s.cluster)
	if err != nil || f == nil {
		return nil, err
	}
	p, err := os.FindProcess(f.pid)
	if err != nil || f.pid == os.Getpid() || f.pid == os.Getppid() || !alive(p) {
		// Stale, and PostgreSQL sees that by the same signs and goes on.
		return nil, nil //nolint:nilerr // No process is the finding, not a fault.
	}
	if elsewhere(f.pid, s.cluster) {
		// The number went to another program (after a crash of the machine, or
		// in a new container). PostgreSQL would refuse for as long as that
		// program lives, so the file is put aside.
		name := filepath.Join(s.cluster, "postmaster.pid")
		s.log.Warn().Int("pid", f.pid).Msg("postmaster.pid names a process that is no postmaster of this cluster; kept as postmaster.pid.stale")
		if err := os.Rename(name, name+".stale"); err != nil {
			return nil, fmt.Errorf("postgres: %w", err)
		}
		return nil, nil
	}
	foreign := func(reason string) error { return &ForeignError{Dir: s.cluster, Pid: f.pid, Reason: reason} }
	if f.dataDir != s.cluster {
		return nil, foreign("it says that it serves " + f.dataDir)
	}
	pm := &postmaster{process: p, adopted: true, socketDir: f.socketDir, port: f.port, exited: make(chan struct{})}
	if pm.socketDir == "" {
		if !startingUp(s.cluster) {
			return nil, foreign("it has no socket")
		}
		// Killed parents leave starting children too: it will be ours.
		pm.socketDir, pm.port = s.socketDir, port
	}
	if pm.port != port {
		// A restart would move the socket, and the URL with it.
		return nil, foreign("it was started by hand, on port " + pm.port)
	}
	if err := s.account.checkDir(pm.socketDir); err != nil {
		return nil, foreign(err.Error())
	}
	if pm.socketDir != s.socketDir {
		s.log.Info().Str("socket_dir", pm.socketDir).Msg("the living PostgreSQL has its socket elsewhere")
	}
	stop := make(chan struct{})
	pm.unwatch = func() { close(stop) }
	go func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for alive(p) {
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
		close(pm.exited)
	}()
	return pm, nil
}

// startingUp says whether the pid file is still short: the socket's line is
// added once the sockets are open.
func startingUp(cluster string) bool {
	b, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid")) //nolint:gosec // A fixed name in our cluster.
	return err == nil && strings.Count(string(b), "\n") < 6
}

// spawn starts a postmaster. It is no part of our process group and is not
// killed with us: after a kill -9 of ours it finishes what it was doing, and
// the next start adopts it with a warm cache and without recovery.
func (s *Server) spawn(ctx context.Context) (*postmaster, error) {
	// Whoever tidies the temporary directory may have taken the socket's away.
	if err := s.account.ownDir(s.socketDir); err != nil {
		return nil, err
	}
	out, err := os.OpenFile(s.startLog, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = out.Close() }()
	// A cancelled context must not kill -9 a database; Stop asks it to end.
	cmd := s.account.command(context.WithoutCancel(ctx), s.cluster, s.bin.path("postgres"), arguments(s.cfg, s.cluster, s.socketDir)...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	pm := &postmaster{process: cmd.Process, socketDir: s.socketDir, port: port, exited: make(chan struct{}), unwatch: func() {}}
	go func() {
		// The exit status is in the log file, and the supervisor only needs
		// to know that it is over.
		_ = cmd.Wait()
		close(pm.exited)
	}()
	return pm, nil
}

var errEnded = errors.New("the process ended")

// awaitReady waits until the postmaster takes connections and has proven to be
// the cluster's. Recovery after a crash takes as long as it takes: the limit is
// the context.
func (s *Server) awaitReady(ctx context.Context, pm *postmaster) error {
	cfg, err := pgx.ParseConfig(connectionURL(pm.socketDir, pm.port, "postgres"))
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	cfg.ConnectTimeout = 5 * time.Second
	waiting := time.Now()
	for {
		// Look first: of an ended one the socket file may lie around.
		select {
		case <-pm.exited:
			return errEnded
		default:
		}
		conn, err := pgx.ConnectConfig(ctx, cfg)
		if err == nil {
			err = s.prove(ctx, conn, pm)
			return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
		}
		if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && !slices.Contains([]string{"57P01", "57P02", "57P03", "53300"}, refusal.Code) {
			return &ForeignError{Dir: s.cluster, Pid: pm.process.Pid, Reason: err.Error()}
		}
		if time.Since(waiting) > 10*time.Second {
			waiting = time.Now()
			s.log.Info().Int("pid", pm.process.Pid).Err(err).Msg("still waiting for PostgreSQL to take connections")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres: waiting for connections: %w", ctx.Err())
		case <-pm.exited:
			return errEnded
		case <-time.After(readyEvery):
		}
	}
}

// prove asks the server behind the socket which cluster it serves: the same
// directory, and the number that initdb gave it.
func (s *Server) prove(ctx context.Context, conn *pgx.Conn, pm *postmaster) error {
	var dir, id string
	err := conn.QueryRow(ctx, `SELECT current_setting('data_directory'), system_identifier::text FROM pg_control_system()`).Scan(&dir, &id)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	want, err := systemIdentifier(s.cluster)
	if err != nil {
		return err
	}
	if dir != s.cluster || id != strconv.FormatUint(want, 10) {
		return &ForeignError{Dir: s.cluster, Pid: pm.process.Pid, Reason: fmt.Sprintf("behind its socket is cluster %s in %s", id, dir)}
	}
	return nil
}

// end stops a postmaster whose start is given up.
func (s *Server) end(pm *postmaster) {
	hurry := make(chan struct{})
	timer := time.AfterFunc(5*time.Second, func() { close(hurry) })
	defer timer.Stop()
	if err := s.shutdown(pm, hurry); err != nil {
		s.log.Error().Err(err).Int("pid", pm.process.Pid).Msg("PostgreSQL did not end")
	}
}

// shutdown asks the postmaster for a fast shutdown (open transactions are
// rolled back, a checkpoint is written), and once hurry is closed for an
// immediate one, which loses nothing that was committed and costs a recovery
// at the next start. It never kills: that would leave backends at work.
func (s *Server) shutdown(pm *postmaster, hurry <-chan struct{}) error {
	if err := signalProcess(pm.process, syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-pm.exited:
		return nil
	case <-hurry:
	}
	if err := signalProcess(pm.process, syscall.SIGQUIT); err != nil {
		return err
	}
	timer := time.NewTimer(immediateWait)
	defer timer.Stop()
	select {
	case <-pm.exited:
		return nil
	case <-timer.C:
		return fmt.Errorf("postgres: process %d is still there %s after the order to stop at once", pm.process.Pid, immediateWait)
	}
}

// immediateWait is longer than the five seconds after which a postmaster kills
// its own children during an immediate shutdown.
const immediateWait = 8 * time.Second

func signalProcess(p *os.Process, sig syscall.Signal) error {
	if err := p.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("postgres: signal process %d: %w", p.Pid, err)
	}
	return nil
}

// tail is the end of what the postmaster wrote: before its log collector began,
// and after.
func (s *Server) tail() string {
	var parts []string
	if b, err := os.ReadFile(s.startLog); err == nil {
		parts = append(parts, lastLines(b))
	}
	logs, err := filepath.Glob(filepath.Join(s.cluster, "log", "postgres-*.log"))
	if err == nil && len(logs) > 0 {
		newest := slices.MaxFunc(logs, func(a, b string) int { return modified(a).Compare(modified(b)) })
		if b, err := os.ReadFile(newest); err == nil { //nolint:gosec // A log file of our cluster.
			parts = append(parts, lastLines(b))
		}
	}
	return strings.Join(parts, "\n")
}

func modified(path string) time.Time {
	st, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return st.ModTime()
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
