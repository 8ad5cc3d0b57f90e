package risk_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// The size of the set that the benchmarks of a large tenant use, besides the
// built-in rules.
const (
	manyPhrases  = 10_000
	manyPatterns = 200
)

// largeSet is a tenant's set of 10,000 phrases, half of them English and half
// Chinese, and 200 patterns. Their words are those of shops; few of them occur in
// the messages that are checked.
func largeSet(tb testing.TB) risk.Set {
	tb.Helper()
	phrases, patterns := largeLists()
	s := risk.Set{}
	text := event.Text{EN: "Found.", ZH: "找到。"}
	for i := 0; i < len(phrases); i += 100 {
		s.Rules = append(s.Rules, risk.Rule{
			ID: fmt.Sprintf("own.words%d", i), Category: "own", Severity: event.SeverityFlag, Explanation: text, Phrases: phrases[i:min(i+100, len(phrases))],
		})
	}
	for i, p := range patterns {
		s.Rules = append(s.Rules, risk.Rule{
			ID: fmt.Sprintf("own.pattern%d", i), Category: "own", Severity: event.SeverityFlag, Explanation: text, Patterns: []string{p},
		})
	}
	_, err := s.Compile()
	require.NoError(tb, err)
	return s
}

func largeLists() (phrases, patterns []string) {
	r := rand.New(rand.NewPCG(1, 2))
	one := strings.Fields("cheap replica fake genuine luxury discount wholesale grey second factory outlet copied refurbished stolen imported unlicensed counterfeit smuggled expired damaged leaked cracked pirated modified unofficial tax free private secret hidden exclusive miracle instant magic herbal banned illegal foreign offshore anonymous untraceable prepaid cloned hacked verified aged bulk fresh loaded dumped")
	two := strings.Fields("watches bags shoes perfume phones laptops accounts licences keys coupons vouchers tickets passports diplomas certificates pills steroids cigarettes vapes cameras consoles followers likes ratings backlinks traffic proxies wallets miners tokens chips dice slots casino bets loans credit cards checks transfers parcels samples seeds oils creams extracts supplements injections fillers lenses")
	three := strings.Fields("shop store dealer seller agent group channel club market supplier")
	seen := map[string]bool{}
	for len(phrases) < manyPhrases/2 {
		p := one[r.IntN(len(one))] + " " + two[r.IntN(len(two))]
		if r.IntN(2) == 0 {
			p += " " + three[r.IntN(len(three))]
		}
		if !seen[p] {
			seen[p] = true
			phrases = append(phrases, p)
		}
	}
	han := []rune("高仿精品代购批发出售回收贷款办证发票博彩赌场股票内幕私服外挂刷钻套现信用卡提额黑户征信洗钱迷药假钞走私香烟手表箱包奢侈原单尾货水货翻新组装破解盗版账号租号")
	for len(phrases) < manyPhrases {
		var b strings.Builder
		for range 3 + r.IntN(4) {
			b.WriteRune(han[r.IntN(len(han))])
		}
		if !seen[b.String()] {
			seen[b.String()] = true
			phrases = append(phrases, b.String())
		}
	}
	for i := range manyPatterns {
		a, b := one[i%len(one)], two[(i*7+i/len(one))%len(two)]
		switch i % 4 {
		case 0:
			patterns = append(patterns, fmt.Sprintf(`\b%s\s+(?:and\s+)?\w+\s+%s\b`, a, b))
		case 1:
			patterns = append(patterns, fmt.Sprintf(`\b(?:buy|sell|get|order)\b[^.!?\n]{0,30}\b%s %s\b`, a, b))
		case 2:
			patterns = append(patterns, fmt.Sprintf(`%s[ _-]?%s[0-9]{2,4}`, a, b))
		default:
			patterns = append(patterns, fmt.Sprintf(`(?:%c%c|%c%c)[^。\n]{0,10}(?:%c%c|%c%c)`, han[i%len(han)], han[(i*3+1)%len(han)], han[(i*5+2)%len(han)], han[(i*7)%len(han)], han[(i*11)%len(han)], han[(i*13+3)%len(han)], han[(i*17)%len(han)], han[(i*19+5)%len(han)]))
		}
	}
	return phrases, patterns
}
