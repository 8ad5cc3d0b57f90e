package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketPath is below the kernel's room for a socket's name: 107 bytes on
// Linux, 103 on macOS and the BSDs.
const maxSocketPath = 103

const (
	superuser = "floorlight"
	database  = "floorlight"
)

// makeSocketDir returns a directory of mode 0700 for the socket. It lies beside
// the cluster where its name is short enough, else under the temporary
// directory with a name made from the cluster's, so that every start agrees.
func makeSocketDir(ctx context.Context, a account, bin binaries, cluster string) (string, error) {
	sum := sha256.Sum256([]byte(cluster))
	short := "floorlight-" + hex.EncodeToString(sum[:8])
	candidates := []string{filepath.Join(filepath.Dir(cluster), "run")}
	for _, tmp := range []string{os.TempDir(), "/tmp"} {
		if abs, err := filepath.Abs(tmp); err == nil {
			candidates = append(candidates, filepath.Join(abs, short))
		}
	}
	var errs []error
	for _, dir := range candidates {
		if !usableSocketDir(dir) {
			continue
		}
		err := a.ownDir(dir)
		if err == nil {
			err = a.canEnter(ctx, bin, dir)
		}
		if err == nil {
			return dir, nil
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		errs = append(errs, &NotOursError{Dir: candidates[0], Reason: "no directory with a name short enough for a socket"})
	}
	return "", errors.Join(errs...)
}

// usableSocketDir says whether a socket there can be named by everybody who has
// to: the kernel (length), pgx (a comma separates hosts) and the configuration
// (quotes).
func usableSocketDir(dir string) bool {
	return len(filepath.Join(dir, ".s.PGSQL."+port)) <= maxSocketPath && !strings.ContainsAny(dir, `,"'\`)
}

// connectionURL names a database on the socket in the form that pgx, psql and
// tern read.
func connectionURL(socketDir, socketPort, db string) string {
	q := url.Values{"host": {socketDir}, "port": {socketPort}, "sslmode": {"disable"}}
	// libpq does not read a plus as a space.
	raw := strings.ReplaceAll(q.Encode(), "+", "%20")
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + db, RawQuery: raw}
	return u.String()
}
