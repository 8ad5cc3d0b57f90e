package live

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

var eventTime = time.Now().Add(-time.Minute).UTC().Truncate(time.Second)

// envelope is a valid event, changed.
func envelope(id string, change func(map[string]any)) map[string]any {
	e := map[string]any{
		"specversion": "1.0", "id": id, "source": "shop", "type": "message.sent", "time": eventTime.Format(time.RFC3339),
		"subject": "c1", "tenant": "star",
		"data": map[string]any{"conversation": "c1", "message": id, "from": map[string]any{"kind": "customer", "id": "u1"}, "text": "hello"},
	}
	if change != nil {
		change(e)
	}
	return e
}

func (d *desk) ingestAs(kind string, body any, more ...string) answer {
	d.t.Helper()
	return d.do(http.MethodPost, "/v1/events", d.token(RoleService), body, append([]string{"Content-Type", kind}, more...)...)
}

func (a answer) event(i int) map[string]any {
	list, _ := a.json["events"].([]any)
	one, _ := list[i].(map[string]any)
	return one
}

func TestIngestOneAndMany(t *testing.T) {
	t.Parallel()

	d := setup(t)
	one := d.ingestAs(typeEvent, envelope("e1", nil))
	require.Equal(t, http.StatusOK, one.status, "%s", one.raw)
	require.Equal(t, "accepted", one.event(0)["result"])
	m, err := d.stream.At(t.Context(), uint64(one.event(0)["seq"].(float64)))
	require.NoError(t, err)
	require.Equal(t, "floor.star.message.sent.c1", m.Subject)
	require.Equal(t, "star/shop/e1", m.MsgID)

	batch := d.ingestAs(typeBatch, []any{
		envelope("e1", nil),
		envelope("e2", nil),
		envelope("e3", func(e map[string]any) { delete(e["data"].(map[string]any), "text") }),
		envelope("e4", func(e map[string]any) { e["tenant"] = "moon" }),
		envelope("e1", func(e map[string]any) { e["time"] = eventTime.Add(time.Second).Format(time.RFC3339) }),
	})
	require.Equal(t, http.StatusOK, batch.status, "%s", batch.raw)
	for i, want := range []string{"duplicate", "accepted", "refused", "refused", "refused"} {
		require.Equal(t, want, batch.event(i)["result"], "%d: %s", i, batch.raw)
	}
	require.Equal(t, one.event(0)["seq"], batch.event(0)["seq"])
	require.Equal(t, "missing_field", batch.event(2)["reason"])
	require.Equal(t, "data.text", batch.event(2)["field"])
	require.Equal(t, "e3", batch.event(2)["id"])
	require.Equal(t, "wrong_tenant", batch.event(3)["reason"])
	require.Equal(t, "id_reused", batch.event(4)["reason"])
	require.InDelta(t, 1, batch.json["accepted"], 0)
	require.InDelta(t, 1, batch.json["duplicate"], 0)
	require.InDelta(t, 3, batch.json["refused"], 0)

	// By shape, where the media type says JSON and no more.
	require.Equal(t, "accepted", d.ingestAs("application/json", envelope("e5", nil)).event(0)["result"])
	require.Equal(t, "accepted", d.ingestAs("application/json; charset=utf-8", []any{envelope("e6", nil)}).event(0)["result"])
	require.Equal(t, http.StatusOK, d.ingestAs(typeBatch, "[]").status)

	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	raw, err := json.Marshal([]any{envelope("e7", nil)})
	require.NoError(t, err)
	_, err = z.Write(raw)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Equal(t, "accepted", d.ingestAs(typeBatch, packed.Bytes(), "Content-Encoding", "gzip").event(0)["result"])
}

