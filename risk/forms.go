package risk

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// Files of forms hold, as readWords reads them, lists of words and forms that are
// made of them. A form begins with a line "form what it says", and each of its lines
// is one way to say it, a pattern in which <name> stands for any word of that list
// and "…" for up to 30 bytes of the same sentence. \x20 is a blank at a line's edge.
// The words of these lists are patterns, or other lists; of two that match the one that stands
// first is what is marked.
//
//go:embed forms/*.txt
var formFiles embed.FS

// gapForm is what "…" stands for.
const gapForm = `[^.!?\n。！？；;]{0,30}?`

// forms are the patterns of a file of forms, which is read once: a set is made of all
// of them whenever a rule changes.
func forms(file string) []string {
	return once(&formsRead, file, func() []string { return readFormFile(file) })
}

// formsRead are the patterns by their file.
var formsRead sync.Map

func readFormFile(file string) []string {
	raw, err := formFiles.ReadFile("forms/" + file + ".txt")
	var out []string
	if err == nil {
		out, err = readForms(string(raw))
	}
	if err != nil {
		panic(fmt.Errorf("risk: forms/%s.txt: %w", file, err)) // the lists are our own, and the tests read them
	}
	return out
}

// readForms writes the patterns out that a file of forms describes.
func readForms(text string) ([]string, error) {
	v := vocabulary{}
	var ways [][]string
	inForm := false
	err := readWords(text, func(name string) {
		v[name], inForm = "", false
	}, func(list, entry string) {
		v[list] = strings.TrimPrefix(v[list]+"|"+entry, "|")
	}, func(line string) bool {
		if _, isForm := strings.CutPrefix(line, "form "); isForm {
			ways, inForm = append(ways, nil), true
		} else if inForm {
			last := len(ways) - 1
			ways[last] = append(ways[last], line)
		}
		return inForm
	})
	if err != nil {
		return nil, err
	}
	var out []string
	named := slices.Collect(maps.Values(v))
	for _, w := range ways {
		form := strings.Join(w, "|")
		if form == "" {
			return nil, errors.New("a form has no lines")
		}
		out = append(out, v.write(strings.ReplaceAll(form, "…", gapForm))...)
		named = append(named, form)
	}
	all := strings.Join(named, "\n")
	for name := range v {
		if !strings.Contains(all, "<"+name+">") {
			return nil, fmt.Errorf("no form needs list %s", name)
		}
	}
	for _, name := range nameForm.FindAllStringSubmatch(all, -1) {
		if _, ok := v[name[1]]; !ok {
			return nil, fmt.Errorf("there is no list %s", name[1])
		}
	}
	return out, nil
}

// vocabulary is lists of words by name, parted by bars.
type vocabulary map[string]string

var nameForm = regexp.MustCompile(`<([a-z_]+)>`)

// write puts the words into one form. A pattern that grows too long is parted into
// several.
func (v vocabulary) write(form string) []string {
	whole := nameForm.ReplaceAllStringFunc(form, func(name string) string { return "(?:" + v.words(name) + ")" })
	if len(whole) <= MaxPattern && instructions(whole) <= MaxProgram {
		return []string{whole}
	}
	// Alternatives of the form, or else the longest list, are cut in two.
	if parts := splitWords(form); len(parts) > 1 {
		half := len(parts) / 2
		return append(v.write(strings.Join(parts[:half], "|")), v.write(strings.Join(parts[half:], "|"))...)
	}
	names := nameForm.FindAllString(form, -1)
	longest := slices.MaxFunc(names, func(a, b string) int { return len(v.words(a)) - len(v.words(b)) })
	words := splitWords(v.words(longest))
	half := len(words) / 2
	name := strings.Trim(longest, "<>")
	parted := maps.Clone(v)
	parted[name+"_a"], parted[name+"_b"] = strings.Join(words[:half], "|"), strings.Join(words[half:], "|")
	return append(parted.write(strings.Replace(form, longest, "<"+name+"_a>", 1)), parted.write(strings.Replace(form, longest, "<"+name+"_b>", 1))...)
}

// instructions is how long a pattern's program is.
func instructions(pattern string) int {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0 // the rules' compiler says what is wrong with it
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return 0
	}
	return len(prog.Inst)
}

// words are those of a list, with the lists that it names itself.
func (v vocabulary) words(name string) string {
	return nameForm.ReplaceAllStringFunc(v[strings.Trim(name, "<>")], func(inner string) string { return v.words(inner) })
}
