package risk

import (
	"sync"

	"github.com/floorlight/floorlight/hub/event"
)

// The categories of the built-in rules.
const (
	offPlatformContact = "off_platform_contact"
	offPlatformPayment = "off_platform_payment"
	externalLink       = "external_link"
)

// Builtin is the first rule set: ways to leave the platform, in English and
// Chinese. The list is the caller's to change.
func Builtin() []Rule {
	return append(contactRules(), paymentRules()...)
}

// Default is the engine of the built-in rules. It is compiled once.
func Default() *Engine { return defaultEngine() }

var defaultEngine = sync.OnceValue(func() *Engine {
	e, err := Compile(Builtin())
	if err != nil {
		// Only a programmer can cause this, and the tests compile the list.
		panic(err)
	}
	return e
})

func contactRules() []Rule {
	return []Rule{
		{
			ID: "contact.phone", Category: offPlatformContact, Severity: event.SeverityBlock,
			Kind: KindDetector, Detector: "phone",
			Explanation: event.Text{
				EN: "This looks like a telephone number. Take it out and go on in this chat; if it is an order's or a parcel's, write so before it.",
				ZH: "消息中疑似含有电话号码。请删除，并在本会话中继续沟通；如果是订单号或运单号，请在号码前注明。",
			},
		},
		{
			ID: "contact.email", Category: offPlatformContact, Severity: event.SeverityBlock,
			Kind: KindDetector, Detector: "email",
			Explanation: event.Text{
				EN: "This is an e-mail address. Take it out and go on in this chat.",
				ZH: "消息中含有电子邮箱地址。请删除，并在本会话中继续沟通。",
			},
		},
		{
			ID: "contact.link", Category: offPlatformContact, Severity: event.SeverityBlock,
			Kind: KindDetector, Detector: "contact_link",
			Explanation: event.Text{
				EN: "This link opens a chat or a payment on another platform. Take it out and help the customer here.",
				ZH: "该链接会打开其他平台的聊天或付款页面。请删除，并在本会话中为客户服务。",
			},
		},
		{
			ID: "contact.messenger", Category: offPlatformContact, Severity: event.SeverityBlock,
			Kind: KindDetector, Detector: "messenger",
			Explanation: event.Text{
				EN: "This names an account on another messenger. Take it out and go on in this chat.",
				ZH: "消息中含有其他聊天软件的账号。请删除该账号，并在本会话中继续沟通。",
			},
		},
		{
			ID: "contact.messenger_invite", Category: offPlatformContact, Severity: event.SeverityBlock,
			Kind: KindDetector, Detector: "messenger_invite",
			Explanation: event.Text{
				EN: "This invites the customer to another messenger. Take the invitation out and help the customer here.",
				ZH: "消息邀请客户转到其他聊天软件。请删除邀请，并在本会话中为客户服务。",
			},
		},
		{
			ID: "contact.hotline", Category: offPlatformContact, Severity: event.SeverityMonitor,
			Kind: KindDetector, Detector: "hotline",
			Explanation: event.Text{
				EN: "This looks like a company's hotline number.",
				ZH: "消息中疑似含有客服热线号码。",
			},
		},
		{
			ID: "link.external", Category: externalLink, Severity: event.SeverityFlag,
			Kind: KindDetector, Detector: "link", Allow: carriers,
			Explanation: event.Text{
				EN: "This is a link to another site. Check that it is one of ours; if it is, ask for it to be put on the allow-list.",
				ZH: "消息中含有外部链接。请确认是否为本店链接；如果是，请申请加入白名单。",
			},
		},
	}
}

func paymentRules() []Rule {
	return []Rule{
		{
			ID: "payment.off_platform", Category: offPlatformPayment, Severity: event.SeverityBlock,
			Kind: KindPhrase, Phrases: paymentPhrases,
			Explanation: event.Text{
				EN: "This asks for payment outside the platform. Take it out and point the customer to the checkout.",
				ZH: "消息要求在平台外付款。请删除该内容，并引导客户通过平台结算付款。",
			},
		},
	}
}

var paymentPhrases = []string{
	"paypal friends and family", "pay me directly", "pay outside the platform", "western union", "moneygram", "venmo me", "私下转账", "转账给我", "线下交易", "不走平台",
}

// carriers are the hosts where parcels are tracked, which every desk links to.
var carriers = []string{
	"ups.com", "fedex.com", "usps.com", "dhl.com", "dpd.com", "royalmail.com", "17track.net", "sf-express.com", "kuaidi100.com", "ems.com.cn", "yto.net.cn", "zto.com", "sto.cn", "yundaex.com", "cainiao.com",
}
