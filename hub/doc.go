// Package hub holds what is true now and hands every change of it to whoever follows. It is pure: no network, no
// disk, no clock; the time and the position in the stream are handed in.
//
// # Topics
//
// A [Topic] is a JSON state with an epoch, a version, a [ring] of its last deltas and its subscribers. Its owner edits
// subtrees with [Topic.Set] and [Topic.Delete] any number of times, and calls [Topic.Flush] once a tick. Flush compares
// what was edited, and nothing else, with what is published; if they differ there is a new version, and one merge patch
// (RFC 7396), encoded once, goes to all. A [Frame] has a short head of the reader's own (`{"op":"delta","sub":7,`) and
// a body whose bytes all readers share. The encoder sorts keys and writes numbers as RFC 8785 has it, so a state's bytes
// in a snapshot are its canonical JSON and the checksum is theirs.
//
// An [Outbox] is what waits for one connection, for all its subscriptions and replies in one order, bounded in bytes; a
// waiting frame counts with the place that it takes.
// A [Subscriber] is one subscription that receives through it.
//
// # Ordering and concurrency
//
// A topic and its subscribers belong to one goroutine, the tenant's, and lock nothing. An outbox has a lock, held for
// a few instructions: the tenant's goroutine and the connection's reader put frames in and never wait, one writer
// takes them out with [Outbox.Next]. [Topic.Subscribe] puts the snapshot, or the missing deltas, into the outbox in
// the turn that registers the subscriber, so no delta is lost or doubled. Frames leave in the order in which they came.
//
// # Slow readers
//
// A frame of a state topic that does not fit is refused. The reader then has the version before, and so do all that
// stopped there: the topic keeps one way back to it (a lag), to which each later flush adds what its edits replaced.
// At the first flush that finds half of the outbox read, the way back is compared with the present state, and
// the reader gets one delta from the version that it has. A fresh snapshot takes its place where that would be shorter
// or where readers stand at more than a few different versions. Topics of the kept kind (notifications) skip nothing;
// a connection that leaves too many of these frames or of its replies unread is closed with [ReasonBacklog], and one
// that takes nothing for 30 s with [ReasonStalled]. All of it is counted by [Reason] in a [Tally].
//
// # Lifecycle
//
// Nothing here has to be stopped: a topic without references is gone. When a connection ends, its owner closes the
// outbox and unsubscribes its subscribers; a topic also lets go of a subscriber whose outbox it finds closed. A topic
// of a new process has a new epoch. [Pace] chooses the length of the tick.
//
// # Imports
//
// The standard library and hub/event, hub/metric, hub/fold; never live, history or anything that does I/O.
//
// # Decisions
//
// Skipping forward without an undo log. The way back exists only while somebody is behind, one for each version where
// readers stopped, at most eight; the ring holds bytes alone. Joining the ring's patches would be wrong (what was deleted
// and made anew must carry null for the members that it lost, and the patches do not know them), and an old value for every
// change of two minutes costs several times the deltas. Were many readers slow for long at many versions, an undo
// log beside the ring would spare them snapshots.
//
// One outbox for a connection, not one for each subscription: the contract bounds a connection's bytes, and replies, sums and
// deltas need one order. The price is that a large topic can get a small one skipped. A weight for each subscription
// would change that.
//
// What waits is kept when a reader is skipped, instead of being thrown away for a fresher delta: at most the outbox's
// bound is stale, and the topic need not know what the writer has taken. Screens that must not see a quarter of a megabyte
// of old deltas get a smaller bound.
//
// A resume is answered with all its deltas even beyond the outbox's bound, if the outbox is half empty: their bytes are
// the ring's. Were rings larger, it would be answered by skipping forward.
package hub