func TestIngestRefusesBadInput(t *testing.T) {
	t.Parallel()

	d := setup(t)
	before, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	change := func(f func(e, data map[string]any)) map[string]any {
		return envelope("e1", func(e map[string]any) { f(e, e["data"].(map[string]any)) })
	}
	for name, tt := range map[string]struct {
		body   any
		status int
		code   string
		field  string
	}{
		"no JSON":          {`{"specversion":`, 400, "not_json", ""},
		"nothing":          {``, 400, "not_json", ""},
		"a number":         {`7`, 422, "invalid_field", ""},
		"bad UTF-8":        {"{\"specversion\":\"1.0\",\"id\":\"\xff\"}", 400, "not_json", ""},
		"wrong type":       {change(func(_, d map[string]any) { d["text"] = 7 }), 422, "invalid_field", "data.text"},
		"missing id":       {change(func(e, _ map[string]any) { delete(e, "id") }), 422, "missing_field", "id"},
		"missing data":     {change(func(e, _ map[string]any) { delete(e, "data") }), 422, "missing_field", "data"},
		"unknown type":     {change(func(e, _ map[string]any) { e["type"] = "moon.landed" }), 422, "unknown_type", "type"},
		"NUL":              {change(func(_, d map[string]any) { d["text"] = "a\x00b" }), 422, "invalid_field", ""},
		"64 KiB + 1":       {change(func(_, d map[string]any) { d["text"] = strings.Repeat("a", 64<<10+1) }), 413, "too_large", "data"},
		"far too large":    {change(func(_, d map[string]any) { d["text"] = strings.Repeat("a", 128<<10) }), 413, "too_large", ""},
		"another tenant":   {change(func(e, _ map[string]any) { e["tenant"] = "moon" }), 403, "wrong_tenant", "tenant"},
		"no tenant's name": {change(func(e, _ map[string]any) { e["tenant"] = "*" }), 422, "invalid_field", "tenant"},
		"far ahead": {change(func(e, _ map[string]any) {
			e["time"] = time.Now().Add(6 * time.Minute).Format(time.RFC3339)
		}), 422, "time_too_far_ahead", "time"},
		"long ago": {change(func(e, _ map[string]any) { e["time"] = "1970-01-01T00:00:00Z" }), 422, "time_out_of_range", "time"},
		"no time":  {change(func(e, _ map[string]any) { e["time"] = "yesterday" }), 422, "invalid_field", "time"},
	} {
		t.Run(name, func(t *testing.T) {
			a := d.ingestAs(typeEvent, tt.body)
			a.problem(t, tt.status, Code(tt.code))
			if tt.field != "" {
				require.Equal(t, tt.field, a.text("field"))
			}
		})
	}
	many := make([]any, mostEvents+1)
	for i := range many {
		many[i] = envelope(fmt.Sprintf("m%d", i), nil)
	}
	d.ingestAs(typeBatch, many).problem(t, http.StatusRequestEntityTooLarge, CodeTooManyEvents)
	d.ingestAs(typeBatch, envelope("e1", nil)).problem(t, http.StatusBadRequest, CodeNotJSON)
	d.ingestAs(typeBatch, `[{},`).problem(t, http.StatusBadRequest, CodeNotJSON)
	d.ingestAs(typeBatch, `[] 7`).problem(t, http.StatusBadRequest, CodeNotJSON)
	d.ingestAs("text/plain", envelope("e1", nil)).problem(t, http.StatusUnsupportedMediaType, CodeMediaType)
	d.ingestAs(typeBatch, `[]`, "Content-Encoding", "br").problem(t, http.StatusUnsupportedMediaType, CodeMediaType)
	d.ingestAs(typeBatch, `[]`, "Content-Encoding", "gzip").problem(t, http.StatusBadRequest, CodeEncoding)

	// A bomb is not unpacked: 32 MiB of spaces in 32 KB.
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 32 {
		_, err := z.Write(bytes.Repeat([]byte(" "), 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	d.ingestAs(typeBatch, bomb.Bytes(), "Content-Encoding", "gzip").problem(t, http.StatusRequestEntityTooLarge, CodeTooLarge)

	after, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after, "nothing of that was stored")
	require.Equal(t, "accepted", d.ingestAs(typeEvent, envelope("good", nil)).event(0)["result"], "and the next event is served")
	require.Equal(t, 1, d.count(event.TypeMessageSent))
}
