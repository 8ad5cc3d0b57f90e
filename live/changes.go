package live

import (
	"context"
	"errors"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// Changes lets all servers hear of what somebody sets up; *stream.Stream does.
type Changes interface {
	AnnounceChange(c stream.Change) error
	WatchChanges(ctx context.Context, missed func(), changed func(stream.Change)) error
}

// opChanged stands in the metrics for what is told of changes.
const opChanged hub.Op = "changed"

// changedFrame tells a page that what it shows has another version. Without a
// kind, anything may have.
type changedFrame struct {
	Op      hub.Op       `json:"op"`
	Kind    DocumentKind `json:"kind,omitempty"`
	ID      string       `json:"id,omitempty"`
	Version int64        `json:"version,omitzero"`
}

// told are the kinds of documents that pages show while they change.
var told = []DocumentKind{BoardDocuments, ThresholdDocuments}

// refoldBegins stands in place of a document's kind: the desk's numbers are being
// computed anew. How far that is, and when it has ended, whoever shows it asks.
const refoldBegins DocumentKind = "refold"

// announce tells every server of a new version. Who is not reached reads it later.
func (s *Server) announce(tenant event.TenantID, d *Document) {
	if slices.Contains(told, d.Kind) {
		s.announceChange(stream.Change{Tenant: tenant, Kind: string(d.Kind), ID: d.ID, Version: d.Version})
	}
}

func (s *Server) announceRefold(tenant event.TenantID) {
	s.announceChange(stream.Change{Tenant: tenant, Kind: string(refoldBegins)})
}

func (s *Server) announceChange(c stream.Change) {
	if s.cfg.Changes == nil {
		return
	}
	if err := s.cfg.Changes.AnnounceChange(c); err != nil {
		s.log.Warn().Err(err).Str("tenant", string(c.Tenant)).Str("kind", c.Kind).Msg("a change is not announced")
	}
}

// followChanges pushes what is announced to the sockets, until ctx ends.
func (s *Server) followChanges(ctx context.Context) error {
	err := s.cfg.Changes.WatchChanges(ctx, func() { s.tell("", changedFrame{Op: opChanged}) }, func(c stream.Change) {
		s.tell(c.Tenant, changedFrame{Op: opChanged, Kind: DocumentKind(c.Kind), ID: c.ID, Version: c.Version})
	})
	if ctx.Err() == nil && !errors.Is(err, stream.ErrClosed) {
		return err
	}
	return nil
}

// tell sends a frame to a desk's sockets whose role may see boards; to all desks'
// without one.
func (s *Server) tell(tenant event.TenantID, f changedFrame) {
	body, err := json.Marshal(f, json.Deterministic(true))
	if err != nil {
		s.log.Error().Err(err).Msg("a change could not be encoded")
		return
	}
	frame := hub.NewFrame(opChanged, body)
	for _, l := range s.sockets.list() {
		if l.kind == webSocket && (tenant == "" || l.who.Tenant == tenant) && l.who.Role.may(Look) {
			l.out.Send(frame) // a closed outbox is found by the reader
		}
	}
}
