// Package fold holds the one pure function that makes both the live and the
// historical number: State.Apply. The hub runs it for now, the history writer
// runs the same for ever, verify runs it again from zero.
//
// # What it is
//
// A State is one tenant's: its profile, its directory (channels, teams,
// agents), and those conversations, customers and orders that are resident.
// Apply takes one event and changes the state; the Change that it returns names
// what was touched, with what stood before. Counters stand on rows, one for each
// session and hour of a local day, and one for each session, hour and agent (**A**).
// A row takes its other dimensions from its session, so that a later intent, tag,
// agent or AI status moves what was counted by changing the session. What belongs
// to no conversation stands on loose rows: one for each hour, channel and, where
// a number is of distinct customers, customer.
//
// # Working set
//
// Apply does no I/O. Before it, the caller asks Missing what the event touches
// that is not resident and may exist, fetches it, and hands it over with Bring,
// until nothing is missing. What was never seen is not asked for: Known answers
// that from memory. Sweep lets go of what rests, never of what the caller has
// not yet committed.
//
// # Concurrency
//
// A State belongs to one goroutine. The Change that Apply returns is valid until
// the next Apply.
//
// # Imports
//
// hub/event, hub/metric and hub/table, and libraries that only compute.
//
// # Decisions
//
//   - Entities are stored whole as JSON: a restart loads what is open and
//     continues, and a person can read what the fold believed. A denser form
//     would come with the first desk whose working set is not small.
//   - Every id ever seen that is not resident, events' too, is known by 64 bits of
//     hash in a plain set, not by a filter with false alarms: a false alarm needs the
//     database, and with PostgreSQL away its desk would stand still. It costs about 14
//     bytes an id; a desk of hundreds of millions of events would want that on disk.
//   - Message ids and event ids are kept as hashes (64 bits within a conversation,
//     128 bits among events): memory per id is what bounds a server. Of an event's
//     bits half are in that set, which every event is held against first, and half
//     among the ids of the last hour. A replay has no such set and half the bits:
//     what it reads is stored, so that none is there twice.
//   - A row is known by its position in its session. Rows are never removed or
//     reordered, so a stored row can be changed in place.
//   - A late reply counts for its day's reply_rate when the message that it
//     answers arrives behind it, since such a message is already answered.
//   - The team of an agent's row is that of the assignment in force (its own,
//     else the latest queueing's, else the agent's only one), not that of the
//     session's first human: a transfer to another team is that team's work.
//     A numerator goes where its denominator stands, though: else a rate within
//     one team could pass 100 % after a transfer.
//   - What is from before the last closing counts, and answers or awaits nothing
//     written since, whoever wrote it.
//   - A customer's message of the very time of the latest reply that arrives
//     after it is not answered by it: stream order decides between equal times.
//     The specification says "not later"; the shared results, whose times are
//     whole seconds, need "earlier".
//   - A part of a counter (of negative ratings, those for one reason) is no row of
//     its own: few rows have any, and a row for each would carry sixty zeros. Parts
//     and money on a row are never changed in place, so that what stood before a
//     change needs no copy of them.
//   - How many customers ever wrote is counted by the set of channels that they
//     have chats in, in the tenant's entity: so it can be narrowed to any channels,
//     and outlives a restart, which brings few customers. The balance of credits
//     stands there, too.
//   - Sales are attributed when an order or a touch arrives, by the attribution
//     that the channel has then; what a channel says later moves no order until one
//     of these comes. A bot's messages are kept as touches only where the channel
//     attributes by messages, or where nobody knows the channel yet.
//   - The last message, which AI status asks for, follows stream order. A bot's
//     message after the closing is one. Without any message nothing is resolved.
//   - The latest invitation to a target is the one that came last to that customer.
//     A joining counts in its conversation if that is the customer's own, else
//     on a loose row: its customer is then the one who joined. An agent that it names
//     bears on no number, since a joining has no form per agent.
//   - Automatic closing counts from the last message; where none was written since,
//     from the start or the reopening. Else a conversation that is reopened by a
//     queueing would be due at once, under an id that was used.
package fold

// Version is raised by every change of a number, tzdata's included. A newer
// fold recomputes what an older one stored.
const Version = 2
