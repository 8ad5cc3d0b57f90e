// Package live is the edge to people and callers: HTTP, WebSocket, server-sent
// events, the inline check (gate), ingest, and who may do what. It owns no
// truth: what is true now it asks of the hub, what was of the reports, and what
// is to become true it publishes to the stream.
//
// # Ordering and concurrency
//
// A connection has one reader goroutine. It decodes what
// the client sends and does it, one frame after the other; whatever goes out,
// deltas, answers and beats, passes through the connection's [hub.Outbox]. Those of
// WebSockets are emptied by the outlet, a goroutine for each processor that never
// waits for a client: what the kernel does not take at once is handed to a goroutine
// of the connection's own, which lives as long as the client is slow. So a client's frames are answered in their order, a slow
// verdict holds up the frames behind it and nobody else, and a slow client holds
// up nobody at all. One goroutine, the pulse, ticks every connection: beats, stalled
// readers, tokens that expired or were revoked, and connections that should have
// ended and did not. The gate has no goroutine of its own: it runs in its
// caller, with the rules behind an atomic pointer.
//
// # Who may do what
//
// One table (role.go) says which role may do which action and follow which topic. A
// route without an action cannot be registered. A token's teams and channels,
// and an agent's own id, are added to every filter; where nothing is left of a
// filter, the answer is forbidden.
//
// # Limits
//
// Each request meets the limits of its address, its token and its desk (limits.go),
// besides what its route costs (routes.go): a connection that stays, a report, an
// export. The counters are this server's own and take so much memory and no more,
// however many callers there are. What waits for its turn holds up its own caller.
// Every refusal has a reason, and the reason is a metric's label.
//
// # Errors
//
// One table (fault.go): code, HTTP status, close code, text in both languages.
// HTTP answers with a problem document (RFC 9457), a socket with an error frame,
// the check with {"error":{…}}. What went wrong inside is logged once, here at
// the edge, and never told. No message text and no customer's data is ever logged or
// made a label.
//
// # Lifecycle
//
// New makes the server, Start its background work, Serve answers on a listener
// until Stop. Stop takes no more connections, tells the sockets to come back
// (1012), ends what runs in the background and returns when all of it has ended
// or its context has. Stopping twice is fine.
//
// # Imports
//
// hub, hub/{stream,metric,event}, risk; never history, which is reached through
// interfaces that are declared here.
//
// # Decisions
//
// A duplicate is compared before it is answered. The inline check answers a known
// message id from what is stored; if the stored text or author is another, and
// was not blocked, the answer is an error (message_reused): an allow would let a
// text through that nobody has read. Ingest likewise tells id_reused from a
// duplicate, by reading the stored event, because JetStream knows ids only.
//
// The check is an error while the hub cannot say whether a message id is known.
// The stream's own window of duplicates is minutes; a retry after it would be
// stored twice. A hub that starts in under a second makes this cheap.
//
// An op `send` is answered before the next frame is read. One goroutine more
// would let two messages of one agent overtake each other.
//
// Frames are written past the WebSocket library, header, head and body in one
// buffer and one system call; the library reads, and writes control frames. Its
// own way costs a 4 KiB buffer for each connection. They are written by few goroutines,
// in turn: one for each connection, woken for each frame, made a frame cost 1.8 times a
// bare write, and this way 0.9 to 1.1 (BenchmarkFrameToSockets).
//
// Deadlines are set on the TCP connection that ConnContext puts into the
// request's context, not by contexts: coder/websocket closes a connection whose
// context ends and needs a timer for each.
//
// A WebSocket leaves its request's goroutine: what net/http and the handshake
// needed is given back. What reads has 512 bytes of buffer, what writes borrows its own, and
// a goroutine ends with each frame that was read. 4,000 idle sockets with a subscription take 15 KiB each, resident.
//
// huma's error constructor is replaced for the process (it has no other hook),
// so that what huma refuses is answered with the same problem documents.
package live
