package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rs/zerolog"
)

// Config says where the cluster lives and what runs it.
type Config struct {
	// DataDir holds the cluster, the socket and the lock. It is made when it
	// is missing, and nothing in it is ever deleted.
	DataDir string
	// Bin is the directory of postgres and initdb. Empty: found in PATH, in
	// /usr/lib/postgresql/*/bin and the like (newest first, unless another one
	// made the cluster), in Homebrew.
	Bin    string
	Logger zerolog.Logger
	// NoFsync is for tests: a crash of the machine loses the cluster.
	NoFsync bool
	// Settings are given on the server's command line, above postgresql.conf.
	// Those that this package depends on (socket, listening, log) cannot be
	// changed by them.
	Settings map[string]string

	// fallback replaces fallbackHome in tests.
	fallback string
}

// Server is a running PostgreSQL that is restarted when it dies. Its methods
// may be called from any goroutine.
type Server struct {
	// Immutable.
	cfg       Config
	log       zerolog.Logger
	cluster   string // the real directory
	socketDir string
	startLog  string // what a postmaster writes before its log collector begins
	account   account
	bin       binaries
	lock      *os.File
	url       string

	cancel    context.CancelFunc // ends the supervision
	hurry     chan struct{}      // closed when Stop has no time left
	hurryOnce sync.Once
	done      chan struct{} // closed when the supervision has ended
	err       error         // how the shutdown ended; read after done

	pid atomic.Int64 // 0 while it restarts and after its end
}

// Start returns when the server takes connections and the database floorlight
// exists. The context bounds the start only; crash recovery of a large cluster
// needs minutes.
//
// Errors: MissingError, VersionError, InUseError, UnreachableError,
// NotOursError, ForeignError, StartError, or the context's.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	dataDir, err := prepareDataDir(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	lock, err := takeLock(dataDir)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, cfg, dataDir, lock)
	if err != nil {
		return nil, errors.Join(err, letGo(lock))
	}
	return s, nil
}

func start(ctx context.Context, cfg Config, dataDir string, lock *os.File) (*Server, error) {
	s := &Server{
		cfg: cfg, log: cfg.Logger, lock: lock, startLog: filepath.Join(dataDir, "postgres-start.log"),
		hurry: make(chan struct{}), done: make(chan struct{}),
	}
	cluster, major, err := findCluster(dataDir)
	if err != nil {
		return nil, err
	}
	s.bin, err = findBinaries(ctx, cfg.Bin, major)
	if err != nil {
		return nil, err
	}
	if major != "" && major != s.bin.major {
		return nil, &VersionError{Dir: cluster, Cluster: major, Binaries: s.bin.major, Bin: s.bin.dir}
	}
	if cluster == dataDir {
		return nil, &NotOursError{Dir: dataDir, Reason: "it is itself a PostgreSQL cluster that Floorlight did not make; name another directory, or start that cluster and give its URL"}
	}
	s.account, err = chooseAccount(cluster)
	if err != nil {
		return nil, err
	}
	if cluster == "" {
		cluster, err = newCluster(ctx, cfg, dataDir, s.account, s.bin, s.log)
		if err != nil {
			return nil, err
		}
	} else {
		if err := s.account.takeOver(cluster); err != nil {
			return nil, err
		}
		if err := s.account.canEnter(ctx, s.bin, cluster); err != nil {
			return nil, err
		}
	}
	s.cluster = cluster
	s.socketDir, err = makeSocketDir(ctx, s.account, s.bin, cluster)
	if err != nil {
		return nil, err
	}

	pm, err := s.launch(ctx)
	if err != nil {
		return nil, err
	}
	// The rest of the life keeps to the socket that this one has, so that the
	// URL never changes.
	s.socketDir = pm.socketDir
	s.url = connectionURL(pm.socketDir, pm.port, database)
	if err := s.ensureDatabase(ctx, pm); err != nil {
		if pm.adopted {
			pm.unwatch()
		} else {
			s.end(pm)
		}
		return nil, err
	}
	s.pid.Store(int64(pm.process.Pid))
	s.log.Info().Int("pid", pm.process.Pid).Bool("adopted", pm.adopted).Str("version", s.bin.major).
		Str("cluster", s.cluster).Str("socket_dir", s.socketDir).Str("user", s.account.name).Msg("PostgreSQL takes connections")
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	go s.supervise(life, pm)
	return s, nil
}

// URL is the connection string of the database floorlight, for pgx, psql and
// tern. It stays the same for the server's life, restarts included.
func (s *Server) URL() string { return s.url }

// Pid is the postmaster's process id, 0 while it restarts and after its end.
func (s *Server) Pid() int { return int(s.pid.Load()) }

// Dir is the cluster's real directory: DataDir/cluster, or where that link
// leads when the data directory is closed to PostgreSQL's user.
func (s *Server) Dir() string { return s.cluster }

// Stop shuts the server down, an adopted one too: the lock on the data
// directory makes it ours. When the context ends first, the shutdown goes on
// as an immediate one, which loses nothing that was committed, and Stop still
// waits for its end (some seconds at most). A second Stop waits for the same end
// and returns the same.
func (s *Server) Stop(ctx context.Context) error {
	s.cancel()
	select {
	case <-s.done:
	case <-ctx.Done():
		s.hurryOnce.Do(func() { close(s.hurry) })
		<-s.done
	}
	return s.err
}

// ensureDatabase makes the database floorlight at the first start.
func (s *Server) ensureDatabase(ctx context.Context, pm *postmaster) error {
	conn, err := pgx.Connect(ctx, connectionURL(pm.socketDir, pm.port, "postgres"))
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, database).Scan(&there)
	if err == nil && !there {
		_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{database}.Sanitize())
	}
	if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && refusal.Code == "42P04" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
	// healthy is how long a postmaster must have lived for its death to count
	// as a new trouble and not as the same one.
	healthy = time.Minute
)

// supervise restarts the postmaster whenever it dies, and ends it when the
// context does.
func (s *Server) supervise(ctx context.Context, pm *postmaster) {
	defer close(s.done)
	defer s.release()
	wait := firstPause
	born := time.Now()
	for {
		select {
		case <-ctx.Done():
			s.err = s.shutdown(pm, s.hurry)
			pm.unwatch()
			s.pid.Store(0)
			return
		case <-pm.exited:
		}
		s.pid.Store(0)
		pm.unwatch()
		if time.Since(born) > healthy {
			wait = firstPause
		}
		s.log.Error().Int("pid", pm.process.Pid).Dur("lived", time.Since(born)).Msg("PostgreSQL died; it is started again")
		pm = nil
		for pm == nil {
			if pause(ctx, wait) != nil {
				return
			}
			wait = min(2*wait, lastPause)
			next, err := s.launch(ctx)
			switch {
			case err == nil:
				pm = next
			case ctx.Err() != nil:
				return
			default:
				s.log.Error().Err(err).Dur("again_in", wait).Msg("PostgreSQL did not start")
			}
		}
		born = time.Now()
		s.pid.Store(int64(pm.process.Pid))
		s.log.Info().Int("pid", pm.process.Pid).Bool("adopted", pm.adopted).Msg("PostgreSQL takes connections again")
	}
}

// release lets go of what the server held. A socket directory outside the data
// directory is taken away when it is empty, which it is unless something else
// still runs there.
func (s *Server) release() {
	if filepath.Dir(s.socketDir) != filepath.Dir(s.cluster) {
		_ = os.Remove(s.socketDir)
	}
	if err := letGo(s.lock); err != nil {
		s.log.Warn().Err(err).Msg("the lock on the data directory could not be let go")
	}
}
