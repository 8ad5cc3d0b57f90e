// Package faults holds tests that break what a server stands on, storage and
// processes, while it is under load, and prove afterwards that nothing was lost or
// counted twice.
//
// # What it is
//
// Each test runs the built binary as a process of its own, on a real NATS and a
// real PostgreSQL, inside or outside. Desks of the simulator publish over NATS and
// HTTP and ask for verdicts, each event again and again until it is acknowledged; a
// client follows. When the fault is over, package proof compares.
//
// A test has a short form, in make test, and a long one, in make soak, where after
// the listed faults random ones follow for as long as is asked for. A seed is told at the
// beginning; FLOORLIGHT_SEED gives it again.
//
// # What it needs
//
// The go command, PostgreSQL's server programs, for full disks a small tmpfs, and for
// a server that is cut off ip and a network of its own: who may not make these is
// told so by a test that fails.
//
// # Imports
//
// Nothing imports it; its tests import proof, the simulator, and the server's
// packages as far as a foreign client would have to make the same by hand.
package faults
