package history

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/metric"
)

// listSort is an order of a list. Rows of one moment stand by conversation and
// session, so that every order is total.
type listSort struct {
	name   string // as the parameter sort names it
	column string
	down   bool
	value  func(*ConversationRow) time.Time
}

var listSorts = []listSort{
	{"-started_at", "c.started_at", true, func(r *ConversationRow) time.Time { return r.StartedAt }},
	{"started_at", "c.started_at", false, func(r *ConversationRow) time.Time { return r.StartedAt }},
	{"-updated_at", "c.updated_at", true, func(r *ConversationRow) time.Time { return r.UpdatedAt }},
	{"updated_at", "c.updated_at", false, func(r *ConversationRow) time.Time { return r.UpdatedAt }},
}

// parseSort reads the parameter sort; the newest first is the default.
func parseSort(name string) (*listSort, error) {
	if name == "" {
		return &listSorts[0], nil
	}
	i := slices.IndexFunc(listSorts, func(s listSort) bool { return s.name == name })
	if i < 0 {
		return nil, &metric.FieldError{Field: "sort", Message: "must be one of -started_at (the default), started_at, -updated_at, updated_at"}
	}
	return &listSorts[i], nil
}

func (s *listSort) order() string {
	if s.down {
		return " ORDER BY " + s.column + " DESC, c.conversation, c.session"
	}
	return " ORDER BY " + s.column + ", c.conversation, c.session"
}

// from narrows to what follows a mark.
func (s *listSort) from(w *condition, m *pageMark) {
	way := ">"
	if s.down {
		way = "<"
	}
	at := m.moment()
	w.and(s.column+" "+way+"= ?", at)
	w.and("("+s.column+" "+way+" ? OR (c.conversation, c.session) > (?, ?))", at, m.Conversation, m.Session)
}

func (s *listSort) mark(r *ConversationRow) pageMark {
	return pageMark{Sort: s.name, Micros: s.value(r).UnixMicro(), Conversation: r.ID, Session: r.Session}
}

// pageMark is the last row of a page, after which the next one begins.
type pageMark struct {
	Sort         string `json:"o"`
	Micros       int64  `json:"t"` // what it is sorted by, since 1970
	Conversation string `json:"c"`
	Session      int    `json:"s"`
}

func (m *pageMark) moment() time.Time { return time.UnixMicro(m.Micros).UTC() }

func (m pageMark) encode() string {
	b, err := json.Marshal(m)
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Years that PostgreSQL can hold; a cursor of ours is within.
const mostMicros = 200_000_000_000_000_000

// wrongCursor says that a cursor is another list's, or none.
func wrongCursor() error {
	return &metric.FieldError{Field: "cursor", Message: "is not a cursor of this list; take next from the page before, or leave it out"}
}

// parsePageMark reads a cursor of a list in that order.
func parsePageMark(text string, s *listSort) (*pageMark, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, wrongCursor()
	}
	var m pageMark
	if err := json.Unmarshal(b, &m, json.RejectUnknownMembers(true)); err != nil || m.Conversation == "" || m.Session < 1 || m.Session > 1<<30 ||
		m.Micros > mostMicros || m.Micros < -mostMicros/4 || strings.IndexByte(m.Conversation, 0) >= 0 || m.Sort != s.name {
		return nil, wrongCursor()
	}
	return &m, nil
}
