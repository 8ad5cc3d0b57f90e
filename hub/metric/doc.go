// Package metric defines every number of the product once: the counters that
// the fold keeps, the catalogue of metrics made from them, the profiles in which
// desks differ, local days, and the vocabulary of a report's question and
// answer. The wallboard and the reports evaluate the same catalogue over sums of
// the same counters; there is no second formula.
//
// It does no I/O and reads no clock. Everything but Calendar may be shared
// between goroutines once made.
//
// # Decisions
//
//   - Sums are integers: milliseconds, and accuracy in 10⁻¹², so that adding and
//     taking back returns to the same value. Money is an exact decimal per currency.
//   - A value with parts carries numerator and denominator as they are shown;
//     the value itself is the double nearest to their quotient.
//   - The counters are stored by position in entity states and by name in report
//     rows: positions are never reused.
//   - Percentiles come from logarithmic buckets of whole milliseconds, 16 to a
//     power of two: a bucket follows from the duration, so that nothing is stored
//     beside the durations, and any sum of rows has its histogram.
//   - A metric names its part dimensions. A question has one of them at a time: a
//     part stands under a reason or under a rule, never under both.
//   - The profile's key attribution says, by kind of channel, how sales are
//     attributed where a channel says nothing: the klaviyo preset's 24 hours.
package metric
