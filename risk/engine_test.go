package risk_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

var agent = risk.Context{Tenant: "t1", Channel: "web", Market: "US", From: "agent"}

func TestCheckGivesTheContractsExample(t *testing.T) {
	t.Parallel()

	got := risk.Default().Check("add me on wechat: lily_88", agent)
	require.Equal(t, event.Block, got.Verdict)
	require.Equal(t, []string{"contact.messenger"}, got.Rules)
	require.Len(t, got.Violations, 1)
	v := got.Violations[0]
	require.Equal(t, "contact.messenger", v.Rule)
	require.Equal(t, "off_platform_contact", v.Category)
	require.Equal(t, event.SeverityBlock, v.Severity)
	require.Equal(t, 10, v.Start)
	require.Equal(t, 25, v.End)
	require.NotEmpty(t, v.Explanation.EN)
	require.NotEmpty(t, v.Explanation.ZH)
}

func TestDirectionAndScope(t *testing.T) {
	t.Parallel()

	to, from, both := phrase("to", "spam"), phrase("from", "spam"), phrase("both", "spam")
	from.Category, both.Category = "test2", "test3"
	from.Direction, both.Direction = risk.FromCustomer, risk.Both
	scoped := phrase("scoped", "spam")
	scoped.Category = "test4"
	scoped.Scope = risk.Scope{Tenants: []string{"t1", "t2"}, Channels: []string{"web"}, Markets: []string{"US"}}
	e, err := risk.Compile([]risk.Rule{to, from, both, scoped})
	require.NoError(t, err)
	for _, tt := range []struct {
		name    string
		context risk.Context
		want    []string
	}{
		{"agent", risk.Context{From: "agent"}, []string{"to", "both"}},
		{"bot", risk.Context{From: "bot"}, []string{"to", "both"}},
		{"customer", risk.Context{From: "customer"}, []string{"from", "both"}},
		{"nobody is judged as an agent", risk.Context{}, []string{"to", "both"}},
		{"in scope", agent, []string{"to", "both", "scoped"}},
		{"another tenant", risk.Context{Tenant: "t3", Channel: "web", Market: "US", From: "agent"}, []string{"to", "both"}},
		{"another channel", risk.Context{Tenant: "t1", Channel: "app", Market: "US", From: "agent"}, []string{"to", "both"}},
		{"another market", risk.Context{Tenant: "t1", Channel: "web", From: "agent"}, []string{"to", "both"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.want, e.Check("some spam", tt.context).Rules)
		})
	}
}

func TestACustomerMayGiveHisNumber(t *testing.T) {
	t.Parallel()

	got := risk.Default().Check("my phone is 415-555-2671, wechat: lily_88", risk.Context{From: "customer"})
	require.Equal(t, risk.Result{Verdict: event.Allow}, got)
}

func TestSeverityDecidesTheVerdict(t *testing.T) {
	t.Parallel()

	flag, monitor := phrase("flag", "ham"), phrase("monitor", "eggs")
	flag.Severity, monitor.Severity = event.SeverityFlag, event.SeverityMonitor
	e, err := risk.Compile([]risk.Rule{monitor, flag, phrase("block", "spam", "spam with eggs"), phrase("later", "spam")})
	require.NoError(t, err)
	for _, tt := range []struct {
		text       string
		verdict    event.Verdict
		rules      []string
		violations int
	}{
		{"bacon", event.Allow, nil, 0},
		{"eggs", event.Allow, []string{"monitor"}, 0},
		{"eggs and ham", event.Flag, []string{"monitor", "flag"}, 1},
		{"spam, ham, eggs, ham", event.Block, []string{"block", "flag", "monitor"}, 3},
		{"spam with eggs", event.Block, []string{"block"}, 1},
		{"spamming hams", event.Allow, nil, 0},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			got := e.Check(tt.text, agent)
			require.Equal(t, tt.verdict, got.Verdict)
			require.Equal(t, tt.rules, got.Rules)
			require.Len(t, got.Violations, tt.violations)
		})
	}
}

