package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
)

type natsURLCommand struct {
	Tenant string `placeholder:"TENANT" help:"Limit the URL to this tenant's subjects."`
}

// Run prints the URL and nothing else, so that it can stand in $(…).
func (c *natsURLCommand) Run(env *environment) error {
	if c.Tenant != "" && !tenantName.MatchString(c.Tenant) {
		return wrongUsage("--tenant %q: a tenant is 1 to 64 of a-z 0-9 - _", c.Tenant)
	}
	if env.settings.NATSURL != "" {
		return wrongUsage("nats_url names an external NATS (%s): it has users of its own", env.from("nats_url"))
	}
	address, err := natsAddress(env.settings)
	if err != nil {
		return err
	}
	auth, err := newNATSAuth(env.settings)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.stdout, auth.url(address, c.Tenant))
	return err
}

// natsAddress is where the server that runs on the data directory listens, or
// where one would.
func natsAddress(s settings) (string, error) {
	text, err := os.ReadFile(natsAddressFile(s))
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if s.NATSListen == natsListenOff {
		return "", errors.New("the NATS inside the process has no client port (nats_listen is off)")
	}
	if _, port, err := net.SplitHostPort(s.NATSListen); err != nil || port == "0" {
		return "", fmt.Errorf("no server runs on %s, and its port is not known before (nats_listen is %s)", s.DataDir, s.NATSListen)
	}
	return s.NATSListen, nil
}
