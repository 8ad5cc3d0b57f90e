package live

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// cleanText reports whether a text is UTF-8 without U+0000, which is what
// PostgreSQL stores. The WebSocket library checks neither.
func cleanText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func itoa(n int) string { return strconv.Itoa(n) }

// timeFormat is how every answer writes a moment: UTC, milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// splitList is what stands between the commas, without spaces; empty ones are nothing.
func splitList(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
