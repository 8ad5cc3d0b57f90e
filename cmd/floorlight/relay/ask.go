package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	ownSubject  = "floorown."
	toldSubject = "floortold."
	// nobody stands in the place of the tenant where a question is about all.
	nobody = "_"

	moreHeader  = "Floorlight-More"  // another message follows
	faultHeader = "Floorlight-Fault" // the answer is a fault

	askWait = 5 * time.Second
)

// questions are what owners answer.
const (
	askSnapshot  = "snapshot"
	askSeries    = "series"
	askSeen      = "seen"
	askAgents    = "agents"
	askPlace     = "place"
	askDirectory = "directory"
	askContested = "contested"
	askDesk      = "desk"
	askDesks     = "desks"
	askToday     = "today"
	askCheck     = "check"
	askFollow    = "follow"
)

// wireFault is a fault on its way.
type wireFault struct {
	Code   live.Code `json:"code"`
	Field  string    `json:"field,omitzero"`
	Detail string    `json:"detail,omitzero"`
}

// answers are the asked questions' inboxes: one subscription for all of them.
type answers struct {
	nc     *nats.Conn
	prefix string
	sub    *nats.Subscription

	mu    sync.Mutex
	next  uint64
	waits map[string]chan *nats.Msg // by the inbox's last token
}

func newAnswers(nc *nats.Conn) (*answers, error) {
	a := &answers{nc: nc, prefix: nats.NewInbox() + ".", waits: map[string]chan *nats.Msg{}}
	var err error
	a.sub, err = nc.Subscribe(a.prefix+"*", a.take)
	if err != nil {
		return nil, fmt.Errorf("listen to other servers' answers: %w", err)
	}
	return a, nil
}

func (a *answers) take(m *nats.Msg) {
	a.mu.Lock()
	waits := a.waits[strings.TrimPrefix(m.Subject, a.prefix)]
	a.mu.Unlock()
	if waits == nil {
		return // nobody waits any more
	}
	select {
	case waits <- m:
	default: // longer than any answer may be
	}
}

// mostParts is how many messages an answer may have.
const mostParts = 256

// ask sends a question and waits for the whole answer. Errors: live.ErrNoOwner,
// *live.Fault, the context's.
func (a *answers) ask(ctx context.Context, subject string, question []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	waits := make(chan *nats.Msg, mostParts)
	a.mu.Lock()
	a.next++
	token := strconv.FormatUint(a.next, 36)
	a.waits[token] = waits
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.waits, token)
		a.mu.Unlock()
	}()
	if err := a.nc.PublishRequest(subject, a.prefix+token, question); err != nil {
		return nil, fmt.Errorf("%w: %w", live.ErrNoOwner, err)
	}
	var whole bytes.Buffer
	for {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, fmt.Errorf("%w: no answer", live.ErrNoOwner)
			}
			return nil, ctx.Err()
		case m := <-waits:
			if m.Header.Get("Status") == "503" {
				return nil, live.ErrNoOwner
			}
			whole.Write(m.Data)
			if m.Header.Get(moreHeader) != "" {
				continue
			}
			if m.Header.Get(faultHeader) == "" {
				return whole.Bytes(), nil
			}
			var f wireFault
			if err := json.Unmarshal(whole.Bytes(), &f); err != nil {
				return nil, fmt.Errorf("read another server's fault: %w", err)
			}
			return nil, &live.Fault{Code: f.Code, Field: f.Field, Detail: f.Detail}
		}
	}
}

// reply answers a question, in as many messages as it takes.
func reply(nc *nats.Conn, to string, answer []byte, err error) error {
	header := nats.Header{}
	if err != nil {
		f := live.FaultOf(err)
		header.Set(faultHeader, string(f.Code))
		if answer, err = json.Marshal(wireFault{Code: f.Code, Field: f.Field, Detail: f.Detail}); err != nil {
			return err
		}
	}
	most := int(nc.MaxPayload()) - 4<<10
	for len(answer) > most {
		part := &nats.Msg{Subject: to, Data: answer[:most], Header: nats.Header{moreHeader: {"1"}}}
		if err := nc.PublishMsg(part); err != nil {
			return err
		}
		answer = answer[most:]
	}
	return nc.PublishMsg(&nats.Msg{Subject: to, Data: answer, Header: header})
}

// question asks a partition's owner about a tenant.
func question[A any](ctx context.Context, r *Router, partition int, tenant event.TenantID, what string, q any) (answer A, err error) {
	raw, err := r.ask(ctx, partition, tenant, what, q)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return answer, fmt.Errorf("read another server's answer to %s: %w", what, err)
	}
	return answer, nil
}

func (r *Router) ask(ctx context.Context, partition int, tenant event.TenantID, what string, q any) ([]byte, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", what, err)
	}
	return r.answers.ask(ctx, subjectOf(ownSubject, partition, string(tenant), what), body)
}

func subjectOf(prefix string, partition int, tenant, last string) string {
	return prefix + strconv.Itoa(partition) + "." + tenant + "." + last
}
