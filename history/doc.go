// Package history is the edge to disk: it writes the stream's events, and what
// the fold makes of them, into PostgreSQL, restores the fold's states from there,
// recomputes and verifies, and answers the reports.
//
// # What it is
//
// A Database is a pool and the schema's steps (Migrate). A Writer stores one
// partition: events as they came, in partitions by the month of their own time;
// the fold's entities, from which it continues; and rows for the reports, one
// for each session, each session and hour of a local day, each agent and local day. Load,
// Fetch and EventAt give the hub what is committed. Recomputing computes a tenant's
// numbers anew in the background, Verify recomputes and compares. Lists, threads,
// customers and explanations are read by SQL, exports are written as they are
// read, and an index of words that follows the writer (RunSearchIndex) finds texts.
//
// Tenants are spread over partitions ([Database.Spread]), each with a cursor, a
// writer and a lease that says which server runs it ([Leases]). A recomputation
// holds the cursor of its tenant's partition while it switches over; numbers of an older
// fold are replaced for all partitions at once (Renew).
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
// Open waits for no connection; Migrate does, and refuses a schema or numbers of a newer
// program; Renew comes before the first Load or writer. Run works until its context ends, and outlives PostgreSQL and the
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
//   - Reports and the table of agents are sums over a replica of contributions in
//     memory (package cube), brought up to each question's own view of the
//     database; SQL gives them only what is small: agents, time online, balances.
//     as_of_seq is the view's cursor, and a question that asks for more waits.
//   - Large answers are written as JSON row by row: maps for 45,000 rows took
//     ten times as long as the sums.
//   - The writer must not be ahead of the hub in the same process
//     (WriterConfig.Hold): an entity that the hub fetches must be the one that it
//     let go of, not one that later events have changed, and an event that it has
//     not applied must not be found stored. The other way would be to keep the
//     versions of entities.
//   - Most of a writer's commits do not wait for PostgreSQL's disk (flushing): a crash
//     of PostgreSQL takes the last of them back, cursor and all, and they are read from
//     the stream again. What must not be taken back is known by the last one that
//     waited: below that the stream is purged, and the hub lets go of what rests.
//   - The cursor's row is waited for before anything is loaded: the connection
//     of a writer that was cut off may still be committing.
//   - A past is computed anew beside the old one, in the same tables: its rows
//     stand under another name in the column tenant (tenants.stored_as), and one
//     update puts them in force. Tables of their own would have to be copied while
//     the writer waits; so it waits for a fraction of a second. Each step notes how
//     far it is, so that an interruption costs a step. What the reports hold in memory
//     is read from the new rows before the switch. A new profile's event is published,
//     and the old rows are deleted, when nobody holds numbers from before it any more.
//   - Numbers of an older fold are computed anew in the same way, for all tenants, before
//     the first writer of the new program begins, which cannot continue them. Reports
//     answer the old ones meanwhile and say of which version they are (fold_version);
//     what folds events beside them (explanations, other profiles, verify) is refused
//     until then, and so are live topics. All are switched at once, because a cursor has
//     one version for its partition's tenants: switching each alone would spare the large
//     ones' time for the small ones, and want a version a tenant everywhere.
//   - A search asks an index of words and of pairs of characters (tsvector, GIN),
//     not pg_trgm: a Chinese word has two characters, and no trigram. Each token
//     bears its tenant's mark. The index has a cursor of its own, some seconds
//     behind the writer's at most; the answer names it (searched_seq). Where more than
//     5,000 texts hold the words, the list is walked instead, and its total is open.
//   - A list counts its total over the latest 20,000 rows of its range: a page must not
//     wait for a number beside it.
//   - A report under a profile that is not in force (profile=wecom@3) folds the stored
//     events in memory, in the question's own view, and its rows go into a cube of
//     their own by the bytes in which they would be stored: so the numbers are what
//     a refold would make. One fold at a time, of a million events at most; the
//     last four are kept, until their desk has new events.
//   - An explanation lists stored rows, and finds their events by folding what is
//     stored of their conversations again. So its numbers are the report's, and an
//     event is named only where it changed that row. Under a profile that is not in
//     force the rows are handed to PostgreSQL as one document, so that both kinds
//     are listed by the same statements.
//   - Spreadsheets are written by hand: excelize's StreamWriter goes through a
//     temporary file and holds the zipped file in memory, and the first byte
//     comes with the last row. The tests read them with excelize.
//   - After Refold the past stands under the profile of that moment. The tenant's
//     row keeps it, so that verify and a later refold start from the same.
//   - A stored event that a newer program would not take is kept and counts
//     nowhere; it is logged.
package history
