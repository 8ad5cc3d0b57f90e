package live

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNumberSplitOverMessages: the last piece of a number is held back, since the
// sender's other pieces were delivered a moment before.
func TestNumberSplitOverMessages(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.conversation("c1", "a1")
	piece := func(conversation, id, text string) string {
		verdict, _ := d.ask(map[string]any{"conversation": conversation, "message": id, "from": map[string]any{"kind": "agent", "id": "a1"}, "text": text})["verdict"].(string)
		return verdict
	}
	require.Equal(t, "allow", piece("c1", "m1", "先记 138"))
	require.Equal(t, "allow", piece("c1", "m2", "1234"))
	require.Equal(t, "allow", piece("c2", "m3", "最后 5678"), "of another conversation")
	require.Equal(t, "block", piece("c1", "m4", "最后 5678"))
}
