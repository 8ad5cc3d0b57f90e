package risk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

func TestPagesThatAreNamedWithoutAnAddress(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		`search my shop name, lampbarnuk, it ends in com`:  event.Block,
		`Domain: lampbarn  TLD: uk`:                        event.Block,
		`the site's name is lampbarnuk and it's a dot org`: event.Block,
		`type lampbarnuk then press . then type com`:       event.Block,
		`our real site = lampbarnuk + .gg`:                 event.Block,
		`google "lampbarnuk", it's the dot in one`:         event.Block,
		`DOTCOM after 'lampbarnuk'`:                        event.Block,
		`lampbarn2021 打头，.xyz 结尾`:                          event.Block,
		`域名是全拼 lampbarnuk，后缀 点art`:                         event.Block,
		`网址简单，lampbarn8 xyz 中间一个点`:                         event.Block,
		`在地址栏敲 lampbarnuk，再敲小数点，再敲 club`:                   event.Block,
		`lampbarn.c o m`:             event.Block,
		`lampbarn.c…o…m`:             event.Block,
		`lampbarnuk;com`:             event.Block,
		`lampbarnuk⸳net`:             event.Block,
		`{lampbarnuk}{.}{com}`:       event.Block,
		`http:\\lampbarn\.\co\.\uk`:  event.Block,
		`instagram slash lampbarnuk`: event.Block,
		`lampbarnuk.co + m`:          event.Block,
		`our company name ends in Ltd, the accountant knows`: event.Allow,
		`the order number ends in 4471, the site shows it`:   event.Allow,
		`your username can have dots, e.g. first.last`:       event.Allow,
		`iphone、pro、max`:                                     event.Allow,
		`A、B、vip 三档`:                                         event.Allow,
		`sold,online only`:                                   event.Allow,
		`weight~net 500g`:                                    event.Allow,
		`it is on the website. Gloves go there as well`:      event.Allow,
	})
}

// TestAPageOnTheListMayBeNamedWithoutItsAddress: the lists of what may pass know the page by
// its whole host.
func TestAPageOnTheListMayBeNamedWithoutItsAddress(t *testing.T) {
	t.Parallel()

	e, err := (&risk.Set{Preset: "default", Allow: []string{"lampbarnuk.com", "lampbarnuk.co.uk"}}).Compile()
	require.NoError(t, err)
	for text, passes := range map[string]bool{
		`search my shop name, lampbarnuk, it ends in com`:     true,
		`search my shop name, lampbarnuk, it ends in c o m`:   true,
		`search my shop name, lampbarnuk, it ends in co.uk`:   true,
		`search my shop name, www.lampbarnuk, it ends in com`: true,
		`search my shop name, lampbarnuk, it ends in net`:     false,
	} {
		got := e.Check(text, agent)
		sound(t, text, got)
		require.Equal(t, passes, !slices.Contains(got.Rules, "link.spelled"), "%s %v", text, spans(text, got))
	}
}
