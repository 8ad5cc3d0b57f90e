package event_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// FuzzDecode feeds anything to the decoder.
func FuzzDecode(f *testing.F) {
	for _, raw := range goldens(f) {
		f.Add(raw, "floor.star.message.sent.c42")
	}
	for _, raw := range []string{``, `null`, `{}`, `[]`, `{"data":{}}`, `{"a":"\ud800"}`, `{"a":1e400}`, "\xff", `{"id":"\u0000"}`} {
		f.Add([]byte(raw), "floor.")
	}
	f.Fuzz(func(t *testing.T, raw []byte, subject string) {
		check(t, raw)
		_, err := event.DecodeMessage(subject, raw, time.Unix(1_600_000_000, 0))
		requireRefusal(t, err)
	})
}

// FuzzData feeds anything to the payload of each type.
func FuzzData(f *testing.F) {
	types := event.Types()
	for typ, raw := range goldens(f) {
		var e struct{ Data json.RawMessage }
		require.NoError(f, json.Unmarshal(raw, &e))
		f.Add(byte(slices.Index(types, typ)), []byte(e.Data))
	}
	f.Fuzz(func(t *testing.T, index byte, data []byte) {
		typ := types[int(index)%len(types)]
		head := `{"specversion":"1.0","id":"1","source":"s","type":"` + string(typ) + `","time":"2020-05-14T12:19:14Z","subject":"客.*>=2E","tenant":"star","data":`
		check(t, append(append([]byte(head), data...), '}'))
	})
}

// check demands a refusal, or an event that encodes to what decodes to it.
func check(t *testing.T, raw []byte) {
	t.Helper()
	e, err := event.Decode(raw)
	if err != nil {
		requireRefusal(t, err)
		return
	}
	_, err = event.DecodeMessage(e.Subject(), raw, e.Time)
	require.NoError(t, err, "an event belongs on its own subject")
	require.Equal(t, e.Tenant, event.SubjectTenant(e.Subject()))
	again, err := e.Encode()
	require.NoError(t, err)
	e2, err := event.Decode(again)
	var r *event.Refusal
	if errors.As(err, &r) && r.Reason == event.TooLarge && len(raw) > event.MaxData/2 {
		return // members that were absent are written out
	}
	require.NoError(t, err, "%s", again)
	require.Equal(t, e, e2)
}

func requireRefusal(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var r *event.Refusal
	require.ErrorAs(t, err, &r)
	require.Contains(t, event.Reasons, r.Reason)
	require.NotEmpty(t, err.Error())
}
