package risk_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// The corpora hold what somebody thought of. These tests compose what nobody wrote
// down: contents of every kind, in carriers of both languages, under every way to
// hide them and under two ways at once.

// composed is one message that was made, and of what.
type composed struct {
	kind, way, text string
}

// perCell is how many messages are made of a kind under one way to hide it.
const perCell = 60

// leastComposed and leastOfPairs are the shares that must be caught under one way and
// under two of them, and leastOf what holds where the first way takes away what the
// second one's reading goes by: letters that stand for digits among letters that part
// them, signs that stand for letters among signs that part those. A handle that is sent
// in pieces of two letters is not always one again.
const (
	leastComposed = 0.97
	leastOfPairs  = 0.80
)

var leastOf = map[string]float64{"letters": 0.15, "letters_most": 0.15, "letters_some": 0.15, "leet": 0.60, "squares": 0.60, "mark_signs": 0.60, "sounds": 0.60, "split": 0.95, "split_filled": 0.95}

// compose makes the messages of one kind under the given ways, one after the other.
func compose(kind string, ways ...hiding) []composed {
	names := make([]string, len(ways))
	for k, w := range ways {
		names[k] = w.name
	}
	name := strings.Join(names, "+")
	seed := uint64(len(name))
	for _, c := range kind + name {
		seed = seed*31 + uint64(c)
	}
	r := rand.New(rand.NewPCG(seed, 4))
	k := contents[kind]
	var out []composed
	for i := range perCell {
		content := k.contents[i%len(k.contents)]
		carrier := k.carriers[r.IntN(len(k.carriers))]
		before, after, _ := strings.Cut(carrier, "%")
		told := ""
		for _, w := range ways {
			content = w.hide(r, content)
			if w.told != nil {
				told = w.told[r.IntN(len(w.told))]
			}
		}
		text := before + content + after + told
		out = append(out, composed{kind, name, text})
	}
	return out
}

// missedOf checks messages and returns those that pass.
func missedOf(e *risk.Engine, all []composed) []string {
	var out []string
	for _, m := range all {
		verdict, _ := judged(e, m.text)
		if verdict == event.Block || verdict == event.Flag && contents[m.kind].flagged {
			continue
		}
		out = append(out, fmt.Sprintf("%q", m.text))
	}
	return out
}

// TestComposedOffences holds what is caught of every kind under each way to hide it.
func TestComposedOffences(t *testing.T) {
	t.Parallel()

	e := risk.Default()
	var worse []string
	for _, kind := range slices.Sorted(maps.Keys(contents)) {
		for _, w := range hidings {
			if !w.hides(kind) {
				continue
			}
			all := compose(kind, w)
			missed := missedOf(e, all)
			share := 1 - float64(len(missed))/float64(len(all))
			t.Logf("%-10s %-16s %5.1f %%", kind, w.name, 100*share)
			least, weaker := leastOf[w.name]
			if !weaker || !w.order {
				least = leastComposed
			}
			if share < least {
				worse = append(worse, fmt.Sprintf("%s %s: %.1f %%\n%s", kind, w.name, 100*share, strings.Join(missed, "\n")))
			}
		}
	}
	require.Empty(t, worse, strings.Join(worse, "\n"))
}

// TestComposedPairs holds what is caught where one way to hide what a message says
// comes upon another, of which the second changes how the first one's characters stand.
func TestComposedPairs(t *testing.T) {
	t.Parallel()

	e := risk.Default()
	var worse []string
	for _, kind := range slices.Sorted(maps.Keys(contents)) {
		for _, first := range hidings {
			if !first.hides(kind) || first.order {
				continue
			}
			n, caught := 0, 0
			var passed []string
			for _, second := range hidings {
				if !second.hides(kind) || !second.order || second.clashes(first) {
					continue
				}
				all := compose(kind, first, second)
				missed := missedOf(e, all)
				n += len(all)
				caught += len(all) - len(missed)
				for _, m := range missed {
					passed = append(passed, second.name+" "+m)
				}
			}
			if n == 0 {
				continue
			}
			share := float64(caught) / float64(n)
			t.Logf("%-10s %-16s and another %5.1f %%", kind, first.name, 100*share)
			least, weaker := leastOf[first.name]
			if !weaker {
				least = leastOfPairs
			}
			if share < least {
				worse = append(worse, fmt.Sprintf("%s %s and another: %.1f %%\n%s", kind, first.name, 100*share, strings.Join(passed, "\n")))
			}
		}
	}
	require.Empty(t, worse, strings.Join(worse, "\n"))
}
