package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
)

// The streams and their subjects.
const (
	Name           = "FLOOR"
	RefusedName    = "FLOOR_REFUSED"
	refusedPrefix  = "refused."
	refusedAge     = 30 * 24 * time.Hour
	refusedBytes   = 1 << 30
	refusedWindow  = time.Hour
	defaultWindow  = 2 * time.Minute
	defaultBytes   = 10 << 30
	maxPayload     = 1 << 20
	headroom       = 16 << 10
	requestTimeout = 5 * time.Second
)

// clusterReplicas are how many copies a stream has where there are servers for them.
const clusterReplicas = 3

// tooFewPeers says that there are not.
var tooFewPeers = []jetstream.ErrorCode{10005, 10074}

// Config says how the streams are made. The zero value of a field takes its default.
type Config struct {
	// MaxBytes is FLOOR's size, at which it refuses more; 10 GiB by default.
	MaxBytes int64
	// RefusedMaxBytes is FLOOR_REFUSED's size, at which the oldest go; 1 GiB by default.
	RefusedMaxBytes int64
	// DuplicateWindow is how long FLOOR knows a Nats-Msg-Id; at least 2 minutes.
	DuplicateWindow time.Duration
	// AckWait is how long a request, a publish, or a window of publishes that
	// stands still waits for the server, if its context has no earlier
	// deadline; 5 s by default.
	AckWait time.Duration
	// Replicas of a stream that is made anew; by default 3 on a cluster that has as
	// many servers, otherwise 1.
	Replicas int
	// Partitions of a stream that is made anew; 1 by default. One that is there
	// keeps its own; see Repartition.
	Partitions int
	// OneByOne publishes no batches, which are slower where the server syncs later.
	OneByOne bool
	Logger   zerolog.Logger
}

// Stream is FLOOR and what belongs to it. Use it from any goroutine.
type Stream struct {
	nc          *nats.Conn
	js          jetstream.JetStream
	log         zerolog.Logger
	ackWait     time.Duration
	floor       jetstream.Stream
	refused     jetstream.Stream
	claims      jetstream.KeyValue
	revocations jetstream.KeyValue
	rules       jetstream.KeyValue
	spread      spread // of floor
	batches     batches
	group       group
}

// Message is an event as it stands in the stream. Raw belongs to the receiver.
// One without a subject is a mark: it only says how far the stream goes.
type Message struct {
	Seq     uint64
	Arrived time.Time // when the stream took it; UTC
	Subject string    // that it was published on
	Raw     []byte
	MsgID   string // the Nats-Msg-Id header, often empty
}

// State is how full the stream is and what it holds.
type State struct {
	First    uint64 // the first sequence; Last+1 if the stream is empty
	Last     uint64 // the last sequence ever given, 0 before the first
	Messages uint64
	Bytes    uint64
	MaxBytes uint64 // 0 if there is no limit
	Created  time.Time
	// Copies is how many servers hold the stream. Where there are several, the one
	// that has just begun to lead them may tell less for a moment than it has.
	Copies int
}

// Full is the share of MaxBytes that is used, 0 to 1; 0 without a limit.
func (s State) Full() float64 {
	if s.MaxBytes == 0 {
		return 0
	}
	return float64(s.Bytes) / float64(s.MaxBytes)
}

