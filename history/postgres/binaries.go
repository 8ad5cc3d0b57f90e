package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// binaries is one installation of the server programs.
type binaries struct {
	dir   string // absolute
	major string // "15"; "9.6" for the old numbering
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// searchGlobs are the places of the packages: Debian and Ubuntu, the PGDG
// packages for Red Hat, Homebrew on both kinds of Mac, Postgres.app.
var searchGlobs = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// findBinaries returns the programs to use. With explicit set, that directory
// and no other. Otherwise those of PATH and then of the known places, newest
// first; where several are installed the one that made the cluster wins, so
// that a newer package beside the old one does not stop a server. A want of ""
// means that there is no cluster yet.
func findBinaries(ctx context.Context, explicit, want string) (binaries, error) {
	if explicit != "" {
		dir, err := filepath.Abs(explicit)
		if err != nil {
			return binaries{}, fmt.Errorf("postgres: %s: %w", explicit, err)
		}
		if !hasPrograms(dir) {
			return binaries{}, &MissingError{Looked: []string{dir}}
		}
		return identify(ctx, dir)
	}
	looked := []string{"PATH"}
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		// Behind a link the other programs lie where it leads.
		if abs, err := filepath.Abs(p); err == nil {
			if real, err := filepath.EvalSymlinks(abs); err == nil {
				dirs = append(dirs, filepath.Dir(real))
			}
			dirs = append(dirs, filepath.Dir(abs))
		}
	}
	inPath := len(dirs)
	for _, glob := range searchGlobs {
		looked = append(looked, glob)
		found, err := filepath.Glob(glob)
		if err != nil {
			return binaries{}, fmt.Errorf("postgres: %s: %w", glob, err)
		}
		dirs = append(dirs, found...)
	}
	var all []binaries
	var firstErr error
	fromPath := 0
	for i, dir := range dirs {
		if !hasPrograms(dir) {
			continue
		}
		b, err := identify(ctx, dir)
		if err != nil {
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		if i < inPath {
			fromPath++
		}
		all = append(all, b)
	}
	if len(all) == 0 {
		if firstErr != nil {
			return binaries{}, firstErr
		}
		return binaries{}, &MissingError{Looked: looked}
	}
	slices.SortStableFunc(all[fromPath:], func(a, b binaries) int { return compareMajor(b.major, a.major) })
	for _, b := range all {
		if b.major == want {
			return b, nil
		}
	}
	return all[0], nil
}

func hasPrograms(dir string) bool {
	for _, program := range []string{"postgres", "initdb"} {
		st, err := os.Stat(filepath.Join(dir, program))
		if err != nil || st.IsDir() || st.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

func identify(ctx context.Context, dir string) (binaries, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version") //nolint:gosec // The directory is the operator's choice or a package's place.
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		return binaries{}, fmt.Errorf("postgres: %s --version: %w", cmd.Path, err)
	}
	major, ok := majorOf(string(out))
	if !ok {
		return binaries{}, fmt.Errorf("postgres: %s --version: no version in %q", cmd.Path, out)
	}
	return binaries{dir: dir, major: major}, nil
}

// majorOf reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)". Since
// version 10 the first number alone is the major version.
func majorOf(version string) (string, bool) {
	_, rest, ok := strings.Cut(version, ") ")
	if !ok {
		return "", false
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		rest = rest[:end]
	}
	parts := strings.Split(rest, ".")
	first, err := strconv.Atoi(parts[0])
	if err != nil {
		return "", false
	}
	if first < 10 && len(parts) > 1 {
		return parts[0] + "." + parts[1], true
	}
	return parts[0], true
}

func compareMajor(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.Atoi(as[i])
		y, errY := strconv.Atoi(bs[i])
		if errX != nil || errY != nil {
			return strings.Compare(a, b)
		}
		if x != y {
			return x - y
		}
	}
	return len(as) - len(bs)
}
