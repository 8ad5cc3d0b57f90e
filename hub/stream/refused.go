package stream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

// UnknownTenant stands for the tenant of what was refused on a subject that
// names none.
const UnknownTenant event.TenantID = "unknown"

// The headers of a copy on FLOOR_REFUSED.
const (
	headerReason  = "Floorlight-Reason"   // the reason's code
	headerField   = "Floorlight-Field"    // the member at fault
	headerDetail  = "Floorlight-Detail"   // what is wrong with it
	headerSubject = "Floorlight-Subject"  // where it came in
	headerSeq     = "Floorlight-Sequence" // its sequence in FLOOR
	headerArrived = "Floorlight-Arrived"  // when FLOOR took it, RFC 3339
)

// RefusedEvent is an event that was refused, whole, and why.
type RefusedEvent struct {
	Seq     uint64 // in FLOOR_REFUSED
	At      time.Time
	Refusal event.Refusal
	Event   Message // as it stood in FLOOR
}

// Refuse keeps a copy of the message on FLOOR_REFUSED, under the tenant that
// its subject names. The same message (sequence and arrival) refused again
// within an hour is kept once. Errors as of Publish.
func (s *Stream) Refuse(ctx context.Context, m Message, r *event.Refusal) error {
	tenant := event.SubjectTenant(m.Subject)
	if tenant == "" {
		tenant = UnknownTenant
	}
	c := &nats.Msg{Subject: refusedPrefix + string(tenant), Data: m.Raw, Header: nats.Header{}}
	c.Header.Set(jetstream.MsgIDHeader, "refused/"+strconv.FormatUint(m.Seq, 10)+"/"+strconv.FormatInt(m.Arrived.UnixNano(), 36))
	c.Header.Set(headerReason, string(r.Reason))
	if r.Field != "" {
		c.Header.Set(headerField, short(r.Field))
	}
	if r.Detail != "" {
		c.Header.Set(headerDetail, short(r.Detail))
	}
	c.Header.Set(headerSubject, m.Subject)
	c.Header.Set(headerSeq, strconv.FormatUint(m.Seq, 10))
	c.Header.Set(headerArrived, m.Arrived.UTC().Format(time.RFC3339Nano))
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if _, err := s.js.PublishMsg(ctx, c); err != nil {
		return fmt.Errorf("keep refused message %d: %w", m.Seq, interpret(err))
	}
	return nil
}

// Refused lists what was refused for a tenant, oldest first, from the sequence
// after on, at most limit. UnknownTenant lists what names no tenant, "" all.
// The Seq of the last is the after of the next page.
func (s *Stream) Refused(ctx context.Context, tenant event.TenantID, after uint64, limit int) ([]RefusedEvent, error) {
	subject := refusedPrefix + ">"
	if tenant != "" {
		if !event.ValidTenant(string(tenant)) {
			return nil, fmt.Errorf("%q cannot name a tenant", tenant)
		}
		subject = refusedPrefix + string(tenant)
	}
	var list []RefusedEvent
	for len(list) < limit {
		get, cancel := s.bounded(ctx)
		m, err := s.refused.GetMsg(get, after+1, jetstream.WithGetMsgSubject(subject))
		cancel()
		if err = interpret(err); errors.Is(err, ErrNotFound) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("list refused: %w", err)
		}
		list = append(list, refusedOf(m))
		after = m.Sequence
	}
	return list, nil
}

// Again publishes a refused event anew, on its first subject and with its
// bytes; seq is its RefusedEvent.Seq. Twice within FLOOR's window of duplicates
// is once. It stays in the list. Errors: ErrNotFound, and as of Publish.
func (s *Stream) Again(ctx context.Context, seq uint64) (Ack, error) {
	if seq == 0 {
		return Ack{}, ErrNotFound
	}
	get, cancel := s.bounded(ctx)
	defer cancel()
	m, err := s.refused.GetMsg(get, seq)
	if err != nil {
		return Ack{}, fmt.Errorf("read refused message %d: %w", seq, interpret(err))
	}
	r := refusedOf(m)
	return s.PublishRaw(ctx, r.Event.Subject, r.Event.Raw, "again/"+strconv.FormatUint(seq, 10)+"/"+strconv.FormatInt(r.At.UnixNano(), 36))
}

// short keeps what an event's own bytes may have made long, such as the name of
// a member, within the room for headers.
func short(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), 512)], "")
}

func refusedOf(m *jetstream.RawStreamMsg) RefusedEvent {
	// A header that is not a number or a time leaves the zero value: the list
	// shows what there is.
	seq, _ := strconv.ParseUint(m.Header.Get(headerSeq), 10, 64)
	arrived, _ := time.Parse(time.RFC3339Nano, m.Header.Get(headerArrived))
	return RefusedEvent{
		Seq: m.Sequence, At: m.Time.UTC(),
		Refusal: event.Refusal{Reason: event.Reason(m.Header.Get(headerReason)), Field: m.Header.Get(headerField), Detail: m.Header.Get(headerDetail)},
		Event:   Message{Seq: seq, Arrived: arrived, Subject: m.Header.Get(headerSubject), Raw: m.Data},
	}
}
