package metric

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
)

// Settings is what differs between desks. Its JSON names are the keys of the
// contract; a key that is absent leaves what the preset says.
type Settings struct {
	Timezone             string `json:"timezone"`
	ResponseWindowHours  int64  `json:"response_window_hours"`
	NeutralIsNegative    bool   `json:"neutral_is_negative"`
	ResponseTime         string `json:"response_time"`       // first_plus_turns, first
	FirstResponseFrom    string `json:"first_response_from"` // human, customer
	Unique               string `json:"unique"`              // range, sum_daily
	PercentDecimals      int64  `json:"percent_decimals"`
	AutoCloseHours       int64  `json:"auto_close_hours"` // 0: never
	ActiveGraceHours     int64  `json:"active_grace_hours"`
	ConversionWindowDays int64  `json:"conversion_window_days"`
	ServiceLevelSeconds  int64  `json:"service_level_seconds"`
	PresenceTTLSeconds   int64  `json:"presence_ttl_seconds"` // 0: none
	MaxRangeDays         int64  `json:"max_range_days"`       // 0: none
	MessageAfterClose    string `json:"message_after_close"`  // reopen, new_session
	Market               string `json:"market,omitzero"`
	// Attribution is how AI sales are attributed, by kind of channel, where a
	// channel says nothing itself.
	Attribution map[string]event.Attribution `json:"attribution,omitzero"`
	Targets     map[string]float64           `json:"targets,omitzero"`
	Benchmarks  map[string]Benchmark         `json:"benchmarks,omitzero"`
}

// Benchmark is what the best of the industry reach.
type Benchmark struct {
	TopPercent float64 `json:"top_percent"`
	Value      float64 `json:"value"`
}

// Profile is a tenant's settings in force: a preset, what differs from it, and
// the version that the answers name.
type Profile struct {
	Name    string
	Version int64
	Settings
	// Changes are the keys that differ from the preset, as they were given.
	Changes jsontext.Value
}

// Location is the profile's time zone.
func (p *Profile) Location() *time.Location {
	loc, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return time.UTC // cannot be: NewProfile has loaded it
	}
	return loc
}

// Label names profile and version, such as wecom@3.
func (p *Profile) Label() string { return fmt.Sprintf("%s@%d", p.Name, p.Version) }

// DefaultProfile is in force before a tenant's first tenant.configured.
const DefaultProfile = "default"

func defaults() Settings {
	return Settings{
		Timezone: "UTC", ResponseWindowHours: 24, NeutralIsNegative: true, ResponseTime: "first_plus_turns",
		FirstResponseFrom: "human", Unique: "range", PercentDecimals: 1, ConversionWindowDays: 7,
		ServiceLevelSeconds: 60, MessageAfterClose: "reopen",
	}
}

// presets change the defaults. The market is known before they are asked.
var presets = map[string]func(*Settings){
	DefaultProfile: func(*Settings) {},
	"tiktok_shop": func(s *Settings) {
		switch s.Market {
		case "us":
			s.NeutralIsNegative = false
		case "sea":
			s.ResponseWindowHours = 12
		}
	},
	"wecom": func(s *Settings) {
		s.ResponseTime, s.Unique, s.PercentDecimals, s.NeutralIsNegative, s.Timezone = "first", "sum_daily", 0, false, "Asia/Shanghai"
	},
	"klaviyo": func(s *Settings) {
		s.ResponseTime, s.AutoCloseHours, s.PercentDecimals = "first", 48, 0
		s.Attribution = map[string]event.Attribution{"web": {Touch: "product_click", Hours: 24}}
	},
	"inbox": func(s *Settings) {
		s.ResponseTime, s.ActiveGraceHours, s.PercentDecimals, s.MaxRangeDays, s.MessageAfterClose = "first", 24, 0, 90, "new_session"
	},
}

// Presets lists the names of the presets, sorted.
func Presets() []string { return slices.Sorted(maps.Keys(presets)) }

// Markets are those in which a preset says something else.
func Markets() []string { return []string{"sea", "us"} }

// settingKeys lists what a profile can be told.
func settingKeys() []string {
	var keys []string
	for f := range reflect.TypeFor[Settings]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}

// ErrProfile marks settings that cannot be in force.
var ErrProfile = errors.New("invalid profile")

