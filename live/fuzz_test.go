package live

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// FuzzFrame: whatever a client sends is either a frame or a typed fault.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"op":"subscribe","id":1,"topic":"wallboard","filter":{"channel":["web"]},"since":{"epoch":"e7","version":1}}`,
		`{"op":"send","id":2,"conversation":"c1","message":"m1","text":"hi"}`, `{"op":"ack","items":["n1"]}`,
		`{"op":"check","id":"x","sub":1e99}`, `{`, `null`, `[]`, "\xff", `{"id":-1}`, `{"a":{"b":{"c":[]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, fault := readFrame(raw)
		if fault != nil {
			require.Contains(t, kinds, fault.Code)
			require.LessOrEqual(t, len(fault.Field), event.MaxID)
			return
		}
		require.True(t, utf8.ValidString(got.Text))
		require.True(t, utf8.ValidString(got.Topic))
		if got.ID != nil {
			require.GreaterOrEqual(t, *got.ID, int64(0))
		}
		if _, err := filterOf(got.Filter.Channel, got.Filter.Team, got.Filter.Agent); err != nil {
			require.Contains(t, kinds, faultOf(err).Code)
		}
	})
}

// FuzzCheckRequest: what passes the checks becomes an event that every reader takes, unless it
// is too large.
func FuzzCheckRequest(f *testing.F) {
	for _, seed := range []string{
		`{"conversation":"c42","message":"c42-m9","from":{"kind":"agent","id":"a1"},"text":"add me on wechat: lily_88","dry_run":false}`,
		`{"conversation":"a/b","message":"\u0000","from":{"kind":"bot"},"text":"hi"}`, `{"text":""}`, `{`, `{"from":7}`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := readCheck(raw)
		if err == nil {
			err = r.check()
		}
		if err != nil {
			require.Contains(t, kinds, faultOf(err).Code)
			require.NotEqual(t, CodeInternal, faultOf(err).Code, err)
			return
		}
		result := risk.Default().Check(r.Text, risk.Context{Tenant: "star", From: string(r.From.Kind)})
		e := event.New("star", event.ServerSource, checkID("check", r.Conversation, r.Message), eventTime, r.decision(&result, true))
		encoded, err := e.Encode()
		require.NoError(t, err)
		decoded, err := event.DecodeMessage(e.Subject(), encoded, eventTime)
		if err != nil {
			require.Equal(t, CodeTooLarge, faultOf(err).Code, err)
			return
		}
		require.Equal(t, e.ID, decoded.ID)
		require.False(t, strings.ContainsRune(r.Text, 0))
	})
}
