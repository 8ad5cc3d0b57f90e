package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/rs/zerolog"
)

// fallbackHome is where root's clusters go when the data directory lies where
// the user postgres cannot enter.
const fallbackHome = "/var/lib/floorlight"

// fallbackBase is fallbackHome, but the temporary directory for a data directory
// that lies in it: what was meant to be passing must not fill /var/lib.
func fallbackBase(cfg Config, dataDir string) string {
	if cfg.fallback != "" {
		return cfg.fallback
	}
	if tmp, err := filepath.Abs(os.TempDir()); err == nil && strings.HasPrefix(dataDir, tmp+string(filepath.Separator)) {
		return tmp
	}
	return fallbackHome
}

// clusterName is the entry in the data directory: the cluster itself, or a
// symbolic link to it.
const clusterName = "cluster"

// prepareDataDir makes the data directory and returns its absolute name. A
// directory that somebody else's cluster lives in is refused.
func prepareDataDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("postgres: no data directory is given")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil { //nolint:gosec // The user postgres has to pass through.
		return "", fmt.Errorf("postgres: %w", err)
	}
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		// Passing through is what the cluster's user needs; the cluster and the
		// socket are closed by themselves.
		mode = 0o711
	}
	if err := os.Mkdir(abs, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("postgres: %w", err)
	}
	return abs, nil
}

// findCluster returns the real directory of the data directory's cluster and
// its major version, or "" when there is none yet.
func findCluster(dataDir string) (cluster, major string, err error) {
	link := filepath.Join(dataDir, clusterName)
	if _, err := os.Lstat(link); errors.Is(err, fs.ErrNotExist) {
		major, err := clusterVersion(dataDir)
		if err != nil || major == "" {
			return "", "", err
		}
		// Somebody pointed us at a bare cluster. The caller refuses it, after
		// a look at the version, which is the more useful complaint.
		return dataDir, major, nil
	}
	cluster, err = filepath.EvalSymlinks(link)
	if err != nil {
		return "", "", &NotOursError{Dir: link, Reason: "it points at nothing that can be found: " + err.Error()}
	}
	major, err = clusterVersion(cluster)
	if err != nil {
		return "", "", err
	}
	if major != "" {
		return cluster, major, nil
	}
	entries, err := os.ReadDir(cluster)
	if err != nil {
		return "", "", fmt.Errorf("postgres: %w", err)
	}
	if len(entries) > 0 {
		return "", "", &NotOursError{Dir: cluster, Reason: "it is not empty and holds no PG_VERSION, so it is no complete cluster"}
	}
	return "", "", nil
}

// clusterVersion reads PG_VERSION; "" when there is no such file.
func clusterVersion(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "PG_VERSION")) //nolint:gosec // A fixed name in our cluster.
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	major := strings.TrimSpace(string(b))
	if major == "" || len(major) > 16 {
		return "", &NotOursError{Dir: dir, Reason: "its PG_VERSION holds no version"}
	}
	return major, nil
}

