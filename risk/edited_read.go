package risk

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// editsIn are the instructions in a text, as many as out has room for.
func editsIn(buf []byte, out []edit) []edit {
	w := editWords()
	for i := 0; i < len(buf) && len(out) < cap(out); {
		e, ok := edit{}, false
		for _, verb := range w.verbs[buf[i]] {
			if end := i + len(verb.word); bytes.HasPrefix(buf[i:], []byte(verb.word)) && (i == 0 || !isWord(buf[i]) || !isWord(buf[i-1])) && (end == len(buf) || !isWord(buf[end-1]) || !isWord(buf[end])) {
				if e, ok = instruction(buf, i, end, verb.kind); ok {
					break
				}
			}
		}
		if ok && (len(out) == 0 || out[len(out)-1].end <= e.from) {
			out = append(out, e)
			i = max(i+1, e.end)
			continue
		}
		i++
	}
	return out
}

// instruction reads the instruction whose verb is [a,b).
func instruction(buf []byte, a, b int, kind editKind) (e edit, ok bool) {
	switch kind {
	case editRemove:
		if e.end, ok = e.objectAfter(buf, b); ok {
			e.from = a
			return e, e.holdsElse(buf)
		}
	case editRemoved:
		if e.from, ok = e.objectBefore(buf, a); ok {
			e.end = b
			return e, e.holdsElse(buf)
		}
	case editSwap:
		k, found := e.objectAfter(buf, b)
		if !found {
			return e, false
		}
		if k, found = listedAt(editWords().with, buf, k); !found {
			return e, false
		}
		if e.end, ok = e.target(buf, k); ok {
			e.from = a
			return e, e.holdsElse(buf)
		}
	case editMeans:
		if e.from, ok = e.objectBefore(buf, a); ok {
			if e.end, ok = e.target(buf, b); ok {
				return e, e.holdsElse(buf)
			}
		}
	case editInstead:
		// a dot where the stars are
		from, to := targetBefore(buf, a)
		if to == nil {
			return e, false
		}
		if e.end, ok = e.objectAfter(buf, b); ok {
			e.from, e.to = from, to
			return e, e.holdsElse(buf)
		}
	}
	return e, false
}

// holdsElse reports whether what is to be replaced stands somewhere else in the text.
func (e *edit) holdsElse(buf []byte) bool {
	if e.sign != nil && e.sign(' ') && len(bytes.TrimRight(buf[e.end:], " .,!?")) > 0 && len(bytes.TrimLeft(buf[:e.from], " .,")) > 0 {
		return false // of a sentence
	}
	for i := range buf {
		if (i < e.from || i >= e.end || e.brackets) && utf8.RuneStart(buf[i]) && e.at(buf, i) > 0 {
			return true
		}
	}
	return false
}

// objectAfter reads what is to be replaced from i on.
func (e *edit) objectAfter(buf []byte, i int) (end int, ok bool) {
	k := skipArticles(buf, i)
	if k == len(buf) {
		return 0, false
	}
	if word, n := quotedAt(buf, k); n > 0 {
		e.word = word
		return n, true
	}
	for _, s := range editWords().signs[buf[k]] {
		if n := k + len(s.word); bytes.HasPrefix(buf[k:], []byte(s.word)) && (s.word[0] >= utf8.RuneSelf || n == len(buf) || !isWord(buf[n])) {
			e.sign, e.brackets = s.is, s.brackets
			return n, true
		}
	}
	r, n := utf8.DecodeRune(buf[k:])
	switch {
	case isWord(buf[k]):
		for n = 0; k+n < len(buf) && isWord(buf[k+n]); n++ {
		}
		e.word = buf[k : k+n]
		if n == 1 && isLetter(buf[k]) && bytes.IndexByte([]byte("xzq"), buf[k]) < 0 {
			return 0, false // a letter of its word
		}
		if n > 3 && e.word[n-1] == 's' && bytes.Count(buf, e.word) < 2 {
			e.word = e.word[:n-1]
		}
	case unicode.Is(unicode.Han, r):
		if n = elsewhere(buf, k); n == 0 {
			return 0, false
		}
		e.word = buf[k : k+n]
	case endsPart(r):
		return 0, false
	default:
		e.word = buf[k : k+n]
	}
	return k + n, len(e.word) <= maxEditWord
}

// skipArticles is where blanks, colons and articles end that stand at i.
func skipArticles(buf []byte, i int) int {
	for i < len(buf) {
		if buf[i] == ' ' || buf[i] == ':' {
			i++
			continue
		}
		n, found := listedAt(editWords().articles, buf, i)
		if !found || n == i {
			break
		}
		i = n
	}
	return i
}

// endsPart reports whether r ends a part of a sentence, or stands around it.
func endsPart(r rune) bool {
	return strings.ContainsRune(",.!?;，。！？；、\n", r) || opens(r) || closes(r)
}

