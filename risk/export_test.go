package risk

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// Share is what may be spent on a text.
func Share(text string) int { return share(len(text)) }

// Work is what Check spends on a text, at most its share and what the last step
// took beyond it.
func (e *Engine) Work(text string, c Context) int {
	s := new(scan)
	s.engine, s.context, s.work = e, c, share(len(text))
	s.readAll(text)
	return share(len(text)) - s.work
}

// Normalised is a text as the rules compare it.
func Normalised(text string) string { return normalised(text) }

// Find runs a pattern on a normalised text from end to end, as
// regexp.FindStringSubmatchIndex does for the whole and the first group. It is nil
// without a match.
func Find(pattern, text string) []int {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil
	}
	var m machine
	work := 1 << 40
	a, b, ok := m.find(newProgram(prog), []byte(text), 0, len(text)-1, len(text), &work)
	if !ok {
		return nil
	}
	if regexp.MustCompile(pattern).NumSubexp() == 0 {
		return []int{a, b}
	}
	return []int{a, b, m.group[0], m.group[1]}
}

// Hidings are a Chinese word with each of its characters written in each way in
// which the view of sounds reads it: in Latin letters, as pictures, in parts.
func Hidings(word string) (out []string) {
	b := soundsBook()
	characters := []rune(word)
	for k, c := range characters {
		ways := []string{}
		for syllable, code := range b.syllables {
			if code == b.han[c].code && len(syllable) > 1 {
				ways = append(ways, syllable)
			}
		}
		for sign, codes := range b.signs {
			if len(codes) == 1 && codes[0] == b.han[c].code {
				ways = append(ways, string(sign))
			}
		}
		for parts, code := range b.parts {
			if code == b.han[c].code {
				ways = append(ways, string(parts[0])+string(parts[1]))
			}
		}
		for _, w := range ways {
			out = append(out, string(characters[:k])+w+string(characters[k+1:]))
		}
	}
	return out
}

// ReadSenses reads a file of senses.
func ReadSenses(text string) error { return new(senseTable).add(groupAbuse, text) }

// ReadForms reads a file of forms.
func ReadForms(text string) ([]string, error) { return readForms(text) }

// ReadWords gives the words of a file of words with their lists.
func ReadWords(text string, word func(list, entry string)) error {
	return readWords(text, func(string) {}, word, func(line string) bool { return strings.HasPrefix(line, "offence ") })
}
