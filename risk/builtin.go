package risk

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/floorlight/floorlight/hub/event"
)

// The categories of the built-in rules.
const (
	offPlatformContact = "off_platform_contact"
	offPlatformPayment = "off_platform_payment"
	externalLink       = "external_link"
	personalData       = "personal_data"
	abuse              = "abuse"
	promises           = "promises"
)

// ErrPreset says that there is no preset of that name.
var ErrPreset = errors.New("risk: unknown preset")

// presets are by the names of the profiles' presets.
var presets = map[string]func([]Rule){
	"default":     func([]Rule) {},
	"tiktok_shop": tiktokShop,
	"wecom":       wecom,
	"klaviyo":     klaviyo,
	"inbox":       func([]Rule) {},
}

// Presets lists the names that Builtin knows, sorted.
func Presets() []string { return slices.Sorted(maps.Keys(presets)) }

// Builtin are the rules of a profile's preset; the empty preset is default. The
// list is the caller's to change. The error is ErrPreset.
func Builtin(preset string) ([]Rule, error) {
	if preset == "" {
		preset = "default"
	}
	adapt, ok := presets[preset]
	if !ok {
		return nil, fmt.Errorf("%w %q; there are %s", ErrPreset, preset, strings.Join(Presets(), ", "))
	}
	rules := slices.Concat(contactRules(), paymentRules(), numberRules(), conductRules(), wordingRules())
	adapt(rules)
	weigh(rules)
	return rules, nil
}

// Default is the engine of the rules of the preset default.
func Default() *Engine { return ForPreset("default") }

// ForPreset is the engine of a preset's rules as they are, and Default for one
// that is not known. It is compiled once, for everybody who has changed nothing.
func ForPreset(preset string) *Engine {
	compiled, ok := engines()[preset]
	if !ok {
		return Default()
	}
	return compiled()
}

var engines = sync.OnceValue(func() map[string]func() *Engine {
	all := make(map[string]func() *Engine, len(presets))
	for preset := range presets {
		all[preset] = sync.OnceValue(func() *Engine {
			e, err := (&Set{Preset: preset}).Compile()
			if err != nil {
				// Only a programmer can cause this, and the tests compile the list.
				panic(err)
			}
			return e
		})
	}
	return all
})

// What several rules say.
var (
	messengerText = event.Text{
		EN: "This names an account on another messenger. Take it out and go on in this chat.",
		ZH: "消息中含有其他聊天软件的账号。请删除该账号，并在本会话中继续沟通。",
	}
	inviteText = event.Text{
		EN: "This invites the customer to another messenger. Take the invitation out and help the customer here.",
		ZH: "消息邀请客户转到其他聊天软件。请删除邀请，并在本会话中为客户服务。",
	}
	awayText = event.Text{
		EN: "This leads the customer away from the platform, or asks for a private contact. Take it out and help the customer here.",
		ZH: "消息引导客户离开平台，或索要私人联系方式。请删除，并在本会话中为客户服务。",
	}
	emailText = event.Text{
		EN: "This is an e-mail address. Take it out and go on in this chat.",
		ZH: "消息中含有电子邮箱地址。请删除，并在本会话中继续沟通。",
	}
	linkText = event.Text{
		EN: "This is a link to another site. Check that it is one of ours; if it is, ask for it to be put on the allow-list.",
		ZH: "消息中含有外部链接。请确认是否为本店链接；如果是，请申请加入白名单。",
	}
)

// warnings turn what follows them into advice against it.
var warnings = []string{
	"rather not", "policy doesn't", "policy does not", "company doesn't", "company does not", "system doesn't", "platform doesn't", "platform does not", "isn't allowed to", "aren't allowed to", "isn't permitted to", "wanted me to", "wants me to", "asked me to", "told me to", "not able", "not able to", "unable", "unable to", "no need to", "instead of", "we don't", "we do not", "prefer not to", "would rather not", "never to", "asks for", "ask for",
	"asked buyers to", "asks buyers to", "asked you to", "asked customers to", "asking you to", "asking buyers to", "told you to", "tells you to",
	"telling you to", "wanted you to", "wants you to", "tried to get you to", "offered to", "mustn't", "never", "do not", "don't", "dont",
	"please don't", "cannot", "can't", "must not", "should not", "shouldn't", "will not", "won't", "not allowed to", "refuse to", "who ask you to",
	"asks you to", "ask you to",
	"之前写的", "您写的", "有人让您", "任何让您", "让您", "千万别", "别把", "让我", "叫我", "不要把", "千万不要", "不要", "请勿", "切勿", "勿", "谨防", "不支持", "不可以", "不能", "禁止", "不会", "不允许",
	"不敢", "警惕", "拒绝", "不接受", "避免", "不做", "不刷", "严禁", "从不", "杜绝", "不参与", "不提供", "唔可以", "唔好", "唔准", "唔得", "唔使", "请不要相信", "不要相信", "没有", "要求",
}

