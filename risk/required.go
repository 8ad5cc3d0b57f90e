package risk

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal is a word that a match of a pattern contains.
type literal struct {
	text string
	// startsWord and endsWord say that no Latin letter or digit stands before it
	// or behind it in a match: "line" is in every airline.
	startsWord, endsWord bool
	// before and after are how many bytes of a match may stand before and
	// behind it.
	before, after int
}

// edge stands for the edge of a word in the texts of facts. It is no byte of UTF-8.
const edge = "\xff"

// endless is a length that nothing bounds.
const endless = 1 << 20

// facts are what is known about the matches of a part of a pattern.
type facts struct {
	texts    []string  // all of them, with edges; nil if they are many
	literals []literal // of which each contains one; nil if there are none that are long enough
	longest  int       // in bytes; at most endless
	// opens and closes say that every match, unless it is empty, begins and
	// ends with what is no part of a word, or at a word's edge.
	opens, closes bool
	empty         bool // a match may be empty and stand anywhere
}

// factsOf are the facts of t. Of the parts of a sequence it takes the literals that
// are rarest.
func factsOf(t *syntax.Regexp) facts {
	switch t.Op {
	case syntax.OpLiteral:
		return literalFacts(t)
	case syntax.OpCharClass:
		return classFacts(t)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return facts{longest: utf8.UTFMax}
	case syntax.OpWordBoundary:
		return facts{texts: []string{edge}, opens: true, closes: true}
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return facts{texts: []string{""}, opens: true, closes: true}
	case syntax.OpEmptyMatch:
		return facts{texts: []string{""}, opens: true, closes: true, empty: true}
	case syntax.OpNoWordBoundary:
		return facts{texts: []string{""}, empty: true}
	case syntax.OpCapture:
		return factsOf(t.Sub[0])
	case syntax.OpQuest:
		f := factsOf(t.Sub[0])
		f.literals, f.empty = nil, true
		if f.texts != nil {
			f.texts = append([]string{""}, f.texts...)
		}
		return f
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return repeated(t, factsOf(t.Sub[0]))
	case syntax.OpConcat:
		return sequence(t)
	case syntax.OpAlternate:
		return choice(t)
	default:
		return facts{}
	}
}

// literalFacts are those of a text.
func literalFacts(t *syntax.Regexp) facts {
	text := strings.ToLower(string(t.Rune))
	f := facts{longest: len(text)}
	if text != "" {
		f.opens, f.closes = !inWord(text[0]), !inWord(text[len(text)-1])
	}
	if t.Flags&syntax.FoldCase != 0 {
		f.longest = len(t.Rune) * utf8.UTFMax
		for _, r := range t.Rune {
			// Beyond ASCII a letter can have several lower cases.
			if r >= utf8.RuneSelf && unicode.SimpleFold(r) != r {
				return facts{longest: f.longest}
			}
		}
	}
	f.texts = []string{text}
	f.literals = literalsOf(f.texts)
	return f
}

// classFacts are those of one character of several.
func classFacts(t *syntax.Regexp) facts {
	f := facts{opens: true}
	if n := len(t.Rune); n > 0 {
		f.longest = utf8.RuneLen(max(t.Rune[n-1], 0))
	}
	few := true
	for i := 0; i+1 < len(t.Rune); i += 2 {
		lo, hi := t.Rune[i], t.Rune[i+1]
		for r := lo; r <= min(hi, unicode.MaxASCII); r++ {
			f.opens = f.opens && !syntax.IsWordChar(r)
		}
		if few = few && int(hi-lo)+len(f.texts) < maxClass; !few {
			continue
		}
		for r := lo; r <= hi; r++ {
			f.texts = append(f.texts, string(r))
		}
	}
	f.closes = f.opens
	if !few {
		f.texts = nil
	}
	f.literals = literalsOf(f.texts)
	return f
}

// repeated are the facts of f over and over.
func repeated(t *syntax.Regexp, f facts) facts {
	least, most := t.Min, t.Max
	switch t.Op {
	case syntax.OpPlus:
		least, most = 1, -1
	case syntax.OpStar:
		least, most = 0, -1
	}
	f.texts = nil
	f.empty = f.empty || least == 0
	if most < 0 {
		f.longest = endless
	} else {
		f.longest = min(most*f.longest, endless)
	}
	if least == 0 {
		f.literals = nil
	}
	f.literals = placed(f.literals, f.longest, f.longest, false, false)
	return f
}

// sequence are the facts of parts that stand one behind the other.
func sequence(t *syntax.Regexp) facts {
	parts := make([]facts, len(t.Sub))
	before := make([]int, len(t.Sub)+1) // how long what stands before a part may be
	for i, s := range t.Sub {
		parts[i] = factsOf(s)
		before[i+1] = min(before[i]+parts[i].longest, endless)
	}
	after := make([]int, len(t.Sub)+1) // the same of a part and what stands behind it
	for i := len(parts) - 1; i >= 0; i-- {
		after[i] = min(after[i+1]+parts[i].longest, endless)
	}
	f := facts{longest: before[len(parts)], empty: true}
	var best []literal
	for i := range parts {
		f.empty = f.empty && parts[i].empty
		begins := closed(parts[:i])
		best = rarer(best, placed(parts[i].literals, before[i], after[i+1], begins, opened(parts[i+1:])))
		// Parts that stand side by side make longer words. The parser
		// splits common beginnings off, so that this matters.
		run := []string{""}
		for j := i; j < len(parts); j++ {
			if run = crossed(run, parts[j].texts); run == nil {
				break
			}
			if i == 0 && j == len(parts)-1 {
				f.texts = run
			}
			if j > i {
				best = rarer(best, placed(literalsOf(run), before[i], after[j+1], begins, opened(parts[j+1:])))
			}
		}
	}
	f.literals = best
	f.opens, f.closes = opened(parts) || f.empty, closed(parts) || f.empty
	return f
}

