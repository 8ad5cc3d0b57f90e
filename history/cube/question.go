package cube

import (
	"errors"

	"github.com/floorlight/floorlight/hub/metric"
)

// What a question can meet.
var (
	// ErrTooLarge says that a sum passes 63 bits.
	ErrTooLarge = errors.New("a sum is too large to be held exactly")
	// ErrTooMany says that more combinations of values appear than are kept apart.
	ErrTooMany = errors.New("too many combinations of values")
)

// Distinct is a set of things that are counted once.
type Distinct uint8

// What is counted once in a cell, or once in each of its days.
const (
	Customers  Distinct = 1 << iota // of sessions
	Consulting                      // customers of chats
	Converted                       // customers whose chat was followed by an order
	Friends                         // customers of sessions who are friends now
	Served                          // customers of conversations assigned to an agent
	Upgraded                        // customers who got a specialist or joined a group
	Affected                        // agents with a blocked or flagged message
	Flows                           // flows that fired

	ofCustomers = Customers | Consulting | Converted | Friends | Served | Upgraded
	numDistinct = 8
)

// Wanted is what a question asks of one side: of the rows of sessions, or of those
// of agents.
type Wanted struct {
	Counters  []metric.Counter
	Distinct  Distinct
	Revenue   bool
	AISales   bool
	Credits   bool // used
	Responses bool // the histogram of first responses
}

func (w *Wanted) nothing() bool {
	return len(w.Counters) == 0 && w.Distinct == 0 && !w.Revenue && !w.AISales && !w.Credits && !w.Responses
}

// Question is what is summed over which rows. From and To are inclusive.
type Question struct {
	From, To metric.Day
	// Previous asks also for the range of the same length just before.
	Previous bool
	By       []metric.Dimension
	Filter   metric.Filter
	// Daily counts what is distinct once in each day instead of once in the range.
	Daily    bool
	Sessions Wanted
	Agents   Wanted
}

// first is the first day of all that is looked at.
func (q *Question) first() metric.Day {
	if q.Previous {
		return q.From - (q.To - q.From + 1)
	}
	return q.From
}
