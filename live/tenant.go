package live

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

// Tenant is a desk and the profile that is in force there.
type Tenant struct {
	ID      event.TenantID
	Name    string // "" if it was never given one
	Profile *metric.Profile
}

// Tenants knows the desks. One that nothing is known of has the default profile.
type Tenants interface {
	Tenant(ctx context.Context, id event.TenantID) (Tenant, error)
	Tenants(ctx context.Context) ([]Tenant, error)
	// Profiles are those that reports can be asked under: the one in force first,
	// then the others that the tenant was given, the latest first, then the bare
	// presets.
	Profiles(ctx context.Context, id event.TenantID) ([]*metric.Profile, error)
}

// Refolder computes a tenant's stored numbers anew from its events, in the
// background; the old ones stay up until then. Configure does so under a profile
// that is to be in force, and puts it there; where nothing has to be computed for
// that, it returns the sequence of the event instead of the progress. Progress is
// how far it is, or how the last one ended.
type Refolder interface {
	Configure(ctx context.Context, tenant event.TenantID, c Configuration) (seq uint64, progress any, err error)
	Refold(ctx context.Context, tenant event.TenantID) (progress any, err error)
	Progress(ctx context.Context, tenant event.TenantID) (any, error)
}

// Configuration is a profile that a tenant is to have.
type Configuration struct {
	Preset   string
	Settings []byte // the keys that differ from the preset, as JSON
	Name     string // "" leaves it
	By       string // part of the event's id; never the same twice
	At       time.Time
}

// Refusal keeps what was refused; *stream.Stream does.
type Refusal interface {
	Refused(ctx context.Context, tenant event.TenantID, after uint64, limit int) ([]stream.RefusedEvent, error)
	Again(ctx context.Context, seq uint64) (stream.Ack, error)
}

// tenantAnswer is a tenant as the API shows it.
type tenantAnswer struct {
	Tenant   event.TenantID `json:"tenant"`
	Name     string         `json:"name"`
	Profile  string         `json:"profile" doc:"The preset."`
	Version  int64          `json:"version"`
	Label    string         `json:"label" doc:"As the answers name it, such as wecom@3."`
	Settings jsontext.Value `json:"settings" doc:"What is in force."`
	Changes  jsontext.Value `json:"changes" doc:"What differs from the preset."`
}

// Schema describes the answer.
func (tenantAnswer) Schema(huma.Registry) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	return &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"tenant": text, "name": text, "profile": text, "version": {Type: huma.TypeInteger}, "label": text, "settings": object, "changes": object,
	}}
}

func answerTenant(t Tenant) (tenantAnswer, error) {
	a := tenantAnswer{Tenant: t.ID, Name: t.Name}
	if a.Name == "" {
		a.Name = string(t.ID)
	}
	if t.Profile == nil {
		return a, nil
	}
	settings, err := json.Marshal(t.Profile.Settings, json.Deterministic(true))
	a.Profile, a.Version, a.Label, a.Settings, a.Changes = t.Profile.Name, t.Profile.Version, t.Profile.Label(), settings, t.Profile.Changes
	return a, err
}

// profileAnswer is a profile that reports can be asked under.
type profileAnswer struct {
	Label    string         `json:"label" doc:"As the parameter profile takes it, such as wecom@3."`
	Profile  string         `json:"profile" doc:"The preset."`
	Version  int64          `json:"version" doc:"0: the preset itself, in the desk's own time zone."`
	InForce  bool           `json:"in_force"`
	Settings jsontext.Value `json:"settings"`
}

// Schema describes the answer.
func (profileAnswer) Schema(huma.Registry) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	return &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"label": text, "profile": text, "version": {Type: huma.TypeInteger}, "in_force": {Type: huma.TypeBoolean},
		"settings": {Type: huma.TypeObject, AdditionalProperties: true},
	}}
}

// presetAnswer is what a preset says where nothing differs from it.
type presetAnswer struct {
	Profile  string                    `json:"profile"`
	Settings jsontext.Value            `json:"settings"`
	Markets  map[string]jsontext.Value `json:"markets,omitempty"`
}

// Schema describes the answer.
func (presetAnswer) Schema(huma.Registry) *huma.Schema {
	settings := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	return &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"profile": {Type: huma.TypeString}, "settings": settings,
		"markets": {Type: huma.TypeObject, Description: "The settings in each market where they are others.", AdditionalProperties: settings},
	}}
}

type profilesAnswer struct {
	Profiles []profileAnswer `json:"profiles"`
	Presets  []presetAnswer  `json:"presets" doc:"What each preset says by itself, time zone included."`
}

