// Package stream is FLOOR, the stream that all events come in by, over NATS
// JetStream: ensure it, publish to it, consume it, keep what was refused. It is
// the one package that knows subjects, streams, consumers and buckets.
//
// # Ordering and concurrency
//
// A Stream may be used from any goroutine. Consume calls its function in the
// caller's goroutine, one batch at a time, each sequence exactly once and in
// ascending order; while the function runs, at most one more batch waits in
// memory and then the server is asked for nothing, so a slow reader costs
// nobody a message. Scan calls its function at least once for each message.
//
// # Lifecycle
//
// Open ensures the streams and buckets; Close releases what the publisher
// holds, never the connection, which belongs to the caller. Consume, Scan and
// WatchRevoked block until their context ends, and outlive restarts of the
// server as long as the connection does, as WatchRules and WatchChanges do: open it with MaxReconnects(-1).
// Consume returns early where a reader must decide: *GapError (messages were
// purged before it came), *LostTailError (the stream went back), ErrClosed,
// and whatever its function returns.
//
// # Imports
//
// hub/event, nats.go and zerolog. It is imported by live, history and
// cmd/floorlight, never by hub itself.
//
// # Partitions
//
// FLOOR's subject transform puts the partition of the tenant (NATS' own partition
// function) into the subject that a message is stored under: floor8.3.shop.… of
// eight partitions. A [Partition]'s consumer filters by it. Message.Subject is always
// the one that was published on. Messages from before the number was changed are
// read by every partition's consumer, which leaves out what is not its own. With one
// partition there is no transform and no filter.
//
// # Decisions
//
//   - One stream for all partitions, not one each: sequences stay one order, a client
//     publishes where it always did, and the number can be changed without copying.
//   - Many events are stored as one atomic batch, which the server syncs once instead
//     of once for each: BenchmarkPublish stores several times as many a second. The
//     server refuses a batch whole, for one duplicate in it or a limit; its messages
//     then go one by one, which tells what is wrong with which. A reader may see events
//     of a batch before its sync: after a loss of power they can be missing, unacknowledged,
//     at the end of the stream, as any lost tail.
//   - A reader with a filter cannot tell a jump from a gap, so it asks where the stream
//     begins once a second at most. Marks (floor.mark), which all partitions' readers
//     get, tell that nothing else stands before them; only whoever knows that others'
//     events come in stores them.
//   - Where a stream has several copies, one that ends before what was read is asked
//     again for some seconds: a leader that has just begun may tell less than there is.
//   - Consume supervises an ephemeral consumer of its own instead of nats.go's
//     ordered one, which starts again by sequence alone: after a restart it
//     would read on over a lost tail. Here every new consumer is preceded by a
//     look at the stream's first and last sequence and at the message last
//     delivered. An ordered consumer with a hook before its reset would do.
//   - The reader asks for messages itself, a request at a time, instead of by nats.go's
//     Consume: no timer, no lock and no goroutine of its own for each message, and a
//     pause between requests where little comes (see pull). Consume would do again if it
//     could leave such a pause.
//   - A jump in the sequence is an error only if the stream now begins behind
//     it. Single messages may have been erased, and the jump in Message.Seq
//     tells who wants to know.
//   - Messages up to 1 MiB less 16 KiB are stored, more than an event may have,
//     so that an event over size is refused with its reason and kept whole
//     instead of vanishing from a publisher that waits for no answer. The 16
//     KiB are what the copy on FLOOR_REFUSED needs for its headers.
//   - Tickets and revocations are keyed by the SHA-256 of their id: no secret
//     stands in the store, and an id may be any string.
//   - An id that a header cannot carry unchanged (control characters, a space
//     at its end) is published without Nats-Msg-Id: the fold deduplicates by id
//     anyway, and an altered header could swallow another event.
package stream
