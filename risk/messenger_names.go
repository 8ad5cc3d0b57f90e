package risk

import "strings"

// The names of messengers as people write them who want to be understood and not found.

// spellings are all words of a pattern, in which [a|b|] stands for one of its parts.
func spellings(patterns ...string) []string {
	var out []string
	for _, p := range patterns {
		before, rest, found := strings.Cut(p, "[")
		if !found {
			out = append(out, p)
			continue
		}
		choice, after, _ := strings.Cut(rest, "]")
		for _, tail := range spellings(after) {
			for part := range strings.SplitSeq(choice, "|") {
				out = append(out, before+part+tail)
			}
		}
	}
	return out
}

// heardNames are names as they are heard, that are no words.
var heardNames = func() []string {
	var out []string
	for _, w := range spellings(
		"w[h|][a|o|u][t|tt][s|z|zz|ss|'s|sz][ |-|][a|u][p|pp]",
		"w[h|][a|o|u][z|zz][ |-|][a|u][p|pp]",
		"w[h|][a|o][t|tt][ |-|][a|u]p[p|pz|s|ps]",
		"w[e|ee|i|ea][ |-|][c|ch|sh|tch][u|e|a|i|aa|ai|ae][t|tt]",
		"wee[ |-|]chat", "we[ |-|]sh[a|e]t", "ve[ |-|]chat", "we[ |-|]ch[atty|aty|attt]", "we[ |-]see[ |-]hat", "we[ |-]c[ |-]hat", "v[ |-]chat", "vee[ |-]chat",
		"weis[h|]in", "wei[ |-]sin", "way[ |-|]shin", "way[ |-|]sheen",
		"wh[t|ts]sp[p|]", "wh[t|ts][a|u]p[p|]", "w[u|o]t[s|z|][a|u]p[p|]", "wats[a|u][p|pp]",
		"tel[e|i|a|][ |-|]g[r|er][a|e|u]m[m|]", "telly[ |-|]gram", "tel[e|i][ |-|]gr[a|u]m[z|e|me]", "t[ |-]gram", "tee[ |-|]gee", "tele[ |-]g",
		"[inst|instu|insti|in5ta][ |-]gram", "inst[a|er|uh][ |-|]gr[a|e]mm", "inst[er|uh][ |-|]gram", "eye[ |-|]gee", "insta[ |-]g", "insta[ |-]grm", "the gram", "inst a", "in sta",
		"sn[a|e|ae][p|pp][ |-|]ch[a|e]t[t|]", "snap[ |-|]p[y|ie|ee][ |-|]chat", "snappy[ |-]chat", "snap[ |-]cat", "snp[ |-|]chat",
		"me[s|ss|z|zz][e|i|a]n[j|g][e|a|u][r|rr]", "messenja", "mesenger", "mess[a|i]nger", "mssngr", "msngr", "fb[ |-]mess[enger|anger|enjer|age]", "face[ |-|]b[uk|ook|uck|oook]", "faice[ |-|]book", "f[ |-|]book", "meta's chat", "meta chat", "meta messenger", "meta's messenger",
		"dis[c|k|kk][ |-|][o|a]r[d|dd]", "disk[ |-|]cord", "this[ |-]cord", "dis[ |-]cord", "cord server",
		"sk[y|i|ai][p|pp][e|]", "sky[ |-]pe", "sk[ |-]y[ |-]pe",
		"vib[b|]er[r|]", "vyber", "v[i|ai|y]ber", "vi[ |-]ber", "purple app",
		"zal[l|][o|oh]", "za[ |-]lo",
		"s[i|y]gn[ |-|][a|e|o]l[l|] app", "5ignal", "singal", "siganl", "signl", "sginal", "discrod", "dicsord", "disocrd", "vibre", "vibr", "skyep", "skpye", "messneger", "messegner", "instagarm", "snpachat", "sig[ |-]nal", "signaal",
		"k[a|]k[a|][o|ow|oh|aw]", "ka[ |-]kao", "k[ |-]talk", "kko[ |-|]talk", "kko", "ktalk", "kakaot",
		"tik[ |-|]t[o|0|i][k|c]", "tic[ |-]tok", "tick[ |-|]tock", "tik[ |-]tock", "dou[ |-]yin", "d[o|ou][ |-]yin", "douyin",
		"xiao[ |-|]hong[ |-|]shu", "red[ |-|]note", "little red book", "xhs", "weib[o|oh]", "wei[ |-]bo",
		"[what's|whats|what] + app", "tele + gram", "insta + gram", "we + chat", "snap + chat", "face + book", "dis + cord", "we c hat", "w e chat", "whats a p p",
		"lyne id", "line[ |-]id", "lain id", "l1ne", "li ne", "l ine", "lin e",
	) {
		if !isIn(ordinaryNames, []byte(w)) {
			out = append(out, w)
		}
	}
	return out
}()

