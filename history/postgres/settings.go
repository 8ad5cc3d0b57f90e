package postgres

import (
	"maps"
	"slices"
)

// port only names the socket file; nothing listens on TCP.
const port = "5432"

// tunables are written once into postgresql.conf, when the cluster is made, so
// that an operator may change them afterwards.
const tunables = `
# Floorlight's choices, written once. Change them here; what the server depends
# on (socket, listening, what is logged) is given on its command line.
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB                     # a parallel hash join stays below the 64 MB of a container's /dev/shm
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off                          # short reports: compiling costs more than it saves
wal_compression = on
wal_buffers = 16MB
min_wal_size = 256MB
max_wal_size = 2GB                 # COPY in batches: checkpoints by time, not by volume
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
timezone = 'UTC'
log_timezone = 'UTC'
`

// arguments is the postmaster's command line. What comes later wins: first the
// caller's settings, then what this package cannot do without.
func arguments(cfg Config, cluster, socketDir string) []string {
	args := []string{"-D", cluster}
	set := func(name, value string) { args = append(args, "-c", name+"="+value) }
	if cfg.NoFsync {
		// Commits still reach the kernel, so that a killed server loses nothing.
		set("fsync", "off")
		set("full_page_writes", "off")
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Settings)) {
		set(name, cfg.Settings[name])
	}
	set("listen_addresses", "")
	set("port", port)
	set("unix_socket_directories", `"`+socketDir+`"`)
	set("unix_socket_permissions", "0700")
	set("cluster_name", "floorlight")
	set("logging_collector", "on")
	set("log_destination", "stderr")
	set("log_directory", "log")
	// One file a weekday, overwritten after a week: bounded without a cron job.
	set("log_filename", "postgres-%a.log")
	set("log_rotation_age", "1d")
	set("log_rotation_size", "0")
	set("log_truncate_on_rotation", "on")
	set("log_line_prefix", "%m [%p] ")
	set("log_checkpoints", "off")
	set("log_autovacuum_min_duration", "-1")
	// Statements, failing rows and COPY lines hold customers' words, and those
	// never go to a log: terse leaves out DETAIL and CONTEXT.
	set("log_error_verbosity", "terse")
	set("log_min_error_statement", "panic")
	set("log_statement", "none")
	set("log_min_duration_statement", "-1")
	return args
}
