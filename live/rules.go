package live

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/risk"
)

// The documents of a desk's rules.
const (
	rulesCurrent = "current"
	rulesDraft   = "draft"
)

// takeEffect is how long a change of the rules waits for this server to follow it.
const takeEffect = 20 * time.Second

// ruleSet is a desk's rules as the API shows them.
type ruleSet struct {
	Edition

	InForce int64       `json:"in_force" doc:"The version by which this server judges; 0 for the preset's own rules."`
	Preset  string      `json:"preset"`
	Set     risk.Set    `json:"set" doc:"What is changed about the preset's rules, and the desk's own."`
	Rules   []risk.Rule `json:"rules" doc:"All rules that the set stands for, in the order in which they are applied, disabled ones too."`
}

// Schema describes the answer; what a set holds is described at PUT /v1/rules.
func (ruleSet) Schema(huma.Registry) *huma.Schema {
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	return &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"version": {Type: huma.TypeInteger}, "at": {Type: huma.TypeString}, "by": {Type: huma.TypeString}, "in_force": {Type: huma.TypeInteger},
		"preset": {Type: huma.TypeString}, "set": object, "rules": {Type: huma.TypeArray, Items: object},
	}}
}

// rawJSON is a member that another package reads.
type rawJSON struct{ jsontext.Value }

// UnmarshalJSON keeps the bytes.
func (r *rawJSON) UnmarshalJSON(b []byte) error {
	r.Value = slices.Clone(b)
	return nil
}

