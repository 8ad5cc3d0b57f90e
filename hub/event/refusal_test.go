package event_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestMissingMembers takes each required member out of each type's example.
func TestMissingMembers(t *testing.T) {
	t.Parallel()

	for typ, raw := range goldens(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()

			require.Contains(t, required, typ)
			e := parse(t, raw)
			full := e["data"].(map[string]any)
			for _, path := range required[typ] {
				for value, f := range map[string]func(any) (any, bool){
					"absent": remove,
					"null":   func(any) (any, bool) { return nil, true },
				} {
					e["data"] = change(t, full, path, f)
					r := refuse(t, e)
					require.Equal(t, event.MissingField, r.Reason, "%s %s: %v", path, value, r)
					if r.Field != "data."+path {
						require.True(t, strings.HasPrefix(r.Field, "data."+path+"."), "%s is %s, but %s is named", path, value, r.Field)
					}
				}
			}
		})
	}
}

// TestWrongTypes gives each member of each type's example a value of another type.
func TestWrongTypes(t *testing.T) {
	t.Parallel()

	for typ, raw := range goldens(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()

			e := parse(t, raw)
			full := e["data"].(map[string]any)
			for _, path := range paths(full, "") {
				e["data"] = change(t, full, path, func(v any) (any, bool) {
					switch v.(type) {
					case string:
						return 7, true
					case []any:
						return map[string]any{"a": 1}, true
					case map[string]any:
						return []any{1}, true
					default: // numbers and booleans
						return "x", true
					}
				})
				r := refuse(t, e)
				require.Equal(t, event.InvalidField, r.Reason, "%s: %v", path, r)
				want := "data." + strings.ReplaceAll(path, "[0]", ".0")
				require.Contains(t, []string{want, "data." + path}, r.Field)
				require.NotEmpty(t, r.Detail)
			}
		})
	}
}

// TestTooLong gives each string of each type's example more bytes than any
// member but a text may have, and each list more elements.
func TestTooLong(t *testing.T) {
	t.Parallel()

	texts := map[string]bool{"text": true, "suggested": true, "sent": true}
	for typ, raw := range goldens(t) {
		t.Run(string(typ), func(t *testing.T) {
			t.Parallel()

			e := parse(t, raw)
			full := e["data"].(map[string]any)
			for _, path := range paths(full, "") {
				if strings.Contains(path, "explanation") || strings.Contains(path, "advice") {
					continue // a text too
				}
				changed := false
				e["data"] = change(t, full, path, func(v any) (any, bool) {
					switch v := v.(type) {
					case string:
						changed = true
						return strings.Repeat("1", 2000), true
					case []any:
						changed = true
						return slices.Repeat(v, 1025/len(v)+1), true
					default:
						return v, true
					}
				})
				if !changed {
					continue
				}
				if texts[path] {
					accept(t, e)
					continue
				}
				r := refuse(t, e)
				if r.Reason != event.TooLarge { // many violations are too large as well
					require.Equal(t, event.InvalidField, r.Reason, path)
					require.Equal(t, "data."+path, r.Field)
				}
			}
		})
	}
}

