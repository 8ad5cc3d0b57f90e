// Package simulator makes the traffic of customer-service desks: customers who
// come in waves, a bot that answers first, queues that build and drain, agents
// who come, pause and go, transfers, surveys, orders, and now and then a
// message that must not go out.
//
// # What it is
//
// Two halves. The model is a pure timeline: the same Config gives the same
// actions, to the byte, whatever happens outside. The driver, [Simulator.Run],
// hands over what is due by the clock, as a chat platform would: events are
// published, and an agent's message is first put before the inline check.
//
// # Ordering and concurrency
//
// A Simulator belongs to the goroutine that calls Run; only Stats may be called
// from others. What concerns one conversation is handed over in its order. Agents'
// messages of different conversations are checked side by side.
//
// # Lifecycle
//
// New, then Run once. When its context ends, Run closes what is open and sends
// the agents home, within [leaveLimit], so the connection must outlive it.
//
// # Imports
//
// hub/event and risk; nats.go, zerolog and a JSON library. Only cmd/floorlight
// imports it.
//
// # Decisions
//
//   - The model does not wait for verdicts: it knows which of its messages break a
//     rule, and who writes what is to be blocked always corrects it. So the run stays
//     the same against any rules.
//   - The past has the present's tempo, hour by hour, as far as it may have that many
//     events. Else it is thinner, and each agent then takes fewer chats in proportion:
//     rates and waits look like the present's, for a fraction of the events. It goes straight to the stream, without the check,
//     which would give it the time of now; what is risky in it is judged by the
//     built-in rules.
//   - The days before today are as thin as today's past, with weekdays, some growth and
//     days that are unlike each other; so today, a week and a month have another to be
//     compared with, and the difference is one that a desk knows.
//   - Agents are there for some of the accounts, and help out at the others when somebody
//     has waited for two minutes: bound to their own, a small desk would let customers wait
//     beside agents who have nothing to do.
//   - What a disputed message broke is found when the dispute is handed over, as for a
//     block of the past: the model stays the same against any rules.
//   - The tempo of all conversations is chosen so that the agents are busy but
//     not swamped at the rate that was asked for. A rate of thousands is then a
//     desk of very fast people, and still one whose numbers make sense.
package simulator
