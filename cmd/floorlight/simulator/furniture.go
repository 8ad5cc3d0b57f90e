package simulator

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"

	"github.com/floorlight/floorlight/hub/event"
)

type channel struct {
	id   event.ChannelID
	name string
	kind string
	bot  bool
}

// attribution is how what the bot sells there is told from other orders: by a
// product that was looked at in the chat, or in a text message, which has none to
// press, by the bot's answer.
func (c *channel) attribution() *event.Attribution {
	if c.kind == "sms" {
		return &event.Attribution{Touch: "message", Hours: 5 * 24}
	}
	return &event.Attribution{Touch: "product_click", Hours: 24}
}

type team struct {
	id      event.TeamID
	name    string
	intents []event.Intent
}

// inboxes are what customers of each preset's desks come in by.
var inboxes = map[string]map[Language][]channel{
	"tiktok_shop": {
		English: {{"shop", "TikTok Shop", "tiktok_shop", true}, {"live", "Live shopping", "tiktok_shop", false}, {"affiliate", "Creators", "tiktok_shop", true}},
		Chinese: {{"shop", "小店客服", "tiktok_shop", true}, {"live", "直播间", "tiktok_shop", false}, {"affiliate", "达人合作", "tiktok_shop", true}},
	},
	"wecom": {
		English: {{"kf-sales", "Sales desk", "wecom", true}, {"kf-care", "Customer care", "wecom", true}, {"kf-club", "Members", "wecom", false}},
		Chinese: {{"kf-sales", "售前咨询", "wecom", true}, {"kf-care", "售后服务", "wecom", true}, {"kf-club", "会员中心", "wecom", false}},
	},
	"klaviyo": {
		English: {{"web", "Web chat", "web", true}, {"email", "E-mail", "email", true}, {"sms", "Text messages", "sms", true}},
		Chinese: {{"web", "网页客服", "web", true}, {"email", "邮件", "email", true}, {"sms", "短信", "sms", true}},
	},
	"inbox": {
		English: {{"wa", "WhatsApp", "whatsapp", true}, {"web", "Website", "web", true}, {"app", "App", "app", false}},
		Chinese: {{"wa", "WhatsApp", "whatsapp", true}, {"web", "官网", "web", true}, {"app", "应用内", "app", false}},
	},
}

// furnish gives the desk its channels, teams and agents.
func (d *desk) furnish(agents int) {
	kinds, ok := inboxes[d.spec.Preset]
	if !ok {
		kinds = inboxes["inbox"]
	}
	d.channels = kinds[d.spec.Language]
	if d.channels == nil {
		d.channels = kinds[English]
	}
	places := map[string]int{}
	for _, i := range intents {
		name := d.words.teams[i.intent]
		at, known := places[name]
		if !known {
			at = len(d.teams)
			places[name] = at
			d.teams = append(d.teams, team{id: event.TeamID(fmt.Sprintf("team-%d", at+1)), name: name})
		}
		d.teams[at].intents = append(d.teams[at].intents, i.intent)
	}
	taken := map[string]bool{}
	for i := range agents {
		name := d.words.fullName(d.rng)
		for tries := 0; taken[name] && tries < 100; tries++ {
			name = d.words.fullName(d.rng)
		}
		taken[name] = true
		a := &agent{
			id:       event.AgentID(fmt.Sprintf("a%d", i+1)),
			name:     name,
			teams:    []event.TeamID{d.teams[i%len(d.teams)].id},
			capacity: 3 + d.rng.IntN(4),
			speed:    0.75 + 0.6*d.rng.Float64(),
			manner:   0.8 + 0.2*d.rng.Float64(),
			risky:    0.008,
			status:   event.Offline,
		}
		for n, c := range d.channels { // all but one; who has none is there for all
			if i%4 != 3 && n != i%len(d.channels) {
				a.accounts = append(a.accounts, c.id)
			}
		}
		if i%5 == 4 { // some know the work of a second team
			a.teams = append(a.teams, d.teams[(i+1)%len(d.teams)].id)
		}
		if i%6 == 2 { // and some forget the rules
			a.risky = 0.06
		}
		d.agents = append(d.agents, a)
	}
}

// announce publishes the directory, and for a new desk its profile and credit.
func (d *desk) announce() {
	if !d.spec.Opened {
		d.emit(&event.TenantConfigured{Profile: d.spec.Preset, Settings: d.spec.settings(), Name: d.spec.Name})
	}
	for _, c := range d.channels {
		u := &event.ChannelUpdated{Channel: c.id, Name: c.name, Kind: c.kind, AI: "off"}
		if c.bot {
			u.AI, u.Attribution = "on", c.attribution()
		}
		d.emit(u)
	}
	if !d.spec.Opened {
		d.addCredit(firstCredit)
	}
	for _, t := range d.teams {
		d.emit(&event.TeamUpdated{Team: t.id, Name: t.name, Capacity: new(int64(5))})
	}
	for _, a := range d.agents {
		d.emit(&event.AgentUpdated{Agent: a.id, Name: a.name, Teams: a.teams, Channels: a.accounts, Capacity: new(int64(a.capacity))})
	}
}

// stable is a short name for a text, the same in every run.
func stable(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:4])
}
