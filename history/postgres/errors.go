package postgres

import (
	"fmt"
	"strings"
)

// MissingError says that no PostgreSQL server programs were found, or that the
// named directory does not hold them.
type MissingError struct {
	Looked []string // every place looked at, in order
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("no PostgreSQL server programs (postgres, initdb): looked in %s; "+
		"install them (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql), "+
		"name their directory (--postgres-bin), or use a server of your own (--database-url)",
		strings.Join(e.Looked, ", "))
}

// VersionError says that a cluster was made by another major version than the
// programs found. Nothing has been changed on disk.
type VersionError struct {
	Dir      string // the cluster's directory
	Cluster  string // the major version in its PG_VERSION
	Binaries string // the major version of the programs
	Bin      string // the directory of those programs
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the cluster in %s was made by PostgreSQL %s, the programs in %s are PostgreSQL %s: "+
		"install PostgreSQL %s again, or move the data over with pg_upgrade; nothing was touched",
		e.Dir, e.Cluster, e.Bin, e.Binaries, e.Cluster)
}

// InUseError says that another living process holds the data directory.
type InUseError struct {
	Dir string // the data directory
	Pid int    // the holder, 0 when it has not said
}

func (e *InUseError) Error() string {
	who := "another process"
	if e.Pid > 0 {
		who = fmt.Sprintf("process %d", e.Pid)
	}
	return fmt.Sprintf("the PostgreSQL in %s is in use by %s: stop that one first, or choose another data directory", e.Dir, who)
}

// UnreachableError says that the user that PostgreSQL runs as cannot enter a
// directory, because one of its parents is closed to that user.
type UnreachableError struct {
	Dir  string // the directory that cannot be entered
	User string // the user that PostgreSQL runs as
	Err  error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("PostgreSQL does not run as root, and the user %s cannot enter %s: "+
		"choose a data directory outside closed directories (for example /var/lib/floorlight), "+
		"or use a server of your own (--database-url): %v", e.User, e.Dir, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// NotOursError says that a directory holds something that this package did not
// make, or cannot recognise, and therefore leaves alone.
type NotOursError struct {
	Dir    string
	Reason string
}

func (e *NotOursError) Error() string {
	return fmt.Sprintf("%s is left alone: %s", e.Dir, e.Reason)
}

// ForeignError says that a postmaster is alive on the cluster that cannot be
// adopted, with the reason.
type ForeignError struct {
	Dir    string
	Pid    int
	Reason string
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("a PostgreSQL (process %d) runs on %s and cannot be adopted: %s; stop it first", e.Pid, e.Dir, e.Reason)
}

// StartError says that the postmaster ended before it took connections.
type StartError struct {
	Dir  string
	Tail string // the end of what it wrote
	Err  error
}

func (e *StartError) Error() string {
	return fmt.Sprintf("PostgreSQL on %s ended before it took connections: %v: %s", e.Dir, e.Err, e.Tail)
}

func (e *StartError) Unwrap() error { return e.Err }
