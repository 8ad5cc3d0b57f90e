// Package relay makes one hub of the hubs of several servers. Each owns the
// tenants of some partitions; the [Router] of each answers for all of them, from
// its own hub or by asking the owner over core NATS.
//
// # What goes over NATS
//
// floorown.<partition>.<tenant>.<question> is a request to whoever owns the
// partition; only he listens, so that no answer means that there is no owner.
// floortold.<partition>.<tenant>.<topic> carries what a topic's readers get, as it
// was encoded for them: one message, whatever the number of servers that follow.
// floortold.<partition>.<tenant>._ says once a second at which version each topic
// that is followed stands, so that a lost message is found and silence is heard.
//
// A topic of another server's tenant is mirrored ([hub.Mirror]) as long as somebody
// follows it: with the owner's epochs, versions and bytes, and a ring of its own.
// Core NATS may lose messages; whoever finds a gap asks for the state.
//
// # When a partition moves
//
// Sockets stay. Their subscriptions go over from the hub to mirrors, or from
// mirrors to the hub, and get a snapshot of the new owner's epoch. Until there is
// an owner they have beats whose lag grows. Questions are answered not_ready.
//
// Where an owner has a successor at the same server, one hub takes the other's place:
// sockets go over in one step, questions that met the end of the first hub are asked
// again of the second, and other servers are told its snapshots. Nobody waits.
//
// # Ordering and concurrency
//
// Router is for any goroutine. Each tenant of another server that has connections
// here has one goroutine, a desk, which owns its mirrors. While a partition moves,
// and only then, subscribing to its tenants waits.
//
// # Imports
//
// hub, live and what these import, nats.go; only cmd/floorlight imports it.
//
// # Decisions
//
//   - Deltas go over core NATS and not over JetStream: what is lost is asked for
//     again, and the stream has the truth. A second stream would sync every frame.
//   - A whole mirror of the state, not of the bytes alone: snapshots, checksums and
//     skipping forward cost the owner nothing, and are the hub's own code.
//   - A mirror hands a delta out as soon as it comes; the owner's tick is its pace.
package relay
