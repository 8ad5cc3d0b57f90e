// Package risk is the inline check's engine: it reads a message before its
// reader does and says whether it may pass, which rules it broke, and where.
//
// An Engine is compiled once from a list of rules and never changes after
// that. The caller keeps it behind an atomic pointer and swaps the whole
// engine when the rules change, so no check is judged by half a set.
//
// # How a check runs
//
// The text is normalised in one pass into a reusable buffer (width and
// compatibility forms, case, accents, invisible characters), with a map from
// every normalised byte back to the bytes that were sent. Where letters are
// spelled out (w.e.c.h.a.t) a second view of the same text is made with the
// separators taken out. One Aho-Corasick pass over a view finds the literals
// of all rules at once; a regular expression only runs on a text that holds one
// of its literals, and a detector only on a text that has what it needs
// (digits, an @, a dot, a cue word). Detectors of numbers read the plain view
// only, before letters and digits that look alike could be confused.
//
// # Ordering and concurrency
//
// Check is safe for any number of callers at once; what it needs for one text
// comes from a pool. It allocates nothing for a message without a hit. The
// result depends on the text, the context and the rules only: no clock, no
// network, no disk, no randomness. Violations are in order of their start.
//
// # What it may import
//
// hub/event and libraries that compute.
//
// # Decisions
//
// Rules read what goes to the customer unless they say otherwise. A customer
// who writes his own number gives it to the desk, he breaks no rule; a rule
// with direction from_customer or both reads him too.
//
// An ordinary link is flagged and not blocked, because a desk sends links to
// its own shop all day and the engine does not know them until a tenant lists
// them under allow. Links that open a chat or a payment elsewhere are blocked.
//
// Hits of the severity monitor are named in Result.Rules and are no violations:
// the reports count a stored violation as a risky message, and monitoring must
// not move them.
//
// Of two matches that overlap and share a category the more severe counts, then
// the rule that stands earlier in the list, so that one offence is reported
// once and a rule list can put the precise rule before the broad one. A match
// inside a more severe one is hidden whatever its category.
//
// The Aho-Corasick automaton is our own. BobuSumisu/aho-corasick keeps a table of
// 2 KiB for each state, 333 MiB for 10,000 phrases; ours holds the same in 3 MB
// and walks as fast (BenchmarkLiterals). The tests compare the two. A data
// structure as small in the library would change this.
//
// Words that warn ("never", "请勿") right before a match of a rule with Unless let
// it pass: desks tell customers all day not to pay outside the platform. They do
// not count across a comma, and not for an account or a number itself.
//
// Every pattern must contain a literal of two bytes or more that each of its
// matches contains; the compiler finds it in the syntax tree. A pattern without
// one would run on every message, and is refused.
package risk
