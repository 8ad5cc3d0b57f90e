package risk

import (
	"slices"
)

// messengerCues are the names of messengers, as written and as disguised.
var messengerCues = func() []cue {
	return slices.Concat(
		cuesOf(cueVerb, inviteVerbs...),
		cuesOf(cueSure, slices.Concat([]string{
			"wechat", "weixin", "whatsapp", "whats app", "telegram", "tele gram", "kakaotalk", "viber", "snapchat", "weichat", "wechatt", "whatsap", "watsapp", "wchat", "weechat", "wechet", "wecaht", "vvechat", "vvhatsapp", "whatapp", "whatsup number", "wassap", "watsap", "whatsaap", "whatspp", "telegrm", "tlgrm", "telegarm", "wei xin", "insta gram", "green chat app", "the green app", "green app", "wechat id", "fb messenger", "what's app",
			"微信", "微x", "v信", "扣扣", "扣🐧", "抠抠", "叩叩", "蔻蔻", "扣q", "企鹅号", "飞机号", "纸飞机", "电报", "电抱", "微信号", "小红书号", "抖音号", "快手号", "wei信", "微❤", "薇❤", "威❤", "徽❤", "v❤", "微♥", "v♥", "薇♥", "威♥", "w❤x", "w♥x", "v芯", "某信", "微丨信", "微亻言", "我微 ", "加我 v", "加我 微", "加我 薇", "我薇 ", "我v ", "我徽 ", "我威 ", "绿色图标", "绿色图标聊天", "小绿书", "我的ins", "我ins", "我的ig", "我的fb", "我的tg", "我tg", "加我tg", "加我ig", "加tg", "我的line", "加我line", "陌陌号", "qq邮箱", "telegrem", "instgram", "paypai", "instagam", "snap chat", "face book", "vchat", "teiegram", "wxid", "lnstagram", "imo no", "imo number", "my imo", "imo id", "zuck's chat", "蝙蝠app", "蝙蝠号", "蝙蝠id", "亻故信", "w信", "🐧", "💚", "teleg", "亻攵信", "蔽信", "lnsta", "telegrarn", "te1egram", "whatsaqq", "wechal", "slgnal", "vlber", "wx id", "icq", "旺旺我", "旺旺号", "旺旺id", "微言", "飞书号", "钉钉号", "瓦次普", "whatzapp", "whatz app", "wattsapp", "wats app", "what's-app", "kik", "我微:", "我薇:", "我v:", "绿泡泡", "绿色软件", "绿色聊天软件", "绿色聊天", "瓦次艾普", "哇次艾普", "脸书", "卫星号", "球球号", "土豆聊",
		}, misspelt("wechat", "weixin", "whatsapp", "telegram", "instagram", "snapchat", "facebook", "kakaotalk"), cutInThree("telegram", "instagram", "whatsapp", "snapchat", "facebook"), cutInTwo("skype", "viber", "discord", "messenger", "line id"), homophones("信", "芯", "心", "x", "欣", "星", "伈", "兴", "♥", "❤", "亻言"))...),
		cuesOf(cueSure, homophones("")...),
		cuesOf(cueDisguised, heardNames...),
		cuesOf(cueDisguised, hanNames...),
		cuesOf(cueLikely, hanWords...),
		cuesOf(cueSign, signNames...),
		cuesOf(cueLikely,
			"vx", "wx", "v丶x", "v.x", "v-x", "v_x", "v·x", "v/x", "v x", "w x", "vx号", "wx号", "qq", "q q", "qq号", "qq群", "扣扣群", "q群", "加群", "进群", "群号", "ins号", "推特", "陌陌", "t.g.", "i.g.", "zalo", "skype", "discord", "instagram", "insta", "messenger", "signal", "kakao", "line id", "lineid", "s.c.", "we chat", "w chat", "wapp", "wsp", "钉钉", "球球", "秋秋", "口口", "小红书", "抖音", "快手", "facebook", "tiktok", "twitter", "卫星", "加卫星", "加飞机", "加q", "加vx", "加wx", "企鹅", "snap",
		),
		cuesOf(cueWeak,
			"gram", "line", "ig", "fb", "tg", "wa", "v", "q", "sc", "ins", "飞机", "小飞机",
		),
	)
}()