func TestOffsetsAreOfTheTextAsSent(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct{ name, text, want string }{
		{"plain", "add me on wechat: lily_88", "wechat: lily_88"},
		{"after Chinese", "亲，加我微信 lily_88 哦", "微信 lily_88"},
		{"full width", "见ＷｅＣｈａｔ：ｌｉｌｙ＿８８哦", "ＷｅＣｈａｔ：ｌｉｌｙ＿８８"},
		{"zero width inside", "x we\u200bch\u200dat: lily_88.", "we\u200bch\u200dat: lily_88"},
		{"bidi marks", "\u202eto wechat: lily_88\u202c", "wechat: lily_88"},
		{"spelled out", "so w.e.c.h.a.t: lily_88 ok", "w.e.c.h.a.t: lily_88"},
		{"Chinese spelled out", "请加 微*信：lily88 谢谢", "加 微*信：lily88"},
		{"combining marks", "we\u0301chat\u0308: lily_88", "we\u0301chat\u0308: lily_88"},
		{"phone", "打 138-1234-5678 吧", "138-1234-5678"},
		{"phone with a plus", "ring (+1) 415 555 2671 now", "(+1) 415 555 2671"},
		{"phone in circles", "打①③⑧①②③④⑤⑥⑦⑧吧", "①③⑧①②③④⑤⑥⑦⑧"},
		{"ligature", "oﬃce: joe@oﬃce.com!", "joe@oﬃce.com"},
		{"url", "(see https://a.example/x?y=1).", "https://a.example/x?y=1"},
		{"Cyrillic letters", "on wеchаt: lily_88", "wеchаt: lily_88"},
		{"bad bytes before", "\xff\xfe wechat: lily_88", "wechat: lily_88"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := risk.Default().Check(tt.text, agent)
			require.NotEmpty(t, got.Violations)
			v := got.Violations[0]
			require.Equal(t, tt.want, tt.text[v.Start:v.End])
		})
	}
}

func TestWarningsAgainstAnOffencePass(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		text string
		want event.Verdict
	}{
		{"请勿私下交易", event.Allow},
		{"请勿离开，私下交易便宜", event.Block},
		{"Never pay outside the platform", event.Allow},
		{"Never mind, pay outside the platform", event.Block},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.want, risk.Default().Check(tt.text, agent).Verdict)
		})
	}
}

func TestAllowListsLetOwnLinksPass(t *testing.T) {
	t.Parallel()

	rules := builtin(t)
	for i := range rules {
		if len(rules[i].Detectors) == 0 {
			continue
		}
		switch rules[i].Detectors[0].Name {
		case "link", "email":
			rules[i].Allow = append(rules[i].Allow, "OurShop.com")
		case "phone":
			rules[i].Allow = append(rules[i].Allow, "415-555-2671")
		}
	}
	e, err := risk.Compile(rules)
	require.NoError(t, err)
	for _, tt := range []struct {
		text string
		want event.Verdict
	}{
		{"see https://www.ourshop.com/a/b?c=d", event.Allow},
		{"see ourshop.com", event.Allow},
		{"write to help@ourshop.com", event.Allow},
		{"call 415-555-2671", event.Allow},
		{"call 415-555-2672", event.Block},
		{"see notourshop.com", event.Flag},
		{"see ourshop.com.evil.net", event.Flag},
		{"write to help@ourshop.com.evil.net", event.Block},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.want, e.Check(tt.text, agent).Verdict)
		})
	}
}

func TestCheckIsTheSameFromManyCallers(t *testing.T) {
	t.Parallel()

	samples := some(t, 700)
	want := make([]risk.Result, len(samples))
	for i, s := range samples {
		want[i] = risk.Default().Check(s.text, agent)
	}
	var g errgroup.Group
	for k := range 8 {
		g.Go(func() error {
			for i := range samples {
				i = (i*7 + k*31) % len(samples)
				if got := risk.Default().Check(samples[i].text, agent); !reflect.DeepEqual(got, want[i]) {
					return fmt.Errorf("%q: %v, want %v", samples[i].text, got, want[i])
				}
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
}
