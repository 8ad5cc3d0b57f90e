package event_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestTimesOfRFC3339: the letters may be small, the zone any, and what is below a
// microsecond is cut off.
func TestTimesOfRFC3339(t *testing.T) {
	t.Parallel()

	at := time.Date(2020, 5, 14, 12, 19, 14, 250_000_000, time.UTC)
	const raw = `{"specversion":"1.0","id":"e1","source":"s","type":"customer.updated","time":"TIME","subject":"u1","tenant":"star","data":{"customer":"u1"}}`
	for written, want := range map[string]time.Time{
		"2020-05-14T12:19:14.25Z":             at,
		"2020-05-14t12:19:14.25z":             at,
		"2020-05-14t18:04:14.250+05:45":       at,
		"2020-05-14T12:19:14.25-00:00":        at,
		"2020-05-14T12:19:14.250000999Z":      at,
		"2020-05-14T12:19:14.250001999z":      at.Add(time.Microsecond),
		"2020-05-15T02:19:14.250000000+14:00": at,
	} {
		e, err := event.Decode([]byte(strings.Replace(raw, "TIME", written, 1)))
		require.NoError(t, err, written)
		require.Equal(t, want, e.Time, written)
	}
}