// TestEnvelope refuses what an envelope must not be.
func TestEnvelope(t *testing.T) {
	t.Parallel()

	golden := string(goldens(t)[event.TypeMessageSent])
	with := func(old, now string) string {
		require.Contains(t, golden, old)
		return strings.Replace(golden, old, now, 1)
	}
	for name, c := range map[string]struct {
		raw    string
		reason event.Reason
		field  string
	}{
		"empty":                  {"", event.NotJSON, ""},
		"text":                   {"hello", event.NotJSON, ""},
		"half":                   {golden[:len(golden)/2], event.NotJSON, ""},
		"two":                    {golden + golden, event.NotJSON, ""},
		"trailing comma":         {with(`"tenant": "star",`, `"tenant": "star",,`), event.NotJSON, ""},
		"bad UTF-8":              {with("parcel", "par\xffcel"), event.NotJSON, ""},
		"bad UTF-8 in envelope":  {with("star-0", "\xc0\xaf"), event.NotJSON, ""},
		"lone surrogate":         {with("parcel", `\ud83d`), event.NotJSON, ""},
		"reversed surrogates":    {with("parcel", `\udce6\ud83d`), event.NotJSON, ""},
		"control character":      {with("parcel", "\x01"), event.NotJSON, ""},
		"raw NUL":                {with("parcel", "\x00"), event.NotJSON, ""},
		"same member twice":      {with(`"source"`, `"id": "2", "source"`), event.NotJSON, ""},
		"same member in data":    {with(`"text"`, `"message": "m", "text"`), event.NotJSON, ""},
		"same unknown member":    {with(`"text"`, `"x": {"y":1,"y":2}, "text"`), event.NotJSON, ""},
		"deep":                   {with(`"text"`, `"x":`+strings.Repeat("[", 10001)+strings.Repeat("]", 10001)+`, "text"`), event.NotJSON, ""},
		"deep and open":          {strings.Repeat(`{"data":`, 9000), event.NotJSON, ""},
		"null":                   {"null", event.MissingField, "specversion"},
		"list":                   {"[]", event.InvalidField, ""},
		"string":                 {`"floor"`, event.InvalidField, ""},
		"nothing":                {"{}", event.MissingField, "specversion"},
		"escaped NUL":            {with("parcel", `\u0000`), event.InvalidField, ""},
		"escaped NUL in id":      {with("star-0", `\u0000`), event.InvalidField, ""},
		"other specversion":      {with(`"1.0"`, `"0.3"`), event.InvalidField, "specversion"},
		"number as id":           {with(`"star-000136"`, `136`), event.InvalidField, "id"},
		"long id":                {with("star-000136", strings.Repeat("x", 513)), event.InvalidField, "id"},
		"long source":            {with(`"source": "star"`, `"source": "`+strings.Repeat("x", 513)+`"`), event.InvalidField, "source"},
		"long subject":           {with(`"subject": "c42"`, `"subject": "`+strings.Repeat("x", 129)+`"`), event.InvalidField, "subject"},
		"long tenant":            {with(`"tenant": "star"`, `"tenant": "`+strings.Repeat("x", 65)+`"`), event.InvalidField, "tenant"},
		"capital tenant":         {with(`"tenant": "star"`, `"tenant": "Star"`), event.InvalidField, "tenant"},
		"tenant with a dot":      {with(`"tenant": "star"`, `"tenant": "a.b"`), event.InvalidField, "tenant"},
		"tenant with a wildcard": {with(`"tenant": "star"`, `"tenant": ">"`), event.InvalidField, "tenant"},
		"unknown type":           {with("message.sent", "message.shouted"), event.UnknownType, "type"},
		"other case":             {with("message.sent", "Message.Sent"), event.UnknownType, "type"},
		"no time":                {with("2020-05-14T12:19:14.25Z", "yesterday"), event.InvalidField, "time"},
		"time without a zone":    {with("14.25Z", "14.25"), event.InvalidField, "time"},
		"February 30":            {with("2020-05-14", "2020-02-30"), event.InvalidField, "time"},
		"last century":           {with("2020-05-14T12:19:14.25Z", "1999-12-31T23:59:59.999999Z"), event.TimeOutOfRange, "time"},
		"year nought":            {with("2020-05-14", "0000-05-14"), event.TimeOutOfRange, "time"},
		"data is null":           {envelope(`null`), event.MissingField, "data"},
		"data is a list":         {envelope(`[]`), event.InvalidField, "data"},
		"data is text":           {envelope(`"x"`), event.InvalidField, "data"},
		"giant whole number":     {envelope(`{"agent":"a","status":"online","after":` + strings.Repeat("9", 4000) + `}`), event.InvalidField, "data.after"},
		"giant exponent":         {envelope(`{"agent":"a","status":"online","after":1e999999999}`), event.InvalidField, "data.after"},
		"fraction":               {envelope(`{"agent":"a","status":"online","after":1.5}`), event.InvalidField, "data.after"},
		"negative":               {envelope(`{"agent":"a","status":"online","after":-1}`), event.InvalidField, "data.after"},
		"value of the future":    {envelope(`{"agent":"a","status":"on_break"}`), event.InvalidField, "data.status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := refused(t, []byte(c.raw))
			require.Equal(t, c.reason, r.Reason, r)
			require.Equal(t, c.field, r.Field)
		})
	}
	for _, attribute := range []string{"specversion", "id", "source", "type", "time", "subject", "tenant", "data"} {
		e := parse(t, []byte(golden))
		for _, v := range []any{nil, "", remove} {
			e[attribute] = v
			if _, gone := v.(func(any) (any, bool)); gone {
				delete(e, attribute)
			}
			r := refuse(t, e)
			if v == "" && attribute == "data" {
				require.Equal(t, event.InvalidField, r.Reason)
				continue
			}
			require.Equal(t, event.Refusal{Reason: event.MissingField, Field: attribute}, r)
		}
	}
	for _, odd := range []string{
		with("parcel", `\\u0000`), // a backslash and digits, no NUL
		with(`"text"`, `"x": 1e999999999, "y": `+strings.Repeat("9", 4000)+`, "text"`),
		with(`"text"`, `"x":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`, "text"`),
		with(`"tenant"`, `"datacontenttype": "application/json", "traceparent": "00-1-2-00", "tenant"`),
		with("14.25Z", "14.25+05:30"),
	} {
		_, err := event.Decode([]byte(odd))
		require.NoError(t, err, "%.300s", odd)
	}
}

// envelope is an agent.presence with that data.
func envelope(data string) string {
	return `{"specversion":"1.0","id":"1","source":"s","type":"agent.presence","time":"2020-05-14T12:19:14Z","subject":"a","tenant":"star","data":` + data + `}`
}

// TestDataSize takes 64 KiB of data and refuses one byte more.
func TestDataSize(t *testing.T) {
	t.Parallel()

	head := `{"conversation":"c","message":"m","from":{"kind":"customer"},"text":"`
	data := func(size int) []byte {
		return envelopeOf(t, event.TypeMessageSent, head+strings.Repeat("x", size-len(head)-2)+`"}`)
	}
	_, err := event.Decode(data(event.MaxData))
	require.NoError(t, err)
	r := refused(t, data(event.MaxData+1))
	require.Equal(t, event.TooLarge, r.Reason)
	require.Equal(t, "data", r.Field)
	r = refused(t, data(event.MaxEnvelope+1))
	require.Equal(t, event.TooLarge, r.Reason)
	r = refused(t, bytes.Repeat([]byte("x"), event.MaxEnvelope+1))
	require.Equal(t, event.TooLarge, r.Reason, "what is too large is not looked into")
}

// TestArrival refuses a subject that is not the envelope's, and a time that is
// more than five minutes ahead of the arrival.
func TestArrival(t *testing.T) {
	t.Parallel()

	golden := goldens(t)[event.TypeMessageSent]
	e, err := event.Decode(golden)
	require.NoError(t, err)
	const right = "floor.star.message.sent.c42"
	require.Equal(t, right, e.Subject())
	for _, ahead := range []time.Duration{
		-100 * 365 * 24 * time.Hour, 0, 4 * time.Minute, event.MaxAhead,
		event.MaxAhead + time.Nanosecond, event.MaxAhead + time.Microsecond, time.Hour,
	} {
		got, err := event.DecodeMessage(right, golden, e.Time.Add(-ahead))
		require.Equal(t, e, got, "what could be read is given")
		if ahead <= 5*time.Minute {
			require.NoError(t, err, ahead)
			continue
		}
		requireReason(t, err, event.TimeTooFarAhead)
	}
	for _, wrong := range []string{
		"", "floor", "floor.", "floor.star", "floor.moon.message.sent.c42", "floor.star.message.sent", "floor.star.message.sent.",
		"floor.star.message.sent.c4", "floor.star.message.sent.c420", "floor.star.message.sent.C42", "floor.star.message.sent.c42.",
		"floor.star.message.sent.c42.x", "floor.star.message.blocked.c42", "floor.star.messages.sent.c42", "floor.sta.rmessage.sent.c42",
		"floors.star.message.sent.c42", "FLOOR.star.message.sent.c42", " " + right, right + " ", "floor.star.message.sent.=6342",
		"floor.star.message.sent.=634", "refused.star",
	} {
		_, err := event.DecodeMessage(wrong, golden, e.Time)
		requireReason(t, err, event.SubjectMismatch)
		require.Contains(t, err.Error(), right, "the refusal says where it belongs")
	}
}

// TestKeys encodes ids that no NATS subject could hold.
func TestKeys(t *testing.T) {
	t.Parallel()

	for key, token := range map[string]string{
		"c42": "c42", "A-z_9": "A-z_9", "a.b": "a=2Eb", "a=b": "a=3Db", "*": "=2A", ">": "=3E", " ": "=20", "a/b:c": "a=2Fb=3Ac",
		"客": "=E5=AE=A2", "\x7f": "=7F", "=2E": "=3D2E",
	} {
		require.Equal(t, token, event.EncodeToken(key))
		e := event.New("star", "s", "1", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), &event.AgentPresence{Agent: event.AgentID(key), Status: event.Online})
		require.Equal(t, "floor.star.agent.presence."+token, e.Subject())
		raw, err := e.Encode()
		require.NoError(t, err)
		_, err = event.DecodeMessage(e.Subject(), raw, e.Time)
		require.NoError(t, err)
		_, err = event.DecodeMessage("floor.star.agent.presence."+lowerHex(token), raw, e.Time)
		require.NoError(t, err, "hex of either case is the same key")
		if token == key {
			continue
		}
		for _, wrong := range []string{key, token[:len(token)-1], token + "=", token + "=2", strings.Replace(token, "=", "%", 1), strings.Replace(token, "=", "=G", 1)} {
			_, err = event.DecodeMessage("floor.star.agent.presence."+wrong, raw, e.Time)
			requireReason(t, err, event.SubjectMismatch)
		}
	}
	for subject, tenant := range map[string]event.TenantID{
		"floor.star.message.sent.c42": "star", "floor.star": "star", "floor.a-b_1.x": "a-b_1", "floor.": "", "floor.Star.x.y.z": "",
		"refused.star": "", "": "", "floor.*.x": "", "floor." + strings.Repeat("x", 65) + ".y": "",
	} {
		require.Equal(t, tenant, event.SubjectTenant(subject), subject)
	}
}

// TestMsgID tells two events apart whose source and id differ only in where
// the slash is.
func TestMsgID(t *testing.T) {
	t.Parallel()

	id := func(source, id string) string {
		e := event.Event{Tenant: "star", Source: source, ID: id}
		return e.MsgID()
	}
	require.Equal(t, "star/shop/o-1", id("shop", "o-1"))
	require.Equal(t, "star/floorlight/check/c1/m1", id("floorlight", "check/c1/m1"))
	seen := map[string]bool{}
	for _, source := range []string{"a", "a/b", "/a", "a%2Fb", "a%b", "a%25b", "a/", ""} {
		for _, name := range []string{"c", "b/c", "/c", "%2Fc", ""} {
			m := id(source, name)
			require.False(t, seen[m], m)
			seen[m] = true
		}
	}
}

// TestRefusalText says all it knows in one line.
func TestRefusalText(t *testing.T) {
	t.Parallel()

	for want, r := range map[string]event.Refusal{
		"not_json":                   {Reason: event.NotJSON},
		"not_json: at byte 3":        {Reason: event.NotJSON, Detail: "at byte 3"},
		"missing_field: id":          {Reason: event.MissingField, Field: "id"},
		"invalid_field: id: too odd": {Reason: event.InvalidField, Field: "id", Detail: "too odd"},
	} {
		require.EqualError(t, &r, want)
	}
}

func requireReason(t *testing.T, err error, want event.Reason) {
	t.Helper()
	var r *event.Refusal
	require.ErrorAs(t, err, &r)
	require.Equal(t, want, r.Reason, err)
}

func refuse(t *testing.T, e map[string]any) event.Refusal {
	t.Helper()
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	return refused(t, raw)
}

// lowerHex writes the hex digits of an encoded token in lower case.
func lowerHex(token string) string {
	var b strings.Builder
	for i := 0; i < len(token); i++ {
		if token[i] == '=' {
			fmt.Fprintf(&b, "=%s", strings.ToLower(token[i+1:i+3]))
			i += 2
			continue
		}
		b.WriteByte(token[i])
	}
	return b.String()
}
