package risk

import "slices"

// bareNames are names that count where they stand alone, besides those that always do.
var bareNames = wordSet(
	"fb", "tele", "teleg", "whats", "whatsapp", "wapp", "insta", "lineid", "kakaotalk", "kakao", "ktalk", "wechat", "weixin", "snapchat", "snap", "fbmessenger", "threads", "bluesky", "mastodon", "bsky", "twitch", "steam", "reddit", "wickr", "session", "threema", "element", "matrix", "zalo", "imo", "hangouts", "gchat", "teams", "skype", "live", "viber", "xhs", "dy", "rednote", "redbook", "douyin", "kuaishou", "weibo", "veeex", "doubleyouex", "veex", "double you ex", "veechat", "upi", "vpa", "paypal", "venmo", "zelle", "cashapp", "revolut", "gpay", "phonepe", "paytm",
	"赖", "癞", "莱", "薇", "微", "威", "徽", "维信", "公众", "微信公众", "订阅", "视频", "微店", "淘宝", "闲鱼", "咸鱼", "得物", "拼多多", "小红书", "红薯", "抖音", "快手", "b站", "知乎", "微博", "贴吧", "豆瓣", "陌陌", "探探", "telegram", "电报群", "qq空间", "钉钉", "飞书", "企微", "企业微信", "脸书", "推特", "油管", "纸飞机", "小飞机", "飞机群",
)

// wordsToo are names that mean something else, too.
var wordsToo = wordSet("line", "signal", "snap", "messenger", "gram", "ins", "sc", "wa", "live", "teams", "session", "threads", "element", "matrix", "steam", "facebook", "google", "paypal", "venmo", "zelle", "cashapp", "revolut", "飞机", "电报", "公众", "淘宝", "视频", "订阅", "微")

// noNames are messages that are no name.
var noNames = wordSet(
	"yes", "no", "nope", "yup", "hi", "hello", "hey", "hiya", "thanks", "thank", "thx", "ty", "cheers", "great", "good", "fine", "perfect", "super", "cool", "nice", "lovely", "brilliant", "awesome", "done", "noted", "sure", "sorry", "oops", "please", "pls", "plz", "understood", "correct", "right", "wrong", "exactly", "indeed", "absolutely", "certainly", "definitely", "maybe", "perhaps", "probably", "possibly", "never", "always", "really", "actually", "anyway", "instead", "however", "because", "though", "also", "both", "either", "neither", "none", "all", "any", "some", "many", "most", "more", "less", "other", "others", "another", "same", "different", "only", "just", "even", "still", "yet", "again", "already", "almost", "enough", "too", "very", "quite", "well", "better", "best", "worse", "worst",
	"this", "that", "these", "those", "there", "here", "where", "when", "what", "which", "who", "why", "how", "whose", "with", "without", "from", "for", "and", "but", "not", "the", "you", "your", "our", "their", "his", "her", "its", "them", "they", "she", "him", "was", "were", "will", "would", "can", "could", "should", "have", "has", "had", "are", "is", "been", "does", "did", "doing", "works", "work", "working", "fixed", "sent", "send", "check", "checking", "checked", "wait", "waiting", "moment", "minute", "second", "seconds", "today", "tomorrow", "tonight", "yesterday", "morning", "afternoon", "evening", "night", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "soon", "later", "now", "then", "next", "last", "first",
	"login", "log", "logged", "sign", "signed", "button", "buttons", "page", "settings", "menu", "link", "icon", "icons", "account", "account?", "email", "mail", "phone", "password", "browser", "desktop", "android", "iphone", "ios", "ipad", "windows", "mac", "chrome", "safari", "google", "apple", "amazon", "ebay", "paypal", "visa", "mastercard", "amex", "klarna", "zoom", "youtube", "netflix", "spotify", "bluetooth", "wifi", "email?", "ads", "advert", "story", "post", "reel", "feed", "shop", "store", "online", "website", "site", "flyer", "poster", "radio", "friend", "friends", "family", "cash", "card", "cards", "transfer", "refund", "order", "orders", "delivery", "shipping", "shipped", "parcel", "pickup", "return", "returns", "exchange", "blue", "red", "green", "black", "white", "grey", "gray", "pink", "purple", "yellow", "orange", "brown", "navy", "beige", "cream", "gold", "silver", "small", "medium", "large", "size", "sizes", "long", "short", "wide", "narrow", "left", "wrong chat", "ignore", "typo", "nevermind", "welcome", "bye", "goodbye", "take care",
)

