package wording

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Example is a text to train with.
type Example struct {
	// Text is normalised.
	Text string
	// Column is the category that it belongs to, or -1 if it is ordinary talk.
	Column int
}

// Training says how a model is made.
type Training struct {
	Names []string
	// What one text on the wrong side costs: of the category, of ordinary talk, and
	// of another category.
	Offence, Ordinary, Other float64
	// Features is how many are kept.
	Features int
	// Rounds is how often all examples are gone through.
	Rounds int
}

// Default is how the engine's own model is made. The costs and the number of features
// were chosen by what a model catches, and wrongly stops, of an author's lines that it
// was not trained with.
var Default = Training{Offence: 1, Ordinary: 3, Other: 0.03, Features: 60_000, Rounds: 40}

// Fingerprint tells whether examples and the way to train are those of a model.
func (t *Training) Fingerprint(examples []Example) string {
	h := sha256.New()
	h.Write(fmt.Appendf(nil, "%+v %d %d %d %d %d %d\n", *t, longSentence, longestSentence, longestWindow, windowStep, smoothing, version))
	for _, e := range examples {
		h.Write(fmt.Appendf(nil, "%d\t%s\n", e.Column, e.Text))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// version counts the changes to how a model is trained.
const version = 2

// feature is a feature while a model is trained.
type feature struct {
	hash  uint32
	name  string
	texts int // how many have it
	// rarity is the logarithm of how many times as many texts there are, in parts of Unit.
	rarity int
}

// sample is an example as its windows: the features of each.
type sample struct {
	column  int
	windows [][]int32
}

// Train makes a model of examples and writes it out. Same input, same model.
//
// It is a linear support vector machine with squared hinge loss for each category,
// trained by dual coordinate descent (Hsieh et al., 2008). Of a text of several
// windows that offends only the one that offends most counts, as the others may be
// ordinary; of ordinary talk all do.
func (t *Training) Train(examples []Example) string {
	features, samples := t.read(examples)
	weights := t.fit(features, samples)
	// The features that weigh most are kept, and weighed again by themselves.
	order := make([]int, len(features))
	for i := range order {
		order[i] = i
	}
	heaviest := func(i int) float64 {
		most := 0.0
		for c := range t.Names {
			most = max(most, math.Abs(weights[c][i]))
		}
		return most
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := heaviest(a), heaviest(b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(features[a].name, features[b].name)
	})
	order = order[:min(len(order), t.Features)]
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(features[a].name, features[b].name) })
	place := make([]int32, len(features))
	for i := range place {
		place[i] = -1
	}
	kept := make([]feature, len(order))
	for k, i := range order {
		place[i], kept[k] = int32(k), features[i]
	}
	for i := range samples {
		for j, w := range samples[i].windows {
			var out []int32
			for _, f := range w {
				if place[f] >= 0 {
					out = append(out, place[f])
				}
			}
			samples[i].windows[j] = out
		}
	}
	return t.write(kept, t.fit(kept, samples), t.Fingerprint(examples))
}

// read finds the features of all examples. One that a single text has says nothing.
func (t *Training) read(examples []Example) ([]feature, []sample) {
	var all []feature
	known := map[uint32]int32{}
	samples := make([]sample, len(examples))
	for i, e := range examples {
		buf := []byte(e.Text)
		ts := tokens(buf, nil)
		bySentence, ends := [][]int32{}, []int32{}
		at := int32(-1)
		inText := map[int32]bool{}
		for k := range ts {
			if ts[k].sentence != at {
				bySentence, ends, at = append(bySentence, nil), append(ends, 0), ts[k].sentence
			}
			ends[len(ends)-1] = int32(k + 1)
			each(ts, k, func(h uint32, from int) {
				id, ok := known[h]
				if !ok {
					id = int32(len(all)) //nolint:gosec // a few hundred thousand
					known[h] = id
					all = append(all, feature{hash: h, name: nameOf(buf, ts, from, k)})
				}
				if !inText[id] {
					inText[id] = true
					all[id].texts++
				}
				last := len(bySentence) - 1
				bySentence[last] = append(bySentence[last], id)
			})
		}
		samples[i].column = e.Column
		eachWindow(ends, func(from, to int) {
			samples[i].windows = append(samples[i].windows, slices.Concat(bySentence[from:to]...))
		})
	}
	place := make([]int32, len(all))
	var kept []feature
	for i, f := range all {
		if place[i] = -1; f.texts > 1 {
			place[i] = int32(len(kept)) //nolint:gosec // as above
			f.rarity = rarity(f.texts, len(examples))
			kept = append(kept, f)
		}
	}
	for i := range samples {
		for j, w := range samples[i].windows {
			w = slices.Clone(w)
			slices.Sort(w)
			w = slices.Compact(w)
			out := w[:0]
			for _, f := range w {
				if place[f] >= 0 {
					out = append(out, place[f])
				}
			}
			samples[i].windows[j] = out
		}
	}
	return kept, samples
}