// Schema says that any object will do.
func (rawJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// rulesEdit is a whole set as it is put.
type rulesEdit struct {
	Version int64   `json:"version" minimum:"0" doc:"The version that was changed; 0 for the first."`
	Set     rawJSON `json:"set" doc:"preset, changes to its rules, rules of the desk's own, allow, on_failure. Refused whole, with every fault, if one rule is broken."`
}

// oneRule is one rule as it is put: a rule of the desk's own, or what is changed
// about one of the preset's.
type oneRule struct {
	Version int64   `json:"version" minimum:"0"`
	Rule    rawJSON `json:"rule,omitzero" doc:"For a rule of the desk's own."`
	Change  rawJSON `json:"change,omitzero" doc:"For one of the preset's: disabled, severity, add_phrases, …"`
}

type ruleVersions struct {
	Versions []Edition `json:"versions"`
	Next     int64     `json:"next,omitempty" doc:"The before of the next page."`
}

func (s *Server) describeRules(api huma.API) {
	big := func(method, path, summary string) huma.Operation {
		op := operation(method, path, summary)
		op.MaxBodyBytes = risk.MaxSet + mostRequest
		return op
	}
	type put struct{ Body rulesEdit }
	for path, id := range map[string]string{"/v1/rules": rulesCurrent, "/v1/rules/draft": rulesDraft} {
		what := map[string]string{rulesCurrent: "The rules in force", rulesDraft: "The draft"}[id]
		register(api, http.MethodGet, path, what, func(ctx context.Context, _ *struct{}) (*body[ruleSet], error) {
			return answered(ctx, s, func() (ruleSet, error) { return s.ruleSet(ctx, id) })
		})
		huma.Register(api, big(http.MethodPut, path, what+", replaced whole"), func(ctx context.Context, in *put) (*body[ruleSet], error) {
			return answered(ctx, s, func() (ruleSet, error) {
				set, err := risk.ParseSet(in.Body.Set.Value)
				if err != nil {
					return ruleSet{}, err
				}
				return s.storeRules(ctx, id, in.Body.Version, set)
			})
		})
	}
	type one struct {
		ID   string `path:"id" maxLength:"128"`
		Body oneRule
	}
	huma.Register(api, big(http.MethodPut, "/v1/rules/{id}", "Create or change one rule"), func(ctx context.Context, in *one) (*body[ruleSet], error) {
		return answered(ctx, s, func() (ruleSet, error) { return s.putRule(ctx, in.ID, &in.Body) })
	})
	type drop struct {
		ID      string `path:"id" maxLength:"128"`
		Version int64  `query:"version" minimum:"1" required:"true" doc:"The version that was changed."`
	}
	register(api, http.MethodDelete, "/v1/rules/{id}", "Remove a rule of the desk's own, or take back what is changed about one of the preset's", func(ctx context.Context, in *drop) (*body[ruleSet], error) {
		return answered(ctx, s, func() (ruleSet, error) { return s.dropRule(ctx, in.ID, in.Version) })
	})
	type page struct {
		Before int64 `query:"before" minimum:"0"`
		Limit  int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}
	register(api, http.MethodGet, "/v1/rules/versions", "Who changed the rules, and when; the newest first", func(ctx context.Context, in *page) (*body[ruleVersions], error) {
		return answered(ctx, s, func() (ruleVersions, error) {
			list, err := s.cfg.Documents.Versions(ctx, identityOf(ctx).Tenant, RuleDocuments, rulesCurrent, in.Before, in.Limit)
			out := ruleVersions{Versions: []Edition{}}
			for i := range list {
				out.Versions = append(out.Versions, list[i].edition())
			}
			if len(list) == in.Limit {
				out.Next = list[len(list)-1].Version
			}
			return out, err
		})
	})
	type version struct {
		Version int64 `path:"version" minimum:"1"`
	}
	register(api, http.MethodGet, "/v1/rules/versions/{version}", "The rules as they were", func(ctx context.Context, in *version) (*body[ruleSet], error) {
		return answered(ctx, s, func() (ruleSet, error) {
			list, err := s.cfg.Documents.Versions(ctx, identityOf(ctx).Tenant, RuleDocuments, rulesCurrent, in.Version+1, 1)
			switch {
			case err != nil:
				return ruleSet{}, err
			case len(list) == 0 || list[0].Version != in.Version:
				return ruleSet{}, ErrNotFound
			}
			return s.showRules(ctx, &list[0])
		})
	})
	type try struct{ Body trial }
	huma.Register(api, big(http.MethodPost, "/v1/rules/try", "What the rules say to a text; nothing is stored"), func(ctx context.Context, in *try) (*body[trialResult], error) {
		return answered(ctx, s, func() (trialResult, error) { return s.try(ctx, &in.Body) })
	})
}

// answered makes an answer or a problem of what f returns.
func answered[T any](ctx context.Context, s *Server, f func() (T, error)) (*body[T], error) {
	v, err := f()
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &body[T]{v}, nil
}

// storedRules is the set that a document holds, and the version to change. A desk
// that changed nothing has the rules of its preset.
func (s *Server) storedRules(ctx context.Context, id string) (risk.Set, Document, error) {
	tenant := identityOf(ctx).Tenant
	d, err := s.newest(ctx, tenant, RuleDocuments, id)
	switch {
	case errors.Is(err, ErrNotFound):
		set, err := s.ownPreset(ctx, tenant)
		return set, Document{}, err
	case err != nil:
		return risk.Set{}, Document{}, err
	}
	var set risk.Set
	err = json.Unmarshal(d.Body, &set)
	return set, d, err
}

// ownPreset is the set of a desk that changed nothing.
func (s *Server) ownPreset(ctx context.Context, tenant event.TenantID) (risk.Set, error) {
	t, err := s.cfg.Tenants.Tenant(ctx, tenant)
	if err != nil || t.Profile == nil || !slices.Contains(risk.Presets(), t.Profile.Name) {
		return risk.Set{Preset: "default"}, err
	}
	return risk.Set{Preset: t.Profile.Name}, nil
}

func (s *Server) ruleSet(ctx context.Context, id string) (ruleSet, error) {
	set, d, err := s.storedRules(ctx, id)
	if err != nil {
		return ruleSet{}, err
	}
	if d.Version > 0 {
		return s.showRules(ctx, &d)
	}
	rules, err := set.Effective()
	return ruleSet{InForce: s.gate.book.version(identityOf(ctx).Tenant), Preset: set.Preset, Set: set, Rules: rules}, err
}

func (s *Server) showRules(ctx context.Context, d *Document) (ruleSet, error) {
	out := ruleSet{Edition: d.edition(), InForce: s.gate.book.version(identityOf(ctx).Tenant)}
	if err := json.Unmarshal(d.Body, &out.Set); err != nil {
		return out, err
	}
	out.Preset = out.Set.Preset
	var err error
	out.Rules, err = out.Set.Effective()
	return out, err
}

// putRules stores a set that was changed, unless it is broken.
func (s *Server) putRules(ctx context.Context, after int64, set risk.Set) (ruleSet, error) {
	if _, err := set.Compile(); err != nil {
		return ruleSet{}, err
	}
	return s.storeRules(ctx, rulesCurrent, after, set)
}

// storeRules stores a set that compiles as the next version and, unless it is a
// draft, puts it in force on every server; it returns when this one follows.
func (s *Server) storeRules(ctx context.Context, id string, after int64, set risk.Set) (ruleSet, error) {
	tenant := identityOf(ctx).Tenant
	if set.Preset == "" { // who changes the profile later keeps these rules
		own, err := s.ownPreset(ctx, tenant)
		if err != nil {
			return ruleSet{}, err
		}
		set.Preset = own.Preset
	}
	d, err := s.put(ctx, RuleDocuments, id, after, set)
	if err != nil {
		return ruleSet{}, err
	}
	if id == rulesCurrent {
		if err := s.enforce(ctx, tenant, &d); err != nil {
			return ruleSet{}, err
		}
	}
	return s.showRules(ctx, &d)
}

// enforce puts a stored set in force. Should that fail, the change is stored and
// the same request with its version, or the next change, puts it in force.
func (s *Server) enforce(ctx context.Context, tenant event.TenantID, d *Document) error {
	ctx, cancel := context.WithTimeout(ctx, takeEffect)
	defer cancel()
	err := s.cfg.Rules.PutRules(ctx, stream.RulesInForce{Tenant: tenant, Version: d.Version, Body: d.Body})
	if err == nil {
		err = s.gate.book.wait(ctx, tenant, d.Version)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, stream.ErrTooLarge):
		return &Fault{Code: CodeTooLarge, Field: "set", Detail: "the set is stored as a version and is too large to be put in force", Err: err}
	}
	return &Fault{Code: CodeUnavailable, Field: "version", Detail: "stored as version " + itoa(int(d.Version)) + " and not in force yet; put it again", Err: err}
}

