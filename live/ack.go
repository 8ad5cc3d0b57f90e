package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// acknowledge says that an agent has seen these notifications: they will not be
// sent again. Twice within a minute is the same event; later it is another one,
// which changes nothing.
func (s *Server) acknowledge(ctx context.Context, who *Identity, items []string) error {
	switch {
	case !who.may(Ack) || who.Agent == "":
		return fault(CodeForbidden, "notifications are acknowledged by their agent")
	case len(items) == 0:
		return &Fault{Code: CodeInvalid, Field: "items", Detail: "is required"}
	}
	items = slices.Clone(items)
	slices.Sort(items)
	items = slices.Compact(items)
	hash := sha256.New()
	for _, item := range items {
		if item == "" || len(item) > event.MaxID || !cleanText(item) {
			return &Fault{Code: CodeInvalid, Field: "items", Detail: "an id has 1 to 128 bytes of UTF-8"}
		}
		_, _ = hash.Write(append([]byte(item), 0))
	}
	minute := s.now().UTC().Truncate(time.Minute)
	id := "ack/" + string(who.Agent) + "/" + hex.EncodeToString(hash.Sum(nil)) + "/" + minute.Format("200601021504")
	e := event.New(who.Tenant, event.ServerSource, id, minute, &event.NotificationAcknowledged{Agent: who.Agent, Items: items})
	_, err := publish(ctx, s.cfg.Store, &e)
	return err
}

// publish stores an event of the server's own. What every reader of the stream
// would refuse is not stored: the error is the refusal.
func publish(ctx context.Context, to Store, e *event.Event) (stream.Ack, error) {
	raw, err := e.Encode()
	if err != nil {
		return stream.Ack{}, err
	}
	if _, err := event.Decode(raw); err != nil {
		return stream.Ack{}, err
	}
	return to.PublishRaw(ctx, e.Subject(), raw, e.MsgID())
}