// newCluster makes a cluster and returns its real directory. It is made under
// another name and moved into place when it is complete, so that a start that
// is cut short never leaves half a cluster behind the name. What is left over
// then (cluster.new-…) holds no data and is not used again.
func newCluster(ctx context.Context, cfg Config, dataDir string, a account, bin binaries, log zerolog.Logger) (string, error) {
	home := dataDir
	fresh, err := freshDir(ctx, home, a, bin)
	if unreachable := (*UnreachableError)(nil); errors.As(err, &unreachable) {
		home = filepath.Join(fallbackBase(cfg, dataDir), "floorlight-postgres-"+strings.ToLower(rand.Text()[:10]))
		if mkErr := os.MkdirAll(home, 0o711); mkErr != nil { //nolint:gosec // The cluster's user has to pass through.
			return "", errors.Join(unreachable, mkErr)
		}
		fresh, err = freshDir(ctx, home, a, bin)
		if err != nil {
			_ = os.Remove(home)
			return "", errors.Join(unreachable, err)
		}
		log.Warn().Str("data_dir", dataDir).Str("user", a.name).Str("cluster", filepath.Join(home, clusterName)).
			Msg("the data directory is closed to the user that PostgreSQL runs as: the cluster goes elsewhere, and a link in the data directory leads to it")
	}
	if err != nil {
		return "", err
	}
	if err := initdb(ctx, cfg, fresh, a, bin); err != nil {
		return "", err
	}
	cluster := filepath.Join(home, clusterName)
	// Onto an empty directory this is allowed, onto anything else it fails.
	if err := os.Rename(fresh, cluster); err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	if home != dataDir {
		link := filepath.Join(dataDir, clusterName)
		// An empty directory in the link's way holds nothing; a full one
		// would not have come this far.
		if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("postgres: %w", err)
		}
		if err := os.Symlink(cluster, link); err != nil {
			return "", fmt.Errorf("postgres: %w", err)
		}
	}
	log.Info().Str("cluster", cluster).Str("version", bin.major).Str("user", a.name).Msg("PostgreSQL cluster made")
	real, err := filepath.EvalSymlinks(cluster)
	if err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	return real, nil
}

// freshDir makes an empty directory in home that the account owns and can
// enter; when it cannot, the directory is taken away again.
func freshDir(ctx context.Context, home string, a account, bin binaries) (string, error) {
	dir := filepath.Join(home, clusterName+".new-"+strings.ToLower(rand.Text()[:10]))
	if err := a.ownDir(dir); err != nil {
		return "", err
	}
	if err := a.canEnter(ctx, bin, dir); err != nil {
		_ = os.Remove(dir)
		return "", err
	}
	return dir, nil
}

// initdb fills the directory. The locale is tried from the best down: byte
// order for sorting (fast, and the same after a new libc), with the character
// classes of Unicode where the system has them, so that searches without case
// work beyond ASCII.
func initdb(ctx context.Context, cfg Config, dir string, a account, bin binaries) error {
	var out []byte
	var err error
	for _, locale := range [][]string{
		{"--locale=C.UTF-8"},
		{"--locale=C", "--lc-ctype=en_US.UTF-8"},
		{"--locale=C"},
	} {
		args := append([]string{
			"-D", dir, "--encoding=UTF8", "--username=" + superuser, "--data-checksums",
			"--auth-local=trust", "--auth-host=reject", "--text-search-config=simple",
		}, locale...)
		if cfg.NoFsync {
			args = append(args, "--no-sync")
		}
		out, err = a.command(ctx, dir, bin.path("initdb"), args...).CombinedOutput()
		if err == nil {
			break
		}
		if !strings.Contains(string(out), "invalid locale") {
			break
		}
	}
	if err != nil {
		return &StartError{Dir: dir, Err: fmt.Errorf("initdb: %w", err), Tail: lastLines(out)}
	}
	conf, err := os.OpenFile(filepath.Join(dir, "postgresql.conf"), os.O_WRONLY|os.O_APPEND|syscall.O_NOFOLLOW, 0) //nolint:gosec // A fixed name in our cluster.
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	_, err = conf.WriteString(tunables)
	if err := errors.Join(err, conf.Sync(), conf.Close()); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// systemIdentifier reads the number that initdb gave the cluster: the first
// eight bytes of its control file, in the machine's byte order.
func systemIdentifier(cluster string) (uint64, error) {
	f, err := os.Open(filepath.Join(cluster, "global", "pg_control")) //nolint:gosec // A fixed name in our cluster.
	if err != nil {
		return 0, fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = f.Close() }()
	var id uint64
	if err := binary.Read(f, binary.NativeEndian, &id); err != nil {
		return 0, fmt.Errorf("postgres: %s: %w", f.Name(), err)
	}
	return id, nil
}

// lastLines keeps the end of a program's output, for an error's text.
func lastLines(b []byte) string {
	const most = 2000
	if len(b) > most {
		b = b[len(b)-most:]
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(b), "?"))
}
