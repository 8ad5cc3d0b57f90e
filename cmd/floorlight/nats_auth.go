package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// natsOwner may do everything.
	natsOwner = "floorlight"
	// natsTenantPrefix and the tenant are the name of a tenant's user. No tenant
	// has a dot in its name.
	natsTenantPrefix = "tenant."
)

var tenantName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// natsAuth decides who may come in by the client port and what each may do. It
// keeps no list of tenants: a tenant's password follows from the secret.
type natsAuth struct {
	ownerPassword string
	secret        []byte
}

// newNATSAuth makes what is missing in the data directory.
func newNATSAuth(s settings) (*natsAuth, error) {
	password, err := keptSecret(filepath.Join(s.DataDir, "nats-password"))
	if err != nil {
		return nil, err
	}
	key, err := secret(s)
	if err != nil {
		return nil, err
	}
	return &natsAuth{ownerPassword: string(password), secret: key}, nil
}

// Check is called by the server for every new connection.
func (a *natsAuth) Check(c server.ClientAuthentication) bool {
	opts := c.GetOpts()
	tenant, isTenant := strings.CutPrefix(opts.Username, natsTenantPrefix)
	switch {
	case opts.Username == natsOwner:
		if subtle.ConstantTimeCompare([]byte(opts.Password), []byte(a.ownerPassword)) != 1 {
			return false
		}
		c.RegisterUser(&server.User{Username: natsOwner})
		return true
	case isTenant && tenantName.MatchString(tenant):
		if subtle.ConstantTimeCompare([]byte(opts.Password), []byte(a.tenantPassword(tenant))) != 1 {
			return false
		}
		c.RegisterUser(&server.User{Username: opts.Username, Permissions: tenantPermissions(tenant)})
		return true
	default:
		return false
	}
}

// tenantPassword changes with the secret, and with nothing else.
func (a *natsAuth) tenantPassword(tenant string) string {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte("floorlight nats tenant\x00" + tenant))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// url is for the owner when the tenant is empty.
func (a *natsAuth) url(address, tenant string) string {
	if tenant == "" {
		return natsURL(address, natsOwner, a.ownerPassword)
	}
	return natsURL(address, natsTenantPrefix+tenant, a.tenantPassword(tenant))
}

// tenantPermissions are a tenant's events, its requests, and the answers to
// them. Clients make their inboxes below _INBOX unless told otherwise; one that
// wants no other tenant to see its answers is told _INBOX_<tenant>.
func tenantPermissions(tenant string) *server.Permissions {
	own := []string{"floor." + tenant + ".>", "floorsvc." + tenant + ".>"}
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: own},
		Subscribe: &server.SubjectPermission{Allow: []string{own[0], "_INBOX.>", "_INBOX_" + tenant + ".>"}},
	}
}
