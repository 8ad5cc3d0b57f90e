// Package postgres runs a PostgreSQL of our own, for an installation that
// names no other: it finds the server programs, makes a cluster, starts it,
// watches over it and stops it.
//
// # Layout
//
// The data directory holds
//
//	cluster/             the cluster (PGDATA), mode 0700; its log is in cluster/log/
//	run/                 the socket, mode 0700
//	lock                 held by the process that manages the cluster
//	postgres-start.log   what the last postmaster wrote before its log began
//
// As root PostgreSQL cannot run, so root's cluster runs as postgres (or nobody,
// or whoever owns the existing cluster). Where that user cannot enter the data
// directory, /home/ada/floorlight/data for instance, a new cluster is made in
// /var/lib/floorlight/floorlight-postgres-<random>/ (beside it in the temporary
// directory, when it lies there) and DataDir/cluster is a symbolic link to it.
// Nobody's home is opened up for it. Whoever throws the data directory away
// starts anew; the old cluster stays where it is.
//
// A socket's name has room for about a hundred bytes. Where DataDir/run is too
// long, the socket lies in a directory floorlight-<hash> of mode 0700 under the
// temporary directory, whose owner and mode are checked.
//
// # Lifecycle
//
// Start makes or finds the cluster, adopts the postmaster that lives on it or
// starts one, and returns when it takes connections. One goroutine then owns the
// postmaster: it starts another one when it dies, after a pause that grows from
// 100 ms to 10 s, and ends it when Stop is called; Stop may come at any moment,
// during a restart too. A second goroutine waits for the end of the process. The
// URL stays the same all the while; pools on it see errors and reconnect.
//
// A process that is killed leaves its postmaster running, and the next Start
// adopts it: there is nothing to recover and the cache is warm. Adopting asks for
// more than a number in postmaster.pid: the process works in the cluster's
// directory, its socket lies in a directory closed to others, and the server
// behind the socket names the same directory and the same system identifier.
//
// Two processes on one data directory: the first one holds a lock for as long as
// it lives, the other one gets an InUseError.
//
// # Imports
//
// The package imports pgx and zerolog, and nothing of ours. It runs on Unix
// (Linux, macOS); where /proc is missing it believes postmaster.pid and the
// socket without looking at the process.
//
// # Decisions
//
// Connections over the socket are trusted, those by TCP are rejected (and
// nothing listens). The gate is the socket's directory: only its owner and root
// pass. Peer authentication would ask for a map from root to a role and keep out
// nobody else: who is the cluster's user owns its files anyway. Open the directory
// or TCP, and this has to change.
//
// Stop ends an adopted postmaster too: it was started for this data directory,
// and the lock says that nobody else manages it. The other choice would leave a
// database running that no command of ours could stop.
//
// No parent-death signal: it follows the thread that forked, not the process, so
// that the Go runtime could end a healthy database; and what it does to a
// database is a crash, for which the next start pays with recovery.
//
// Nothing is deleted, ever: a new cluster is made under another name and renamed
// when it is complete, an interrupted initdb leaves its cluster.new-… behind,
// another major version or an unknown directory is refused untouched. A library
// that wiped the directory instead is why this package exists.
//
// initdb gets C.UTF-8, or C where the system lacks it: sorting by bytes does not
// change with the system's libc, which would silently break indexes. Names are
// sorted for people by the page that shows them.
//
// What may be tuned is written into postgresql.conf once, when the cluster is
// made; what we depend on stands on the command line, above all that no statement,
// failing row or COPY line is logged, for these hold customers' words.
package postgres
