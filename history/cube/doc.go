// Package cube answers what the reports ask: sums of the rows of contributions
// over any range of local days, by any of their dimensions, from a replica in
// memory.
//
// # What it is
//
// A Cube holds, for each desk that was asked about, months of its rows by
// columns: numbers of a dictionary for the values of dimensions, each counter in
// the narrowest width that its values fit into, customers as dense numbers, and
// what few rows have (money, parts) as lists. A year of a desk with a million
// conversations takes some hundred megabytes; a question over a quarter of it
// takes milliseconds, whatever it is broken down by, because nothing is looked up
// by key: every row in the range is added to its cell.
//
// # Ordering
//
// Within begins a view of the database (REPEATABLE READ), reads the cursor, and
// brings the months that are held up to exactly that view: rows carry the
// sequence of the batch that wrote them last, so what has changed is what stands
// behind the sequence that the replica is at. A row that changed replaces its old
// values: it is known by conversation, session and position. So an answer is
// exact as of the view's sequence, any number of servers can answer, and whoever
// asks may read small tables in the same view. When rows were computed anew, or the
// stream lost its tail, or a backup was put back, the replica is thrown away.
// Whatever else deletes rows must raise cursors.refolds.
//
// # Concurrency
//
// Published months are never written: a change copies the chunks of 4,096 rows
// that it touches and publishes a new segment. So many readers sum without a lock
// over what their view saw while another catches up. Two gates for each desk: one
// for beginning a view and catching up (milliseconds), one for reading months that
// are not there (a second for each 300,000 rows). Dictionaries only grow.
//
// # Memory
//
// Config.Bytes bounds the months of all desks together; the one that nobody has
// looked at for longest makes room. What a single question needs beyond the bound
// is read month by month and let go of. Warm reads the last quarter at the start.
// The Cube is a prometheus.Collector.
//
// # Imports
//
// hub/metric, pgx, prometheus, zerolog. Never history, which wires it.
//
// # Decisions
//
//   - A replica and not rollups in SQL: a row moves when a conversation is
//     reclassified, and with nine dimensions, tags, parts, distinct customers
//     and percentiles there is no set of rollups that answers all questions. One
//     way for every question is also one thing to prove.
//   - Rows and customers are known by a keyed 64-bit hash instead of their text:
//     with ten million of them the chance of any collision is below 10⁻⁵, in one
//     process, until its restart, and nobody can provoke it without the key.
//   - What is distinct is counted by hashing (cell, day, customer), not by bitmaps
//     for every cell: a question by day and agent has 45,000 cells, most of them
//     with a handful of customers.
//   - A filter by several values of a part dimension (reason, category, rule)
//     counts a row's counter at most once: of two reasons of the same rating,
//     one is counted. Under one value the number is the value's own.
package cube
