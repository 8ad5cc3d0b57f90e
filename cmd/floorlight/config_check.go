package main

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/stream"
)

// What the settings' values may be.
const (
	minTick       = 10 * time.Millisecond
	maxTick       = time.Second
	minStreamKeep = time.Minute
	maxStreamKeep = 720 * time.Hour
	minStreamSize = size(64 << 20)
	maxStreamSize = size(16 << 40)
)

// natsListenOff is the value of --nats-listen for no client port.
const natsListenOff = "off"

// check adds what is out of range to the faults gathered so far, and returns
// all of them as one error, in no case with a secret in it.
func (l *loader) check(s settings) error {
	bad := l.fault
	if s.DataDir == "" {
		bad("data_dir", "is empty")
	}
	if !isHostPort(s.Listen) {
		bad("listen", "%q is not host:port", s.Listen)
	}
	if s.NATSListen != natsListenOff && !isHostPort(s.NATSListen) {
		bad("nats_listen", "%q is neither host:port nor off", s.NATSListen)
	}
	if s.Secret != "" && len(s.Secret) < minSecret {
		bad("secret", "has %d bytes, at least %d are needed", len(s.Secret), minSecret)
	}
	if !l.faulty("tick") && (s.Tick < minTick || s.Tick > maxTick) {
		bad("tick", "%s is not within %s and %s", s.Tick, minTick, maxTick)
	}
	if !l.faulty("stream_keep") && (s.StreamKeep < minStreamKeep || s.StreamKeep > maxStreamKeep) {
		bad("stream_keep", "%s is not within %s and %s", s.StreamKeep, minStreamKeep, maxStreamKeep)
	}
	if !l.faulty("stream_size") && s.StreamSize != 0 && (s.StreamSize < minStreamSize || s.StreamSize > maxStreamSize) {
		bad("stream_size", "%s is not within %s and %s", s.StreamSize, minStreamSize, maxStreamSize)
	}
	if !slices.Contains(logLevels, s.Log) {
		bad("log", "%q is none of %s", s.Log, strings.Join(logLevels, ", "))
	}
	if s.Partitions > stream.MostPartitions {
		bad("partitions", "%d is more than %d", s.Partitions, stream.MostPartitions)
	}
	l.checkNATS(s)
	if s.DatabaseURL != "" {
		// The driver's error repeats the URL, with the password masked at best.
		if _, err := pgx.ParseConfig(s.DatabaseURL); err != nil {
			bad("database_url", "is not a PostgreSQL URL")
		}
	}
	l.checkHTTP(s)
	if len(l.faults) > 0 {
		return &settingsError{faults: l.faults}
	}
	return nil
}

func (l *loader) checkNATS(s settings) {
	if s.NATSURL == "" {
		for _, file := range []struct{ key, value string }{
			{"nats_credentials", s.NATSCredentials},
			{"nats_ca", s.NATSCA},
			{"nats_cert", s.NATSCert},
			{"nats_key", s.NATSKey},
		} {
			if file.value != "" {
				l.fault(file.key, "is for an external NATS, and nats_url is empty")
			}
		}
	}
	for part := range strings.SplitSeq(s.NATSURL, ",") {
		u, err := url.Parse(strings.TrimSpace(part))
		if s.NATSURL != "" && (err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme)) {
			l.fault("nats_url", "is not a list of URLs like nats://host:4222 or tls://host:4222")
			break
		}
	}
	if (s.NATSCert == "") != (s.NATSKey == "") {
		l.fault("nats_cert", "nats_cert and nats_key go together")
	}
}

func (l *loader) checkHTTP(s settings) {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		l.fault("tls_cert", "tls_cert and tls_key go together")
	}
	for _, p := range s.TrustedProxy {
		_, aerr := netip.ParseAddr(p)
		_, nerr := netip.ParsePrefix(p)
		if aerr != nil && nerr != nil {
			l.fault("trusted_proxy", "%q is neither an address nor a network like 10.0.0.0/8", p)
		}
	}
	for _, o := range s.Origin {
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != o {
			l.fault("origin", "%q is not an origin like https://desk.example.com", o)
		}
	}
	for _, name := range s.Host {
		if u, err := url.Parse("//" + name); err != nil || u.Hostname() != name || name == "" {
			l.fault("host", "%q is not a name like desk.example.com", name)
		}
	}
}

// faulty says whether a fault of this setting is known already.
func (l *loader) faulty(key string) bool {
	return slices.ContainsFunc(l.faults, func(f fault) bool { return f.key == key })
}

func isHostPort(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
