package risk

import (
	"bytes"
	"unicode/utf8"
)

// shaped is a word of a text and how much it looks like somebody's name.
type shaped struct {
	start, end, shape int
	// code says that it may be a code or a model's name as well, small that it has no
	// capitals, and run how many letters stand in it in a row.
	code, small bool
	run         int
}

// shapedAt is the word of letters, digits and marks that begins at i; its end is i where none does.
func (s *scan) shapedAt(v *view, i int) shaped {
	buf, a := v.buf, i
	at := i < len(buf) && buf[i] == '@'
	if at {
		a++
		for a < len(buf) && buf[a] == ' ' && a < i+2 {
			a++
		}
	}
	b, dots, hyphens, unders, hash := a, 0, 0, 0, false
scan:
	for ; b < len(buf); b++ {
		switch c := buf[b]; {
		case isWord(c):
			continue
		case c == '_':
			unders++
			continue
		case (c == '.' || c == '-') && b > a && b+1 < len(buf) && (isWord(buf[b+1]) || buf[b+1] == '_'):
			if c == '.' {
				dots++
			} else {
				hyphens++
			}
			continue
		case c == '#' && b-a >= 3 && b+4 < len(buf) && isDigit(buf[b+1]) && isDigit(buf[b+4]):
			hash = true
			continue
		}
		break scan
	}
	t := shaped{start: i, end: b}
	if b == a || b-a < minHandle || b-a > maxHandle {
		t.end = max(b, i)
		return t
	}
	if before := buf[max(0, i-2):i]; len(before) > 0 {
		switch c := before[len(before)-1]; {
		case c == '/' && len(before) > 1 && before[0] == ' ':
		case c == '/', c == '=' && at, c == '.', c == '@', at && isWord(c), c == '*', c == '&':
			return t
		}
	}
	if b < len(buf) && (buf[b] == '@' || buf[b] == '/' || buf[b] == '=' || buf[b] == '%' || buf[b] == '*') {
		return t
	}
	t.shape, t.run = s.shapeOf(v, a, b, shapeMarks{dots, hyphens, unders, at, hash})
	t.code = t.shape == likelyShaped && dots == 0 && !at
	t.small = t.code && s.capitals(v, a, b) == 0
	return t
}

// shapeMarks are the marks of a word.
type shapeMarks struct {
	dots, hyphens, unders int
	at, hash              bool
}

