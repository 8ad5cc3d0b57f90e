package event

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// FuzzQuickly compares the short cut with the whole way: what one takes the
// other takes, as the same event.
func FuzzQuickly(f *testing.F) {
	golden, err := filepath.Glob("testdata/golden/*.json")
	require.NoError(f, err)
	require.NotEmpty(f, golden)
	for _, path := range golden {
		raw, err := os.ReadFile(path)
		require.NoError(f, err)
		e, r := decode(raw)
		require.Nil(f, r)
		compact, err := e.Encode()
		require.NoError(f, err)
		f.Add(compact)
		f.Add(append(bytes.TrimSuffix(compact, []byte("}")), `,"x":1}`...))
		f.Add(bytes.Replace(compact, []byte(`"tenant"`), []byte(`"id":"again","tenant"`), 1))
		f.Add(bytes.Replace(compact, []byte(`"data":{`), []byte(`"data":{}},{`), 1))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		quick, ok := quickly(raw)
		if !ok || len(raw) > MaxEnvelope {
			return // the whole way says why, if there is a why
		}
		whole, refused := wholly(raw)
		require.Nil(t, refused, "%s", raw)
		require.Equal(t, whole, quick)
	})
}

// TestTheUsualWayIsTheShortOne keeps the short cut from going out of use unseen.
func TestTheUsualWayIsTheShortOne(t *testing.T) {
	t.Parallel()

	golden, err := filepath.Glob("testdata/golden/*.json")
	require.NoError(t, err)
	short := make(map[Type]bool)
	for _, path := range golden {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		if e, ok := quickly(raw); ok {
			short[e.Type] = true
			whole, refused := wholly(raw)
			require.Nil(t, refused)
			require.Equal(t, whole, e)
		}
	}
	for typ := range types {
		// Settings are any JSON, and a dispute's time has a form of its own.
		rare := typ == TypeTenantConfigured || typ == TypeDisputeOpened
		require.Equal(t, !rare, short[typ], typ)
	}
}

// TestTimesOfOneDay reads times behind others of the same day, well written and not,
// as the whole way does.
func TestTimesOfOneDay(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var q quick
		for range 4 {
			text := rapid.StringMatching(`2024-0[2-3]-(28|29|30)[Tt ]([01][0-9]|2[0-4]):[0-6][0-9]:([0-5][0-9]|60)([.,][0-9]{0,10})?(Z|z|[+-]0[0-9]:00|)`).Draw(t, "time")
			got, ok := q.time([]byte(text))
			var want time.Time
			require.Equal(t, want.UnmarshalText([]byte(text)) == nil, ok, text)
			if ok {
				require.Equal(t, want.UTC().Truncate(time.Microsecond), got, text)
			}
		}
	})
}

// BenchmarkDecodeBothWays decodes a message by the short cut and by the whole way.
func BenchmarkDecodeBothWays(b *testing.B) {
	e := New("star", "star", "star-2020-05-20-003994", earliest, &MessageSent{
		Conversation: "c1691", Message: "c1691-m10", From: Actor{Kind: Agent, ID: "w-c1208bee"},
		Text: "A ____ written to celebrate a wedding is called a epithalamium",
	})
	raw, err := e.Encode()
	require.NoError(b, err)
	for name, way := range map[string]func([]byte) (Event, *Refusal){"short": decode, "whole": wholly} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, refused := way(raw); refused != nil {
					b.Fatal(refused)
				}
			}
		})
	}
}