// thanks stand before what the customer has done already.
var thanks = []string{"感谢您", "感谢你", "谢谢您", "谢谢你", "多谢您", "您是在", "感谢在"}

// added is what a desk says to a customer who added the shop's account.
var added = wordsOf(`(?:刚|刚刚|已|已经)(?:才)?通过(?:了)?(?:您的?)?(?:微信)?好友(?:申请|请求|验证)[,，。]?`)

var messengerPhrases = func() []string {
	out := phrases("messenger", "invite", "zinvite")
	names := []string{"微信", "v心", "薇信", "威信", "v信", "徽信", "维信", "卫星", "vx", "wx", "微", "薇", "威", "v"}
	for _, n := range names {
		for _, after := range []string{"同号", "同手机", "同电话", "聊", "详聊", "上聊", "上说", "私聊"} {
			switch {
			case (n == "威" || n == "微" || n == "薇") && after != "聊" && after != "同号" && after != "私聊" && after != "同手机":
			case n == "威" && after == "聊", n == "v" && after != "同号":
			default:
				out = append(out, n+after)
			}
		}
		for _, verb := range []string{"加", "+", "嘉", "佳", "咖", "扫"} {
			for _, after := range []string{"聊", "详聊", "详谈", "了解", "发", "吧", "进群", "领取", "领优惠", "领券", "领红包", "私聊", "好友", "咨询", "办理", "看", "优惠", "联系", "沟通", "谈"} {
				out = append(out, verb+n+after)
			}
		}
	}
	return out
}()

