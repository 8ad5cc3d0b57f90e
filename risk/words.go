package risk

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// readWords reads a file of words. A line "list name: meaning" begins a list, whose
// words follow, parted by bars; a line with # is a comment. list is called for
// each list and word for each of its words. What stands before the first list is
// given to other, which may refuse it.
func readWords(text string, list func(name string), word func(list, entry string), other func(line string) bool) error {
	var names []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		head, isList := strings.CutPrefix(line, "list ")
		switch {
		case line == "" || line[0] == '#':
		case isList:
			name, meaning, _ := strings.Cut(head, ":")
			if slices.Contains(names, name) || meaning == "" {
				return fmt.Errorf("list %s stands twice or has no meaning", name)
			}
			names = append(names, name)
			list(name)
		case other != nil && other(line):
		case len(names) == 0:
			return fmt.Errorf("%q belongs to no list", line)
		default:
			for _, entry := range splitWords(strings.TrimSuffix(line, "|")) {
				word(names[len(names)-1], strings.TrimSpace(entry))
			}
		}
	}
	return nil
}

// wordsOf is all words that a list of alternatives stands for, as they are written.
func wordsOf(list string) []string {
	var out []string
	for _, entry := range splitWords(list) {
		out = append(out, spelledOut(strings.TrimSpace(entry))...)
	}
	return out
}

// splitWords parts a list at the bars that stand in no brackets.
func splitWords(list string) []string {
	var out []string
	depth, from := 0, 0
	for i, c := range list {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, list[from:i])
				from = i + 1
			}
		}
	}
	return append(out, list[from:])
}

//go:embed phrases/*.txt
var phraseFiles embed.FS

// once is what a file, or a part of it, is read to. It is read once, and the slice is
// the caller's.
func once(read *sync.Map, key string, words func() []string) []string {
	known, ok := read.Load(key)
	if !ok {
		known, _ = read.LoadOrStore(key, words())
	}
	return slices.Clone(known.([]string)) //nolint:forcetypeassert // what is stored above
}

// phrasesRead are the words of lists of files by their names.
var phrasesRead sync.Map

// phrases are the words of lists of a file of phrases.
func phrases(file string, lists ...string) []string {
	return once(&phrasesRead, file+" "+strings.Join(lists, " "), func() []string { return readPhrases(file, lists) })
}

func readPhrases(file string, lists []string) []string {
	raw, err := phraseFiles.ReadFile("phrases/" + file + ".txt")
	known := map[string]bool{}
	var out []string
	if err == nil {
		err = readWords(string(raw), func(name string) { known[name] = true }, func(list, entry string) {
			if slices.Contains(lists, list) {
				out = append(out, entry)
			}
		}, nil)
	}
	for _, name := range lists {
		if err == nil && !known[name] {
			err = errors.New("there is no list " + name)
		}
	}
	if err != nil {
		panic(fmt.Errorf("risk: phrases/%s.txt: %w", file, err)) // the lists are our own, and the tests read them
	}
	return out
}