// Open ensures FLOOR, FLOOR_REFUSED and the buckets, and returns them. Streams
// that are there keep their replicas and their place. Errors: ErrUnavailable,
// ErrFull if the account has no room for them, or what the server refuses.
func Open(ctx context.Context, nc *nats.Conn, c Config) (*Stream, error) {
	c.setDefaults()
	js, err := jetstream.New(nc,
		jetstream.WithDefaultTimeout(c.AckWait),
		jetstream.WithPublishAsyncTimeout(c.AckWait),
		jetstream.WithPublishAsyncMaxPending(maxPending))
	if err != nil {
		return nil, fmt.Errorf("open JetStream: %w", interpret(err))
	}
	s := &Stream{nc: nc, js: js, log: c.Logger, ackWait: c.AckWait}
	if c.Replicas <= 0 {
		c.Replicas = 1
		if nc.ConnectedClusterName() != "" {
			c.Replicas = clusterReplicas
		}
	}
	most := min(maxPayload, int(nc.MaxPayload()))
	floor := jetstream.StreamConfig{
		Name: Name, Description: "Floorlight: what happened, in order", Subjects: []string{event.Subjects},
		Discard: jetstream.DiscardNew, MaxBytes: c.MaxBytes, Duplicates: c.DuplicateWindow,
		MaxMsgSize: int32(max(most-headroom, event.MaxEnvelope+headroom/2)), Replicas: c.Replicas,
		AllowAtomicPublish: true,
	}
	if c.Partitions > 1 {
		spread{partitions: c.Partitions}.put(&floor)
	}
	s.floor, err = s.ensure(ctx, floor)
	if api, ok := errors.AsType[*jetstream.APIError](err); ok && c.Replicas == clusterReplicas && slices.Contains(tooFewPeers, api.ErrorCode) {
		s.log.Warn().Err(err).Msg("the NATS cluster has fewer than three servers with JetStream; the stream has one copy")
		c.Replicas, floor.Replicas = 1, 1
		s.floor, err = s.ensure(ctx, floor)
	}
	if err != nil {
		return nil, err
	}
	s.spread = spreadOf(&s.floor.CachedInfo().Config)
	// An older server leaves the field out.
	s.batches.possible = !c.OneByOne && s.floor.CachedInfo().Config.AllowAtomicPublish
	if s.refused, err = s.ensure(ctx, jetstream.StreamConfig{
		Name: RefusedName, Description: "Floorlight: events that were refused", Subjects: []string{refusedPrefix + ">"},
		Discard: jetstream.DiscardOld, MaxBytes: c.RefusedMaxBytes, MaxAge: refusedAge, Duplicates: refusedWindow,
		MaxMsgSize: -1, Replicas: c.Replicas,
	}); err != nil {
		return nil, err
	}
	if s.claims, err = s.bucket(ctx, claimsBucket, "Floorlight: tickets that were used", c.Replicas); err != nil {
		return nil, err
	}
	if s.revocations, err = s.bucket(ctx, revocationsBucket, "Floorlight: tokens that were revoked", c.Replicas); err != nil {
		return nil, err
	}
	if s.rules, err = s.bucket(ctx, rulesBucket, "Floorlight: rules in force", c.Replicas); err != nil {
		return nil, err
	}
	return s, nil
}

func (c *Config) setDefaults() {
	if c.MaxBytes <= 0 {
		c.MaxBytes = defaultBytes
	}
	if c.RefusedMaxBytes <= 0 {
		c.RefusedMaxBytes = refusedBytes
	}
	c.DuplicateWindow = max(c.DuplicateWindow, defaultWindow)
	if c.AckWait <= 0 {
		c.AckWait = requestTimeout
	}
}

// ensure makes the stream, or brings one that is there to what want says of
// the fields that Floorlight depends on.
func (s *Stream) ensure(ctx context.Context, want jetstream.StreamConfig) (jetstream.Stream, error) {
	want.Storage, want.Retention, want.AllowDirect = jetstream.FileStorage, jetstream.LimitsPolicy, true
	there, err := s.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		made, createErr := s.js.CreateStream(ctx, want)
		if createErr == nil {
			return made, nil
		}
		err = createErr
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			there, err = s.js.Stream(ctx, want.Name) // another server was first
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ensure stream %s: %w", want.Name, interpret(err))
	}
	have := there.CachedInfo().Config
	if have.Storage != jetstream.FileStorage || have.Retention != jetstream.LimitsPolicy {
		return nil, fmt.Errorf("stream %s must have file storage and be limited by size, but has %s storage and %s retention", want.Name, have.Storage, have.Retention)
	}
	now := have
	now.Subjects, now.Discard, now.MaxBytes, now.MaxAge = want.Subjects, want.Discard, want.MaxBytes, want.MaxAge
	now.Duplicates, now.MaxMsgSize, now.AllowDirect, now.AllowAtomicPublish = want.Duplicates, want.MaxMsgSize, true, want.AllowAtomicPublish
	now.MaxMsgs, now.MaxMsgsPerSubject = -1, -1
	if slices.Equal(have.Subjects, now.Subjects) && have.Discard == now.Discard && have.MaxBytes == now.MaxBytes &&
		have.MaxAge == now.MaxAge && have.Duplicates == now.Duplicates && have.MaxMsgSize == now.MaxMsgSize &&
		have.AllowDirect && have.AllowAtomicPublish == now.AllowAtomicPublish && have.MaxMsgs == -1 && have.MaxMsgsPerSubject == -1 {
		return there, nil
	}
	if there, err = s.js.UpdateStream(ctx, now); err != nil {
		return nil, fmt.Errorf("update stream %s: %w", want.Name, interpret(err))
	}
	s.log.Info().Str("stream", want.Name).Int64("max_bytes", now.MaxBytes).Msg("stream brought to this configuration")
	return there, nil
}

