// Package proof proves, for tests, that a server has lost nothing and counted
// nothing twice, whatever was done to it.
//
// # What it is
//
// A test collects in an [Acked] the ids of what the stream has acknowledged, lets a
// [Follower] follow the desk's topics through every lost connection, breaks what it
// likes, and then calls [Require]:
//
//   - every acknowledged id is in PostgreSQL, and no id is there twice;
//   - the stored events, delivered from zero to a hub of the test's own, lead to the
//     same state as the server's hub and as the client's, at the same sequence
//     (one checksum each, over all the topics of [Topics]);
//   - the server's own comparison (verify, wallboard beside the report of today)
//     finds no difference.
//
// The sizes of the sets and the checksums are told.
//
// # Concurrency and lifecycle
//
// An Acked is for any goroutine. A Follower has one goroutine until its context ends
// or it is stopped.
//
// # Imports
//
// hub and what is below it, the load generator, pgx, coder/websocket, testify. Only
// tests import it.
//
// # Decisions
//
// The replay is a hub, and not the fold alone: a state is compared as people see it,
// gauges included, and every rule by which it follows from the events is under test.
// What a server says of itself (alerts) and what counts on with the clock is left out.
package proof
