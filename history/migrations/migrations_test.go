package migrations

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStepsAreNumberedWithoutGaps holds that each number stands once: two steps of
// one number stop every migration.
func TestStepsAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	steps, err := fs.Glob(FS, "*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, steps)
	for i, name := range steps { // in the order of their names
		require.Regexp(t, fmt.Sprintf(`^%03d_[a-z]+\.sql$`, i+1), name)
		text, err := fs.ReadFile(FS, name)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "--"), "%s begins with what it is for", name)
	}
}
