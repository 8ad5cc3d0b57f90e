package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	// replayBatch is how many events go in one request. Only one request is on
	// its way at a time: other tenants' events find their way between them.
	replayBatch = 1000
	// replayBytes is how large a request may become.
	replayBytes = 8 << 20
	// replayGather is how long a paced replay gathers what is due.
	replayGather = 50 * time.Millisecond
	// replayPatience is how long a server may be away that was there before.
	replayPatience = time.Minute

	replayFirstPause   = 250 * time.Millisecond
	replayLongestPause = 5 * time.Second
)

// replay publishes one recording.
type replay struct {
	env      *environment
	server   *client
	file     *recording
	place    *position
	speed    float64 // 0: as fast as it goes
	tenant   event.TenantID
	tally    *tally
	progress *progress

	batch   []replayed
	bytes   int
	began   time.Time // when the first event of this run was due
	first   time.Time // its time
	sent    time.Time // when the last batch was
	reached bool      // the server has answered
}

// replayed is a line that is ready to be sent.
type replayed struct {
	line   int64
	tenant event.TenantID
	raw    []byte
}

func (r *replay) run(ctx context.Context) error {
	lines, err := r.file.lines()
	if err != nil {
		return err
	}
	for {
		line, whole, err := lines.next()
		if err != nil {
			err = errors.Join(r.flush(ctx, lines), notEnd(err))
			if err == nil {
				r.place.Lines, r.place.Ended = 0, time.Now().UTC()
				err = r.place.keep()
			}
			return err
		}
		if lines.number <= r.place.Lines {
			continue
		}
		if !whole {
			r.tally.fault(lines.number, "longer than "+grouped(longestLine)+" bytes")
			continue
		}
		one, at, ok := r.prepare(lines.number, line)
		if !ok {
			continue
		}
		if err := r.until(ctx, lines, at); err != nil {
			return err
		}
		r.batch = append(r.batch, one)
		if r.bytes += len(one.raw); len(r.batch) == replayBatch || r.bytes >= replayBytes {
			if err := r.flush(ctx, lines); err != nil {
				return err
			}
		}
	}
}

func notEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

var farAhead = time.Unix(math.MaxInt32*100, 0)

// prepare makes a line ready, or tallies what is wrong with it.
func (r *replay) prepare(number int64, line []byte) (one replayed, at time.Time, ok bool) {
	var parts struct {
		Subject string         `json:"subject"`
		Event   jsontext.Value `json:"event"`
	}
	if err := json.Unmarshal(line, &parts); err != nil {
		r.tally.fault(number, `not JSON of the form {"subject":"floor.…","event":{…}}`)
		return one, at, false
	}
	if parts.Subject == "" || parts.Event.Kind() != '{' {
		r.tally.fault(number, "has no subject, or no event")
		return one, at, false
	}
	// What else is wrong with the event is the server's to say.
	e, err := event.DecodeMessage(parts.Subject, parts.Event, farAhead)
	var refusal *event.Refusal
	if errors.As(err, &refusal) && (refusal.Reason == event.SubjectMismatch || !event.ValidTenant(string(e.Tenant))) {
		r.tally.refuse(number, string(refusal.Reason), refusal.Detail)
		return one, at, false
	}
	raw := parts.Event
	if r.tenant != "" || r.place.Shift != 0 {
		if raw, err = r.moved(raw); err != nil {
			r.tally.fault(number, "the event is not an object that can be changed")
			return one, at, false
		}
	}
	one = replayed{line: number, tenant: e.Tenant, raw: append([]byte(nil), raw...)}
	if r.tenant != "" {
		one.tenant = r.tenant
	}
	return one, e.Time, true
}

// moved is the event under another tenant, at another time. The shift is part
// of its id: at another time it is another event.
func (r *replay) moved(raw jsontext.Value) (jsontext.Value, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	if r.tenant != "" {
		members["tenant"] = jsontext.Value(strconv.Quote(string(r.tenant)))
	}
	if shift := r.place.Shift; shift != 0 {
		var at time.Time
		if json.Unmarshal(members["time"], &at) == nil {
			members["time"] = jsontext.Value(strconv.Quote(at.Add(time.Duration(shift) * time.Second).UTC().Format(time.RFC3339Nano)))
		}
		var id string
		if json.Unmarshal(members["id"], &id) == nil {
			text, err := jsontext.AppendQuote(nil, id+"@"+strconv.FormatInt(shift, 10))
			if err != nil {
				return nil, err
			}
			members["id"] = text
		}
	}
	return json.Marshal(members, json.Deterministic(true))
}

