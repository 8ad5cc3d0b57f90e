package event

import "github.com/go-json-experiment/json/jsontext"

// TenantConfigured puts a profile in force from its sequence on. Settings are
// the keys that differ from the preset; package metric reads them. Version 0
// means one more than the last.
type TenantConfigured struct {
	Profile  string         `json:"profile,omitzero"`
	Version  int64          `json:"version,omitzero"`
	Settings jsontext.Value `json:"settings,omitzero"`
	Name     string         `json:"name,omitzero"`
}

func (*TenantConfigured) eventType() Type { return TypeTenantConfigured }
func (d *TenantConfigured) key() string   { return "" }
func (d *TenantConfigured) validate(v *validator) {
	v.optionalID("profile", d.Profile)
	v.within("version", d.Version, 0, 1<<53)
	switch {
	case len(d.Settings) == 0:
	case d.Settings.Kind() == 'n':
		d.Settings = nil
	case d.Settings.Kind() != '{' || d.Settings.Compact() != nil: // spaces are not part of what they say
		v.invalid("settings", "must be an object")
	}
	if d.Name != "" {
		v.name("name", d.Name)
	}
}

// NotificationAcknowledged says that these notifications will not be sent again.
type NotificationAcknowledged struct {
	Agent AgentID  `json:"agent"`
	Items []string `json:"items"`
}

func (*NotificationAcknowledged) eventType() Type { return TypeNotificationAcknowledged }
func (d *NotificationAcknowledged) key() string   { return string(d.Agent) }
func (d *NotificationAcknowledged) validate(v *validator) {
	v.id("agent", string(d.Agent))
	if len(d.Items) == 0 {
		v.missing("items")
	}
	ids(v, "items", d.Items)
}
