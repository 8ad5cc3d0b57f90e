package risk

import (
	"slices"
	"sync"
)

// bareNames are names that count where they stand alone, besides those that always do.
var bareNames = wordSet(
	"fb", "tele", "teleg", "whats", "whatsapp", "wapp", "insta", "lineid", "kakaotalk", "kakao", "ktalk", "wechat", "weixin", "snapchat", "snap", "fbmessenger", "threads", "bluesky", "mastodon", "bsky", "twitch", "steam", "reddit", "wickr", "session", "threema", "element", "matrix", "zalo", "imo", "hangouts", "gchat", "teams", "skype", "skypelive", "viber", "xhs", "dy", "rednote", "redbook", "douyin", "kuaishou", "weibo", "veeex", "doubleyouex", "veex", "veechat", "upi", "vpa", "paypal", "venmo", "zelle", "cashapp", "revolut", "gpay", "phonepe", "paytm", "linktree", "linktr", "bitly", "tinyurl", "tinyurlcom", "mme", "tme", "wame", "dwzcn", "googl", "cuttly", "discordgg", "lineme", "linee", "igme", "etsy", "ebay", "vinted", "depop", "carousell", "shopee", "gumtree", "poshmark", "mercari", "patreon", "onlyfans", "kkt", "youtube", "linkedin", "pinterest", "tumblr", "clubhouse", "botim", "bigo",
	"赖", "癞", "莱", "薇", "微", "威", "徽", "维信", "公众", "微信公众", "订阅", "视频", "微店", "淘宝", "闲鱼", "咸鱼", "淘宝店", "小红薯", "视频号", "微信小店", "抖音小店", "快手小店", "得物", "拼多多", "小红书", "红薯", "抖音", "快手", "b站", "知乎", "微博", "贴吧", "豆瓣", "陌陌", "探探", "telegram", "电报群", "qq空间", "钉钉", "飞书", "企微", "企业微信", "脸书", "推特", "油管", "纸飞机", "小飞机", "飞机群",
)

// everydayWords are names that a desk says every day and means something else, and wordsToo
// those that it speaks of, too.
var (
	everydayWords = wordSet("line", "signal", "snap", "messenger", "gram", "ins", "sc", "wa", "teams", "session", "threads", "element", "matrix", "steam", "飞机", "电报", "视频", "订阅")
	wordsToo      = wordSet("facebook", "google", "paypal", "venmo", "zelle", "cashapp", "revolut", "tiktok", "discord", "twitter", "twitch", "reddit", "etsy", "ebay", "vinted", "depop", "carousell", "shopee", "gumtree", "mercari", "patreon", "youtube", "linkedin", "pinterest", "tumblr", "clubhouse", "公众", "淘宝", "微")
)

// meansItself reports whether a word that stands alone in a message means what it says.
func meansItself(word []byte) bool { return isIn(noNames(), word) }

// noNames are such words.
var noNames = sync.OnceValue(func() map[string]struct{} { return wordSet(phrases("ordinary", "words", "alone")...) })

// serviceWords stand in what a desk says of itself.
var serviceWords = bytesOf("支付", "付款", "退款", "客服", "优惠", "优惠券", "活动", "下单", "订单", "发货", "快递", "物流", "收到", "谢谢", "感谢", "明白", "稍等", "正在查", "登录", "绑定", "授权", "通知", "公告", "菜单", "首页", "直播", "直播间", "官方", "旗舰店", "视频", "广告", "朋友", "同事", "银行卡", "信用卡", "支付宝", "现金", "余额", "红包", "零钱", "小程序", "公众号", "朋友圈", "查到", "确认", "成功", "失败", "取消", "完成", "上午", "下午", "晚上", "今天", "明天", "昨天", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "正常", "正品", "包邮", "黑色", "白色", "红色", "蓝色", "绿色", "灰色", "小号", "中号", "大号", "均码", "会员", "中心", "个人", "积分", "中奖", "售后", "下载", "打折", "折扣", "满减", "包装", "颜色", "尺码", "库存", "现货", "预售", "质量", "地址", "电话", "时间")

// noNameRunes stand in sentences and in no name.
var noNameRunes = []byte("的了吗呢哦吧啊呀哈嘛么没不有在是我你您他她它们这那哪就还都也和或请要想会能可以为什谁几多少怎给把被从到对很太再又先后左右下点击退付款收发查看麻烦辛苦谢")

