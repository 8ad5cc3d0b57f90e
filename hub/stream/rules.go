package stream

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

const rulesBucket = "floorlight-rules"

// RulesInForce is a tenant's rules as every server is to apply them. Body is
// theirs to read; this package does not.
type RulesInForce struct {
	Tenant  event.TenantID
	Version int64
	Body    []byte
}

// PutRules puts rules in force on every server. What is older than what is in
// force changes nothing. Errors: ErrTooLarge, ErrUnavailable.
func (s *Stream) PutRules(ctx context.Context, r RulesInForce) error {
	packed, err := packRules(&r)
	if err != nil {
		return err
	}
	if most := int(s.nc.MaxPayload()) - headroom; len(packed) > most {
		return fmt.Errorf("%w: rules of %d bytes, compressed; at most %d", ErrTooLarge, len(packed), most)
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	for {
		there, err := s.rules.Get(ctx, string(r.Tenant))
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound):
			_, err = s.rules.Create(ctx, string(r.Tenant), packed)
		case err != nil:
		case version(there.Value()) >= r.Version:
			return nil
		default:
			_, err = s.rules.Update(ctx, string(r.Tenant), packed, there.Revision())
		}
		switch {
		case err == nil:
			return nil
		case errors.Is(err, jetstream.ErrKeyExists): // somebody was first: look again; also for a wrong revision
		default:
			return fmt.Errorf("put rules: %w", interpret(err))
		}
	}
}

// WatchRules calls put with the rules of every tenant, calls loaded once when
// these were all, and goes on with each that changes, as WatchRevoked does.
// Rules that cannot be read are left out, and logged.
func (s *Stream) WatchRules(ctx context.Context, loaded func(), put func(RulesInForce)) error {
	return s.watch(ctx, s.rules, loaded, func(e jetstream.KeyValueEntry) {
		body, err := unpackRules(e.Value())
		if err != nil {
			s.log.Error().Err(err).Str("tenant", e.Key()).Msg("rules in force cannot be read")
			return
		}
		put(RulesInForce{Tenant: event.TenantID(e.Key()), Version: version(e.Value()), Body: body})
	})
}

// Rules are packed as eight bytes of version and gzip.
const versionBytes = 8

// mostRules bounds what they may unpack to.
const mostRules = 64 << 20

func packRules(r *RulesInForce) ([]byte, error) {
	var packed bytes.Buffer
	packed.Write(binary.BigEndian.AppendUint64(nil, uint64(max(0, r.Version))))
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(r.Body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func unpackRules(packed []byte) ([]byte, error) {
	if len(packed) < versionBytes {
		return nil, errors.New("too short")
	}
	r, err := gzip.NewReader(bytes.NewReader(packed[versionBytes:]))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r, mostRules+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > mostRules:
		return nil, errors.New("too long")
	}
	return body, nil
}

func version(packed []byte) int64 {
	if len(packed) < versionBytes {
		return 0
	}
	return int64(binary.BigEndian.Uint64(packed) & (1<<63 - 1))
}