// answerPresets says what the presets are, in each market that makes a difference.
func answerPresets() ([]presetAnswer, error) {
	all := make([]presetAnswer, 0, len(metric.Presets()))
	for _, name := range metric.Presets() {
		bare, err := metric.NewProfile(name, 0, nil)
		if err != nil {
			return nil, err
		}
		p := presetAnswer{Profile: name}
		if p.Settings, err = json.Marshal(bare.Settings, json.Deterministic(true)); err != nil {
			return nil, err
		}
		for _, market := range metric.Markets() {
			there, err := metric.NewProfile(name, 0, fmt.Appendf(nil, `{"market":%q}`, market))
			if err != nil {
				return nil, err
			}
			there.Market = ""
			settings, err := json.Marshal(there.Settings, json.Deterministic(true))
			if err != nil {
				return nil, err
			}
			if bytes.Equal(settings, p.Settings) {
				continue
			}
			if p.Markets == nil {
				p.Markets = make(map[string]jsontext.Value)
			}
			p.Markets[market] = settings
		}
		all = append(all, p)
	}
	return all, nil
}

func answerProfiles(all []*metric.Profile) (out profilesAnswer, err error) {
	out.Profiles = make([]profileAnswer, 0, len(all))
	if out.Presets, err = answerPresets(); err != nil {
		return out, err
	}
	for i, p := range all {
		settings, err := json.Marshal(p.Settings, json.Deterministic(true))
		if err != nil {
			return out, err
		}
		out.Profiles = append(out.Profiles, profileAnswer{Label: p.Label(), Profile: p.Name, Version: p.Version, InForce: i == 0, Settings: settings})
	}
	return out, nil
}

// configuration is what a tenant is to have.
type configuration struct {
	Name     string         `json:"name,omitempty" maxLength:"1024"`
	Profile  string         `json:"profile" doc:"A preset: default, tiktok_shop, wecom, klaviyo, inbox."`
	Settings map[string]any `json:"settings,omitempty" doc:"The keys that differ from the preset."`
}

// refusedAnswer is one refused event.
type refusedAnswer struct {
	Seq     uint64 `json:"seq" doc:"In the list of the refused."`
	At      string `json:"at"`
	Reason  string `json:"reason"`
	Field   string `json:"field,omitempty"`
	Detail  string `json:"detail,omitempty"`
	Subject string `json:"subject"`
	Arrived string `json:"arrived"`
	Event   string `json:"event" doc:"As it came; bytes that are no UTF-8 are replaced."`
}

type refusedPage struct {
	Items []refusedAnswer `json:"items"`
	Next  uint64          `json:"next,omitzero" doc:"The after of the next page."`
}

