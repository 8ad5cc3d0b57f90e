package live

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

func TestVerifyAsksWhoeverKnows(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.reports.verify = func(from, to string) (any, error) { return map[string]string{"from": from, "to": to}, nil }
	a := d.do(http.MethodPost, "/v1/verify", d.token(RoleOwner), map[string]any{"from": "2026-11-01", "to": "2026-11-02"})
	require.Equal(t, "2026-11-02", a.text("to"), "%s", a.raw)
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	a = d.do(http.MethodPost, "/v1/verify", d.token(RoleOwner), map[string]any{"live": true})
	require.Equal(t, true, a.json["compared"], "%s", a.raw)
}

func TestVerifyIsFollowedByLines(t *testing.T) {
	t.Parallel()

	d := setup(t)
	hold := make(chan struct{})
	d.reports.verify = func(from, _ string) (any, error) {
		<-hold
		if from == "away" {
			return nil, ErrUnavailable
		}
		return map[string]string{"from": from}, nil
	}
	lines := func(from string) (status int, kind string, list []VerifyLine) {
		time.AfterFunc(3*verifyTold, func() { hold <- struct{}{} })
		a := d.do(http.MethodPost, "/v1/verify", d.token(RoleOwner), map[string]any{"from": from}, "Accept", VerifyLines)
		decoder := jsontext.NewDecoder(bytes.NewReader(a.raw))
		for {
			var l VerifyLine
			if err := json.UnmarshalDecode(decoder, &l); err != nil {
				require.ErrorIs(t, err, io.EOF, "%s", a.raw)
				return a.status, a.header.Get("Content-Type"), list
			}
			list = append(list, l)
		}
	}
	status, kind, list := lines("2026-11-01")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, VerifyLines, kind)
	require.GreaterOrEqual(t, len(list), 2)
	require.Equal(t, VerifyLine{Progress: &VerifyProgress{Phase: "folding", Done: 1, Total: 2}}, list[0])
	require.JSONEq(t, `{"from":"2026-11-01"}`, string(list[len(list)-1].Report))

	_, _, list = lines("away") // which is known after the first line
	last := list[len(list)-1]
	require.Nil(t, last.Report)
	require.Equal(t, CodeUnavailable, last.Problem.Code)
}