// elsewhere is how many bytes of the Chinese characters from k on, four at most, stand
// somewhere else in the text, too.
func elsewhere(buf []byte, k int) int {
	best := 0
	for n := 0; n < 4*len("字") && k+n < len(buf); {
		r, m := utf8.DecodeRune(buf[k+n:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		n += m
		if bytes.Count(buf, buf[k:k+n]) > 1 {
			best = n
		}
	}
	return best
}

// objectBefore reads what is to be replaced that ends before i.
func (e *edit) objectBefore(buf []byte, i int) (from int, ok bool) {
	for k := i; k > 0; {
		if buf[k-1] == ' ' || buf[k-1] == ':' {
			k--
			continue
		}
		if n, found := listedBefore(editWords().tails, buf, k); found {
			k = n
			continue
		}
		if word, n := quotedBefore(buf, k); n >= 0 {
			e.word = word
			return n, true
		}
		for _, s := range editWords().signsEnd[buf[k-1]] {
			if n := k - len(s.word); bytes.HasSuffix(buf[:k], []byte(s.word)) && (s.word[0] >= utf8.RuneSelf || n == 0 || !isWord(buf[n-1])) {
				e.sign, e.brackets = s.is, s.brackets
				return n, true
			}
		}
		r, n := utf8.DecodeLastRune(buf[:k])
		switch {
		case isWord(buf[k-1]):
			for n = 0; n < k && isWord(buf[k-n-1]); n++ {
			}
			if bytes.Count(buf, buf[k-n:k]) < 2 && buf[k-1] == 's' && n > 3 {
				e.word = buf[k-n : k-1]
				return k - n, true
			}
		case unicode.Is(unicode.Han, r):
			best := 0
			for n = 0; n < 4*len("字") && n < k; {
				r, m := utf8.DecodeLastRune(buf[:k-n])
				if !unicode.Is(unicode.Han, r) {
					break
				}
				n += m
				if bytes.Count(buf, buf[k-n:k]) > 1 {
					best = n
				}
			}
			if n = best; n == 0 {
				return 0, false
			}
		case endsPart(r):
			return 0, false
		}
		e.word = buf[k-n : k]
		return k - n, n <= maxEditWord
	}
	return 0, false
}

// target reads what to put there instead, from i on.
func (e *edit) target(buf []byte, i int) (end int, ok bool) {
	k := skipArticles(buf, i)
	if k == len(buf) {
		return 0, false
	}
	quote := 0
	if r, n := utf8.DecodeRune(buf[k:]); opens(r) || r == '"' || r == '\'' || r == '“' || r == '‘' {
		quote = n
	}
	for _, m := range editWords().marks[buf[min(k+quote, len(buf)-1)]] {
		if n := k + quote + len(m.word); bytes.HasPrefix(buf[k+quote:], []byte(m.word)) && (!isWord(m.word[len(m.word)-1]) || n == len(buf) || !isWord(buf[n])) {
			e.to = m.to
			if quote > 0 && n < len(buf) {
				if _, size := utf8.DecodeRune(buf[n:]); !isWord(buf[n]) && buf[n] != ' ' {
					n += size
				}
			}
			return n, true
		}
	}
	if word, n := quotedAt(buf, k); n > 0 {
		e.to = word
		return n, true
	}
	n := 0
	for k+n < len(buf) && isWord(buf[k+n]) {
		n++
	}
	e.to = buf[k : k+n]
	return k + n, n > 0 && n <= maxEditWord && e.word != nil && !notLocal(e.to)
}

// targetBefore is the mark whose word ends before i.
func targetBefore(buf []byte, i int) (from int, to []byte) {
	for i > 0 && (buf[i-1] == ' ' || buf[i-1] == '"') {
		i--
	}
	for _, m := range editWords().allMarks {
		if n := i - len(m.word); bytes.HasSuffix(buf[:i], []byte(m.word)) && (n == 0 || !isWord(m.word[0]) || !isWord(buf[n-1])) {
			return n, m.to
		}
	}
	return 0, nil
}

// quotedAt is what stands in quotes at i, and where they end.
func quotedAt(buf []byte, i int) (word []byte, end int) {
	r, n := utf8.DecodeRune(buf[i:])
	var stop string
	switch r {
	case '"', '\'', '*':
		stop = string(r)
	case '“':
		stop = "”"
	case '‘':
		stop = "’"
	case '「':
		stop = "」"
	case '『':
		stop = "』"
	case '《':
		stop = "》"
	case '【':
		stop = "】"
	case '[':
		stop = "]"
	case '(':
		stop = ")"
	default:
		return nil, 0
	}
	k := bytes.Index(buf[i+n:], []byte(stop))
	if k <= 0 || k > maxEditWord {
		return nil, 0
	}
	return buf[i+n : i+n+k], i + n + k + len(stop)
}

// quotedBefore is the same of quotes that end before i; from is -1 if there are none.
func quotedBefore(buf []byte, i int) (word []byte, from int) {
	for _, q := range [][2]string{{"\"", "\""}, {"'", "'"}, {"“", "”"}, {"‘", "’"}, {"「", "」"}, {"『", "』"}, {"【", "】"}, {"[", "]"}, {"(", ")"}} {
		if end := i - len(q[1]); bytes.HasSuffix(buf[:i], []byte(q[1])) {
			if k := bytes.LastIndex(buf[:end], []byte(q[0])); k >= 0 && end-k <= maxEditWord && end > k+len(q[0]) {
				return buf[k+len(q[0]) : end], k
			}
		}
	}
	return nil, -1
}

// listedAt is where the word of a list ends that stands at i, blanks before it aside.
func listedAt(words []string, buf []byte, i int) (end int, ok bool) {
	for i < len(buf) && buf[i] == ' ' {
		i++
	}
	for _, w := range words {
		if end := i + len(w); bytes.HasPrefix(buf[i:], []byte(w)) && (!isWord(w[len(w)-1]) || end == len(buf) || !isWord(buf[end])) {
			return end, true
		}
	}
	return i, false
}

// listedBefore is where the word of a list begins that ends at i.
func listedBefore(words []string, buf []byte, i int) (from int, ok bool) {
	for _, w := range words {
		if k := i - len(w); bytes.HasSuffix(buf[:i], []byte(w)) && (!isWord(w[0]) || k == 0 || !isWord(buf[k-1])) {
			return k, true
		}
	}
	return i, false
}
