package history

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		whole []token
	}{
		{"", nil},
		{"Where's my PARCEL?", []token{{"where", 1}, {"s", 2}, {"my", 3}, {"parcel", 4}}},
		{"发货吗", []token{{"发货", 1}, {"货吗", 2}, {"吗", 3}}},
		{"买iPhone 15手机", []token{{"买", 1}, {"iphone", 2}, {"15", 3}, {"手机", 4}, {"机", 5}}},
		{"Café ＡＢＣ １２", []token{{"cafe", 1}, {"abc", 2}, {"12", 3}}},
		{"감사합니다", []token{{"감사합니다", 1}}},
		{"ขอบ", []token{{"ขอ", 1}, {"อบ", 2}, {"บ", 3}}},
	} {
		got, next := tokens(nil, c.text, 1, true)
		require.Equal(t, c.whole, got, c.text)
		require.Equal(t, len(c.whole)+1, next)
	}
	for q, want := range map[string]string{
		"!?":             "",
		"parcel":         "('m:parcel':*)",
		"my  parcel":     "('m:my':*) & ('m:parcel':*)",
		`"my parcel"`:    "('m:my' <1> 'm:parcel')",
		"a@b.com":        "('m:a' <1> 'm:b' <1> 'm:com':*)",
		"发货":             "('m:发货':*)",
		"发货吗":            "('m:发货' <1> 'm:货吗':*)",
		"货":              "('m:货':*)",
		"15发货吗ok":        "('m:15' <1> 'm:发货' <1> 'm:货吗' <2> 'm:ok':*)",
		`x':* | !y\ "'"`: "('m:x':*) & ('m:y':*)",
	} {
		require.Equal(t, want, searchFor("m:", q), q)
	}
}

// TestSearchFollowsTheWriter searches between what is written: a conversation's
// texts grow, a closing leads a hit to its session, and customers are renamed.
func TestSearchFollowsTheWriter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.small()
	end := d.run(w)
	n := 0
	say := func(data event.Data) {
		n++
		d.publish(event.New(starTenant, "test", "x"+strconv.Itoa(n), noon.Add(time.Duration(n)*time.Minute), data))
	}
	message := func(id, text string) {
		say(&event.MessageSent{Conversation: "c1", Message: event.MessageID(id), From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: text})
	}
	found := func(pairs ...string) []int {
		t.Helper()
		d.await(w)
		require.NoError(t, d.db.IndexTexts(t.Context()))
		values := map[string][]string{"from": {"2026-03-02"}, "to": {"2026-03-03"}, "sort": {"started_at"}}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = []string{pairs[i+1]}
		}
		p, err := d.db.Conversations(t.Context(), string(starTenant), Scope{}, values, noon)
		require.NoError(t, err)
		require.Equal(t, w.Cursor(), p.SearchedSeq)
		sessions := []int{}
		for i := range p.Rows {
			sessions = append(sessions, p.Rows[i].Session)
		}
		return sessions
	}
	name := "Ada"
	say(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1", Name: &name}})
	message("m1", "where is my parcel")
	require.Equal(t, []int{1}, found("q", "parcel"))
	require.Equal(t, []int{1}, found("q", "ada"))
	message("m2", "it was blue")
	require.Equal(t, []int{1}, found("q", "blue parcel"), "of two messages")
	require.Empty(t, found("q", `"parcel it"`))
	say(&event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}})
	say(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
	message("m3", "and now the invoice")
	require.Equal(t, []int{2}, found("q", "invoice"))
	require.Equal(t, []int{1}, found("q", "blue"))
	name = "Grace"
	say(&event.CustomerUpdated{Customer: "u1", Name: &name})
	require.Equal(t, []int{1, 2}, found("name", "grac"))
	require.Empty(t, found("name", "ada"))
	require.NoError(t, d.db.Refold(t.Context(), starTenant))
	require.Equal(t, []int{1, 2}, found("name", "grac"))
	require.Equal(t, []int{2}, found("q", "invoice"))
	require.NoError(t, end())
}
