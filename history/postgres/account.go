package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that PostgreSQL runs as.
type account struct {
	name string
	uid  uint32
	gid  uint32
	drop bool // we are root and must become it
}

// chooseAccount returns the account for the cluster. PostgreSQL refuses to run
// as root, so root takes the owner of an existing cluster, or else the user
// postgres, or else nobody. Anybody else stays who they are.
func chooseAccount(cluster string) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: strconv.Itoa(os.Geteuid()), uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil //nolint:gosec // Ids of the system, never negative.
	}
	if cluster != "" {
		st, err := os.Stat(cluster)
		if err != nil {
			return account{}, fmt.Errorf("postgres: %w", err)
		}
		if sys, ok := st.Sys().(*syscall.Stat_t); ok && sys.Uid != 0 {
			name := strconv.FormatUint(uint64(sys.Uid), 10)
			if u, err := user.LookupId(name); err == nil {
				name = u.Username
			}
			return account{name: name, uid: sys.Uid, gid: sys.Gid, drop: true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseInt(u.Uid, 10, 64)
		gid, errGID := strconv.ParseInt(u.Gid, 10, 64)
		if errUID != nil || errGID != nil || uid == 0 {
			continue
		}
		// macOS writes nobody as -2.
		return account{name: name, uid: uint32(uid), gid: uint32(gid), drop: true}, nil //nolint:gosec // The wrap of -2 is meant.
	}
	return account{}, errors.New("postgres: root needs a user to run PostgreSQL as, and there is neither postgres nor nobody")
}

// command prepares a program that runs as the account, in its own session: a
// Ctrl-C at the terminal reaches us and not it, so that the order of stopping
// stays ours. The context only ends what has been started with it.
func (a account) command(ctx context.Context, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // The program comes from findBinaries.
	cmd.Dir = dir
	cmd.Env = environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return cmd
}

// environment is the little of ours that the programs need, with messages in
// English: no PG… or LC_… variable steers them elsewhere, and no secret of ours
// is handed to another user.
func environment() []string {
	env := []string{"LC_ALL=C", "HOME=/"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TZDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// canEnter tries it: a program starts in the directory as the account. Mode
// bits alone would not see access lists, security modules or mount options.
func (a account) canEnter(ctx context.Context, bin binaries, dir string) error {
	if !a.drop {
		return nil
	}
	if err := a.command(ctx, "/", bin.path("postgres"), "--version").Run(); err != nil {
		return fmt.Errorf("postgres: the user %s cannot run %s: %w", a.name, bin.path("postgres"), err)
	}
	if err := a.command(ctx, dir, bin.path("postgres"), "--version").Run(); err != nil {
		return &UnreachableError{Dir: dir, User: a.name, Err: err}
	}
	return nil
}

// ownDir makes a directory of mode 0700 that belongs to the account, or checks
// that an existing one is just that. It follows no symbolic link.
func (a account) ownDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		if a.drop {
			if err := os.Lchown(dir, int(a.uid), int(a.gid)); err != nil {
				return fmt.Errorf("postgres: %w", err)
			}
		}
		return nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("postgres: %w", err)
	}
	return a.checkDir(dir)
}

// checkDir says whether the directory is closed to everybody but the account.
func (a account) checkDir(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	switch {
	case !st.IsDir():
		return &NotOursError{Dir: dir, Reason: "it is not a directory"}
	case ok && sys.Uid != a.uid:
		return &NotOursError{Dir: dir, Reason: fmt.Sprintf("it belongs to user %d and not to %s", sys.Uid, a.name)}
	case st.Mode().Perm()&0o077 != 0:
		return &NotOursError{Dir: dir, Reason: fmt.Sprintf("it is open to others (mode %#o, wanted 0700)", st.Mode().Perm())}
	}
	return nil
}

// takeOver gives a tree that belongs to root (a backup unpacked by root) to the
// account. Links are changed themselves and never followed.
func (a account) takeOver(dir string) error {
	if !a.drop {
		return nil
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); !ok || sys.Uid != 0 {
		return nil
	}
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(a.uid), int(a.gid)) //nolint:gosec // Lchown of what we walk; the tree was root's alone.
	})
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}
