package risk

import (
	"github.com/floorlight/floorlight/hub/event"
)

// tiktokShop has the marketplace's own links on the allow-list.
func tiktokShop(rules []Rule) {
	for i := range rules {
		if id := rules[i].ID; id == "link.external" || id == "link.spelled" {
			rules[i].Allow = append(rules[i].Allow, "tiktok.com", "tiktokshop.com", "tiktokv.com")
		}
	}
}

// wecom knows that the conversation itself is on WeChat: its own links open no
// chat elsewhere. A private account is still one.
func wecom(rules []Rule) {
	for i := range rules {
		switch rules[i].ID {
		case "contact.link", "link.external", "link.spelled":
			rules[i].Allow = append(rules[i].Allow, "work.weixin.qq.com", "mp.weixin.qq.com", "wxwork.com", "weixin.qq.com")
		}
	}
}

// klaviyo is for shops that write e-mails and texts: an address of theirs is
// marked and does not stop a message.
func klaviyo(rules []Rule) {
	for i := range rules {
		switch rules[i].ID {
		case "contact.email", "contact.email_spelled", "contact.email_at", "contact.email_provider", "link.spelled":
			rules[i].Severity = event.SeverityFlag
		}
	}
}