// ordinaryNames are words and greetings among those.
var ordinaryNames = wordSet("wechat", "we-chat", "weixin", "wei xin", "wei-xin", "whatsapp", "whats-app", "snapchat", "snap chat", "snap-chat", "telegram", "tele gram", "tiktok", "tik tok", "tik-tok", "tick tock", "tick-tock", "ticktock", "tic tok", "douyin", "weibo", "facebook", "face book", "fbook", "kaka", "kaka o", "dis cord", "sig nal", "signaal", "what app", "what apps", "what-app", "wats up", "whats up", "what's up", "whatsup", "what's-up", "whats-up", "watsup", "wats-up", "wat app", "what up", "wat up", "whatup", "wot up", "wotup", "watup", "what ups", "what apps", "watt app", "wats app", "whats app", "what's app", "we chit", "wee chat", "weshet", "we shat", "we-shat", "we shet", "we-shet", "weshat", "we chat", "we cat", "we-cat", "wecat", "we cut", "wecut", "we cit", "we cet", "we shut", "we-shut", "weshut", "we shit", "we-shit", "weshit", "we chet", "wecit", "wee cat", "we tchat", "we tchet", "we tchit", "we tchut", "wicat", "wichit", "wichita", "wicit", "wicut", "wicet", "wishet", "wishat", "witchet", "witch", "weatchat", "weacat", "weacut", "weacit", "weacet", "weashit", "weashut", "weashat", "we caat", "we cait", "we caet", "wi cat", "wi cut", "wi shit", "wi shut", "wi shat", "wea cat", "wee shut", "wee shit", "wee cut", "weesht", "weesh", "sk y", "skip", "skipp", "skippe", "skype", "viber", "vyber", "telegram", "weibo", "facebook", "tic tok", "messenger", "kakao", "zalo", "discord")

// hanNames are names in Chinese, by their sound, by what is in their picture, or as people
// call them.
var hanNames = []string{
	"瓦茨艾普", "瓦茨", "瓦次", "沃茨艾普", "沃茨", "哇茨", "瓦萨普", "娃茨", "瓦哈普", "whats艾普", "油瓦茨", "特莱格拉姆", "特雷格拉姆", "泰莱格拉姆", "电爆",
	"小飞机号", "纸灰机", "灰机号", "土豆号", "t开头蓝色", "爱鸡", "爱寄", "艾寄", "ig盒子", "ig小盒子", "因斯塔", "英斯塔", "非死不可", "菲斯布克", "肥书", "脸叔",
	"废死不可", "messenger我", "小蓝f", "色拉布", "色拉部", "斯纳普", "阅后即焚那个", "小黄鬼", "黄色小鬼", "黄底鬼", "赖id", "癞id", "我的赖", "我的癞",
	"我的莱", "加我赖", "加癞", "赖号", "癞我", "私人ㄌㄞ", "ㄌㄞ", "赖好友", "绿色赖", "咖靠", "卡靠", "卡考", "咖喔", "卡喔", "咖考", "可可talk", "卡卡偶",
	"迪斯科德", "低斯扣", "dc私", "扎罗", "扎洛", "匝罗", "扎咯", "杂罗", "乍罗", "小红叔", "小轰书", "小洪书", "小鸿书", "xhs号", "小红s", "抖阴", "抖因",
	"斗音", "抖印", "豆音", "d音", "dy号", "dy私", "抖y", "快shou", "ks号", "k手", "微脖", "渣浪", "q扣", "q🐧", "扣🐧", "蔻蔻号", "企鹅群",
	"胃信", "蔚信", "玮信", "渭信", "潍信", "葳亻言", "威亻言", "薇亻言", "维亻言", "卫亻言", "微伩", "信微", "绿信", "薇心信", "胃芯", "微xin", "威xin",
	"薇xin", "卫xin", "we恰特", "we信", "v恰", "十一加v", "薇号", "微号", "威号", "蔚❤", "胃❤", "蔚号", "v❤️", "绿色泡泡", "绿色气泡", "绿软件",
	"钉丁", "闲余", "某信", "某书号", "某q", "球球号", "秋秋号", "口口号", "dc群", "dc号", "抖那个音", "土豆群", "dy搜", "癩id", "我的癩", "我的賴", "赖 id",
	"癞 id", "癩 id", "賴 id", "脸书找", "脸书搜", "面书找", "面书搜", "fb，搜", "fb搜", "ig搜", "tg搜", "ins搜", "fb找", "ig找", "tg找", "fb,搜", "ins找",
}

