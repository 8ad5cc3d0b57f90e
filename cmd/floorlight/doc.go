// Command floorlight is the live-operations server for customer-service desks,
// and the tools beside it. It is the only place where the packages meet.
//
// # Lifecycle
//
// main hands the process's arguments, environment and streams to run and does
// nothing else. run decides the settings, builds the logger and calls one
// command's Run; the first SIGTERM or interrupt ends that command's context, the
// second one the process. Every command is one file, NAME_command.go, with its
// flags as a struct that [cli] names.
//
// # Settings
//
// One struct, [settings], holds what can be set. Flags come before the
// environment, the environment before the file named by --config. Whatever is
// wrong in any of the three is gathered and told in one message before a command
// runs; only version runs regardless.
//
// # Decisions
//
// A server whose heap is small lets it grow by 128 MiB before it collects, instead
// of by as much again: while a past comes in that is a tenth of the hub's time. A
// heap above that is collected as Go does by itself. GOGC and GOMEMLIMIT in the
// environment leave the collector to whoever set them.
//
// A partition of the desks has one owner: its hub, its writer and whatever the
// server does by itself for those desks stand and fall together (core). Before, each
// server had a whole hub, and a commit waited for the slowest of them. The lease in
// PostgreSQL is only the lock: that no two write is the cursor's doing, and the next
// owner goes on from the cursor. JetStream's pinned clients would do, too, but who
// loads from PostgreSQL needs it anyway, and one statement renews all leases.
//
// After a refold a core has a successor: its hub holds the numbers from before. It stops
// to store and to decide, and goes on to read and to answer, while the next one is loaded
// and read up to the same place beside it; then that one takes its place. It costs the
// memory of two hubs for as long. Until then reports, which have the new numbers at once,
// and wallboards may differ by the definition, as their labels say, and history waits. The
// event of a new profile comes after it: a hub with numbers from before would take it
// for a change of what comes ([node.succeeded]).
//
// There is no list of servers. A server takes what is free up to its share, as the
// leases show it; one that holds two fewer than another writes into a lease of that
// one's that it would like it, and is handed it once the core has ended. Whoever
// wants weights, or places desks near their sockets, changes [owners.want].
//
// Marks ([stream.Stream.Mark]) tell a partition that nothing of its own stands up to
// a sequence, once a second where others' events come in. What a consumer says of
// itself would not do: on a cluster it may be behind the stream's leader.
//
// Errors of usage and settings exit with 2, everything else that fails with 1.
// A command returns [wrongUsage] for what kong cannot see.
//
// The NATS inside the process knows two kinds of users: floorlight, whose
// password is made once and kept beside the data, and tenant.NAME, whose
// password is derived from the secret. So a tenant's URL can be printed without
// asking or telling the server, and ends when the secret is changed. Each tenant has
// an account ([natsDoor]), not a user in one account for all: permissions cannot tell
// one client's inbox from another's, and clients make theirs below _INBOX.
package main