// rarity is that of a feature which some of all texts have.
func rarity(some, all int) int {
	return int(math.Round(Unit * (1 + math.Log(float64(1+all)/float64(1+some)))))
}

// fit weighs features and, last, the bias for each category.
func (t *Training) fit(features []feature, samples []sample) [][]float64 {
	n := len(features)
	values := make([]float64, n)
	for i, f := range features {
		values[i] = float64(f.rarity) / Unit
	}
	out := make([][]float64, len(t.Names))
	for c := range t.Names {
		// First every window of an offence stands for it, then the one that is most
		// of an offence.
		w := t.descend(values, t.problems(samples, c, values, nil))
		out[c] = t.descend(values, t.problems(samples, c, values, w))
	}
	return out
}

// problem is one window that must lie on its side.
type problem struct {
	features []int32
	share    float64 // what counts of each
	square   float64 // that of its length, by what counts
	side     float64
	cost     float64
}

// problems are the windows of a category's training; values are the features', and w the
// weights so far.
func (t *Training) problems(samples []sample, column int, values, w []float64) []problem {
	var out []problem
	add := func(f []int32, side, cost float64) { out = append(out, newProblem(values, f, side, cost)) }
	for _, s := range samples {
		switch {
		case s.column == column && w != nil:
			best, most := 0, math.Inf(-1)
			for k, f := range s.windows {
				p := newProblem(values, f, 1, t.Offence)
				if v := p.score(values, w); v > most {
					best, most = k, v
				}
			}
			if len(s.windows) > 0 {
				add(s.windows[best], 1, t.Offence)
			}
		case s.column == column:
			widest := 0
			for k := range s.windows {
				if len(s.windows[k]) > len(s.windows[widest]) {
					widest = k
				}
			}
			if len(s.windows) > 0 {
				add(s.windows[widest], 1, t.Offence)
			}
		default:
			cost := t.Ordinary
			if s.column >= 0 {
				cost = t.Other
			}
			for _, f := range s.windows {
				add(f, -1, cost)
			}
		}
	}
	return out
}

func newProblem(values []float64, features []int32, side, cost float64) problem {
	squares := 0.0
	for _, f := range features {
		squares += float64(values[f] * values[f])
	}
	share := 1 / math.Sqrt(squares+smoothing)
	return problem{features, share, float64(squares * share * share), side, cost}
}

// score is the window's; the bias stands last in w.
func (p *problem) score(values, w []float64) float64 {
	sum := 0.0
	for _, f := range p.features {
		sum += float64(w[f] * values[f])
	}
	return w[len(w)-1] + float64(sum*p.share)
}

// descend solves one category. The conversions keep a processor from joining a
// product and a sum into one step, which would round otherwise than others do.
func (t *Training) descend(values []float64, problems []problem) []float64 {
	n := len(values)
	w := make([]float64, n+1)
	alpha := make([]float64, len(problems))
	order := make([]int, len(problems))
	for i := range order {
		order[i] = i
	}
	r := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // it has to be the same each time
	for range t.Rounds {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			p := &problems[i]
			diagonal := 0.5 / p.cost
			gradient := float64(p.side*p.score(values, w)) - 1 + float64(diagonal*alpha[i])
			step := max(alpha[i]-gradient/(p.square+1+diagonal), 0) - alpha[i]
			if step == 0 {
				continue
			}
			alpha[i] += step
			step *= p.side
			w[n] += step
			step *= p.share
			for _, f := range p.features {
				w[f] += float64(step * values[f])
			}
		}
	}
	return w
}

// write writes a model out, which Parse reads.
func (t *Training) write(features []feature, weights [][]float64, inputs string) string {
	var b strings.Builder
	b.WriteString("# Weights of words, two words in a row and three Chinese characters, a column for each\n")
	b.WriteString("# category, behind how rare they are, all in hundredths. Made by go generate.\n")
	fmt.Fprintf(&b, "(inputs)\t%s\n(category)\t(rarity)\t%s\n", inputs, strings.Join(t.Names, "\t"))
	line := func(name string, rarity, i int) {
		var values []string
		for c := range t.Names {
			values = append(values, fmt.Sprint(int(math.Round(weights[c][i]*Unit))))
		}
		fmt.Fprintf(&b, "%s\t%d\t%s\n", name, rarity, strings.Join(values, "\t"))
	}
	line("(bias)", Unit, len(features))
	for i, f := range features {
		line(f.name, f.rarity, i)
	}
	return b.String()
}

// each calls found with the hash of every feature that ends at the token k, as Reader.Read looks them up.
func each(ts []token, k int, found func(h uint32, from int)) {
	t := &ts[k]
	found(finish(t.hash), k)
	if k == 0 || ts[k-1].sentence != t.sentence {
		return
	}
	p := &ts[k-1]
	found(two(p.hash, t.hash), k-1)
	if t.han && p.han && k > 1 && ts[k-2].han && ts[k-2].sentence == t.sentence {
		found(three(ts[k-2].hash, p.hash, t.hash), k-2)
	}
}
