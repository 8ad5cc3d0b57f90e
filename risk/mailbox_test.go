package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
)

func TestMailboxesThatAreNamedWithoutAnAddress(t *testing.T) {
	t.Parallel()

	marks(t, []markedText{
		{"my gmail is lampsbyrita, just the name", "gmail is lampsbyrita", event.Block},
		{"rita.lamps, and it's a hotmail", "rita.lamps, and it's a hotmail", event.Block},
		{"rita.lamps and then g mail and com", "rita.lamps and then g mail", event.Block},
		{"user = lampsbyrita, host = outlook.com", "lampsbyrita, host = outlook.com", event.Block},
		{"user jo, host lampbarn.co.uk, the snail goes between", "jo, host lampbarn.co.uk", event.Block},
		{"first part: derek. second part: lampbarn.sg. put an a with a circle between", "derek. second part: lampbarn.sg", event.Block},
		{"rita (you know the sign) lampbarn.co.uk", "rita (you know the sign) lampbarn.co.uk", event.Block},
		{"ritalamps (you know the sign) lampbarn.co.uk", "ritalamps (you know the sign) lampbarn.co.uk", event.Block},
		{"@ the google one: ritalamps", "google one: ritalamps", event.Block},
		{"网易163的，前面是 rita_deng，自己拼", "网易163的，前面是 rita_deng", event.Block},
		{"谷歌邮箱 rita2020 直接发", "谷歌邮箱 rita2020", event.Block},
		{"rita.deng爱她foxmail滴啊特com", "rita.deng爱她foxmail滴啊特com", event.Block},
		{"企鹅邮箱 88231123", "企鹅邮箱 88231123", event.Block},
		{"gmail is blocking our newsletters, check spam please", "", event.Allow},
		{"gmail is unavailable, try later", "", event.Allow},
		{"your gmail rita_lamps bounced", "", event.Allow},
		{"we sent invoice INV2231 to your Hotmail", "", event.Allow},
		{"go to outlook.com and check junk", "", event.Flag},
		{"the snail cream is 50 ml, lampbarn.sg has it", "", event.Flag},
		{"谷歌的 Pixel7a 有货", "", event.Allow},
		{"163的身高穿M码", "", event.Allow},
		{"腾讯会员 VIP12 可充", "", event.Allow},
	})
}
