package main

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/rs/zerolog"
)

const (
	// natsEvents and natsServices are what tenants reach of the server's own account.
	natsEvents   = "floor."
	natsServices = "floorsvc."
)

// natsDoor decides who may come in by the client port, and what each may do there.
//
// A tenant has an account of its own. Its events and requests, and nothing else, go
// on to the account that the stream is in, and come back from there. What a client
// gives as the subject to be answered on is one of its own account: so no tenant sees
// another's answers, wherever it listens, and none can have an answer written into
// the stream, a bucket or the API of JetStream.
type natsDoor struct {
	// Immutable once the server has started.
	auth *natsAuth
	log  zerolog.Logger
	srv  *server.Server

	mu       sync.Mutex
	accounts map[string]*server.Account // by tenant
}

// open is called once, before anybody can come in.
func (d *natsDoor) open(srv *server.Server) error {
	d.srv = srv
	own := srv.GlobalAccount()
	for _, each := range []string{natsEvents, natsServices} {
		if err := own.AddServiceExport(each+">", nil); err != nil {
			return fmt.Errorf("let tenants publish on %s>: %w", each, err)
		}
	}
	if err := own.AddStreamExport(natsEvents+">", nil); err != nil {
		return fmt.Errorf("let tenants listen to %s>: %w", natsEvents, err)
	}
	return nil
}

// Check is called by the server for every new connection.
func (d *natsDoor) Check(c server.ClientAuthentication) bool {
	opts := c.GetOpts()
	tenant, isTenant := strings.CutPrefix(opts.Username, natsTenantPrefix)
	switch {
	case opts.Username == natsOwner:
		if !same(opts.Password, d.auth.ownerPassword) {
			return false
		}
		c.RegisterUser(&server.User{Username: natsOwner})
		return true
	case isTenant && tenantName.MatchString(tenant):
		if !same(opts.Password, d.auth.tenantPassword(tenant)) {
			return false
		}
		account, err := d.account(tenant)
		if err != nil {
			d.log.Error().Err(err).Str("tenant", tenant).Msg("a tenant's NATS account was not made")
			return false
		}
		c.RegisterUser(&server.User{Username: opts.Username, Account: account, Permissions: tenantPermissions(tenant)})
		return true
	default:
		return false
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// account is the tenant's, which is made when it first comes in.
func (d *natsDoor) account(tenant string) (*server.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()

	if a, ok := d.accounts[tenant]; ok {
		return a, nil
	}
	events, services := natsEvents+tenant+".>", natsServices+tenant+".>"
	own := d.srv.GlobalAccount()
	// One that is there already was not finished.
	a, fresh := d.srv.LookupOrRegisterAccount(natsTenantPrefix + tenant)
	if !fresh {
		return nil, fmt.Errorf("the account %s is there already", a.GetName())
	}
	for _, subject := range []string{events, services} {
		if err := a.AddServiceImport(own, subject, subject); err != nil {
			return nil, fmt.Errorf("publish on %s: %w", subject, err)
		}
	}
	// What others publish there; its own it has heard, and NATS does not bring back.
	if err := a.AddStreamImport(own, events, ""); err != nil {
		return nil, fmt.Errorf("listen to %s: %w", events, err)
	}
	d.accounts[tenant] = a
	return a, nil
}

// tenantPermissions are a tenant's events, its requests, and the answers to them, on
// whichever inbox it likes.
func tenantPermissions(tenant string) *server.Permissions {
	events, services := natsEvents+tenant+".>", natsServices+tenant+".>"
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: []string{events, services}},
		Subscribe: &server.SubjectPermission{Allow: []string{events, "_INBOX.>", "_INBOX_" + tenant + ".>"}},
	}
}
