// Package filler makes up a desk's past: a year of a busy desk, event by event,
// in the order of their times.
//
// # What it is
//
// A Filler is a generator without a clock and without I/O: the same Config gives
// the same events with the same ids and times, so that a filling that was
// interrupted goes on where it stopped by making the first events again and
// letting go of them. A day is drawn from the seed and the day's number alone.
//
// It makes what the reports have to count at that size, and not what a
// conversation is like: chats of bots and of humans, transfers, late answers and
// none, ratings with reasons, orders, blocked messages, uses of writing aids,
// flows, charges, broadcasts, and agents who come and go. package simulator is
// the one with conversations that are worth reading.
//
// # Concurrency and lifecycle
//
// For one goroutine. There is nothing to close.
//
// # Imports
//
// hub/event.
package filler
