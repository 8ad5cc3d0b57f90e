package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
)

func TestTextsAreReadAsTheySayToPutThemRight(t *testing.T) {
	t.Parallel()

	judges(t, map[string]event.Verdict{
		`remove the stars: la*mp*barn.c*om`:                      event.Block,
		`la-mp-barn.c-om without the dashes`:                     event.Block,
		`ignore the xx: lampxxbarn.xxcom`:                        event.Block,
		`take out the spaces: lamp barn . co . uk`:               event.Block,
		`put a dot where the # is: lampbarn#com`:                 event.Block,
		`swap the hash for an @: rita#lampbarn.com`:              event.Block,
		`lampbarnxcom, the x is a dot`:                           event.Block,
		`rita[NOSPAM]@lampbarn[NOSPAM].co.uk remove the nospams`: event.Block,
		`把“空”去掉：lamp空barn.c空n`:                                   event.Block,
		`lamp大力barn大力点com 大力去掉`:                                  event.Block,
		`把“苹果”换成点：lampbarn苹果cn`:                                  event.Block,
		`lampbarn豆腐com，豆腐=dot`:                                   event.Block,
		`www点（不要打括号里的）lampbarn点（哈哈）com`:                          event.Block,
		`邮箱 rita1#qq.com，#换@`:                                    event.Block,
		`remove the battery first, then the box`:                 event.Allow,
		`a dot means sold out. No date yet`:                      event.Allow,
		`drop the s, it's ups.com not upss`:                      event.Allow,
		`把中间的螺丝去掉，再装上就行`:                                         event.Allow,
		`星号是必填的，点提交`:                                             event.Allow,
		`put a dot of glue where the # is printed`:               event.Allow,
	})
}