// until waits, where there is a speed, for the moment at which an event of that
// time is due; what was due before it is sent first.
func (r *replay) until(ctx context.Context, lines *lineReader, at time.Time) error {
	if r.speed == 0 || at.IsZero() {
		return nil
	}
	now := time.Now()
	if r.first.IsZero() {
		r.first, r.began, r.sent = at, now, now
	}
	due := r.began.Add(time.Duration(float64(at.Sub(r.first)) / r.speed))
	if !due.After(now) {
		return nil
	}
	if len(r.batch) > 0 && now.Sub(r.sent) < replayGather && due.Before(r.sent.Add(replayGather)) {
		return wait(ctx, due.Sub(now)) // it goes with them
	}
	// The position is that of the line before this one.
	lines.number--
	err := r.flush(ctx, lines)
	lines.number++
	if err != nil {
		return err
	}
	return wait(ctx, time.Until(due))
}

// flush sends what has been gathered and keeps the position.
func (r *replay) flush(ctx context.Context, lines *lineReader) error {
	for len(r.batch) > 0 {
		// Events of one tenant keep their order; a token is for one tenant.
		var some, rest []replayed
		for _, one := range r.batch {
			if one.tenant == r.batch[0].tenant {
				some = append(some, one)
			} else {
				rest = append(rest, one)
			}
		}
		if err := r.post(ctx, some); err != nil {
			return err
		}
		r.batch = rest
	}
	r.batch, r.bytes, r.sent = r.batch[:0], 0, time.Now()
	r.progress.at(lines.read, r.tally.taken())
	if lines.number <= r.place.Lines {
		return nil
	}
	r.place.Lines = lines.number
	return r.place.keep()
}

// eventResults is the answer to a batch.
type eventResults struct {
	Events []struct {
		Result string `json:"result"`
		Reason string `json:"reason"`
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"events"`
}

// post sends one tenant's events until each has been answered for, and waits
// as long as the server says that it is too busy.
func (r *replay) post(ctx context.Context, some []replayed) error {
	began, pause := time.Now(), replayFirstPause
	for len(some) > 0 {
		var answer eventResults
		err := r.server.call(ctx, request{
			method: http.MethodPost, path: "/v1/events", tenant: some[0].tenant, role: live.RoleService,
			contentType: "application/cloudevents-batch+json", body: batchOf(some),
		}, &answer)
		var busy *problem
		var away *unreachableError
		switch {
		case err == nil:
			r.reached = true
			began, pause = time.Now(), replayFirstPause
		case errors.As(err, &busy) && busy.temporary():
			r.reached = true
			began = time.Now()
			if json.Unmarshal(busy.Body, &answer) != nil {
				answer = eventResults{}
			}
			pause = max(pause, busy.RetryAfter)
		case errors.As(err, &away) && r.reached && time.Since(began) < replayPatience:
		default:
			return err
		}
		left := r.settle(some, answer)
		if err == nil && len(left) == len(some) {
			return fmt.Errorf("the server took none of %d events, and does not say why", len(some))
		}
		if some = left; err == nil || len(some) == 0 {
			continue
		}
		r.env.log.Debug().Err(err).Dur("pause", pause).Int("events", len(some)).Msg("batch not stored yet")
		if err := wait(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, replayLongestPause)
	}
	return nil
}

func batchOf(some []replayed) []byte {
	body := []byte{'['}
	for i, one := range some {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, one.raw...)
	}
	return append(body, ']')
}

// settle tallies what the server says and returns what it has not stored.
func (r *replay) settle(some []replayed, answer eventResults) (left []replayed) {
	if len(answer.Events) != len(some) {
		return some
	}
	for i, result := range answer.Events {
		switch result.Result {
		case "accepted":
			r.tally.accepted++
		case "duplicate":
			r.tally.duplicate++
		case "refused":
			detail := result.Field
			if detail != "" && result.Detail != "" {
				detail += ": "
			}
			r.tally.refuse(some[i].line, result.Reason, detail+result.Detail)
		default:
			left = append(left, some[i])
		}
	}
	return left
}
