package risk

import (
	"github.com/floorlight/floorlight/hub/event"
)

// tiktokShop is stricter about links: the marketplace forbids every one that
// leads off it, and its own are on the allow-list.
func tiktokShop(rules []Rule) {
	for i := range rules {
		switch rules[i].ID {
		case "link.external":
			rules[i].Allow = append(rules[i].Allow, "tiktok.com", "tiktokshop.com", "tiktokv.com")
		case "link.spelled":
			rules[i].Severity = event.SeverityBlock
		}
	}
}

// wecom knows that the conversation itself is on WeChat: its own links open no
// chat elsewhere. A private account is still one.
func wecom(rules []Rule) {
	for i := range rules {
		switch rules[i].ID {
		case "contact.link", "link.external":
			rules[i].Allow = append(rules[i].Allow, "work.weixin.qq.com", "mp.weixin.qq.com", "wxwork.com", "weixin.qq.com")
		}
	}
}

// klaviyo is for shops that write e-mails and texts: an address of theirs is
// marked and does not stop a message.
func klaviyo(rules []Rule) {
	for i := range rules {
		switch rules[i].ID {
		case "contact.email", "contact.email_spelled", "contact.email_at", "contact.email_provider":
			rules[i].Severity = event.SeverityFlag
		}
	}
}