// shapeOf is how much [a,b) of a view looks like somebody's name.
func (s *scan) shapeOf(v *view, a, b int, m shapeMarks) (shape, longest int) {
	word := v.buf[a:b]
	size, digits, small, run, humps, inner, last := 0, 0, 0, 0, 0, false, byte(0)
	for k, c := range word {
		c = s.written(v, a+k, c)
		switch {
		case isLetter(c):
			size++
			small++
			inner = inner || isDigit(last)
		case 'A' <= c && c <= 'Z':
			size++
			inner = inner || isDigit(last)
			if isLetter(last) {
				humps++
			}
		case isDigit(c):
			digits++
		}
		if last = c; isLetter(v.buf[a+k]) && !isDigit(c) {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	if dot := bytes.LastIndexByte(word, '.'); dot >= 0 && isIn(fileNames, word[dot+1:]) || bytes.HasPrefix(word, []byte("www.")) {
		return 0, longest
	}
	if v.kind == joinedView && len(word) > 4 && (isIn(fileNames, word[len(word)-3:]) || isIn(fileNames, word[len(word)-4:])) {
		return 0, longest // whose dot was taken for a separator
	}
	first := word[0]
	switch {
	case size < 3 || small == 0:
		return 0, longest
	case m.hash && digits >= 4:
		return surelyShaped, longest
	case m.unders > 0 && isWord(word[len(word)-1]) && !isFieldName(word):
		return surelyShaped, longest
	case m.at && (digits > 0 || m.dots+m.hyphens > 0):
		return surelyShaped, longest
	case m.at && small == size && size > 4:
		return likelyShaped, longest
	case m.dots > 1 && size > 6 && isLetter(first) && shortest(word) >= 2 && topLevel[string(word[bytes.LastIndexByte(word, '.')+1:])] != plainDomain:
		return surelyShaped, longest
	case m.dots > 0 && size >= 4 && isLetter(first) && shortest(word) >= 2:
		return likelyShaped, longest
	case digits >= 2 && m.dots == 0 && isLetter(first) && small*2 > size && b-a >= 5 && longest >= 3 && !ordinary(word[:letters(word)]) && !isIn(modelNames, word[:letters(word)]) && !isIn(codeNames, word[:letters(word)]):
		return likelyShaped, longest
	case digits == 1 && inner && small == size && size >= 5:
		return likelyShaped, longest
	case humps > 1 && size == len(word) && small > size/2:
		return likelyShaped, longest
	case m.hyphens == 1 && small == size && size >= 6 && digits == 0 && shortest(word) >= 2:
		return topicWeight, longest
	case m.hyphens > 0 && digits > 0 && small == size && size >= 4 && isLetter(first):
		return likelyShaped, longest
	}
	return 0, longest
}

// written is the byte as it was sent that [k] of a view comes from, or c where that was no
// ASCII.
func (s *scan) written(v *view, k int, c byte) byte {
	at := source{int32(k), int32(k + 1)} //nolint:gosec // a text is far below 2 GiB
	if len(v.at) > 0 {
		at = v.at[k]
	}
	if at.start >= 0 && at.end == at.start+1 && int(at.start) < len(s.text) && s.text[at.start] < utf8.RuneSelf {
		return s.text[at.start]
	}
	return c
}

// shortest is how long the shortest part of a word between its dots and hyphens is.
func shortest(word []byte) int {
	least, from := len(word), 0
	for k := 0; k <= len(word); k++ {
		if k == len(word) || word[k] == '.' || word[k] == '-' {
			least, from = min(least, k-from), k+1
		}
	}
	return least
}

// isFieldName reports whether the parts of a word with underscores are all words that fields,
// settings and files are called.
func isFieldName(word []byte) bool {
	for part := range bytes.SplitSeq(word, []byte("_")) {
		if len(part) > 0 && letters(part) > 0 && !isIn(fieldNames, part[:letters(part)]) {
			return false
		}
	}
	return true
}

// isVersioned reports whether a word ends in what tells things of one name apart: stock_2,
// banner_v3, ctr_7d.
func isVersioned(word []byte) bool {
	last := word[bytes.LastIndexByte(word, '_')+1:]
	last = bytes.TrimPrefix(last, []byte("v"))
	digits := 0
	for digits < len(last) && isDigit(last[digits]) {
		digits++
	}
	return len(last) < len(word) && digits > 0 && (digits == len(last) && digits == 1 || digits < 3 && len(last)-digits > 0 && len(last)-digits < 3 && letters(last[digits:]) == len(last)-digits)
}

// fieldNames are words of which the names of fields and files are made.
var fieldNames = wordSet("id", "name", "order", "contact", "customer", "product", "size", "chart", "color", "colour", "img", "image", "photo", "pic", "screenshot", "screen", "shot", "video", "vid", "file", "final", "copy", "new", "old", "draft", "version", "v", "rev", "list", "invoice", "inv", "receipt", "return", "returns", "refund", "form", "label", "export", "import", "report", "data", "date", "time", "start", "end", "created", "updated", "at", "by", "utm", "source", "medium", "campaign", "type", "status", "stock", "code", "group", "tag", "tags", "user", "users", "table", "field", "value", "key", "hash", "path", "dir", "root", "env", "prod", "dev", "staging", "session", "cookie", "cart", "checkout", "shop", "store", "shipping", "delivery", "payment", "billing", "account", "login", "signup", "landing", "home", "banner", "header", "footer", "menu", "button", "click", "event", "view", "views", "add", "remove", "update", "delete", "get", "set", "is", "has", "can", "should", "on", "max", "limit", "rate", "retry", "retries", "timeout", "interval", "read", "write", "url", "secret", "access", "enabled", "active", "width", "height", "length", "weight", "dark", "light", "mode", "black", "white", "red", "blue", "green", "small", "large", "medium", "s", "m", "l", "xl", "xxl", "key", "token", "api", "app", "max", "min", "count", "total", "sum", "qty", "price", "cost", "tax", "sales", "vat", "sku", "item", "items", "number", "num", "no", "ref", "address", "city", "zip", "country", "state", "phone", "email", "mail", "first", "last", "row", "rows", "col", "test", "config", "settings", "default", "temp", "tmp", "backup", "log", "logs", "index", "main", "page", "manual", "guide", "doc", "docs", "scan", "statement", "contract", "quote", "po", "so", "lot", "batch", "part", "model", "serial", "sn", "error", "err", "not", "found", "en", "us", "uk", "zh", "cn", "de", "fr", "a", "b", "c", "x", "y", "z", "to", "of", "and", "the", "is", "on", "off")

// modelNames are words that a number follows in the names of devices, programmes and parts.
var modelNames = wordSet("iphone", "ipad", "ios", "ipados", "mac", "macos", "macbook", "android", "windows", "win", "linux", "ubuntu", "galaxy", "pixel", "mate", "redmi", "note", "gopro", "insta", "hero", "mini", "node", "python", "java", "php", "html", "utf", "sha", "aes", "usb", "hdmi", "led", "lcd", "din", "iso", "ver", "version", "rev", "type", "class", "grade", "size", "level", "room", "floor", "gate", "dock", "bay", "fw", "series", "model", "xbox", "playstation", "switch", "quest", "office", "excel", "word", "photoshop", "chapter", "page", "step", "line", "row", "day", "week", "month", "part", "build", "core", "ryzen", "rtx", "gtx", "intel", "amd", "snapdragon", "kirin", "dimensity", "base", "arduino", "esp", "raspberry", "ubuntu", "debian", "fedora", "ddr", "rtk", "ral", "pantone", "mpeg", "nvme", "wifi", "airpods", "watch", "watchos", "covid", "omega", "spf", "upf")

// codeNames are words that a number follows in codes.
var codeNames = wordSet("abc", "art", "autumn", "code", "coupon", "hello", "item", "kid", "lot", "new", "order", "promo", "ref", "sale", "save", "sku", "spring", "summer", "test", "vip", "welcome", "winter", "xmas")

// fileNames are the endings of files, and of what is named as if it were one.
var fileNames = wordSet("jpg", "jpeg", "png", "pdf", "mp4", "mov", "docx", "doc", "xlsx", "csv", "zip", "txt", "heic", "gif", "svg", "html", "json", "stl", "psd", "ai", "apk", "exe", "dmg", "xls", "js", "net", "bin", "dat", "key", "config", "xml", "md", "mp3", "wav", "rar", "ppt", "pptx", "ini", "log", "py", "php", "css", "webp", "eps", "dxf", "step", "ttf", "otf", "iso", "dll", "bat", "sh", "sql", "yaml", "yml", "tsv", "epub", "mobi", "raw", "cr2", "nef", "aep", "prproj")
