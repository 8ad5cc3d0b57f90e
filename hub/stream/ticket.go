package stream

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	claimsBucket      = "floorlight-claims"
	revocationsBucket = "floorlight-revocations"
	markerTTL         = time.Minute
)

func (s *Stream) bucket(ctx context.Context, name, description string, replicas int) (jetstream.KeyValue, error) {
	kv, err := s.js.KeyValue(ctx, name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = s.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: name, Description: description, History: 1, Storage: jetstream.FileStorage, Replicas: replicas, LimitMarkerTTL: markerTTL,
		})
		if errors.Is(err, jetstream.ErrBucketExists) {
			kv, err = s.js.KeyValue(ctx, name) // another server was first
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ensure bucket %s: %w", name, interpret(err))
	}
	return kv, nil
}

func bucketKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// Claim reports whether this is the first claim of that id, on any server,
// within ttl (rounded up to seconds): of any number of claims at once, one is
// the first. An error means that nobody can tell; take it as no.
func (s *Stream) Claim(ctx context.Context, id string, ttl time.Duration) (first bool, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	_, err = s.claims.Create(ctx, bucketKey(id), nil, jetstream.KeyTTL(wholeSeconds(ttl)))
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, jetstream.ErrKeyExists):
		return false, nil
	}
	return false, fmt.Errorf("claim: %w", interpret(err))
}

// Revoke puts the id on the list of what is revoked, for as long as keep says,
// rounded up to seconds; 0 is for ever. Twice is once.
func (s *Stream) Revoke(ctx context.Context, id string, keep time.Duration) error {
	var opts []jetstream.KVCreateOpt
	if keep > 0 {
		opts = append(opts, jetstream.KeyTTL(wholeSeconds(keep)))
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	_, err := s.revocations.Create(ctx, bucketKey(id), []byte(id), opts...)
	if err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
		return fmt.Errorf("revoke: %w", interpret(err))
	}
	return nil
}

// WatchRevoked calls revoked with every id on the list, calls loaded once when
// these were all, and goes on with each that is added, until ctx ends or the
// connection is closed (ErrClosed). An id may come more than once. Both are
// called from this goroutine.
func (s *Stream) WatchRevoked(ctx context.Context, loaded func(), revoked func(id string)) error {
	return s.watch(ctx, s.revocations, loaded, func(e jetstream.KeyValueEntry) { revoked(string(e.Value())) })
}

func wholeSeconds(d time.Duration) time.Duration {
	return max(time.Second, (d + time.Second - 1).Truncate(time.Second))
}
