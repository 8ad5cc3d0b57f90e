package metric_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// preset is the specification's table of profiles, with the defaults written out.
func preset(change func(*metric.Settings)) metric.Settings {
	s := metric.Settings{
		Timezone: "UTC", ResponseWindowHours: 24, NeutralIsNegative: true, ResponseTime: "first_plus_turns", FirstResponseFrom: "human",
		Unique: "range", PercentDecimals: 1, AutoCloseHours: 0, ActiveGraceHours: 0, ConversionWindowDays: 7, ServiceLevelSeconds: 60,
		PresenceTTLSeconds: 0, MaxRangeDays: 0, MessageAfterClose: "reopen",
	}
	change(&s)
	return s
}

func TestPresets(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, changes string
		want          func(*metric.Settings)
	}{
		{"", ``, func(*metric.Settings) {}},
		{"default", `{}`, func(*metric.Settings) {}},
		{"tiktok_shop", `{}`, func(s *metric.Settings) { s.PercentDecimals = 1 }},
		{"tiktok_shop", `{"market":"us"}`, func(s *metric.Settings) { s.Market, s.NeutralIsNegative = "us", false }},
		{"tiktok_shop", `{"market":"sea"}`, func(s *metric.Settings) { s.Market, s.ResponseWindowHours = "sea", 12 }},
		{"tiktok_shop", `{"market":"sea","response_window_hours":24}`, func(s *metric.Settings) { s.Market = "sea" }},
		{"wecom", `{}`, func(s *metric.Settings) {
			s.ResponseTime, s.Unique, s.PercentDecimals, s.NeutralIsNegative, s.Timezone = "first", "sum_daily", 0, false, "Asia/Shanghai"
		}},
		{"klaviyo", `{}`, func(s *metric.Settings) {
			s.ResponseTime, s.AutoCloseHours, s.PercentDecimals = "first", 48, 0
			s.Attribution = map[string]event.Attribution{"web": {Touch: "product_click", Hours: 24}}
		}},
		{"inbox", `{}`, func(s *metric.Settings) {
			s.ResponseTime, s.ActiveGraceHours, s.PercentDecimals, s.MaxRangeDays, s.MessageAfterClose = "first", 24, 0, 90, "new_session"
		}},
		{"wecom", `{"market":"us","percent_decimals":2}`, func(s *metric.Settings) {
			s.ResponseTime, s.Unique, s.PercentDecimals, s.NeutralIsNegative, s.Timezone, s.Market = "first", "sum_daily", 2, false, "Asia/Shanghai", "us"
		}},
		{"klaviyo", `{"auto_close_hours":null,"targets":{"reply_rate":0.95},"benchmarks":{"reply_rate":{"top_percent":10,"value":0.99}}}`, func(s *metric.Settings) {
			s.ResponseTime, s.PercentDecimals = "first", 0
			s.Attribution = map[string]event.Attribution{"web": {Touch: "product_click", Hours: 24}}
			s.Targets, s.Benchmarks = map[string]float64{"reply_rate": 0.95}, map[string]metric.Benchmark{"reply_rate": {TopPercent: 10, Value: 0.99}}
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name+tc.changes, func(t *testing.T) {
			t.Parallel()
			p, err := metric.NewProfile(tc.name, 7, []byte(tc.changes))
			require.NoError(t, err)
			require.Equal(t, preset(tc.want), p.Settings)
			require.Equal(t, p.Timezone, p.Location().String())
			require.Equal(t, p.Name+"@7", p.Label())
		})
	}
	require.Equal(t, []string{"default", "inbox", "klaviyo", "tiktok_shop", "wecom"}, metric.Presets())
}

func TestProfileFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, preset, changes string
		want                  []string
	}{
		{"preset", "shopify", `{}`, []string{`unknown preset "shopify"`, "default, inbox, klaviyo, tiktok_shop, wecom"}},
		{"not JSON", "", `{`, []string{"must be an object"}},
		{"not an object", "", `[]`, []string{"must be an object"}},
		{"unknown key", "", `{"time_zone":"UTC"}`, []string{"time_zone: unknown key; there are timezone, response_window_hours"}},
		{"key of another case", "", `{"Timezone":"UTC"}`, []string{"Timezone: unknown key"}},
		{"wrong type", "", `{"percent_decimals":"1"}`, []string{"percent_decimals: wrong type"}},
		{"market of another type", "", `{"market":1}`, []string{"market is a string"}},
		{"twice", "", `{"unique":"range","unique":"range"}`, []string{"must be an object"}},
		{"zone", "", `{"timezone":"Mars/Olympus"}`, []string{"timezone must be an IANA name such as Asia/Shanghai"}},
		{"zone of the machine", "", `{"timezone":"Local"}`, []string{"timezone must be an IANA name"}},
		{"no zone", "", `{"timezone":""}`, []string{"timezone must be an IANA name"}},
		{"null where there is no none", "", `{"neutral_is_negative":null,"percent_decimals":null}`, []string{"neutral_is_negative must not be null", "percent_decimals must not be null"}},
		{"unknown metrics", "", `{"targets":{"joy":1},"benchmarks":{"luck":{"value":1}}}`, []string{"targets: unknown metric joy", "benchmarks: unknown metric luck"}},
		{"attribution", "klaviyo", `{"attribution":{"web":{"touch":"look","hours":24},"sms":{"touch":"message","hours":0}}}`, []string{
			"attribution.web.touch must be one of product_click, message", "attribution.sms.hours must be from 1",
		}},
		{"every fault at once", "", `{"timezone":"x","response_window_hours":0,"response_time":"a","first_response_from":"b","unique":"c","percent_decimals":5,
			"auto_close_hours":-1,"active_grace_hours":721,"conversion_window_days":0,"service_level_seconds":0,"presence_ttl_seconds":-1,"max_range_days":-1,"message_after_close":"d"}`, []string{
			"timezone must be", "response_window_hours must be from 1 to 720", "response_time must be one of first_plus_turns, first", "first_response_from must be one of human, customer",
			"unique must be one of range, sum_daily", "percent_decimals must be from 0 to 4", "auto_close_hours must be from 0", "active_grace_hours must be from 0 to 720",
			"conversion_window_days must be from 1 to 365", "service_level_seconds must be from 1", "presence_ttl_seconds must be from 0", "max_range_days must be from 0",
			"message_after_close must be one of reopen, new_session",
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := metric.NewProfile(tc.preset, 1, []byte(tc.changes))
			require.Nil(t, p)
			require.ErrorIs(t, err, metric.ErrProfile)
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func FuzzNewProfile(f *testing.F) {
	f.Add("wecom", `{"market":"us"}`)
	f.Add("", `{"timezone":"America/New_York","targets":{"reply_rate":1e999}}`)
	f.Add("inbox", `null`)
	f.Add("tiktok_shop", `{"market":null,"timezone":"../../etc/passwd"}`)
	f.Fuzz(func(t *testing.T, preset, changes string) {
		p, err := metric.NewProfile(preset, 1, []byte(changes))
		if err != nil {
			require.ErrorIs(t, err, metric.ErrProfile)
			require.Nil(t, p)
			return
		}
		again, err := metric.NewProfile(p.Name, p.Version, p.Changes) // as a restart reads it
		require.NoError(t, err)
		require.Equal(t, p.Settings, again.Settings)
		require.NotNil(t, p.Location())
	})
}
