package risk_test

import (
	"testing"

	"github.com/floorlight/floorlight/hub/event"
)

func TestAddressesWhoseMarksAreWrittenOtherwise(t *testing.T) {
	t.Parallel()

	marks(t, []markedText{
		{"write to rosa77 arroba gmail punto com", "rosa77 arroba gmail punto com", event.Block},
		{"邮件发到rosa77艾忒163句号科姆", "rosa77艾忒163句号科姆", event.Block},
		{"rosa77@gmaildotcom", "rosa77@gmaildotcom", event.Block},
		{"rosa77 , at , mail , dot , ru", "rosa77 , at , mail , dot , ru", event.Block},
		{"rosa77在126奌com", "rosa77在126奌com", event.Block},
		{"it is rosa77 over at gmail, as you know", "rosa77 over at gmail", event.Block},
		{"see kicksdirect.c0m", "kicksdirect.c0m", event.Block},
		{"see kicksdirect🔴com", "kicksdirect🔴com", event.Block},
		{"see kicksdirect.c o m", "kicksdirect.c o m", event.Block},
		{"see kicksdirect.cοm", "kicksdirect.cοm", event.Block},
		{"go to 47。98。112。9:8080", "47。98。112。9:8080", event.Block},
		{"see carpetking(period)us for samples", "carpetking(period)us", event.Block},
		{"yogamat\\.deals", "yogamat\\.deals", event.Block},
		{"it is c***n@163.com, right?", "", event.Allow},
		{"best-deals\u200b.com", "best-deals\u200b.com", event.Block},
		{"go to dеаlkіng.shор for it", "dеаlkіng.shор", event.Block},
		{"go to ue.dlrowpmal, reversed of course", "ue.dlrowpmal", event.Block},
		{"open best-deals.com", "best-deals.com", event.Flag},
		{"track it on ups。com", "", event.Allow},
		{"just google luxbags with ru at the end", "with ru at the end", event.Block},
		{"velvethome store, all one word with dots", "store, all one word with dots", event.Block},
		{"lampworld*com, the star is a dot", "lampworld*com", event.Block},
		{"mmbags①com（①是点）", "mmbags①com（①是点", event.Block},
		{"sneakerbarn dot see oh em", "sneakerbarn dot see oh em", event.Block},
		{"first name dot last name at the google one", "name dot last name at the google", event.Block},
		{"rosa.k before the at, then posteo.de", "rosa.k before the at, then posteo.de", event.Block},
		{"grandma at the-hendersons dot family", "grandma at the-hendersons dot family", event.Block},
		{"we look at the polka dot shoes", "", event.Allow},
		{"your router's page is 192.168.1.1:80", "", event.Allow},
		{"arrive on the dot, the driver only waits five minutes", "", event.Allow},
		{"小老鼠玩偶有货", "", event.Allow},
		{"圈a圈b两个孔位别接反", "", event.Allow},
		{"the lamp is shown at point 3, com port included", "", event.Allow},
	})
}
