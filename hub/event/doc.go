// Package event is the contract of what flows in: the CloudEvents envelope,
// one struct per event type, the NATS subject, the codec and the validation.
// It imports nothing of ours and does no I/O.
//
// # Lifecycle of an event
//
// Decode turns bytes into an Event or a *Refusal; nothing else about an event
// is ever an error. DecodeMessage also compares the NATS subject with the
// envelope and the time with the arrival in the stream. Both depend on their
// arguments alone, so that every reader of a stream decides alike.
//
// # Adding a type
//
// Write its struct beside its family, list it in types.go, and add a golden
// file under testdata. The sealed Data interface makes the fold's exhaustive
// switch fail to lint until the type is handled there.
//
// # Decisions
//
//   - Times are kept to the microsecond, which is what PostgreSQL keeps: two
//     times that differ by less are the same time. A finer store would change it.
//   - Envelope ids may have 512 bytes, more than the 128 of the ids within
//     data, because the server's own ids are made from two of them.
//   - A value outside an enumeration is refused, not guessed at: a number would
//     bear on it. New values come with a new version of the contract.
//   - Times before 2000-01-01 are refused (time_out_of_range): no desk has such
//     conversations, and a partition per day of antiquity helps nobody.
package event
