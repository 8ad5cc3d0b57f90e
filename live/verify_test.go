package live

import (
	"io"
	"net/http"
	"strings"
	"testing"

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
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/v1/verify", strings.NewReader(`{"from":"`+from+`"}`))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+d.token(RoleOwner))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", VerifyLines)
		a, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { _ = a.Body.Close() }()
		decoder := jsontext.NewDecoder(a.Body)
		for {
			var l VerifyLine
			if err := json.UnmarshalDecode(decoder, &l); err != nil {
				require.ErrorIs(t, err, io.EOF)
				return a.StatusCode, a.Header.Get("Content-Type"), list
			}
			if list = append(list, l); len(list) == 1 {
				hold <- struct{}{}
			}
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
