package risk_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
	"github.com/floorlight/floorlight/risk/wording"
)

var train = flag.Bool("train", false, "train the model of the wording and write it")

// wordingClasses are the classes of the corpus that each category is trained with.
var wordingClasses = map[string]string{
	"invitation": "invite", "call": "invite", "picture": "invite", "messenger": "invite", "messenger_evasion": "invite",
	"payment": "payment", "payment_evasion": "payment",
	"promises": "promise",
	"abuse":    "abuse", "abuse_evasion": "abuse",
}

// wordingExamples are the rows of the corpora and the real agents' messages, in a
// fixed order.
func wordingExamples(tb testing.TB) []wording.Example {
	tb.Helper()
	var out []wording.Example
	for _, s := range corpus(tb, "bad") {
		if name, ok := wordingClasses[s.class]; ok {
			out = append(out, wording.Example{Text: risk.Normalised(s.text), Column: slices.Index(wordingNames, name)})
		}
	}
	for _, s := range corpus(tb, "good") {
		if s.class != "split" {
			out = append(out, wording.Example{Text: risk.Normalised(s.text), Column: -1})
		}
	}
	for _, kind := range []string{"agent", "bot"} {
		for _, text := range starTexts(tb, kind) {
			out = append(out, wording.Example{Text: risk.Normalised(text), Column: -1})
		}
	}
	return out
}

// wordingNames are the categories in the order of their columns.
var wordingNames = []string{"payment", "invite", "promise", "abuse"}

// TestWordingIsTrained holds that the model was trained with the rows that there are
// now. With -train it makes it.
func TestWordingIsTrained(t *testing.T) {
	t.Parallel()

	examples := wordingExamples(t)
	how := wording.Default
	how.Names = wordingNames
	file := filepath.Join("wording", "weights.txt")
	if *train {
		require.NoError(t, os.WriteFile(file, []byte(how.Train(examples)), 0o644))
	}
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	m, err := wording.Parse(string(raw))
	require.NoError(t, err)
	require.Equal(t, wordingNames, m.Names)
	require.Equal(t, how.Fingerprint(examples), m.Inputs, "rows or the way to train have changed: go generate ./risk")
}

// apart are rows that nothing was made of: what of each class is blocked at least, in
// percent, and how many ordinary rows are at most.
var apart = map[string]struct{ caught, stopped map[string]int }{
	// One in ten of what seven authors wrote who had not seen the rules, and one in four of
	// what two more did, split off before the others were read.
	"unseen": {
		map[string]int{"abuse": 82, "abuse_evasion": 53, "call": 82, "invitation": 79, "payment": 90, "payment_evasion": 79, "picture": 71, "promises": 85},
		map[string]int{"nearmiss": 54, "service": 3},
	},
	// All that four other authors wrote, whose ways of writing neither the rules nor the model
	// have met.
	"strangers": {
		map[string]int{"abuse": 94, "abuse_evasion": 57, "call": 81, "cards_ids": 100, "email": 100, "email_evasion": 87, "invitation": 88, "link": 43, "link_evasion": 81, "lookalike": 98, "messenger": 98, "messenger_evasion": 95, "payment": 93, "payment_evasion": 75, "phone_leet": 98, "phone_separators": 96, "phone_unicode": 100, "phone_words": 98, "picture": 80, "promises": 85, "reversed": 82, "split": 92, "zero_width": 100},
		map[string]int{"nearmiss": 111, "service": 5},
	},
}

// TestUnseenRows measures the rules and the model on rows that nothing was made of.
func TestUnseenRows(t *testing.T) {
	t.Parallel()

	without := withoutWording(t)
	for set, bounds := range apart {
		for kind, bound := range map[string]map[string]int{"bad": bounds.caught, "good": bounds.stopped} {
			all, blocked, flagged, before := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
			for _, s := range corpus(t, filepath.Join(set, kind)) {
				all[s.class]++
				switch verdict, _ := judged(risk.Default(), s.text); verdict {
				case event.Block:
					blocked[s.class]++
				case event.Flag:
					flagged[s.class]++
				case event.Allow:
				}
				if verdict, _ := judged(without, s.text); verdict == event.Block {
					before[s.class]++
				}
			}
			require.Len(t, all, len(bound), "%s/%s", set, kind)
			for _, class := range slices.Sorted(maps.Keys(all)) {
				n := all[class]
				t.Logf("%s/%s/%-16s of %4d blocked %3d = %3d %%, flagged %2d, blocked without the model %3d = %3d %%", set, kind, class, n, blocked[class], 100*blocked[class]/n, flagged[class], before[class], 100*before[class]/n)
				least, known := bound[class]
				require.True(t, known, class)
				if kind == "bad" {
					require.GreaterOrEqual(t, 100*blocked[class], n*least, class)
				} else {
					require.LessOrEqual(t, blocked[class], least, class)
				}
			}
		}
	}
}

