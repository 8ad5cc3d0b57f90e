package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestCombinations holds that words of several senses are an offence in any order
// and any form that a view reads, that a sentence's end parts them, and that
// words of warning in the same sentence take the meaning away.
func TestCombinations(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		name, text string
		want       event.Verdict
	}{
		{"one order", "transfer the balance to my wallet", event.Block},
		{"the other order", "to my wallet, please, the balance, as a transfer", event.Block},
		{"one sense missing", "your wallet has a balance", event.Allow},
		{"parted by a sentence's end", "We bill the balance. Bring cards to my desk if you need help.", event.Allow},
		{"a warning in the same sentence", "a scam mail: to my wallet, please, the balance, as a transfer", event.Allow},
		{"a warning in another sentence", "Scammers exist. Transfer the balance to my wallet", event.Block},
		{"letters as digits", "tr4nsf3r the b4l4nce to my w4ll3t", event.Block},
		{"Chinese", "余额宝可以，钱转过来就行", event.Block},
		{"Chinese with a warning", "谨防诈骗：让您用余额宝转过来的都是骗子", event.Allow},
		{"too far apart", "the money for the sofa was booked by the bank last week on Monday in the morning when the shop opened; my wallet", event.Allow},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			r := risk.Default().Check(c.text, agent)
			require.Equal(t, c.want, r.Verdict, "%v", spans(c.text, r))
		})
	}
}

// TestLongTalkIsJudged holds that an ordinary text of several hundred Chinese
// characters leaves most of the work unspent: what is not judged is held back.
func TestLongTalkIsJudged(t *testing.T) {
	t.Parallel()

	text := "您好，我是今天接手您这件事的客服，先跟您道个歉，让您前后说了三遍。您上周五买的净水器，安装师傅周日上门时发现厨房下水口比标准的细一圈，转接头又没有带，所以只装了一半，这个情况在我们的记录里都有。刚才我跟安装站的站长通过电话，他答应明天上午九点到十一点之间再安排一位师傅过去，这次会带上两种规格的转接头，材料费由我们承担，您不需要再付一分钱。装好以后请您放十分钟水，把前面的水用来浇花或者拖地，滤芯里的碳粉冲干净以后水就清了。如果明天下雨，师傅可能会晚到半个小时，他出发之前会先给您打招呼。另外您提到水龙头有一点松，我让他顺手帮您紧一下。发票我已经按您留的抬头开好，两个小时之内可以在订单页面下载，保修从安装完成那一天开始算，一共三年，滤芯每半年提醒您更换一次。还有什么想问的，您直接在这里留言就可以，我今天晚上八点之前都在。"
	require.Less(t, risk.Default().Work(text, agent), risk.Share(text)/2)
	require.Equal(t, event.Allow, risk.Default().Check(text, agent).Verdict)
}
