package event

import (
	"fmt"
	"strings"
)

// Subjects are the NATS subjects of all events.
const Subjects = "floor.>"

const upperHex = "0123456789ABCDEF"

// EncodeToken writes s as one token of a NATS subject: every byte outside
// A-Za-z0-9_- becomes =XX.
func EncodeToken(s string) string {
	clean := true
	for i := range len(s) {
		if !plain(s[i]) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for i := range len(s) {
		if plain(s[i]) {
			b = append(b, s[i])
		} else {
			b = append(b, '=', upperHex[s[i]>>4], upperHex[s[i]&15])
		}
	}
	return string(b)
}

func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// tokenEquals reports whether token is s, encoded. Hex digits may be of either case.
func tokenEquals(token, s string) bool {
	i := 0
	for j := range len(s) {
		if i >= len(token) {
			return false
		}
		if plain(s[j]) {
			if token[i] != s[j] {
				return false
			}
			i++
			continue
		}
		if i+3 > len(token) || token[i] != '=' || unhex(token[i+1]) != int(s[j]>>4) || unhex(token[i+2]) != int(s[j]&15) {
			return false
		}
		i += 3
	}
	return i == len(token)
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// Subject is the NATS subject that the event is published on.
func (e *Event) Subject() string {
	return "floor." + string(e.Tenant) + "." + string(e.Type) + "." + EncodeToken(e.Key)
}

// SubjectTenant is the tenant that a NATS subject names, "" if it names none
// that could be one.
func SubjectTenant(subject string) TenantID {
	rest, ok := strings.CutPrefix(subject, "floor.")
	if !ok {
		return ""
	}
	t, _, _ := strings.Cut(rest, ".")
	if !ValidTenant(t) {
		return ""
	}
	return TenantID(t)
}

func (e *Event) checkSubject(subject string) *Refusal {
	rest, ok := strings.CutPrefix(subject, "floor.")
	if ok {
		rest, ok = strings.CutPrefix(rest, string(e.Tenant)+".")
	}
	if ok {
		rest, ok = strings.CutPrefix(rest, string(e.Type)+".")
	}
	if !ok || !tokenEquals(rest, e.Key) {
		return &Refusal{Reason: SubjectMismatch, Detail: fmt.Sprintf("the envelope belongs on %s", e.Subject())}
	}
	return nil
}

// ValidTenant reports whether s can name a tenant.
func ValidTenant(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
