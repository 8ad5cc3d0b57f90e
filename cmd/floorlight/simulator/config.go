package simulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
)

// Language is what a desk and its customers speak.
type Language string

// The languages that a desk can speak.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Desk is one tenant.
type Desk struct {
	Tenant   event.TenantID
	Name     string
	Preset   string // of its profile, such as wecom
	Market   string // of its profile; may be empty
	Language Language
	Timezone string // IANA; by default one in which the start is in working hours
	// Opened says that the desk is there already: its profile and its credit are not
	// published again.
	Opened bool
	// Share is how much of the rate the desk has beside the others; 1 by default.
	Share float64
}

// Config is what a run follows from.
type Config struct {
	Seed    uint64
	Tenants []Desk // at least one; Desks makes them
	// Agents of each desk; 16 by default, at least 2.
	Agents int
	// Rate is how many messages a second customers, agents and bots write
	// together, at all desks, in a busy hour; 6 by default.
	Rate float64
	// Start is when the run goes live; now by default.
	Start time.Time
	// Past is how much of the time before Start is made up as well; none by default.
	Past time.Duration
	// PastEvents is about how many events the past has where no days lie before it;
	// 60,000 by default. With days before it, it is as thin as they are.
	PastEvents int
	// Days is how many days lie before the past; none by default.
	Days int
	// DayEvents is about how many events each of them has at most, on average and at
	// all desks; 4,000 by default. A past that may have as many events as the present
	// makes is no thinner than it.
	DayEvents int
	Logger    zerolog.Logger
}

func (c *Config) setDefaults() {
	if len(c.Tenants) == 0 {
		c.Tenants = Desks(1)
	}
	c.Tenants = slices.Clone(c.Tenants)
	for i := range c.Tenants {
		if c.Tenants[i].Share <= 0 {
			c.Tenants[i].Share = 1
		}
	}
	if c.Agents <= 0 {
		c.Agents = 16
	}
	c.Agents = max(c.Agents, 2)
	if c.Rate <= 0 {
		c.Rate = 6
	}
	if c.Start.IsZero() {
		c.Start = time.Now()
	}
	c.Start = c.Start.UTC().Truncate(time.Millisecond)
	if c.PastEvents <= 0 {
		c.PastEvents = 60_000
	}
	if c.DayEvents <= 0 {
		c.DayEvents = 4000
	}
}

// Desks are n desks: one for each preset of a profile, then further ones.
func Desks(n int) []Desk {
	desks := []Desk{
		{Tenant: "lumen", Name: "Lumen Home", Preset: "tiktok_shop", Market: "us", Language: English},
		{Tenant: "qinghe", Name: "青禾旗舰店", Preset: "wecom", Language: Chinese},
		{Tenant: "harbor", Name: "Harbor & Pine", Preset: "klaviyo", Language: English},
		{Tenant: "vela", Name: "Vela Cycles", Preset: "inbox", Market: "sea", Language: English},
	}
	presets := len(desks)
	for i := len(desks); i < n; i++ {
		d := desks[i%presets]
		d.Tenant = event.TenantID(fmt.Sprintf("%s-%d", d.Tenant, i/presets+1))
		d.Name = fmt.Sprintf("%s %d", d.Name, i/presets+1)
		desks = append(desks, d)
	}
	return desks[:max(n, 1)]
}

// zones are where a desk may be, those of its language first.
var zones = map[Language][]string{
	English: {"America/New_York", "America/Los_Angeles", "Europe/London", "Australia/Sydney", "Asia/Singapore", "Asia/Dubai", "Pacific/Auckland", "Pacific/Honolulu"},
	Chinese: {"Asia/Shanghai", "Australia/Sydney", "Asia/Dubai", "Europe/London", "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"},
}

// Daytime is a time zone in which it is working hours, best with the morning
// already behind.
func Daytime(at time.Time, language Language) string {
	best, distance := "UTC", 25
	for _, name := range zones[language] {
		loc, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		hour := at.In(loc).Hour()
		if hour >= 10 && hour <= 20 {
			return name
		}
		if d := max(hour-15, 15-hour); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// settings are what the desk's profile has besides its preset. A desk on a market
// has what the best shops there reach beside its own numbers, and in South-East Asia
// twelve hours for its answers, whatever its preset.
func (d *Desk) settings() jsontext.Value {
	if d.Market == "" {
		return jsontext.Value(fmt.Sprintf(`{"timezone":%q}`, d.Timezone))
	}
	hours := ""
	if d.Market == "sea" {
		hours = `"response_window_hours":12,`
	}
	return jsontext.Value(fmt.Sprintf(`{"benchmarks":{"response_rate":{"top_percent":20,"value":0.98},"satisfaction_rate":{"top_percent":20,"value":0.85}},"market":%q,%s"timezone":%q}`, d.Market, hours, d.Timezone))
}

// curve is how busy each hour of the local day is.
var curve = [24]float64{
	0.08, 0.05, 0.04, 0.03, 0.03, 0.05, 0.10, 0.22, 0.50, 0.80, 0.95, 1.00,
	0.85, 0.85, 0.95, 1.00, 0.95, 0.88, 0.80, 0.85, 0.90, 0.68, 0.35, 0.16,
}

// week is how busy each day of the week is, from Sunday on.
var week = [7]float64{0.86, 1.14, 1.06, 1.02, 1, 1.04, 0.9}

// busy is how busy that moment is, 0 to 1, without steps between the hours.
func busy(local time.Time) float64 {
	part := float64(local.Minute()*60+local.Second()) / 3600
	return curve[local.Hour()]*(1-part) + curve[(local.Hour()+1)%24]*part
}