// Limit changes FLOOR's size: at it FLOOR refuses more, and what is there stays. The
// next Open sets its own.
func (s *Stream) Limit(ctx context.Context, maxBytes int64) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	i, err := s.floor.Info(ctx)
	if err == nil {
		now := i.Config
		now.MaxBytes = maxBytes
		_, err = s.js.UpdateStream(ctx, now)
	}
	if err != nil {
		return fmt.Errorf("limit the stream: %w", interpret(err))
	}
	return nil
}

// Close ends what the publisher holds; waiting publishes get ErrUnavailable.
// The connection stays open. Closing twice is fine.
func (s *Stream) Close() { s.js.CleanupPublisher() }

// bounded ends a request that no answer comes to, such as one that a server took
// with it when it went down, whatever longer deadline its caller has.
func (s *Stream) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.ackWait)
}

// At is the message at that sequence, or ErrNotFound.
func (s *Stream) At(ctx context.Context, seq uint64) (Message, error) {
	if seq == 0 {
		return Message{}, ErrNotFound
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	m, err := s.floor.GetMsg(ctx, seq)
	if err != nil {
		return Message{}, fmt.Errorf("read message %d: %w", seq, interpret(err))
	}
	return messageOf(m), nil
}

func messageOf(m *jetstream.RawStreamMsg) Message {
	return Message{Seq: m.Sequence, Arrived: m.Time.UTC(), Subject: published(m.Subject), Raw: m.Data, MsgID: m.Header.Get(jetstream.MsgIDHeader)}
}

// Last is the last sequence that the stream has given, 0 before the first.
func (s *Stream) Last(ctx context.Context) (uint64, error) {
	st, err := s.State(ctx)
	return st.Last, err
}

// State asks the server what FLOOR holds. A node of a cluster that has lost the
// others answers all the same, with what it knew: without a leader to the stream
// that is ErrUnavailable.
func (s *Stream) State(ctx context.Context) (State, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	i, err := s.floor.Info(ctx)
	if err != nil {
		return State{}, fmt.Errorf("ask for the state of the stream: %w", interpret(err))
	}
	if i.Cluster != nil && i.Cluster.Leader == "" {
		return State{}, fmt.Errorf("ask for the state of the stream: %w: it has no leader", ErrUnavailable)
	}
	out := State{
		First: i.State.FirstSeq, Last: i.State.LastSeq, Messages: i.State.Msgs, Bytes: i.State.Bytes,
		MaxBytes: uint64(max(i.Config.MaxBytes, 0)), Created: i.Created.UTC(), Copies: i.Config.Replicas,
	}
	if out.Messages == 0 {
		out.First = out.Last + 1
	}
	return out, nil
}

// Identity changes when the stream is made anew, and only then. It does not
// change when the stream loses its tail; see LostTailError.
func (s *Stream) Identity(ctx context.Context) (string, error) {
	st, err := s.State(ctx)
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(st.Created.UnixNano(), 36), nil
}

// Purge removes every message below that sequence; the one at it stays.
func (s *Stream) Purge(ctx context.Context, below uint64) error {
	if below <= 1 {
		return nil // to the server, a purge up to 0 means everything
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if err := s.floor.Purge(ctx, jetstream.WithPurgeSequence(below)); err != nil {
		return fmt.Errorf("purge below %d: %w", below, interpret(err))
	}
	return nil
}
