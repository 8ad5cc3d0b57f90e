package event_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestRealConversations decodes every event of the shared conversations, and
// writes each again so that it decodes to the same.
func TestRealConversations(t *testing.T) {
	t.Parallel()

	f, err := os.Open("../../../shared/data/star.ndjson.gz")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		var line struct {
			Subject string          `json:"subject"`
			Event   json.RawMessage `json:"event"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.DecodeMessage(line.Subject, line.Event, time.Now())
		require.NoError(t, err, line.Subject)
		again, err := e.Encode()
		require.NoError(t, err)
		e2, err := event.DecodeMessage(line.Subject, again, time.Now())
		require.NoError(t, err)
		require.Equal(t, e, e2)
		n++
	}
	require.NoError(t, lines.Err())
	require.Equal(t, 31905, n)
}