// NewProfile makes a profile from a preset and the keys that differ from it.
// Its error, an ErrProfile, names every fault.
func NewProfile(preset string, version int64, changes jsontext.Value) (*Profile, error) {
	if preset == "" {
		preset = DefaultProfile
	}
	adjust, ok := presets[preset]
	if !ok {
		return nil, fmt.Errorf("%w: unknown preset %q; there are %s", ErrProfile, preset, strings.Join(Presets(), ", "))
	}
	if len(changes) == 0 {
		changes = jsontext.Value("{}")
	}
	p := &Profile{Name: preset, Version: version, Settings: defaults(), Changes: changes}
	var market struct {
		Market string `json:"market"`
	}
	if err := json.Unmarshal(changes, &market); err != nil {
		return nil, fmt.Errorf("%w: settings must be an object whose market is a string", ErrProfile)
	}
	p.Market = market.Market
	adjust(&p.Settings)
	if err := json.Unmarshal(changes, &p.Settings, json.RejectUnknownMembers(true)); err != nil {
		if s, ok := errors.AsType[*json.SemanticError](err); ok {
			key := strings.TrimPrefix(string(s.JSONPointer), "/")
			if errors.Is(s.Err, json.ErrUnknownName) {
				return nil, fmt.Errorf("%w: %s: unknown key; there are %s", ErrProfile, key, strings.Join(settingKeys(), ", "))
			}
			return nil, fmt.Errorf("%w: %s: wrong type", ErrProfile, key)
		}
		return nil, fmt.Errorf("%w: settings are not JSON", ErrProfile)
	}
	faults := append(p.faults(), nulls(changes)...)
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrProfile, strings.Join(faults, "; "))
	}
	return p, nil
}

// nulls names the keys that are null although they have no "none".
func nulls(changes jsontext.Value) []string {
	var given map[string]jsontext.Value
	if err := json.Unmarshal(changes, &given); err != nil {
		return nil // NewProfile has read it
	}
	var f []string
	for _, key := range slices.Sorted(maps.Keys(given)) {
		switch key {
		case "auto_close_hours", "active_grace_hours", "presence_ttl_seconds", "max_range_days", "market", "attribution", "targets", "benchmarks":
		default:
			if given[key].Kind() == 'n' {
				f = append(f, key+" must not be null")
			}
		}
	}
	return f
}

func (s *Settings) faults() []string {
	var f []string
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		f = append(f, "timezone must be an IANA name such as Asia/Shanghai")
	}
	choice := func(key, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			f = append(f, key+" must be one of "+strings.Join(allowed, ", "))
		}
	}
	choice("response_time", s.ResponseTime, "first_plus_turns", "first")
	choice("first_response_from", s.FirstResponseFrom, "human", "customer")
	choice("unique", s.Unique, "range", "sum_daily")
	choice("message_after_close", s.MessageAfterClose, "reopen", "new_session")
	within := func(key string, value, low, high int64) {
		if value < low || value > high {
			f = append(f, fmt.Sprintf("%s must be from %d to %d", key, low, high))
		}
	}
	within("response_window_hours", s.ResponseWindowHours, 1, 24*30)
	within("percent_decimals", s.PercentDecimals, 0, 4)
	within("auto_close_hours", s.AutoCloseHours, 0, 24*365)
	within("active_grace_hours", s.ActiveGraceHours, 0, 24*30)
	within("conversion_window_days", s.ConversionWindowDays, 1, 365)
	within("service_level_seconds", s.ServiceLevelSeconds, 1, 86400)
	within("presence_ttl_seconds", s.PresenceTTLSeconds, 0, 86400)
	within("max_range_days", s.MaxRangeDays, 0, 3660)
	if len(s.Market) > 64 {
		f = append(f, "market must be at most 64 bytes")
	}
	for kind, a := range s.Attribution {
		choice("attribution."+kind+".touch", a.Touch, "product_click", "message")
		within("attribution."+kind+".hours", a.Hours, 1, 24*366)
	}
	for id := range s.Targets {
		if _, ok := Lookup(id); !ok {
			f = append(f, "targets: unknown metric "+id)
		}
	}
	for id := range s.Benchmarks {
		if _, ok := Lookup(id); !ok {
			f = append(f, "benchmarks: unknown metric "+id)
		}
	}
	slices.Sort(f)
	return f
}
