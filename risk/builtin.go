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
