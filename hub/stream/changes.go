package stream

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/hub/event"
)

// changesSubject is below no tenant's own subjects: only servers speak here.
const changesSubject = "floorlight.changes"

// changesPending is how many announcements may wait for a server that is busy.
const changesPending = 1024

// Change says that somebody has stored another version of what is set up for a
// desk. What it is now is asked where it is stored.
type Change struct {
	Tenant  event.TenantID
	Kind    string
	ID      string
	Version int64
}

const (
	changeTenant  = "Floorlight-Tenant"
	changeKind    = "Floorlight-Kind"
	changeID      = "Floorlight-Id"
	changeVersion = "Floorlight-Version"
)

// AnnounceChange tells every server that is there now. Nothing is kept: who comes
// later reads what is stored. Errors: ErrUnavailable.
func (s *Stream) AnnounceChange(c Change) error {
	m := nats.NewMsg(changesSubject)
	m.Header.Set(changeTenant, string(c.Tenant))
	m.Header.Set(changeKind, c.Kind)
	m.Header.Set(changeID, c.ID)
	m.Header.Set(changeVersion, strconv.FormatInt(c.Version, 10))
	if err := s.nc.PublishMsg(m); err != nil {
		return fmt.Errorf("announce a change: %w", interpret(err))
	}
	return nil
}

// WatchChanges calls changed with each announcement, and missed when there may
// have been some that did not come, until ctx ends or the connection is closed
// (ErrClosed). Both are called from this goroutine.
func (s *Stream) WatchChanges(ctx context.Context, missed func(), changed func(Change)) error {
	status := s.nc.StatusChanged(nats.CONNECTED, nats.CLOSED)
	defer s.nc.RemoveStatusListener(status)
	messages := make(chan *nats.Msg, changesPending)
	sub, err := s.nc.ChanSubscribe(changesSubject, messages)
	if err != nil {
		return fmt.Errorf("watch changes: %w", interpret(err))
	}
	defer func() { _ = sub.Unsubscribe() }() // the connection may be closed already.
	dropped := 0
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case st := <-status:
			if st == nats.CLOSED {
				return ErrClosed
			}
			missed()
		case m := <-messages:
			if n, err := sub.Dropped(); err == nil && n > dropped {
				dropped = n
				missed()
			}
			version, err := strconv.ParseInt(m.Header.Get(changeVersion), 10, 64)
			if tenant := event.TenantID(m.Header.Get(changeTenant)); err == nil && tenant != "" {
				changed(Change{Tenant: tenant, Kind: m.Header.Get(changeKind), ID: m.Header.Get(changeID), Version: version})
			}
		}
	}
}