// withoutWording is the default set with the rules off that go by the wording.
func withoutWording(tb testing.TB) *risk.Engine {
	tb.Helper()
	off := true
	var s risk.Set
	for _, r := range builtin(tb) {
		if strings.Contains(r.ID, ".wording") {
			s.Changes = append(s.Changes, risk.Change{ID: r.ID, Disabled: &off})
		}
	}
	require.Len(tb, s.Changes, 8)
	e, err := s.Compile()
	require.NoError(tb, err)
	return e
}

// paraphrases are offences that no list of words has, by the rule that finds them.
var paraphrases = map[string]string{
	"you want wholesale? then not on here. where can we speak properly":         "contact.wording",
	"别的号你有没有呀，随便加一个":                                                            "contact.wording",
	"if the money takes a shortcut to me, the discount takes a shortcut to you": "payment.wording",
	"小单走店，大单走我":                                                                 "payment.wording",
	"I shall personally guarantee that your flight won't be cancelled.":         "promise.wording",
	"孩子多动症？做十节感统课就好，不用看医生，我保证":                                                  "promise.wording",
	"If brains were petrol you couldn't drive a toy car round a coin.":          "conduct.wording",
	"你这种人活着真浪费粮食":                                                               "conduct.wording",
	"You have a face for radio and, sadly, a voice for writing.":                "conduct.wording",
}

// TestWordingIsFound holds what a violation says that goes by the wording, and that
// rules which are switched off ask for nothing.
func TestWordingIsFound(t *testing.T) {
	t.Parallel()

	without := withoutWording(t)
	for text, rule := range paraphrases {
		r := risk.Default().Check(text, agent)
		require.Equal(t, []string{rule}, r.Rules, text)
		v := r.Violations[0]
		require.Less(t, v.Start, v.End)
		words := regexp.MustCompile(`“([^”]+)”`).FindAllStringSubmatch(v.Explanation.EN, -1)
		require.NotEmpty(t, words, v.Explanation.EN)
		for _, w := range words {
			require.Contains(t, text[v.Start:v.End], w[1])
			require.Contains(t, v.Explanation.ZH, w[0])
		}
		require.Equal(t, event.Allow, without.Check(text, agent).Verdict, text)
	}
}

// TestWordingIsScoredBySentence: a long polite text neither hides an offence nor adds
// up to one.
func TestWordingIsScoredBySentence(t *testing.T) {
	t.Parallel()

	for text, rule := range paraphrases {
		long := strings.Repeat(cleanEN+"\n", 5) + text + "\n" + strings.Repeat(cleanEN+"\n", 5)
		r := risk.Default().Check(long, agent)
		require.Equal(t, []string{rule}, r.Rules, text)
		require.GreaterOrEqual(t, r.Violations[0].Start, 5*(len(cleanEN)+1))
		require.LessOrEqual(t, r.Violations[0].End, 5*(len(cleanEN)+1)+len(text))
	}
	for _, clean := range []string{cleanEN, cleanZH} {
		require.Equal(t, event.Allow, risk.Default().Check(strings.Repeat(clean+"\n", 40), agent).Verdict)
	}
}

// TestWordingTakesBack: what a rule's combinations and patterns find in a sentence that
// resembles no offence passes, unless the rules of the wording are off. A phrase offends
// by itself, and a tenant's own pattern counts as it stands.
func TestWordingTakesBack(t *testing.T) {
	t.Parallel()

	without := withoutWording(t)
	own := risk.Set{Changes: []risk.Change{{ID: "contact.elsewhere", AddPatterns: []string{`leave the garden`}}}}
	changed, err := own.Compile()
	require.NoError(t, err)
	for text, rule := range map[string]string{
		"I'd like to transfer my booking to my sister, is there a fee?":                                 "payment.request",
		"Price match applies within 14 days if the identical item is cheaper in our own shop.":          "contact.invitation",
		"品牌工程师会从服务中心打给您确认时间，号码APP里看得到":                                                                  "contact.invitation",
		"Internal: please flag the account 'LampsOutlet_22', they ask buyers to leave the platform.":    "contact.elsewhere",
		"It's against policy for me to meet you privately, but the store team will gladly welcome you.": "contact.elsewhere",
	} {
		require.Equal(t, event.Allow, risk.Default().Check(text, agent).Verdict, text)
		require.Equal(t, []string{rule}, without.Check(text, agent).Rules, text)
		if rule == "contact.elsewhere" {
			require.Equal(t, []string{rule}, changed.Check(text, agent).Rules, text)
		}
		require.Equal(t, event.Block, risk.Default().Check(text+" moron", agent).Verdict, text)
	}
}
