//go:build vectorscan

package vectorscan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCount looks for words and patterns, in which case does not matter.
func TestCount(t *testing.T) {
	s, err := New([]string{`parcel`, `微信`}, []string{`\d{3}-\d{4}`})
	require.NoError(t, err)
	defer s.Close()
	require.Zero(t, s.Loose)
	for text, want := range map[string]int{
		"": 0, "nothing of it": 0, "your PARCEL": 1, "parcel, parcel": 1, "call 555-0123 about the parcel": 2, "加微信": 1,
	} {
		n, err := s.Count(text)
		require.NoError(t, err, text)
		require.EqualValues(t, want, n, text)
	}
}

// TestNewRefuses names the expression that the library does not take.
func TestNewRefuses(t *testing.T) {
	_, err := New(nil, []string{`fine`, `(open`})
	require.ErrorContains(t, err, "expression 1")
}
