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
package metric
