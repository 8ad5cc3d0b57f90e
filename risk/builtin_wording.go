package risk

import (
	"slices"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
)

// wordingRules find what only resembles an offence by its words. They stand behind
// the others, so that of two that find the same the one is named that knows what it
// is. What is sure is blocked; what is likely is delivered and marked.
func wordingRules() []Rule {
	var rules []Rule
	for _, w := range []struct {
		id, detector, category string
		unless                 []string
		en, zh                 string
		advice                 event.Text
	}{
		{
			"contact.wording", "invite_wording", offPlatformContact, slices.Concat(warnings, thanks),
			"This is worded like an invitation away from the platform or a request for a private contact.",
			"措辞与引导客户离开平台或索要私人联系方式的说法相似。",
			event.Text{
				EN: "Help the customer in this chat and offer no other way to reach you. If you meant something else, say it in other words.",
				ZH: "请在本会话中为客户服务，不要提供其他联系途径。如果并非此意，请换一种说法。",
			},
		},
		{
			"payment.wording", "payment_wording", offPlatformPayment, warnings,
			"This is worded like a request for payment outside the platform.",
			"措辞与要求在平台外付款的说法相似。",
			event.Text{
				EN: "Point the customer to the checkout. If you meant something else, say it in other words.",
				ZH: "请引导客户通过平台结算付款。如果并非此意，请换一种说法。",
			},
		},
		{
			"promise.wording", "promise_wording", promises, notPromised,
			"This is worded like a promise that nobody can keep, or like an offer for a review.",
			"措辞与无法兑现的承诺或以利益换取好评的说法相似。",
			event.Text{
				EN: "Say what the policy or the product's description says, and no more; offer nothing for a review.",
				ZH: "请按平台政策或商品说明如实描述，不要以利益换取好评。",
			},
		},
		{
			"conduct.wording", "abuse_wording", abuse, quoted,
			"This is worded like an insult or a threat.",
			"措辞与辱骂或威胁的说法相似。",
			event.Text{
				EN: "Say it politely. If the customer is abusive, ask a supervisor to take over.",
				ZH: "请礼貌表达。如客户言语过激，请联系主管处理。",
			},
		},
	} {
		rules = append(rules, Rule{
			ID: w.id, Category: w.category, Severity: event.SeverityBlock, Detectors: []DetectorUse{{Name: w.detector}},
			Unless: w.unless, Explanation: event.Text{EN: w.en, ZH: w.zh}, Advice: w.advice,
		}, Rule{
			ID: w.id + "_likely", Category: w.category, Severity: event.SeverityFlag, Detectors: []DetectorUse{{Name: w.detector + "_likely"}},
			Unless: w.unless, Explanation: event.Text{EN: w.en, ZH: w.zh}, Advice: w.advice,
		})
	}
	return rules
}

// unweighed are the rules with words of Unless that the wording takes nothing back of:
// they find an account, or what somebody hid.
var unweighed = []string{
	"contact.mailbox", "contact.hidden_messenger", "payment.hidden", "payment.iban", "payment.bank_account", "payment.bank_code", "payment.upi", "payment.app_number", "payment.app_name", "payment.crypto", "payment.bank_details",
	"payment.app_account", "contact.handle", "contact.messenger_invite", "contact.messenger_move", "contact.messenger_phrase",
}

// weigh says which of a preset's rules the wording may take a match back of: those
// that go by words, which people also write who mean no offence.
func weigh(rules []Rule) {
	for i := range rules {
		r := &rules[i]
		r.weighed = len(r.Unless) > 0 && !slices.Contains(unweighed, r.ID) && !strings.Contains(r.ID, ".wording")
	}
}