// hanWords are those of which some are words, too.
var hanWords = []string{
	"华茨", "瓦刺", "电报群", "点报", "殿报", "因斯", "阴斯", "照片墙", "脸书", "面书", "脸簿", "脸谱", "来id", "加赖", "赖上", "line上", "赖我", "莱恩",
	"迪斯科", "迪斯扣", "红书", "小红薯", "小红本", "快手号", "块手", "快首", "围脖", "围博", "小企鹅", "胖企鹅", "卫新", "微芯", "微言", "威性", "微恰", "vv",
	"v+", "绿泡", "绿色那个", "那个绿色", "绿app", "张小龙", "丁丁号", "叮叮号", "丁丁搜", "叮叮搜", "丁丁", "陌陌搜", "探探号", "贴吧号", "咸鱼号", "闲鱼号",
	"某博", "某音", "某讯",
}

// signNames are pictures of messengers. They stand before a name.
var signNames = []string{
	"rhymes with", "blue plane", "paper plane", "little plane", "green one", "yellow one", "blue one", "purple one", "green bubble", "speech bubble", "ghost app", "bird app", "camera app", "plane app", "bubble app", "penguin app", "the app with", "the app which", "the other app", "that app", "blue bird", "yellow ghost", "little ghost", "white phone", "spelled with", "without the space", "without the dash", "not allowed to say", "can't say the name", "cant say the name", "you know which app", "you know the app", "you know the one", "begins with w", "starts with w",
	"气泡", "小鬼", "大家天天用", "抢红包那个", "发语音", "你懂的那个", "您懂的那个", "不能说名字", "打不出来", "那个软件", "那个聊天",
	"👻", "📷", "📸", "💬", "🟢", "✈", "🛩", "🐦", "📘", "🎵", "🟩", "🍠", "📕",
}

// askedThere stand behind a messenger's name where somebody asks to go on there.
var askedThere = []string{
	"me on", "me at", "me pls", "me please", "me hun", "me mate", "me lol", "me x", "me,", "me.", "me!", "me\x00", "only", "pls", "please add", "instead", "inbox", "same number", "same as", "number is on", "dm me", "then dm",
	"加我", "找我", "敲我", "私我", "戳我", "滴我", "滴滴我", "联系我", "私信我", "私聊", "发我", "call我", "呼我", "dm我", "我吧", "我啦", "我哈", "我，", "我,", "我。", "我\x00", "同号", "就我", "同手机", "同步手机", "就是我", "号在您", "号码在", "号在包裹",
}

// toldThere are words behind a disguised name that say the same, whatever stands between.
var toldThere = []string{
	"id", "user", "username", "nick", "nickname", "handle", "search", "find", "add", "friend", "dm", "me", "my", "name", "same", "account", "inbox", "only", "invite", "look", "i'm", "im",
	"搜", "找", "加", "号", "账号", "帐号", "名字", "昵称", "私", "我", "群", "聊", "联系",
}