// opened and closed report whether what stands behind or before a place, of which
// those are the parts, parts it from other words.
func opened(parts []facts) bool {
	for _, p := range parts {
		if !p.opens || !p.empty {
			return p.opens
		}
	}
	return false
}

func closed(parts []facts) bool {
	for _, p := range slices.Backward(parts) {
		if !p.closes || !p.empty {
			return p.closes
		}
	}
	return false
}

// placed are literals of a part with what stands around it.
func placed(list []literal, before, after int, startsWord, endsWord bool) []literal {
	out := slices.Clone(list)
	for k := range out {
		l := &out[k]
		l.startsWord = l.startsWord || startsWord && l.before == 0 && isWord(l.text[0])
		l.endsWord = l.endsWord || endsWord && l.after == 0 && isWord(l.text[len(l.text)-1])
		l.before, l.after = min(l.before+before, endless), min(l.after+after, endless)
	}
	return out
}

// choice are the facts of one of several parts.
func choice(t *syntax.Regexp) (f facts) {
	texts, literals := true, true
	f.opens, f.closes = true, true
	for _, s := range t.Sub {
		p := factsOf(s)
		f.longest = max(f.longest, p.longest)
		f.opens, f.closes, f.empty = f.opens && p.opens, f.closes && p.closes, f.empty || p.empty
		if texts = texts && p.texts != nil && len(f.texts)+len(p.texts) <= maxLiterals; texts {
			f.texts = append(f.texts, p.texts...)
		}
		if literals = literals && p.literals != nil && len(f.literals)+len(p.literals) <= maxWords; literals {
			f.literals = append(f.literals, p.literals...)
		}
	}
	if !texts {
		f.texts = nil
	}
	if !literals {
		f.literals = nil
	}
	return f
}

// literalsOf are the literals of texts, or nil if one is too short.
func literalsOf(texts []string) []literal {
	var out []literal
	for _, text := range texts {
		l := literal{text: text}
		if strings.Contains(text, edge) {
			l.text = strings.ReplaceAll(text, edge, "")
			l.startsWord = strings.HasPrefix(text, edge) && l.text != "" && isWord(l.text[0])
			l.endsWord = strings.HasSuffix(text, edge) && l.text != "" && isWord(l.text[len(l.text)-1])
		}
		if len(l.text) < minLiteral {
			return nil
		}
		out = append(out, l)
	}
	return out
}

// crossed is every text of a followed by every text of b, or nil if those are
// too many or b is nil.
func crossed(a, b []string) []string {
	if b == nil || len(a)*len(b) > maxLiterals {
		return nil
	}
	all := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

// rarer is the one of two lists of literals that is likely to cost less.
func rarer(a, b []literal) []literal {
	if b == nil || a != nil && price(b) >= price(a) {
		return a
	}
	return b
}

// price is about how much is read because of the literals in 100,000 bytes of
// talk. It only has to tell a rare list from a common one.
func price(list []literal) int {
	n, reach := 0, 0
	for _, l := range list {
		n += frequency(l)
		reach = max(reach, bounded(l.before))
	}
	return n * (minReach + reach)
}

// minReach is what is read anyhow where a literal stands.
const minReach = 64

// frequency is about how often a literal stands in 100,000 bytes of talk.
func frequency(l literal) int {
	if _, common := commonWords[strings.Trim(l.text, " ")]; common {
		return 2500
	}
	common, words := true, 0
	for word := range strings.FieldsSeq(l.text) {
		_, found := commonWords[word]
		common = common && (found || len(word) == 1)
		words++
	}
	if common {
		return 2500 / max(words*words*words*words*words*words, 1)
	}
	often := []int{1000, 1000, 400, 60, 15, 5, 2}
	if l.text[0] >= utf8.RuneSelf {
		often = []int{100, 100, 100, 60, 30, 30, 4}
	}
	n := often[min(len(l.text), 6)]
	// Most places where a short word stands are inside another one.
	if len(l.text) < 4 && l.startsWord {
		n /= 2
	}
	if len(l.text) < 4 && l.endsWord {
		n /= 2
	}
	return n
}

// commonWords are in nearly every message.
var commonWords = wordSet(
	"you", "your", "the", "and", "for", "are", "can", "have", "with", "that", "this", "will", "would", "please", "order", "send", "pay", "not", "get", "from", "our", "was", "has", "at", "on", "in", "is", "it", "to", "me", "my", "of", "or", "do", "off", "ok", "hi", "thank", "thanks", "help", "account", "review", "here", "just",
	"ur", "u r", "r you", "are you", "u are", "we will", "i will", "at the", "on the", "in the", "may i have", "can i have", "could i have", "can i get", "tell me", "give me", "send me", "day", "days", "in a", ", please", "success", "successful", "app", "cell", "let me", "want to", "would like", "i'd like", "i can", "we can", "what is", "what's", "time", "number", "name", "need", "today", "tomorrow",
	"您", "你", "我", "的", "是", "了", "好", "可以", "请", "订单", "我们", "这个",
)

// reachOf is how far from one of its literals a match can begin and end.
func reachOf(list []literal) (before, after int) {
	for _, l := range list {
		before, after = max(before, l.before), max(after, l.after)
	}
	return bounded(before), bounded(after)
}

// bounded is a length that is looked at where nothing bounds it, or too little.
func bounded(n int) int {
	if n < 2*maxReach {
		return n
	}
	return maxReach
}