func (s *Server) describeTenant(api huma.API) {
	register(api, http.MethodGet, "/v1/tenant", "The tenant and its settings", func(ctx context.Context, _ *struct{}) (*body[tenantAnswer], error) {
		t, err := s.cfg.Tenants.Tenant(ctx, identityOf(ctx).Tenant)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		a, err := answerTenant(t)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[tenantAnswer]{a}, nil
	})
	register(api, http.MethodGet, "/v1/profiles", "The profiles that reports can be asked under", func(ctx context.Context, _ *struct{}) (*body[profilesAnswer], error) {
		all, err := s.cfg.Tenants.Profiles(ctx, identityOf(ctx).Tenant)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		a, err := answerProfiles(all)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[profilesAnswer]{a}, nil
	})
	register(api, http.MethodPut, "/v1/tenant", "Put settings in force", func(ctx context.Context, in *body[configuration]) (*body[configured], error) {
		done, err := s.configure(ctx, identityOf(ctx).Tenant, &in.Body)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[configured]{done}, nil
	})
	register(api, http.MethodGet, "/v1/tenants", "Every tenant", func(ctx context.Context, _ *struct{}) (*body[struct {
		Tenants []tenantAnswer `json:"tenants"`
	}], error,
	) {
		all, err := s.cfg.Tenants.Tenants(ctx)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		out := &body[struct {
			Tenants []tenantAnswer `json:"tenants"`
		}]{}
		out.Body.Tenants = []tenantAnswer{}
		for _, t := range all {
			a, err := answerTenant(t)
			if err != nil {
				return nil, s.refuse(ctx, err)
			}
			out.Body.Tenants = append(out.Body.Tenants, a)
		}
		return out, nil
	})
	type page struct {
		After uint64 `query:"after" doc:"The seq of the last one known."`
		Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	register(api, http.MethodGet, "/v1/refused", "Events that were refused, oldest first", func(ctx context.Context, in *page) (*body[refusedPage], error) {
		who := identityOf(ctx)
		list, err := s.cfg.Refusal.Refused(ctx, who.Tenant, in.After, in.Limit)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		if who.Role == RoleOperator { // who sees that something is wrong, and not what desks say
			for i := range list {
				list[i].Event.Raw = nil
			}
		}
		return &body[refusedPage]{answerRefused(list, in.Limit)}, nil
	})
	type sequence struct {
		Seq uint64 `path:"seq" minimum:"1"`
	}
	register(api, http.MethodPost, "/v1/refused/{seq}/again", "Publish a refused event anew", func(ctx context.Context, in *sequence) (*body[stored], error) {
		// The sequence may be another tenant's: only what its own list has is published.
		list, err := s.cfg.Refusal.Refused(ctx, identityOf(ctx).Tenant, in.Seq-1, 1)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		if len(list) == 0 || list[0].Seq != in.Seq {
			return nil, s.refuse(ctx, ErrNotFound)
		}
		ack, err := s.cfg.Refusal.Again(ctx, in.Seq)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[stored]{stored{Seq: ack.Seq, Duplicate: ack.Duplicate}}, nil
	})
	if s.cfg.Verifier != nil {
		register(api, http.MethodPost, "/v1/verify", "Recompute counters and compare", s.verify)
	}
	if s.cfg.Refolder != nil {
		register(api, http.MethodPost, "/v1/refold", "Compute stored counters anew under the present profile", func(ctx context.Context, _ *struct{}) (*body[any], error) {
			progress, err := s.cfg.Refolder.Refold(ctx, identityOf(ctx).Tenant)
			if err != nil {
				return nil, s.refuse(ctx, err)
			}
			s.announceRefold(identityOf(ctx).Tenant)
			return &body[any]{progress}, nil
		})
		register(api, http.MethodGet, "/v1/refold", "How far the recomputation is, or how the last one ended", func(ctx context.Context, _ *struct{}) (*body[any], error) {
			progress, err := s.cfg.Refolder.Progress(ctx, identityOf(ctx).Tenant)
			if err != nil {
				return nil, s.refuse(ctx, err)
			}
			return &body[any]{progress}, nil
		})
	}
}

// configured is what has become of settings: the event that puts them in force,
// or how far the past has been computed anew for them.
type configured struct {
	Seq       uint64 `json:"seq,omitzero" doc:"The sequence of the event that put them in force at once."`
	Duplicate bool   `json:"duplicate,omitzero"`
	Refold    any    `json:"refold,omitempty" doc:"The past is computed anew first: how far that is. GET /v1/refold follows it."`
}

// configure puts settings in force that can be.
func (s *Server) configure(ctx context.Context, tenant event.TenantID, c *configuration) (configured, error) {
	settings, err := json.Marshal(c.Settings, json.Deterministic(true), json.FormatNilMapAsNull(false))
	if err != nil {
		return configured{}, err
	}
	if _, err := metric.NewProfile(c.Profile, 0, settings); err != nil {
		return configured{}, err
	}
	by := randomText()
	if s.cfg.Refolder != nil {
		seq, progress, err := s.cfg.Refolder.Configure(ctx, tenant, Configuration{Preset: c.Profile, Settings: settings, Name: c.Name, By: by, At: s.now()})
		if err == nil && progress != nil {
			s.announceRefold(tenant)
		}
		return configured{Seq: seq, Refold: progress}, err
	}
	e := event.New(tenant, event.ServerSource, "configured/"+by, s.now(), &event.TenantConfigured{Profile: c.Profile, Settings: settings, Name: c.Name})
	ack, err := publish(ctx, s.cfg.Store, &e)
	return configured{Seq: ack.Seq, Duplicate: ack.Duplicate}, err
}

func answerRefused(list []stream.RefusedEvent, limit int) refusedPage {
	page := refusedPage{Items: []refusedAnswer{}}
	for i := range list {
		one := &list[i]
		page.Items = append(page.Items, refusedAnswer{
			Seq: one.Seq, At: one.At.UTC().Format(timeFormat), Reason: string(one.Refusal.Reason),
			Field: strings.ToValidUTF8(one.Refusal.Field, "�"), Detail: strings.ToValidUTF8(one.Refusal.Detail, "�"),
			Subject: strings.ToValidUTF8(one.Event.Subject, "�"), Arrived: one.Event.Arrived.UTC().Format(time.RFC3339Nano),
			Event: strings.ToValidUTF8(string(one.Event.Raw), "�"),
		})
	}
	if len(list) == limit {
		page.Next = list[len(list)-1].Seq
	}
	return page
}