// serviceWords stand in what a desk says of itself.
var serviceWords = [][]byte{[]byte("支付"), []byte("付款"), []byte("退款"), []byte("客服"), []byte("优惠"), []byte("优惠券"), []byte("活动"), []byte("下单"), []byte("订单"), []byte("发货"), []byte("快递"), []byte("物流"), []byte("收到"), []byte("谢谢"), []byte("感谢"), []byte("明白"), []byte("稍等"), []byte("正在查"), []byte("登录"), []byte("绑定"), []byte("授权"), []byte("通知"), []byte("公告"), []byte("菜单"), []byte("首页"), []byte("直播"), []byte("直播间"), []byte("官方"), []byte("旗舰店"), []byte("视频"), []byte("广告"), []byte("朋友"), []byte("同事"), []byte("银行卡"), []byte("信用卡"), []byte("支付宝"), []byte("现金"), []byte("余额"), []byte("红包"), []byte("零钱"), []byte("小程序"), []byte("公众号"), []byte("朋友圈"), []byte("查到"), []byte("确认"), []byte("成功"), []byte("失败"), []byte("取消"), []byte("完成"), []byte("上午"), []byte("下午"), []byte("晚上"), []byte("今天"), []byte("明天"), []byte("昨天"), []byte("周一"), []byte("周二"), []byte("周三"), []byte("周四"), []byte("周五"), []byte("周六"), []byte("周日"), []byte("正常"), []byte("正品"), []byte("包邮"), []byte("黑色"), []byte("白色"), []byte("红色"), []byte("蓝色"), []byte("绿色"), []byte("灰色"), []byte("小号"), []byte("中号"), []byte("大号"), []byte("均码"), []byte("会员"), []byte("中心"), []byte("个人"), []byte("积分"), []byte("中奖"), []byte("售后"), []byte("下载"), []byte("打折"), []byte("折扣"), []byte("满减"), []byte("包装"), []byte("颜色"), []byte("尺码"), []byte("库存"), []byte("现货"), []byte("预售"), []byte("质量"), []byte("地址"), []byte("电话"), []byte("时间")}

// noNameRunes stand in sentences and in no name.
var noNameRunes = []byte("的了吗呢哦吧啊呀哈嘛么没不有在是我你您他她它们这那哪就还都也和或请要想会能可以为什谁几多少怎给把被从到对很太再又先后左右下点击退付款收发查看麻烦辛苦谢")

// introducing is a word before a name or behind it.
type introducing struct {
	word           string
	called, invite bool
}

// leadWords stand before a name and tailWords... behind it.
var (
	leadWords = byFirst(slices.Concat(
		introducingOf(false, false, "is", "it's", "its", "it is", "i'm", "im", "i am", "the", "on", "at", "in", "that's", "thats", "it's on", "on the", "under", "with", "there", "there's", "use", "via", "through", "so", "ok", "yeah", "type", "type in", "open", "the app is", "app is", "app:", "app", "go to", "go on", "try", "we use", "it was", "this is", "here's", "we're", "we are", "=", ":", "：", "，", "@ ", "(", "\"", "“", "「", "【", "→", "->", ">",
			"我的", "我", "用", "您", "你", "您直接", "直接", "去", "上", "打开", "那个", "在", "用的", "就用", "走", "的", "到", "先", "请", "可以", "麻烦"),
		introducingOf(true, false, "name", "name is", "name's", "names", "the name is", "the name's", "user", "username", "user name", "username is", "user is", "my user", "handle", "handle is", "id", "id is", "nick", "nickname", "account", "account is", "acc", "search", "search for", "look up", "look for", "find", "called", "goes by", "spelled", "spelt", "tag",
			"搜", "搜索", "搜一下", "搜我", "拼音", "全拼", "拼音是", "名字", "名字是", "名字叫", "名称", "名", "叫", "叫做", "号", "号是", "号码", "账号", "账号是", "昵称", "昵称是", "用户名", "用户名是", "id是", "就是", "是", "后面跟", "跟", "后面是", "认准", "找", "四个字", "三个字", "五个字", "两个字", "关键词", "关键字", "输入", "备注"),
		introducingOf(false, true, "add", "add me", "add me on", "add us on", "add my", "message me on", "text me on", "follow me on", "follow us on", "find me on", "reach me on", "dm me on", "dm on", "msg me on", "ping me on", "catch me on", "hit me up on", "hmu on", "my", "i'm on", "im on", "search on", "look me up on", "find us on", "chat on", "talk on",
			"加我", "加", "加一下", "加个", "加下", "加老师", "加店长", "加客服", "加店主", "加老板", "关注", "关注我", "添加", "添加我", "加我的", "加你", "加您", "我加"),
	), func(w introducing) string { return w.word })
	trailWords = byFirst(slices.Concat(
		introducingOf(false, false, "is", "app", "app is", "me", "good", "there", "please", "pls", "?", "!", ".", ",", ":", "：", "？", "，", "。", "…", "~", "=", "->", "→", ")", "\"", "”", "」", "】", "的", "上", "吧", "哈", "哦", "呀", "啊", "等于", "同", "里", "里面", "群", "官方", "那边", "号", "👇", "⬇", "是"),
		introducingOf(true, false, "id", "id is", "name", "name is", "user", "username", "username is", "user name", "handle", "handle is", "nick", "account", "account is", "acc", "search", "contact", "i'm", "im", "here", "tag", "name's", "add", "add me", "find me", "me on",
			"号码", "号是", "名字", "名", "名是", "名称", "账号", "帐号", "官方账号", "群名", "群号", "搜", "搜索", "搜一下", "上搜", "里搜", "找", "找我", "联系", "id", "id是", "昵称", "用户名", "加我", "搜我", "加", "名字是", "叫", "店名"),
	), func(w introducing) string { return w.word[len(w.word)-1:] })
)

func introducingOf(called, invite bool, words ...string) []introducing {
	out := make([]introducing, len(words))
	for k, w := range words {
		out[k] = introducing{w, called, invite}
	}
	return out
}