// homophones are the ways in which the first character of WeChat is disguised,
// before after; with nothing after it a verb must stand before it.
func homophones(after ...string) []string {
	var out []string
	for _, h := range []string{"微", "薇", "威", "徽", "维", "溦", "危", "唯", "魏", "韦", "卫", "围", "徾", "v", "薇薇", "丫", "喂", "巍", "葳", "崴", "嶶", "歪", "苇", "胃", "蔚", "玮"} {
		for _, x := range after {
			switch {
			case x == "" && h != "丫":
				for _, verb := range []string{"加", "+", "➕", "嘉", "佳", "家", "咖", "伽", "傢", "茄", "扫", "添"} {
					if verb == "家" && h != "v" && h != "微" || verb == "扫" && h == "v" {
						continue
					}
					out = append(out, verb+h)
					if h == "v" {
						out = append(out, verb+" "+h)
					}
				}
			case x == "" || h == "危" && x == "心" || h == "卫" && x == "星" || h == "唯" && x != "信" && x != "x":
			case x == "星" && h != "薇", x == "x" && (h == "v" || h == "丫"), x == "欣" && h == "魏":
			default:
				out = append(out, h+x)
			}
		}
	}
	return out
}

// connectors may stand between the messenger's name and the handle. Those that
// introduce a name make a plain word after them a likely handle.
var connectors = byFirst([]connectorWord{
	{":", true},
	{"=", true},
	{"@", true},
	{"：", true},
	{"#", false},
	{"-", false},
	{">", false},
	{"(", false},
	{"[", false},
	{"\"", false},
	{"'", false},
	{"「", false},
	{"【", false},
	{"“", false},
	{"~", false},
	{"，", false},
	{",", false},
	{"信", false},
	{"联系", false},
	{"联络", false},
	{"添加", false},
	{"找我", false},
	{"聊", false},
	{"找", false},
	{"就是", true},
	{"同步", true},
	{"同", false},
	{"不是", false},
	{"colon", true},
	{"app", false},
	{"application", false},
	{"under", true},
	{"called", true},
	{"look for", true},
	{"look up", true},
	{"find", false},
	{"nick:", true},
	{"chat", false},
	{"talk", false},
	{"→", true},
	{"昵称", true},
	{"名字", true},
	{"名", true},
	{"用户名", true},
	{"后面是", true},
	{"输入", true},
	{"搜我", true},
	{"吧", false},
	{"发您了", true},
	{"发你了", true},
	{"发", false},
	{"叫", true},
	{"live", true},
	{"search", false},
	{"号码", true},
	{"账号", true},
	{"帐号", true},
	{"号", true},
	{"是", true},
	{"为", true},
	{"我", false},
	{"搜一搜", true},
	{"搜索", false},
	{"搜", false},
	{"加", false},
	{"id", true},
	{"hao", true},
	{"is", false},
	{"me", false},
	{"at", false},
	{"on", false},
	{"number", false},
	{"num", false},
	{"no", false},
	{"handle", true},
	{"account", false},
	{"username", true},
	{"nick", true},
	{"nickname", true},
	{"group", false},
	{"channel", false},
	{"profile", false},
	{"page", false},
	{"acc", true},
	{"user", false},
	{"name", false},
	{"contact", false},
	{"add", false},
	{"my", false},
	{"here", false},
	{"backwards", true},
	{"backward", true},
	{"reversed", true},
	{"in reverse", true},
	{"written", false},
	{"the other way", true},
	{"倒着", true},
	{"倒过来", true},
	{"反着", true},
	{"反过来", true},
	{"倒读", true},
	{"反读", true},
}, func(c connectorWord) string { return c.word })

type connectorWord struct {
	word  string
	names bool
}

var inviteVerbs = []string{
	"add me", "add my", "add us on", "text me", "message me", "msg me", "dm me", "contact me", "reach me", "find me", "hit me up", "hit me on", "hit me at", "friend me", "ring me on", "slide in", "slide into", "pop me", "hmu", "ping me", "write me", "write to me",
	"talk to me", "chat with me", "call me", "follow me", "scan my", "what is your", "what's your", "give me your", "give me ur", "what is ur", "whats ur", "what's ur", "whats your", "send me ur", "send me your", "share your", "lets talk on", "let's talk on", "let's chat on", "let's move to", "take this to", "take it to", "move this to", "talk over", "move to my", "switch to my", "talk on", "continue on",
	"加我", "加一下", "加下", "加一下我", "加下我", "加个", "加你", "添加我", "加好友", "嘉我", "佳我", "+我", "留个", "留下", "发我", "dd我", "滴滴我", "敲我", "告诉我", "换个", "扫我", "联系我", "私聊", "私信我", "找我", "我的", "我加", "互加", "用我", "去我", "我把",
}

// notInvited follow a messenger's name where it means a payment, a programme
// or the shop's own account.
var notInvited = []string{
	"pay", "mini", "official", "moments", "login", "log in", "account linked", "notification",
	"支付", "付款", "小程序", "公众号", "登录", "登陆", "钱包", "官方", "客服", "绑定", "授权", "通知", "零钱", "红包", "账单", "退款", "收款码截图", "头像", "昵称", "转账记录",
}