func (s *Server) putRule(ctx context.Context, id string, in *oneRule) (ruleSet, error) {
	set, _, err := s.storedRules(ctx, rulesCurrent)
	if err != nil {
		return ruleSet{}, err
	}
	switch {
	case len(in.Rule.Value) > 0 && len(in.Change.Value) > 0, len(in.Rule.Value) == 0 && len(in.Change.Value) == 0:
		return ruleSet{}, &Fault{Code: CodeInvalid, Field: "rule", Detail: "either rule or change"}
	case len(in.Rule.Value) > 0:
		var rule risk.Rule
		if err := strictly(in.Rule.Value, "rule", &rule); err != nil {
			return ruleSet{}, err
		}
		rule.ID = id
		set.Rules = replaced(set.Rules, rule, func(r risk.Rule) bool { return r.ID == id })
	default:
		var change risk.Change
		if err := strictly(in.Change.Value, "change", &change); err != nil {
			return ruleSet{}, err
		}
		change.ID = id
		set.Changes = replaced(set.Changes, change, func(c risk.Change) bool { return c.ID == id })
	}
	return s.putRules(ctx, in.Version, set)
}

// strictly decodes what must have no other members.
func strictly(raw jsontext.Value, field string, v any) error {
	err := json.Unmarshal(raw, v, json.RejectUnknownMembers(true))
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return &Fault{Code: CodeInvalid, Field: clipped(field + string(semantic.JSONPointer)), Detail: "is unknown or has the wrong type", Err: err}
	}
	if err != nil {
		return &Fault{Code: CodeInvalid, Field: field, Detail: "is not JSON", Err: err}
	}
	return nil
}

// replaced is a list with v in the place of what is found, or at its end.
func replaced[T any](list []T, v T, found func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, found); i >= 0 {
		list[i] = v
		return list
	}
	return append(list, v)
}

func (s *Server) dropRule(ctx context.Context, id string, version int64) (ruleSet, error) {
	set, _, err := s.storedRules(ctx, rulesCurrent)
	if err != nil {
		return ruleSet{}, err
	}
	before := len(set.Rules) + len(set.Changes)
	set.Rules = slices.DeleteFunc(slices.Clone(set.Rules), func(r risk.Rule) bool { return r.ID == id })
	set.Changes = slices.DeleteFunc(slices.Clone(set.Changes), func(c risk.Change) bool { return c.ID == id })
	if len(set.Rules)+len(set.Changes) == before {
		return ruleSet{}, ErrNotFound
	}
	return s.putRules(ctx, version, set)
}

// trial is a text to be tried.
type trial struct {
	Text    string          `json:"text" minLength:"1" maxLength:"65536"`
	From    event.Kind      `json:"from,omitempty" enum:"agent,bot,customer" default:"agent"`
	Channel event.ChannelID `json:"channel,omitempty" maxLength:"128"`
	Team    event.TeamID    `json:"team,omitempty" maxLength:"128"`
	Set     rawJSON         `json:"set,omitzero" doc:"A draft to be asked instead of the rules in force."`
}

// trialResult is what the rules say. Version is 0 for a draft and for a preset's own rules.
type trialResult struct {
	Verdict    event.Verdict     `json:"verdict"`
	Rules      []string          `json:"rules" doc:"All that matched, monitoring ones too."`
	Violations []event.Violation `json:"violations"`
	Unjudged   []risk.Unjudged   `json:"unjudged" doc:"Categories that could not be judged, and what their policy did."`
	Version    int64             `json:"version"`
}

func (s *Server) try(ctx context.Context, t *trial) (trialResult, error) {
	tenant := identityOf(ctx).Tenant
	desk, err := s.cfg.Tenants.Tenant(ctx, tenant)
	if err != nil {
		return trialResult{}, err
	}
	preset, market := "default", ""
	if desk.Profile != nil {
		preset, market = desk.Profile.Name, desk.Profile.Market
	}
	out := trialResult{Version: s.gate.book.version(tenant)}
	engine := s.gate.book.engine(tenant, preset)
	if len(t.Set.Value) > 0 {
		set, err := risk.ParseSet(t.Set.Value)
		if err == nil {
			engine, err = set.Compile()
		}
		if err != nil {
			return trialResult{}, err
		}
		out.Version = 0
	}
	r := engine.Check(t.Text, risk.Context{
		Tenant: string(tenant), Channel: string(t.Channel), Team: string(t.Team), Market: market, From: string(t.From),
	})
	out.Verdict, out.Rules, out.Violations, out.Unjudged = r.Verdict, orEmpty(r.Rules), orEmpty(r.Violations), orEmpty(r.Unjudged)
	return out, nil
}
