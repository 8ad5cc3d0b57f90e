package live

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub/stream"
)

// Tokens is what all servers together know of tokens and tickets; *stream.Stream is one.
type Tokens interface {
	Claim(ctx context.Context, id string, ttl time.Duration) (first bool, err error)
	Revoke(ctx context.Context, id string, keep time.Duration) error
	WatchRevoked(ctx context.Context, loaded func(), revoked func(id string)) error
}

// revoked is the list of tokens that were ended before their time.
type revoked struct {
	mu     sync.RWMutex
	loaded bool
	ids    map[TokenID]struct{}
}

// watch follows the list until ctx ends.
func (l *revoked) watch(ctx context.Context, tokens Tokens) error {
	err := tokens.WatchRevoked(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.loaded = true
	}, func(id string) {
		l.mu.Lock()
		l.ids[TokenID(id)] = struct{}{}
		l.mu.Unlock()
	})
	if ctx.Err() == nil && !errors.Is(err, stream.ErrClosed) {
		return err
	}
	return nil
}

// check reports whether a token is on the list; before the list has come nobody can tell.
func (l *revoked) check(id TokenID) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.loaded {
		return fault(CodeNotReady, "the list of revoked tokens has not come yet")
	}
	if _, ended := l.ids[id]; ended {
		return fault(CodeTokenEnded, "revoked")
	}
	return nil
}

// has reports whether the token is known to be revoked.
func (l *revoked) has(id TokenID) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, ended := l.ids[id]
	return ended
}

func (l *revoked) ready() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.loaded
}

// authenticate says who a request comes from: by the header, or where tickets
// are taken by a ticket in the URL.
func (s *Server) authenticate(r *http.Request, tickets bool) (*Identity, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, found := strings.Cut(header, " ")
		if !found || !strings.EqualFold(scheme, "Bearer") {
			return nil, fault(CodeUnauthorized, "the Authorization header must be: Bearer TOKEN")
		}
		return s.authenticateToken(strings.TrimSpace(token))
	}
	if tickets {
		if ticket := r.URL.Query().Get("ticket"); ticket != "" {
			return s.authenticateTicket(r.Context(), ticket)
		}
	}
	return nil, fault(CodeUnauthorized, "")
}

func (s *Server) authenticateToken(token string) (*Identity, error) {
	claims, err := ReadToken(s.secret, token, s.now())
	switch {
	case errors.Is(err, errExpired):
		return nil, &Fault{Code: CodeTokenEnded, Detail: "expired", Err: err}
	case err != nil:
		return nil, &Fault{Code: CodeUnauthorized, Err: err}
	}
	if err := s.revoked.check(claims.ID); err != nil {
		return nil, err
	}
	return &Identity{Claims: claims}, nil
}

func (s *Server) authenticateTicket(ctx context.Context, ticket string) (*Identity, error) {
	claims, id, err := readTicket(s.secret, ticket, s.now())
	if err != nil {
		return nil, &Fault{Code: CodeTicketUsed, Err: err}
	}
	if err := s.revoked.check(claims.ID); err != nil {
		return nil, err
	}
	// The claim is kept a little longer than the ticket is good for, so that two
	// servers whose clocks differ do not both take it.
	first, err := s.tokens.Claim(ctx, "ticket/"+id, ticketTTL+30*time.Second)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, fault(CodeTicketUsed, "")
	}
	return &Identity{Claims: claims}, nil
}

type identityKey struct{}

// identityOf is who the request comes from; the guard has put it there.
func identityOf(ctx context.Context) *Identity {
	id, _ := ctx.Value(identityKey{}).(*Identity)
	return id
}
