package risk

import (
	"slices"
	"strings"
)

// disguises are other ways to write a character of Chinese words that people
// hide, in Latin letters first.
var disguises = func() map[rune][]string {
	m := map[rune][]string{}
	for _, entry := range phrases("sound", "written") {
		c, ways, _ := strings.Cut(entry, "=")
		m[[]rune(c)[0]] = strings.Split(ways, ",")
	}
	return m
}()

// disguised are words with one of their characters written otherwise.
func disguisedWords(words ...string) []string {
	var out []string
	for _, w := range words {
		r := []rune(w)
		for k, c := range r {
			for _, way := range disguises[c] {
				if len(r) < 3 && len([]rune(way)) == 1 && way[0] < 0x80 {
					continue // a letter says too little in a short word
				}
				if hidden := string(r[:k]) + way + string(r[k+1:]); normalised(hidden) != normalised(w) {
					out = append(out, hidden)
				}
			}
		}
		if len(r) <= 4 {
			out = append(out, pinyin(r)...)
		}
	}
	return out
}

// pinyin is a word in Latin letters, in one piece and in syllables, if they are
// known and long enough to be no English word.
func pinyin(word []rune) []string {
	syllables := make([]string, len(word))
	for k, c := range word {
		if ways := disguises[c]; len(ways) > 0 {
			syllables[k] = ways[0]
		}
		if syllables[k] == "" {
			return nil
		}
	}
	whole := strings.Join(syllables, "")
	if len(whole) < 6 {
		return nil
	}
	return []string{whole, strings.Join(syllables, " ")}
}

// masked are words with letters hidden behind signs, cut in two, or written as
// people do who want to be read and not caught.
func masked(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 1; k+1 < len(w); k++ {
			for _, sign := range []string{"*", "#", "@", "%", "-", "_", ".", "?", "©", "^"} {
				out = append(out, w[:k]+sign+w[k+1:])
			}
			if len(w) >= 5 || k > 1 {
				out = append(out, w[:k]+" "+w[k:])
			}
			if k+2 < len(w) {
				out = append(out, w[:k]+"**"+w[k+2:])
			}
		}
		out = append(out, w[:1]+strings.Repeat("*", len(w)-2)+w[len(w)-1:])
	}
	return out
}

// cutInTwo are words with a blank in one of their places.
func cutInTwo(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 1; k < len(w); k++ {
			out = append(out, w[:k]+" "+w[k:])
		}
	}
	return out
}

// cutInThree are words with two blanks inside.
func cutInThree(words ...string) []string {
	var out []string
	for _, w := range words {
		for k := 2; k < len(w)-1; k++ {
			for j := k + 2; j < len(w); j++ {
				out = append(out, w[:k]+" "+w[k:j]+" "+w[j:])
			}
		}
	}
	return out
}

// misspelt are words cut in two, with a letter left out or doubled, and with two
// in the wrong order: what a typing error makes, or somebody who wants it to look
// like one. Their first letters stay.
func misspelt(words ...string) []string {
	out := cutInTwo(words...)
	for _, w := range words {
		for k := 1; k < len(w); k++ {
			out = append(out, w[:k]+w[k+1:], w[:k]+w[k:k+1]+w[k:])
			if k+1 < len(w) && w[k] != w[k+1] {
				out = append(out, w[:k]+w[k+1:k+2]+w[k:k+1]+w[k+2:])
			}
		}
	}
	return out
}

// respellings are words misspelt, without their vowels, with another vowel, or cut in two by a mark.
func respellings(words ...string) []string {
	all := misspelt(words...)
	for _, w := range words {
		for k := 1; k < len(w); k++ {
			all = append(all, w[:k]+"-"+w[k:], w[:k]+"."+w[k:], w[:k]+"/"+w[k:])
			for _, vowel := range []string{"a", "e", "i", "o", "u"} {
				if strings.Contains("aeiou", w[k:k+1]) && vowel != w[k:k+1] {
					all = append(all, w[:k]+vowel+w[k+1:])
				}
			}
		}
		if bare := w[:1] + strings.NewReplacer("a", "", "e", "", "i", "", "o", "", "u", "").Replace(w[1:]); len(bare) > 2 {
			all = append(all, bare)
		}
	}
	// With its first letter apart a name begins like half of all pairs of words.
	return slices.DeleteFunc(all, func(w string) bool { return w[1] == ' ' || isIn(ordinaryRespelt, []byte(w)) })
}

// ordinaryRespelt are words that misspelt names make.
var ordinaryRespelt = wordSet("discard", "vibe", "skye", "vier", "sign al", "tic tok", "face book", "sigal", "singal")
