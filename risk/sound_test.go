package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestHiddenBySound writes what is blocked as it stands with each of its characters
// hidden in each way. The ways may sound like another word now and then.
func TestHiddenBySound(t *testing.T) {
	t.Parallel()

	n := 0
	var missed []string
	for _, text := range []string{"支付宝转给我", "银行卡转账给我", "打款到我卡", "验证码发我", "加我微信聊", "去死吧你", "操你妈", "你这个白痴", "王八蛋", "你是神经病吧", "脑残吧", "给我滚远点", "包治百病", "好评返现", "稳赚不赔", "线下付款便宜", "红包发我"} {
		require.Equal(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
		for _, hidden := range risk.Hidings(text) {
			n++
			if risk.Default().Check(hidden, agent).Verdict != event.Block {
				missed = append(missed, hidden)
			}
		}
	}
	require.Greater(t, n, 150)
	require.LessOrEqual(t, float64(len(missed)), 0.03*float64(n), "%d of %d: %v", len(missed), n, missed)
}

// TestSoundsOfOrdinaryTalk holds that words which sound like others pass where they
// mean themselves.
func TestSoundsOfOrdinaryTalk(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"您只付保险费就行", "去4S店就可以", "你马上就能收到", "麻烦您把收货人姓名发我", "有啥比较好的推荐吗", "这款比特别版便宜", "转专线给您处理", "草莓味的没货了",
		"他吗？他今天休息", "是你吗？我在门口", "尺寸是30X40，B款有现货", "贱卖清仓", "杂粮包和坚果包都有", "充电宝能带上飞机", "报价单已经发您邮箱", "猪年生肖摆件", "🐶粮买二送一", "🐴年大吉，🧧雨领取在首页", "退到8号账户", "保证书里写了尺码",
	} {
		r := risk.Default().Check(text, agent)
		require.NotEqual(t, event.Block, r.Verdict, "%q: %v", text, spans(text, r))
	}
}

// TestSoundKeepsItsPlace holds that a hidden word is marked where it stands.
func TestSoundKeepsItsPlace(t *testing.T) {
	t.Parallel()

	text := "您好，可以用zhi付🛡转账给我"
	r := risk.Default().Check(text, agent)
	require.Equal(t, event.Block, r.Verdict)
	require.Contains(t, text[r.Violations[0].Start:r.Violations[len(r.Violations)-1].End], "zhi付🛡转")
}
