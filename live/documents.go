package live

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
)

// DocumentKind says what a document is.
type DocumentKind string

// The kinds of documents.
const (
	BoardDocuments     DocumentKind = "board"
	ThresholdDocuments DocumentKind = "thresholds"
	RuleDocuments      DocumentKind = "rules"
	TokenDocuments     DocumentKind = "token"
)

// Document is one version of what somebody set up for a desk.
type Document struct {
	Kind    DocumentKind
	ID      string
	Version int64 // from 1
	At      time.Time
	Author  string
	Deleted bool
	Body    jsontext.Value
}

// ErrVersion says that somebody else has changed the document meanwhile.
var ErrVersion = errors.New("the document has another version")

// Documents keeps what people set up. Errors wrap ErrUnavailable, ErrNotFound
// and ErrVersion.
type Documents interface {
	// Documents lists the newest versions of a kind, without what is deleted.
	Documents(ctx context.Context, tenant event.TenantID, kind DocumentKind) ([]Document, error)
	// Versions lists one document's, the newest first, before a version (0: all).
	Versions(ctx context.Context, tenant event.TenantID, kind DocumentKind, id string, before int64, limit int) ([]Document, error)
	// PutDocument stores the version after that of next.
	PutDocument(ctx context.Context, tenant event.TenantID, next Document) (Document, error)
}

// newest is the newest version of a document, also if it is deleted.
func (s *Server) newest(ctx context.Context, tenant event.TenantID, kind DocumentKind, id string) (Document, error) {
	list, err := s.cfg.Documents.Versions(ctx, tenant, kind, id, 0, 1)
	switch {
	case err != nil:
		return Document{}, err
	case len(list) == 0:
		return Document{}, ErrNotFound
	}
	return list[0], nil
}

// put stores what v is, after a version, in the caller's name.
func (s *Server) put(ctx context.Context, kind DocumentKind, id string, after int64, v any) (Document, error) {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return Document{}, err
	}
	who := identityOf(ctx)
	return s.store(ctx, who.Tenant, Document{Kind: kind, ID: id, Version: after, At: s.now(), Author: who.name(), Body: body})
}

// store keeps a version, and lets the pages that show it know.
func (s *Server) store(ctx context.Context, tenant event.TenantID, next Document) (Document, error) {
	d, err := s.cfg.Documents.PutDocument(ctx, tenant, next)
	if err == nil {
		s.announce(tenant, &d)
	}
	return d, err
}

// remove stores that the document is deleted, and keeps what it was: put again,
// it is back.
func (s *Server) remove(ctx context.Context, kind DocumentKind, id string) error {
	who := identityOf(ctx)
	last, err := s.newest(ctx, who.Tenant, kind, id)
	if err != nil {
		return err
	}
	if last.Deleted {
		return ErrNotFound
	}
	last.Deleted, last.At, last.Author = true, s.now(), who.name()
	_, err = s.store(ctx, who.Tenant, last)
	return err
}

// name is who did something, for people to read.
func (id *Identity) name() string {
	if id.User != "" {
		return id.User
	}
	return string(id.ID)
}

// Edition is what the API says of a document's version.
type Edition struct {
	Version int64  `json:"version" doc:"To be given with the next change; 0 for what does not exist yet."`
	At      string `json:"at,omitempty" readOnly:"true"`
	By      string `json:"by,omitempty" readOnly:"true"`
	Deleted bool   `json:"deleted,omitempty" readOnly:"true"`
}

func (d *Document) edition() Edition {
	return Edition{Version: d.Version, At: d.At.UTC().Format(timeFormat), By: d.Author, Deleted: d.Deleted}
}
