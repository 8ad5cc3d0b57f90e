package wording_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/risk/wording"
)

var (
	small    = wording.Training{Names: []string{"pay", "go"}, Offence: 1000, Ordinary: 1000, Other: 1000, Features: 1000, Rounds: 400}
	examples = []wording.Example{
		{Text: "send the money to me", Column: 0},
		{Text: "send me the money", Column: 0},
		{Text: "把钱转给我", Column: 0},
		{Text: "钱转给我吧", Column: 0},
		{Text: "let's talk somewhere else", Column: 1},
		{Text: "somewhere else we can talk", Column: 1},
		{Text: "we sent the money back", Column: -1},
		{Text: "the money is back", Column: -1},
		{Text: "钱退给您", Column: -1},
		{Text: "把钱退给您了", Column: -1},
	}
)

func trained(t *testing.T) *wording.Model {
	t.Helper()
	text := small.Train(examples)
	require.Equal(t, text, small.Train(examples), "same input, same model")
	m, err := wording.Parse(text)
	require.NoError(t, err)
	require.Equal(t, small.Names, m.Names)
	require.Equal(t, small.Fingerprint(examples), m.Inputs)
	return m
}

func TestModelTellsItsExamplesApart(t *testing.T) {
	t.Parallel()

	m := trained(t)
	var r wording.Reader
	for _, e := range examples {
		r.Read(m, []byte(e.Text))
		for c := range small.Names {
			require.Equal(t, e.Column == c, r.Reaches(c, 0), "%s %s: %d", e.Text, small.Names[c], r.Score(c))
			require.Equal(t, r.Score(c) >= 0, r.Reaches(c, 0))
		}
	}
}

// TestEachSentenceIsScoredByItself: neither does what stands around it hide an
// offence, nor does the same word again and again add up to one.
func TestEachSentenceIsScoredByItself(t *testing.T) {
	t.Parallel()

	m := trained(t)
	var r wording.Reader
	r.Read(m, []byte("send me the money"))
	alone := r.Score(0)
	around := strings.Repeat("the money is back. ", 9)
	r.Read(m, []byte(around+"send me the money. "+around))
	require.InDelta(t, alone, r.Score(0), 20)
	f := r.Found(0)
	require.GreaterOrEqual(t, f.Span.Start, len(around))
	require.LessOrEqual(t, f.Span.End, len(around)+len("send me the money"))
	require.Positive(t, f.N)

	r.Read(m, []byte("me"))
	once := r.Score(0)
	r.Read(m, []byte(strings.Repeat("me, ", 9)))
	require.Equal(t, once, r.Score(0))
	r.Read(m, nil)
	require.Less(t, r.Score(0), alone)
}

// TestNoPlaceInALongTextHides: an offence of one sentence or two is found wherever in a
// text of many windows it stands.
func TestNoPlaceInALongTextHides(t *testing.T) {
	t.Parallel()

	m := trained(t)
	var r wording.Reader
	for _, offence := range []string{"send me the money. ", "send me. the money. "} {
		r.Read(m, []byte(offence))
		by := r.Score(0)
		for before := range 40 {
			text := strings.Repeat("nothing of that kind here. ", before) + offence + strings.Repeat("nothing of that kind here. ", 40-before)
			r.Read(m, []byte(text))
			require.GreaterOrEqual(t, r.Score(0), by-20, "%q behind %d others", offence, before)
		}
	}
}

// TestReachesIsWhatTheScoreSays: what is not scored because it cannot reach a score does not.
func TestReachesIsWhatTheScoreSays(t *testing.T) {
	t.Parallel()

	m := trained(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var text strings.Builder
		for range 1 + random.IntN(8) {
			text.WriteString(examples[random.IntN(len(examples))].Text + ". ")
		}
		var scored wording.Reader
		scored.Read(m, []byte(text.String()))
		for c := range small.Names {
			for least := scored.Score(c) - 60; least < scored.Score(c)+60; least += 3 {
				var r wording.Reader
				r.Read(m, []byte(text.String()))
				require.Equal(t, scored.Score(c) >= least, r.Reaches(c, least), "%q reaches %d of %s", text.String(), least, small.Names[c])
			}
		}
	}
}

func TestMarksAndApostrophesSayNothing(t *testing.T) {
	t.Parallel()

	m := trained(t)
	var r wording.Reader
	r.Read(m, []byte("let's talk somewhere else"))
	want := r.Score(1)
	for _, text := range []string{"lets talk somewhere else", "let’s talk, somewhere else!", "(let's) talk - somewhere else"} {
		r.Read(m, []byte(text))
		require.Equal(t, want, r.Score(1), text)
	}
}

// TestWordsOfTwoAlphabets: a word that has a letter of another alphabet is read neither
// as the word without it nor as its pieces.
func TestWordsOfTwoAlphabets(t *testing.T) {
	t.Parallel()

	m := trained(t)
	var r wording.Reader
	r.Read(m, []byte("deploy"))
	unknown := r.Score(0)
	for _, text := range []string{"moneyж", "жmoney", "meпmoney", "αme", "жук"} {
		r.Read(m, []byte(text))
		require.Equal(t, unknown, r.Score(0), text)
	}
	r.Read(m, []byte("me×money"))
	require.NotEqual(t, unknown, r.Score(0))
}

func TestFaultyModelsAreRefused(t *testing.T) {
	t.Parallel()

	for name, text := range map[string]string{
		"nothing":            "",
		"no categories":      "word\t1\n",
		"too few weights":    "(category)\ta\tb\nword\t1\n",
		"no number":          "(category)\ta\nword\tx\n",
		"a weight too large": "(category)\ta\nword\t999\n",
		"no feature":         "(category)\ta\none two three four\t1\n",
		"the same twice":     "(category)\ta\nword\t1\nword\t2\n",
	} {
		_, err := wording.Parse(text)
		require.Error(t, err, name)
	}
}
