package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
)

// Issued is what is kept of a token: who bears it and what it may, never itself.
type Issued struct {
	ID       TokenID           `json:"id"`
	Role     Role              `json:"role"`
	User     string            `json:"user,omitempty"`
	Teams    []event.TeamID    `json:"teams"`
	Channels []event.ChannelID `json:"channels"`
	Board    string            `json:"board,omitempty" doc:"The board that its link shows."`
	Expires  string            `json:"expires_at,omitempty" doc:"Absent: when it is revoked."`
	Made     string            `json:"made_at,omitempty"`
	By       string            `json:"by,omitempty"`
	Revoked  string            `json:"revoked_at,omitempty"`
}

type issuedList struct {
	Tokens []Issued `json:"tokens"`
}

// kiosk is a link for a screen that is to be asked for.
type kiosk struct {
	Name     string            `json:"name" minLength:"1" maxLength:"80" doc:"Where the screen hangs."`
	Board    string            `json:"board,omitempty" pattern:"^[a-z0-9-]{1,64}$"`
	Teams    []event.TeamID    `json:"teams,omitempty" maxItems:"100" doc:"Only these; never more than the caller's own."`
	Channels []event.ChannelID `json:"channels,omitempty" maxItems:"100"`
	Days     int               `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"How long it is good for; 0: until it is revoked."`
}

// madeKiosk is the link. The token is shown this once.
type madeKiosk struct {
	Token string `json:"token"`
	Path  string `json:"path" doc:"To be opened on the screen; the token stands after the # and is sent to no server."`
	Issued
}

func (s *Server) describeTokens(api huma.API) {
	type ask struct {
		Body kiosk
	}
	register(api, http.MethodPost, "/v1/kiosks", "A link for a screen, with a token of its own that reads wallboards", func(ctx context.Context, in *ask) (*body[madeKiosk], error) {
		made, err := s.makeKiosk(ctx, &in.Body)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[madeKiosk]{made}, nil
	})
	register(api, http.MethodGet, "/v1/tokens", "The tokens made here, not themselves", func(ctx context.Context, _ *struct{}) (*body[issuedList], error) {
		list, err := s.issuedTokens(ctx)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return &body[issuedList]{issuedList{list}}, nil
	})
	type token struct {
		ID string `path:"id" maxLength:"256"`
	}
	register(api, http.MethodDelete, "/v1/tokens/{id}", "End a token", func(ctx context.Context, in *token) (*struct{}, error) {
		if err := s.endToken(ctx, TokenID(in.ID)); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return nil, nil
	})
}

func (s *Server) makeKiosk(ctx context.Context, k *kiosk) (madeKiosk, error) {
	who := identityOf(ctx)
	if !cleanText(k.Name) || strings.TrimSpace(k.Name) == "" {
		return madeKiosk{}, &Fault{Code: CodeInvalid, Field: "name", Detail: "1 to 80 characters"}
	}
	c := Claims{ID: NewTokenID(who.Tenant), Tenant: who.Tenant, User: k.Name, Role: RoleWallboard}
	var err error
	if c.Teams, err = meet(k.Teams, who.Teams, "teams"); err != nil {
		return madeKiosk{}, err
	}
	if c.Channels, err = meet(k.Channels, who.Channels, "channels"); err != nil {
		return madeKiosk{}, err
	}
	path := "/wallboard"
	if k.Board != "" {
		if d, err := s.newest(ctx, who.Tenant, BoardDocuments, k.Board); err != nil || d.Deleted {
			return madeKiosk{}, orNotFound(err, "board")
		}
		path += "/" + k.Board
	}
	if k.Days > 0 {
		c.Expires = s.now().Add(time.Duration(k.Days) * 24 * time.Hour)
	}
	text, err := Issue(s.secret, c)
	if err != nil {
		return madeKiosk{}, err
	}
	out := madeKiosk{Token: text, Path: path + "#token=" + text, Issued: Issued{
		ID: c.ID, Role: c.Role, User: c.User, Teams: orEmpty(c.Teams), Channels: orEmpty(c.Channels), Board: k.Board,
	}}
	if !c.Expires.IsZero() {
		out.Expires = c.Expires.UTC().Format(timeFormat)
	}
	d, err := s.put(ctx, TokenDocuments, string(c.ID), 0, out.Issued)
	if err != nil {
		return madeKiosk{}, err // it is not shown, and nobody has it
	}
	out.Made, out.By = d.edition().At, d.Author
	return out, nil
}

// orNotFound names the field of what does not exist.
func orNotFound(err error, field string) error {
	if err == nil {
		err = ErrNotFound
	}
	if f := faultOf(err); f.Code == CodeNotFound {
		return &Fault{Code: CodeInvalid, Field: field, Detail: "there is none with that id"}
	}
	return err
}

func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func (s *Server) issuedTokens(ctx context.Context) ([]Issued, error) {
	who := identityOf(ctx)
	list, err := s.cfg.Documents.Documents(ctx, who.Tenant, TokenDocuments)
	if err != nil {
		return nil, err
	}
	out := []Issued{}
	for i := range list {
		var t Issued
		if err := json.Unmarshal(list[i].Body, &t); err != nil {
			return nil, fmt.Errorf("stored token: %w", err)
		}
		if !who.covers(&t) {
			continue
		}
		if t.Revoked == "" {
			t.Made, t.By = list[i].edition().At, list[i].Author
		}
		out = append(out, t)
	}
	return out, nil
}

// covers reports whether a token is within the caller's own teams and channels.
func (id *Identity) covers(t *Issued) bool {
	return within(t.Teams, id.Teams) && within(t.Channels, id.Channels)
}

// within reports whether a scope is no wider than another; an empty one is everything.
func within[S ~string](inner, outer []S) bool {
	if len(outer) == 0 {
		return true
	}
	both, err := meet(inner, outer, "")
	return err == nil && len(inner) > 0 && len(both) == len(inner)
}

// endToken revokes a token and says so in the list, if it is on it.
func (s *Server) endToken(ctx context.Context, id TokenID) error {
	who := identityOf(ctx)
	// An id begins with its tenant: nobody ends the tokens of others.
	if !strings.HasPrefix(string(id), string(who.Tenant)+".") {
		return ErrNotFound
	}
	d, err := s.newest(ctx, who.Tenant, TokenDocuments, string(id))
	listed := err == nil
	var t Issued
	if listed {
		if err := json.Unmarshal(d.Body, &t); err != nil {
			return fmt.Errorf("stored token: %w", err)
		}
	}
	// Who may not change the desk ends the links that he could have made.
	if !who.may(Admin) && (!listed || t.Role != RoleWallboard || !who.covers(&t)) {
		return fault(CodeForbidden, "the role "+string(who.Role)+" ends the links of screens only")
	}
	if err := s.tokens.Revoke(ctx, string(id), 0); err != nil {
		return err
	}
	if !listed || t.Revoked != "" {
		return nil
	}
	t.Made, t.By, t.Revoked = d.edition().At, d.Author, s.now().UTC().Format(timeFormat)
	if _, err := s.put(ctx, TokenDocuments, string(id), d.Version, t); err != nil {
		s.log.Warn().Err(err).Str("token", string(id)).Msg("the token is revoked, and the list does not say so")
	}
	return nil
}
