package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
)

// connectExternalNATS connects to the NATS that the settings name, with their
// credentials and certificates. The first connection must succeed; after that
// it tries to come back until it is closed.
func connectExternalNATS(ctx context.Context, s settings, log zerolog.Logger) (*nats.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	options := append(
		natsOptions(log),
		nats.ReconnectWait(500*time.Millisecond),
		nats.Timeout(5*time.Second),
	)
	if s.NATSCredentials != "" {
		options = append(options, nats.UserCredentials(s.NATSCredentials))
	}
	if s.NATSCA != "" {
		options = append(options, nats.RootCAs(s.NATSCA))
	}
	if s.NATSCert != "" {
		options = append(options, nats.ClientCert(s.NATSCert, s.NATSKey))
	}
	nc, err := nats.Connect(s.NATSURL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS at %s (nats_url): %w", maskURLs(s.NATSURL), err)
	}
	return nc, nil
}

// A NATS that has vanished without a word is found out in nine seconds, and the next
// node of a cluster asked instead; by default it would take six minutes.
const (
	natsPingEvery   = 3 * time.Second
	natsPingsMissed = 2
)

// natsOptions are what all our connections share.
func natsOptions(log zerolog.Logger) []nats.Option {
	return []nats.Option{
		nats.Name("floorlight"),
		nats.MaxReconnects(-1),
		nats.PingInterval(natsPingEvery),
		nats.MaxPingsOutstanding(natsPingsMissed),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn().Err(err).Msg("nats connection lost")
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info().Msg("nats connection is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) {
			event := log.Warn().Err(err)
			if sub != nil {
				event = event.Str("subject", sub.Subject)
			}
			event.Msg("nats connection")
		}),
	}
}
