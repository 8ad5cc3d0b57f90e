package risk

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk/wording"
)

// Paraphrases have no word in common that a list could hold. They are told by a model
// that was trained with the corpora: it adds up what each word and each two in a row
// say for and against an offence in a sentence or two.

// wordingWeights is the model; TestWordingIsTrained makes it.
//
//go:generate go test -run TestWordingIsTrained -train .
//go:embed wording/weights.txt
var wordingWeights string

// wordingModel is read when the first engine needs it.
var wordingModel = sync.OnceValue(func() *wording.Model {
	m, err := wording.Parse(wordingWeights)
	if err != nil {
		panic(fmt.Errorf("risk: wording/weights.txt: %w", err)) // it is our own, and the tests read it
	}
	return m
})

// wordingSure and wordingLikely are the scores, in hundredths, from which a sentence
// counts as an offence of a group of senses, and as one that somebody should look at.
// They were chosen by three rows of 1,100 of ordinary talk, and no more near misses than
// the model before, of four authors whose rows the model had not seen.
var (
	wordingSure   = [wording.Columns]int32{groupPayment: 8, groupInvite: 20, groupPromise: 4, groupAbuse: 22}
	wordingLikely = [wording.Columns]int32{groupPayment: -7, groupInvite: 5, groupPromise: -11, groupAbuse: 7}
)

// worded is what a text has of a category of the model: the words that weighed most,
// in the text as it was sent.
type worded struct {
	words [wording.Words]group
	n     int
}

// wordingUnlike is the score up to which, in every category, words of an offence count
// for nothing: the model knows more of the sentence than they do.
var wordingUnlike = [wording.Columns]int32{groupPayment: -30, groupInvite: -30, groupPromise: -40, groupAbuse: -20}

// wordingColumns are the columns of the rules' categories.
var wordingColumns = map[string]senseGroup{
	offPlatformPayment: groupPayment, offPlatformContact: groupInvite, promises: groupPromise, abuse: groupAbuse,
}

// wordings is the detector of a category; least is where it counts.
func wordings(of senseGroup, least *[wording.Columns]int32) detector {
	column := int(of)
	return detector{views: wordViews, worded: column + 1, run: func(s *scan, v *view, d *detectorRun) {
		if s.pieced || !s.readsWording(v) || !s.reader.Reaches(column, int(least[column])) || s.spend(64) {
			return // what several messages say together is no sentence
		}
		f := s.reader.Found(column)
		w := &s.worded[column]
		w.n = 0
		for _, span := range f.Words[:f.N] {
			start, end := v.origin(span.Start, span.End)
			w.words[w.n] = group{start, end}
			w.n++
		}
		s.found(v, d.rule, f.Span.Start, f.Span.End, nil)
	}}
}

// readsWording scores a view, which the rules of all categories share.
func (s *scan) readsWording(v *view) bool {
	if s.wordedAt != s.turn {
		if s.spend(len(v.buf) * 2 / 5) {
			return false
		}
		s.wordedAt = s.turn
		s.reader.Read(wordingModel(), v.buf)
	}
	return true
}

// unlike reports whether the wording takes back what a rule found at [a,b) of a view. So it
// does where the model knows what there speaks for the offence, and the text as it is written
// resembles no offence of any category all the same: none scores over its wordingUnlike. Phrases offend by themselves. What a view shows that a text
// hides is only taken back where it was in the open, too.
func (s *scan) unlike(v *view, rule int32, a, b int) bool {
	r := &s.engine.rules[rule]
	column, ok := wordingColumns[r.Category]
	if !r.weighed || !ok || !s.engine.worded[column] || s.pieced {
		return false
	}
	start, end := v.origin(a, b)
	m := match{rule, start, end}
	if v.kind != plainView {
		return slices.ContainsFunc(s.tookBack, func(t match) bool { return t.rule == m.rule && t.start < m.end && m.start < t.end })
	}
	if !s.readsWording(v) {
		return false
	}
	for c := range wording.Columns {
		if s.reader.Reaches(c, int(wordingUnlike[column])+1) {
			return false
		}
	}
	// That goes through all words of the text for each match.
	if s.spend(len(v.buf)/32) || !s.reader.Speaks(int(column), a, b) {
		return false
	}
	s.tookBack = append(s.tookBack, m)
	return true
}

// maxNamed is how many bytes of a word are named.
const maxNamed = 60

// explained is a rule's explanation with the words that weighed most, if it goes by
// the wording.
func (s *scan) explained(r *compiled) event.Text {
	out := r.Explanation
	if r.worded == 0 || s.worded[r.worded-1].n == 0 {
		return out
	}
	w := &s.worded[r.worded-1]
	var en, zh []string
	for _, at := range w.words[:w.n] {
		word := s.text[at.start:at.end]
		if len(word) > maxNamed {
			cut := maxNamed
			for !utf8.RuneStart(word[cut]) {
				cut--
			}
			word = word[:cut] + "…"
		}
		en, zh = append(en, "“"+word+"”"), append(zh, "“"+word+"”")
	}
	out.EN += " What weighed most: " + strings.Join(en, ", ") + "."
	out.ZH += "主要依据：" + strings.Join(zh, "、") + "。"
	return out
}