// personWords stand in the names that people give themselves and their channels.
var personWords = bytesOf("老王", "老李", "老张", "老刘", "老陈", "老杨", "老赵", "老黄", "老周", "老吴", "老徐", "老孙", "老马", "老朱", "老胡", "老林", "老郭", "老何", "老高", "老罗", "老郑", "老梁", "老谢", "老宋", "老唐", "老许", "老邓", "老冯", "老韩", "老曹", "阿", "姐", "哥", "妹", "妈", "爸", "爷", "叔", "姨", "铺", "坊", "屋", "小院", "日记", "笔记", "干货", "说车", "工作室", "杂货", "小铺", "小店", "手作", "严选", "代购")

// introducing is a word before a name or behind it.
type introducing struct {
	word           string
	called, invite bool
}

// leadWords stand before a name, and trailWords behind it.
var (
	leadWords = byFirst(slices.Concat(
		introducingOf(false, false, "is", "it's", "its", "it is", "i'm", "im", "i am", "the", "on", "at", "in", "that's", "thats", "it's on", "on the", "under", "with", "there", "there's", "use", "via", "through", "so", "ok", "yeah", "type", "type in", "open", "the app is", "app is", "app:", "app", "go to", "go on", "try", "we use", "it was", "this is", "here's", "we're", "we are", "=", ":", "：", "，", "@ ", "(", "\"", "“", "「", "【", "→", "->", ">",
			"我的", "我", "用", "您", "你", "您直接", "直接", "去", "上", "打开", "那个", "在", "用的", "就用", "走", "的", "到", "先", "请", "可以", "麻烦"),
		introducingOf(true, false, "name", "name is", "name's", "names", "the name is", "the name's", "user", "username", "user name", "username is", "user is", "my user", "handle", "handle is", "id", "id is", "nick", "nickname", "account", "account is", "acc", "search", "search for", "look up", "look for", "find", "called", "goes by", "spelled", "spelt", "tag", "shop", "store", "seller", "page", "profile", "channel", "slash", "/", "forward slash",
			"斜杠", "斜线", "店名", "店名是", "搜", "搜索", "搜一下", "搜我", "拼音", "全拼", "拼音是", "名字", "名字是", "名字叫", "名称", "名", "叫", "叫做", "号", "号是", "号码", "账号", "账号是", "昵称", "昵称是", "用户名", "用户名是", "id是", "就是", "是", "后面跟", "跟", "后面是", "认准", "找", "四个字", "三个字", "五个字", "两个字", "关键词", "关键字", "输入", "备注"),
		introducingOf(false, true, "add", "add me", "add me on", "add us on", "add my", "message me on", "text me on", "follow me on", "follow us on", "find me on", "reach me on", "dm me on", "dm on", "msg me on", "ping me on", "catch me on", "hit me up on", "hmu on", "my", "i'm on", "im on", "search on", "look me up on", "find us on", "chat on", "talk on", "dm", "dm me", "pm", "pm me", "follow", "follow me", "inbox", "inbox me", "msg", "message me",
			"加我", "加", "加一下", "加个", "加下", "加老师", "加店长", "加客服", "加店主", "加老板", "关注", "关注我", "添加", "添加我", "加我的", "加你", "加您", "我加"),
	), func(w introducing) string { return w.word })
	trailWords = byFirst(slices.Concat(
		introducingOf(false, false, "is", "app", "app is", "me", "good", "there", "please", "pls", "btw", "lol", "ok", "x", "xx", "hun", "mate", "babe", "dear", "sir", "madam", "app btw", "for", "?", "!", ".", ",", ":", "：", "？", "，", "。", "…", "~", "=", "->", "→", ")", "\"", "”", "」", "】", "的", "上", "吧", "哈", "哦", "呀", "啊", "等于", "同", "里", "里面", "群", "官方", "那边", "号", "👇", "⬇", "是", "你懂的", "您懂的", "懂的", "拼一起", "两条拼一起", "拼起来", "连起来", "店", "有", "上有", "都有"),
		introducingOf(true, false, "id", "id is", "name", "name is", "user", "username", "username is", "user name", "handle", "handle is", "nick", "account", "account is", "acc", "search", "contact", "i'm", "im", "here", "tag", "name's", "shop", "store", "seller", "page", "profile", "channel", "add", "add me", "find me", "me on",
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
