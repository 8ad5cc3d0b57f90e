// Package history is the edge to disk: it writes the stream's events, and what
// the fold makes of them, into PostgreSQL, restores the fold's states from there,
// recomputes and verifies, and answers the reports.
//
// # What it is
//
// A Database is a pool and the schema's steps (Migrate). A Writer stores one
// partition: events as they came, in partitions by the month of their own time;
// the fold's entities, from which it continues; and rows for the reports, one
// for each session, each session and hour of a local day, each agent and local day. LoadAll,
// Fetch and EventAt give the hub what is committed. Refold computes a tenant's
// numbers anew, Verify recomputes and compares.
//
// # Ordering: nothing lost, nothing twice
//
// A batch is one transaction. Its first statement moves the cursor from where
// the writer believes it to be; if it is not there, another writer owns the
// partition, and this one stops. Then the events are copied, then the rows
// that changed are brought up to date. There are no acknowledgements: a reader of
// the stream begins at cursor + 1, so whatever happens between two commits, the
// next attempt starts from what is stored. Refused events are kept (twice gives
// once) before the commit that passes them.
//
// The same event again is found by the fold, which knows ids; UNIQUE (tenant,
// time, source, id) is the last net. A batch that falls into it is thrown away,
// and folded again after each of its ids was looked up.
//
// Before it reads, a writer compares the message at the cursor with the stored
// one: a stream that lost its tail gives its sequences out again. If they
// differ, the cursor goes back to the last event that both hold, in a new epoch.
// Epoch and sequence together are the order in which events were folded.
//
// # Concurrency
//
// A writer's generation has a reader, a fold and a committer, so that the next
// batch is folded while the last one is stored. What the fold has changed and
// the committer has not stored stays in memory. Any error ends the generation:
// all states are thrown away, and the next one loads them from the database.
// Everything else may be called from any goroutine.
//
// # Lifecycle
//
// Open does not connect; Migrate does, and refuses a schema or numbers of a newer
// program. Run works until its context ends, and outlives PostgreSQL and the
// stream being away. Its context's end finishes the open batch.
//
// # Imports
//
// hub/event, hub/metric, hub/fold, hub/stream, pgx, tern, zerolog, prometheus.
// Never live, nor anything of the web.
//
// # Decisions
//
//   - Rows that change go by binary COPY into temporary tables and from there by
//     INSERT … ON CONFLICT: a contribution has more than 70 columns, for which unnest would
//     want as many arrays. The rows are encoded by hand while they are made: no
//     interface and no reflection for a value, and the committer sends bytes.
//   - The committer holds one connection for its generation, because temporary
//     tables belong to a session.
//   - The writer must not be ahead of the hub in the same process
//     (WriterConfig.Hold): an entity that the hub fetches must be the one that it
//     let go of, not one that later events have changed, and an event that it has
//     not applied must not be found stored. The other way would be to keep the
//     versions of entities.
//   - The cursor's row is waited for before anything is loaded: the connection
//     of a writer that was cut off may still be committing.
//   - Refold replaces rows in one transaction, which the writer waits for. A
//     table of the new numbers beside the old would let it write on; that comes
//     with the first desk whose refold takes longer than its stream may wait.
//   - After Refold the past stands under the profile of that moment. The tenant's
//     row keeps it, so that verify and a later refold start from the same.
//   - A stored event that a newer program would not take is kept and counts
//     nowhere; it is logged.
package history
