// Package load puts a server under load from outside, measures what its users
// would feel, and proves that nothing was lost or counted twice meanwhile.
//
// # What it is
//
// [Run] makes desks (the simulator's conversations), publishes their events,
// opens sockets that follow topics, asks for verdicts, and reads what comes
// back. It knows the server by its contract only: events over NATS or HTTP, the
// sockets' protocol, and the reports. With a process id it reads what the server
// takes of CPU and memory, with a database's URL which ids are stored.
//
// # Free of coordinated omission
//
// Events and checks are due by a [schedule] that nobody's slowness moves. A
// latency counts from the moment at which something was due, so a server that
// stands still for a second is charged with all that was due in that second.
// Publish to frame is the time from the due moment of a customer's message to
// the arrival of the first frame whose seq covers it, for each steady socket on
// an unfiltered wallboard, which such a message always changes.
//
// # Proof
//
// At the end every client asks for the checksum of its topic and compares it
// with that of the state which it made itself from a snapshot and patches, over
// a canonical form that is not the server's code. Each tenant's stored events
// are folded anew by the server (`verify`) and compared with the stored numbers
// and with the hub's; the wallboard is compared with the report of today at the
// same sequence. With a database, the set of ids that the stream acknowledged is
// compared with the set of ids stored, and no id may be there twice.
//
// # Ordering and concurrency
//
// One goroutine publishes, in the schedule's order; one goroutine for each
// socket reads and does everything of its client. Clients of one topic share
// what they have decoded: a frame's bytes are compared, and equal bytes upon an
// equal state lead to an equal state, so it is made once ([group]). A [ledger]
// joins frames with the events that they cover once all that was due before the
// frame has been acknowledged.
//
// # Lifecycle
//
// Run returns when the load has ended and everything was compared, or its
// context has ended; all goroutines have ended then, and all connections that it
// opened are closed. The NATS connection belongs to the caller.
//
// # Imports
//
// hub/event and the simulator; coder/websocket, nats.go, pgx, hdrhistogram-go.
// Never hub, live or history: what is measured must not measure itself.
//
// # Decisions
//
// The simulator gives what happens and in which order, not when: its waves
// would make every second another load. The rate is constant, and an event's
// time is the moment at which it is due.
//
// Clients of one process share decoded states. Ten thousand clients that each
// decode a patch would take the CPU away from the server that stands beside
// them. What is shared is only what follows from equal bytes.
//
// An agent's message goes to the stream as the platform's own, and checks have
// a schedule and conversations of their own: so their rate is free.
package load
