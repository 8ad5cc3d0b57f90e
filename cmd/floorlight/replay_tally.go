package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// mostComplaints is how many faulty lines are told one by one.
const mostComplaints = 20

// tally is what became of a replay's lines.
type tally struct {
	complaints io.Writer
	told       int

	accepted, duplicate int
	faulty              int            // lines that are no events
	refused             map[string]int // by reason
	first               map[string]int64
}

func newTally(complaints io.Writer) *tally {
	return &tally{complaints: complaints, refused: map[string]int{}, first: map[string]int64{}}
}

func (t *tally) taken() int { return t.accepted + t.duplicate }

// lost is how many lines were not taken.
func (t *tally) lost() int {
	n := t.faulty
	for _, k := range t.refused {
		n += k
	}
	return n
}

func (t *tally) fault(line int64, what string) {
	t.faulty++
	t.complain(line, what)
}

func (t *tally) refuse(line int64, reason, detail string) {
	if t.refused[reason]++; t.refused[reason] == 1 {
		t.first[reason] = line
	}
	if detail != "" {
		reason += ": " + detail
	}
	t.complain(line, "refused: "+reason)
}

func (t *tally) complain(line int64, what string) {
	t.told++
	switch {
	case t.told <= mostComplaints:
		_, _ = fmt.Fprintf(t.complaints, "line %d: %s\n", line, what)
	case t.told == mostComplaints+1:
		_, _ = fmt.Fprintln(t.complaints, "further lines are only counted")
	}
}

// tell prints the sum of it.
func (t *tally) tell(out io.Writer, took time.Duration) error {
	rate := 0
	if took > 0 {
		rate = int(float64(t.taken()) / took.Seconds())
	}
	_, err := fmt.Fprintf(out, "accepted %s, duplicate %s, refused %s in %s (%s/s)\n", grouped(int64(t.accepted)), grouped(int64(t.duplicate)),
		grouped(int64(t.lost())), took.Round(10*time.Millisecond), grouped(int64(rate)))
	if t.faulty > 0 && err == nil {
		_, err = fmt.Fprintf(out, "  not an event: %s\n", grouped(int64(t.faulty)))
	}
	for _, reason := range slices.Sorted(maps.Keys(t.refused)) {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %s: %s, the first on line %d\n", reason, grouped(int64(t.refused[reason])), t.first[reason])
		}
	}
	return err
}
