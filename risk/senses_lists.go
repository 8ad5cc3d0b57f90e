package risk

import (
	"embed"
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// senseGroup is whose combinations they are; each is one detector.
type senseGroup uint8

const (
	groupPayment senseGroup = iota
	groupInvite
	groupPromise
	groupAbuse
)

// senseTable is all senses and their combinations.
type senseTable struct {
	words        []senseWord
	combinations []combination
	bySense      [][]int32 // the combinations that a sense is in
}

// senseWord is a word with its sense.
type senseWord struct {
	word  string
	sense int32
	group senseGroup
}

// senseFiles hold the words of all groups, as readWords reads them; a word may hold
// alternatives as a pattern does: transfer(?:ring|red)?. A line
//
//	offence a + b within 40 beside c unless d
//
// says that words of a and b, at most 40 bytes apart, are an offence if a word of
// c stands in the sentence and none of d. Only a and b must be given; unless-near
// looks into the sentences around, too.
//
//go:embed senses/*.txt
var senseFiles embed.FS

// senses are those of all groups.
var senses = func() *senseTable {
	t := &senseTable{}
	for group, file := range [...]string{groupPayment: "payment", groupInvite: "invite", groupPromise: "promise", groupAbuse: "abuse"} {
		raw, err := senseFiles.ReadFile("senses/" + file + ".txt")
		if err == nil {
			err = t.add(senseGroup(group), string(raw))
		}
		if err != nil {
			panic(fmt.Errorf("risk: senses/%s.txt: %w", file, err)) // the lists are our own, and the tests read them
		}
	}
	return t
}()

// senseList is the words of one sense while its file is read.
type senseList struct {
	words []string
	id    int32 // of a sense that is part of an offence, or -1
	used  bool
}

// add reads the file of a group into the table.
func (t *senseTable) add(group senseGroup, text string) error {
	lists := map[string]*senseList{}
	var offences []string
	err := readWords(text, func(name string) { lists[name] = &senseList{id: -1} }, func(name, entry string) {
		for _, w := range spelledOut(entry) {
			lists[name].words = append(lists[name].words, normalised(w))
		}
	}, func(line string) bool {
		isOffence := strings.HasPrefix(line, "offence ")
		if isOffence {
			offences = append(offences, line)
		}
		return isOffence
	})
	if err != nil {
		return err
	}
	for _, o := range offences {
		if err := t.offence(group, lists, strings.Fields(o)[1:]); err != nil {
			return fmt.Errorf("%s: %w", o, err)
		}
	}
	for name, l := range lists {
		if !l.used {
			return fmt.Errorf("no offence needs list %s", name)
		}
	}
	return nil
}

// offence adds the combination that a line of a file describes.
func (t *senseTable) offence(group senseGroup, lists map[string]*senseList, words []string) error {
	c := combination{group: group, within: senseSpan}
	role := "+"
	for _, w := range words {
		switch w {
		case "+":
			continue
		case "within", "beside", "unless", "unless-near":
			role = w
			continue
		}
		if role == "within" {
			n, err := strconv.Atoi(w)
			if err != nil {
				return err
			}
			c.within = n
			continue
		}
		l := lists[w]
		if l == nil {
			return fmt.Errorf("there is no list %s", w)
		}
		l.used = true
		switch role {
		case "+":
			c.senses = append(c.senses, t.sense(group, l))
		case "beside":
			c.beside = bytesOf(l.words...)
		default:
			c.unless, c.wide = bytesOf(l.words...), role == "unless-near"
		}
	}
	for _, s := range c.senses {
		t.bySense[s] = append(t.bySense[s], int32(len(t.combinations))) //nolint:gosec // a few dozen
	}
	t.combinations = append(t.combinations, c)
	return nil
}

// sense is the number of a list that is part of an offence.
func (t *senseTable) sense(group senseGroup, l *senseList) int32 {
	if l.id < 0 {
		l.id = int32(len(t.bySense)) //nolint:gosec // a few dozen
		t.bySense = append(t.bySense, nil)
		for _, w := range l.words {
			t.words = append(t.words, senseWord{w, l.id, group})
		}
	}
	return l.id
}

func bytesOf(words ...string) [][]byte {
	out := make([][]byte, len(words))
	for k, w := range words {
		out[k] = []byte(w)
	}
	return out
}

// spelledOut are all words that an entry of a list stands for.
func spelledOut(entry string) []string {
	tree, err := syntax.Parse(entry, syntax.Perl)
	if err != nil {
		panic(err) // the lists are our own, and the tests read them
	}
	return allOf(tree)
}

// allOf are all texts that t matches, which has no endless repetition.
func allOf(t *syntax.Regexp) []string {
	switch t.Op {
	case syntax.OpAlternate:
		var all []string
		for _, s := range t.Sub {
			all = append(all, allOf(s)...)
		}
		return all
	case syntax.OpQuest:
		return append([]string{""}, allOf(t.Sub[0])...)
	case syntax.OpConcat:
		all := []string{""}
		for _, s := range t.Sub {
			var longer []string
			for _, head := range all {
				for _, tail := range allOf(s) {
					longer = append(longer, head+tail)
				}
			}
			all = longer
		}
		return all
	default:
		texts := factsOf(t).texts
		if texts == nil {
			panic("risk: a word cannot hold " + t.String())
		}
		return texts
	}
}

// sensesOf are the words of a group's senses.
func sensesOf(group senseGroup) []senseWord {
	return slices.DeleteFunc(slices.Clone(senses.words), func(w senseWord) bool { return w.group != group })
}
