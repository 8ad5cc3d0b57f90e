package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestNamesOfShapeNearWhatMeansAMessenger: whatever the messenger is called, a name
// that looks like one's there gives it away.
func TestNamesOfShapeNearWhatMeansAMessenger(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"the app named after what you hang washing on, id mina.tailor", "wee chat, all one word: penny3rk", "disc (ord) bluefen#4471",
		"telle gram fixit_gareth", "W (chat) linda_yw", "hannah.knits.uk ← ig", "linda_yw - that's my we chat", "@fixitgareth (tele)",
		"no not whatsapp, the chinese one: linda_yw", "brown bear app yuki.tix", "WhatsApp minus the app: gwen_41",
		"彳敳亻言 tuoyunma88", "蓝色翅膀 zhangwei_cg", "天天刷朋友圈那个，tuoyunma88", "韩国那个聊天的 hani_kbeauty", "ask for lamp_rescue_22 there", "try @harbour27uk", "绿皮 linxj99", "chenfang1998",
	} {
		require.Equal(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
}

// TestNumbersAndWordsBehindARespeltName: behind a messenger's name that somebody respelt a
// number and a plain word are meant as names there.
func TestNumbersAndWordsBehindARespeltName(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"cue cue 284716093", "penguin messenger of China 283746551", "小地瓜 94820371", "企额号 284716093", "小破站 uid 38820147", "扣1扣 284716093",
		"tlgrm boxandbarge", "telegr am fixitgareth", "加v:tuoyunmao", "wei信 tuoyunma", "v芯：tuoyunma", "dis cord rimsbyjoe",
	} {
		require.Equal(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
}

// TestCodesFilesAndDevicesAreNoNames: what has marks and digits and is a code's, a file's,
// a field's or a device's name passes near the same words.
func TestCodesFilesAndDevicesAreNoNames(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"The QQ plush penguin is on order 284716093", "w/c 13/05/2024 we restock", "The signal booster sb4000x has 3 antennas", "the photo app needs ios16 or newer",
		"The bird feeder bf20x is back", "snap ring din471 20mm", "email is changed in the profile, field contact_email", "Please rename to size_chart_v2",
		"Use windows11 and the app starts", "The telegram-blue paint is RAL5015", "File is named IMG_20261112_091733.jpg", "hostname: printer_2f", "Wi-Fi 名是 tp_8f2c，密码贴在底下",
		"微星 msi b760 显卡", "小相机 sx740hs", "绿色的 abc123 款", "拍一拍 灯 led2835", "首字母 abc123 刻字", "聊天软件 版本 8.0.50", "飞机模型 f22a 到货", "作为信用卡 12345678", "update to ubuntu22 first", "coupon is hello2024", "see page42", "type in test1234 as the example",
	} {
		require.NotEqual(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
}

// TestPagesAndPeopleWithBlanksInTheirNames: they are told by capitals, by quotes or by
// what stands before them, where a messenger is meant.
func TestPagesAndPeopleWithBlanksInTheirNames(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		`blue f page, search "Rosa Rugs Outlet" and knock there`, "messenger of Zuckerberg, name there Leanne Okafor-Returns", "f.b page BobsBackyardBikes inbox",
		"just go on facebook and find Bob's Backyard Bikes, then inbox me", "脸输搜 林记五金行 林志明", "📕 搜 阿May代购", "非死布克 林记五金行", `Look up "thegroutguy" on Insta`, "公主号：海边老王干货",
	} {
		require.Equal(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
	for _, text := range []string{"企鹅造型加湿器没货了", "小红书同款的那个杯子还有粉色吗", "The green one is called Forest Walk", "卫星锅接收不到信号要调角度", "Facebook: Our Page Is Down", "公众号：今天发了"} {
		require.NotEqual(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
}

// TestNamesInAccentsAndBackwards: a messenger's name in accents is hidden, and what is called
// an id in a text that says to read backwards is one.
func TestNamesInAccentsAndBackwards(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"ìñstágràm petsbyjo", "Ƭέlέɠɾαɱ boxandbarge", "ƜęÇħäť wangzb-66", "ǪǪ 1936027750", "my d¡scord bluefen4471", "我的ID从右往左读:oamnuyouT"} {
		require.Equal(t, event.Block, risk.Default().Check(text, agent).Verdict, text)
	}
}

// TestNamesOfThingsAreNoHandles: what fields, files, versions and lists are called has the
// shape of a handle, too.
func TestNamesOfThingsAreNoHandles(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]event.Verdict{
		"Open config.yaml and set max_retries to 5, then restart.":            event.Allow,
		"The metafield is called care_guide, it shows under the description.": event.Allow,
		"Please rename the sheet to stock_may and import it again.":           event.Allow,
		"The dashboard shows ctr_7d and roas_7d, both are last week's.":       event.Allow,
		"The font is Inter_18pt, weight 500.":                                 event.Allow,
		"颜色名是sage_mist，店里写的是雾绿色。":                                             event.Allow,
		"Please pick the branch office north_2 in the list.":                  event.Allow,
		"find me as gemma_upcycles":                                           event.Block,
		"add gemma_2 there":                                                   event.Block,
		"搜 ahui_niunai":                                                       event.Block,
	} {
		got := risk.Default().Check(text, agent)
		require.Equal(t, want, got.Verdict, "%s %v", text, spans(text, got))
	}
}
