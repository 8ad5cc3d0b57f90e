package risk

import (
	"bytes"
	"slices"
	"sync"
)

// nameShape is how much a token looks like a name that somebody chose.
type nameShape uint8

const (
	noName   nameShape = iota
	wordName           // letters only, but no word that a desk writes
	oddName            // with digits or marks inside, as no word has them
)

// shapeOfName says which of them b has.
func shapeOfName(b []byte) nameShape {
	letters, digits, marks := 0, 0, 0
	for _, c := range b {
		switch {
		case isLetter(c):
			letters++
		case isDigit(c):
			digits++
		default:
			marks++
		}
	}
	switch {
	case len(b) > maxHandle || slices.ContainsFunc(productNames, func(p []byte) bool { return bytes.HasPrefix(b, p) }) || letters < 2 && (digits < len(b) || digits < 6 || digits > 11):
		return noName
	case letters < 2:
		return oddName // a number of QQ
	case marks == 0 && digits == 0:
		if letters < plainName || isOrdinary(b) {
			return noName
		}
		return wordName
	case bytes.IndexByte(b, '_') > 0:
		return oddName
	case digits > 0 && letters > 2 && len(b) > minHandle && !startsWithUnit(b):
		return oddName
	case marks > 0 && len(b) > minHandle && letters > 2:
		// One of the two is no word, and it is no file and no other host.
		last := b[bytes.LastIndexAny(b, ".-+")+1:]
		first := b[:len(b)-len(last)-1]
		if topLevel[string(last)] == plainDomain || isIn(fileNames, last) || isIn(ordinaryWords(), last) && isIn(ordinaryWords(), first) || len(first) == 1 && len(last) <= minHandle {
			return noName
		}
		return oddName
	}
	return noName
}

// productNames begin the names of what the companies sell that have mailboxes, too.
var productNames = [][]byte{[]byte("pixel"), []byte("nest"), []byte("chrome"), []byte("office"), []byte("iphone"), []byte("macbook"), []byte("ipad"), []byte("airpod"), []byte("galaxy"), []byte("windows"), []byte("vip"), []byte("svip")}

// isOrdinary reports whether b is a word that desks write, or made like one.
func isOrdinary(b []byte) bool {
	if len(b) < shortestOrdinary || isIn(ordinaryWords(), b) {
		return true
	}
	for _, ending := range ordinaryEndings {
		if bytes.HasSuffix(b, ending) {
			return true
		}
	}
	return len(b) > shortestOrdinary && b[len(b)-1] == 's' && isIn(ordinaryWords(), b[:len(b)-1])
}

// shortestOrdinary is how many letters the words of the list have at least.
const shortestOrdinary = 5

// ordinaryEndings are those of words that no list holds all of.
var ordinaryEndings = [][]byte{[]byte("ing"), []byte("tion"), []byte("tions"), []byte("able"), []byte("ible"), []byte("ment"), []byte("ments"), []byte("ness"), []byte("ally"), []byte("ously"), []byte("edly"), []byte("ical"), []byte("ised"), []byte("ized"), []byte("cted"), []byte("ately")}

var ordinaryWords = sync.OnceValue(func() map[string]struct{} { return wordSet(phrases("ordinary", "words")...) })
