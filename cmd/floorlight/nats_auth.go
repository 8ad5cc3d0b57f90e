package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"path/filepath"
	"regexp"
)

const (
	// natsOwner may do everything.
	natsOwner = "floorlight"
	// natsTenantPrefix and the tenant are the name of a tenant's user. No tenant
	// has a dot in its name.
	natsTenantPrefix = "tenant."
)

var tenantName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// natsAuth is what the users of the client port are known by. It keeps no list of
// tenants: a tenant's password follows from the secret.
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
