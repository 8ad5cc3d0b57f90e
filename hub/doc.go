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
// # Tenants and views
//
// A [Hub] hands the stream's batches to its tenants. A tenant is one goroutine that owns one tenant's fold.State and all
// that is made from it; nothing of one tenant is ever read by another. It has an inbox of batches, which [Hub.Deliver]
// fills and waits for when it is full, and calls, by which everybody else asks it something in its own turn.
//
// A view is what one [Filter] lets through: today's sums, the gauges of now, each agent's share, and the topics made from
// them. The view without a filter is always there. A view takes back what a session contributed before an event and
// adds what it contributes after it, so an event costs the sessions that it touched, whatever the size of the desk. Only the
// day, the profile and the first reader of a filter make it count from scratch. What is counted of sessions is filtered by
// where it was counted (a row's channel, team and agent); presence and capacity by the agent's own channels and teams,
// as an agent without a chat belongs to a team too.
//
// Each topic of a view is made from it again where it is dirty, at most once a tick. Beside what metrics the catalogue
// names, a wallboard carries what a screen needs to show them: name, day, timezone, percent_decimals, targets,
// channel_name and team_name beside each id, capacity (the places of those online), and online_seconds as {value, rate,
// as_of}: value seconds up to as_of, from then on rate seconds a second, so that a desk on which nothing happens
// sends nothing. `waits` and `waiting` are objects by conversation, because a merge patch replaces a list whole.
//
// The sums are kept twice, of whole sessions and of agents (a tally each): counters, what is distinct, money, response
// times, and the parts of a counter (blocked_messages.by_category). teams and channels cut a view into parts (a division),
// each a view whose filter is the whole's and its own; an event reaches those parts that its sessions stand under before
// or after it. conversations names the 500 open ones that began first. These three are kept while somebody reads them.
//
// inbox is an agent's own open conversations, listed as conversations are, with what each customer asked first; one whose
// turn_since is set waits for a reply. It is kept beside the views, by agent, as notifications are, while it is read.
//
// conversation/{id} is one conversation's last 200 messages and how it stands (a thread). Texts are held only while
// somebody follows. What was said before comes from [Threads], as of the sequence at which the thread began to collect,
// once history has stored that; if it cannot be had, the state says complete: false. The request's filter is the
// reader's scope: the conversation's channel, its team (first or present), and an agent who has or had it.
//
// Some gauges change with time alone. A closed session is active for active_grace_hours more: the tenant's clock knows
// when each one ends, and a tick takes back what has ended ([Hub] is handed now; nothing else moves the clock). Automatic
// closings and lapsed leases are events instead, which [Hub.Due] lists and the partition's owner publishes.
//
// Midnight needs no event: the tick that finds another local day counts every view anew. A series holds each full minute's
// values, a day of them without a filter and two hours with one. A past that comes in fast is sampled by its own
// clock, in the minute of each event; until it has come up to now, the present minute is not sampled, since how the
// desk stands then is not how it stood.
//
// A conversation that is not resident is fetched by the [Restorer] in a goroutine of its own. Until it has come, its
// tenant applies nothing, so that the order stays the stream's; calls and ticks go on. [Hub.WaitApplied] is what history
// holds a commit for: an entity in the database is then never ahead of the tenant that fetches it.
//
// To compare a wallboard with the reports, [Hub.Track] makes a desk note how it stands after each event, and
// [Hub.Standing] gives the note as of history's sequence: neither side has to wait for the other.
//
// # Ordering and concurrency
//
// Deliver is called by one goroutine. A tenant's events are applied in their order; two tenants wait for each other
// only where one's inbox is full. The maps of the hub are guarded by its lock, held for a lookup; a sequence is noted
// under it before a batch is on its way, so that a tenant that ends and an event that comes cannot miss each other.
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
// [Hub.Stop] ends every tenant; calls answer ErrStopped from then on. A tenant with a state lives as long as the hub. One
// that somebody only asked about ends a minute after the last question, if it has no reader. A filtered view lives two
// minutes longer than its last reader, and comes again with another epoch, on which a resume is answered by a
// snapshot. A tenant without readers and news looks at the clock once a second, for midnight and the series.
//
// The topics and outboxes need no stop: a topic without references is gone. When a connection ends, its owner closes the
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
//
// The first change after a quiet time goes out at once, the next with the tick. Waiting for a tick each time would cost
// every reader half a tick; were bursts usual on quiet desks, a few milliseconds of patience would save deltas.
//
// Take back and add, instead of counting a session into the views as events change it: the fold knows what a session is
// now and was before, and the rules of counting stand in one place for both. It costs a copy of the session for each
// event. TestTopicsFollowWhateverHappens holds it to the count from scratch.
//
// An automatic event's id ends with the sequence of its cause, also where nobody wrote: close/c9/120. A message's id would
// not do: a conversation that is opened again without a message is closed twice after the same one.
//
// While a past comes in, its own clock says what is due: a pause of two days in it is one, however long ago it was. The
// latest time of an event will not do, as a directory of today often comes first.
//
// Occupancy counts an agent's chats up to his limit, because no rate can pass 100 %; the chats beyond it are active_chats.
//
// contacts and idle_customers are undefined under a filter by team or agent: the fold keeps who ever wrote by channel.
//
// The notes of Track are whole sums, not a hash at every 10,000th sequence: a desk may need hours for that many, and a
// difference can be named. They cost about a kilobyte an event, for as long as history takes to come up to the hub.
//
// One goroutine for a tenant, not for a view: 200 views would need 200 copies of a state or a lock around it. A desk
// too large for one core would have to be split by something that no metric sums over, and there is none.
package hub