func contactRules() []Rule {
	return []Rule{
		{
			ID: "contact.phone", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "phone"}},
			Explanation: event.Text{
				EN: "This looks like a telephone number. Take it out and go on in this chat; if it is an order's or a parcel's, write so before it.",
				ZH: "消息中疑似含有电话号码。请删除，并在本会话中继续沟通；如果是订单号或运单号，请在号码前注明。",
			},
		},
		{
			ID: "contact.email", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors:   []DetectorUse{{Name: "email"}},
			Explanation: emailText,
		},
		{
			ID: "contact.link", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "contact_link"}},
			Explanation: event.Text{
				EN: "This link opens a chat or a payment on another platform. Take it out and help the customer here.",
				ZH: "该链接会打开其他平台的聊天或付款页面。请删除，并在本会话中为客户服务。",
			},
		},
		{
			ID: "contact.messenger", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors:   []DetectorUse{{Name: "messenger"}, {Name: "shaped_handle"}, {Name: "split_handle"}},
			Explanation: messengerText,
		},
		{
			ID: "contact.hidden_messenger", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "hidden_messenger"}, {Name: "spoken_messenger"}}, Unless: warnings,
			Explanation: inviteText,
		},
		{
			ID: "contact.handle", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns: forms("handle"), Unless: slices.Concat(warnings, thanks), Allow: knownHandles,
			Explanation: messengerText,
		},
		{
			ID: "contact.messenger_invite", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "messenger_invite"}, {Name: "titled_page"}}, Unless: slices.Concat(warnings, thanks),
			Explanation: inviteText,
		},
		{
			ID: "contact.messenger_after", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns:    []string{`\b(?:[a-z]{1,20}[_0-9]|[0-9]{1,8}[a-z_])[a-z0-9_.-]{2,20}\s+(?:is my|on|at|for my|via|\()\s?(?:wechat|weixin|whatsapp|telegram|instagram|snapchat|skype|viber|kakao|discord|微信|薇信)`},
			Explanation: messengerText,
		},
		{
			ID: "contact.messenger_ask_zh", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns:    []string{`(?:你|您)的?(?:微信|薇信|威信)(?:号码?)?(?:是)?(?:多少|什么|发我|发一下|给我|能加|可以加|方便加)|(?:可以|能|方便|能不能|可否|想)?加(?:一下|下|个)?(?:你|您)的?(?:微信|薇信|vx|qq|whatsapp)(?:吗|么|可以|方便|聊|好友|吧|哦|哈|$)|(?:你|您)的?(?:vx|wx|qq|whatsapp|telegram)(?:号码?)?(?:是)?(?:多少|发我|发一下|给我|能加|可以加|方便加)`},
			Explanation: inviteText,
		},
		{
			ID: "contact.messenger_move", Category: offPlatformContact, Severity: event.SeverityBlock, Unless: warnings, Allow: added,
			Patterns: []string{
				`\b(?:switch|move|go|talk|chat|continue|speak|take this|take it|carry on|discuss|connect|message me|text me|write me|contact me)\s+(?:over\s+|this\s+|it\s+|with me\s+|to me\s+|there\s+)?(?:to|on|via|in|through|over|by)\s+(?:my\s+|your\s+)?(?:whatsapp|wechat|weixin|telegram|viber|messenger|instagram|snapchat|skype|discord|signal|kakao|zalo)\b`,
				`\b(?:do you (?:have|use|got)|have you got|are you on|you on|got)\s+(?:a\s+)?(?:whatsapp|wechat|weixin|telegram|viber|snapchat|kakaotalk|zalo)\b`,
				`@[a-z0-9_.]{4,}\s+(?:on|at|via|in)\s+(?:my\s+)?(?:ig|insta|instagram|tg|telegram|snap|snapchat|tiktok|twitter|fb|facebook|wechat|whatsapp)\b`,
				`\b(?:can|could|shall|should|may|let us|let's) we (?:please |just |maybe )?(?:use|try|talk|chat|go|move|switch|continue)\s+(?:on |to |via |over |over to )?(?:whatsapp|wechat|weixin|telegram|viber|messenger|instagram|snapchat|skype|discord|signal|kakao|zalo)\b`,
				`\b(?:contact|message|text|reach|call|find|talk to|chat with|write to) (?:me|us) (?:outside|off) (?:of )?(?:the|this|our) `,
				`(?:有事|直接|后续|以后|回头)?(?:微信|薇信|vx|qq|扣扣)(?:上)?(?:(?:找我|联系我)(?:[^们]|$)|给我发|上说|上谈|上沟通)|我微信(?:上)?(?:发|给|传)(?:您|你)|(?:给|跟)(?:您|你)发(?:了)?(?:个)?微信|通过(?:一?下)?(?:我的?)?(?:微信|qq)?好友(?:申请|请求|验证)|提供(?:一?下)?(?:您|你)的?(?:微信|qq|vx|薇信)`,
				`(?:这|就|都)是我的?(?:微|薇|威|v|vx|绿泡泡)(?:$|[^a-z信一-龥])|(?:^|[^一-龥a-z0-9])(?:薇|威|微) ?[a-z]{3,20}[_-]?[0-9]{2,12}\b`,
				`拉(?:您|你)(?:进|入|到)?(?:我们?的?)?(?:微信|qq|vx|薇信|福利|优惠|内部)?群|(?:加我?|我的?|好友)[^。！？\n]{0,6}[a-z]{1,20}[_0-9][a-z0-9_-]{2,20}[ ，,]?(?:是我的?|我的?)?(?:微信|薇信|威信|vx)`,
			},
			Explanation: inviteText,
		},
		{
			ID: "contact.elsewhere", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns: forms("invite"), Unless: warnings, Allow: added,
			Explanation: awayText,
		},
		{
			ID: "contact.invitation", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "invitation"}}, Unless: slices.Concat(warnings, thanks),
			Explanation: awayText,
		},
		{
			ID: "contact.messenger_phrase", Category: offPlatformContact, Severity: event.SeverityBlock,
			Phrases: messengerPhrases, Unless: warnings,
			Explanation: inviteText,
		},
		{
			ID: "contact.email_spelled", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns:    []string{`[a-z0-9][a-z0-9._+-]{0,20}\s?(?:@|[(\[{<]\s?at\s?[)\]}>]|\bat\b|艾特|圈a)\s?[a-z0-9-]{2,20}\s?(?:[(\[{<]\s?(?:dot|点)\s?[)\]}>]|\bdot\b|点)\s?(?:com|net|org|cn|co|io|me|edu)\b`},
			Explanation: emailText,
		},
		{
			ID: "contact.email_at", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns:    []string{`[a-z0-9][a-z0-9._+-]{0,20}\s?(?:\(at\)|\[at\]|\{at\}|<at>|\( at \)|\[ at \]|艾特)\s?[a-z0-9-]{1,20}\s?\.\s?[a-z]{2,20}`},
			Explanation: emailText,
		},
		{
			ID: "contact.email_provider", Category: offPlatformContact, Severity: event.SeverityBlock,
			Patterns: []string{
				`[a-z0-9][a-z0-9._+-]{2,}\s*[@#]\s*(?:(?:gmail|outlook|hotmail|yahoo|icloud|foxmail|protonmail)\s*[.,。 ]\s*com|(?:qq|163|126)[.,。 ]com)\b`,
				`[a-z0-9][a-z0-9._-]{2,}\s*@\s*(?:gmail|outlook|hotmail|icloud|foxmail|protonmail)\b`,
				`\b[a-z]+[._0-9][a-z0-9._-]*\s*\bat\b\s*(?:gmail|outlook|hotmail|icloud|foxmail|protonmail)\b|\b[a-z]+[._0-9][a-z0-9._-]*?(?:\s+at\s+|\(at\)|\[at\]|_at_)g ?mail\b|^[a-z0-9._-]{3,} at (?:gmail|outlook|hotmail|icloud|foxmail|protonmail)$`,
				`\b(?:gmail|hotmail|outlook|icloud|yahoo|foxmail)(?: id| address| account)?\s*(?:is|:|=)\s*[a-z0-9]*[a-z][._0-9][a-z0-9._-]+`,
				`@ ?q ?q ?[.。点] ?com\b`,
			},
			Explanation: emailText,
		},
		{
			ID: "contact.mailbox", Category: offPlatformContact, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "mailbox"}},
			Patterns:  mailboxes, Unless: warnings,
			Explanation: emailText,
		},
		{
			ID: "contact.hotline", Category: offPlatformContact, Severity: event.SeverityMonitor,
			Detectors: []DetectorUse{{Name: "hotline"}},
			Explanation: event.Text{
				EN: "This looks like a company's hotline number.",
				ZH: "消息中疑似含有客服热线号码。",
			},
		},
		{
			// Who spells an address hides it.
			ID: "link.spelled", Category: externalLink, Severity: event.SeverityBlock,
			Detectors: []DetectorUse{{Name: "hidden_link"}, {Name: "domain"}}, Allow: slices.Concat(knownHosts, []string{"the dot com"}),
			Patterns:    slices.Concat(spelledLinks, hiddenPages),
			Explanation: linkText,
		},
		{
			ID: "link.short", Category: externalLink, Severity: event.SeverityFlag,
			Patterns:    []string{`\b(?:bit ly|bitly|lin ?ktr ?ee|goo gl|tiny ?url|rb gy|is gd|t\.m e|t me|t,me|wa,me|wa me|dwz cn|suo im)\s?/\s?[a-z0-9]`, `(?:￥|¥)[a-z0-9]{6,}(?:￥|¥)`, `(?:度盘|网盘|云盘)[^。！？\n]{0,12}[a-z0-9_-]{6,}[^。！？\n]{0,6}(?:提取|密码)`, `\bahr0c[a-z0-9]{8,}`},
			Explanation: linkText,
		},
		{
			ID: "link.external", Category: externalLink, Severity: event.SeverityFlag,
			Detectors: []DetectorUse{{Name: "link"}}, Allow: knownHosts,
			Explanation: linkText,
		},
	}
}

// knownHandles are what a desk says of its own pages and of logging in.
var knownHandles = []string{
	"微信号登录", "qq号登录", "qq号码登录", "微信账号登录", "微信号绑定", "手机号登录", "淘宝账号", "淘宝店名", "淘宝搜索", "拼多多搜索", "淘宝搜", "微信搜索框", "our instagram", "our facebook", "扫码加的", "扫码添加的", "扫码加过",
}

// knownHosts are where parcels are tracked, which every desk links to, and
// names of products that look like hosts.
var knownHosts = []string{
	"ups.com", "fedex.com", "usps.com", "dhl.com", "dpd.com", "royalmail.com", "17track.net", "sf-express.com", "kuaidi100.com", "ems.com.cn", "yto.net.cn", "zto.com", "sto.cn", "yundaex.com", "cainiao.com",
	"asp.net", "vb.net", "ado.net", "booking.com",
}
