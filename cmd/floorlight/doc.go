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
// Errors of usage and settings exit with 2, everything else that fails with 1.
// A command returns [wrongUsage] for what kong cannot see.
//
// The NATS inside the process knows two kinds of users: floorlight, whose
// password is made once and kept beside the data, and tenant.NAME, whose
// password is derived from the secret. So a tenant's URL can be printed without
// asking or telling the server, and ends when the secret is changed.
package main
