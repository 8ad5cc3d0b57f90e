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
)

const (
	batchMessages = 4096
	batchBytes    = 16 << 20
	heartbeat     = 2 * time.Second
	pullExpiry    = 30 * time.Second
	// between is how far apart requests are where less comes than they ask for.
	between = 5 * time.Millisecond
	// statuses is room for what the server says of a request while nobody reads.
	statuses = 64
)

// errSilent says that a server that owes a heartbeat gave none.
var errSilent = errors.New("no word from the server")

// pull is the messages of one consumer, for one goroutine. There is one request at a
// time, which waits for the first message, takes what is there and is over; where
// messages trickle the next one comes a moment later, which costs about what a request
// that is always open costs, as in nats.go's Consume (BenchmarkTrickle). There is no
// goroutine between the connection's and the reader's (BenchmarkConsume).
type pull struct {
	nc      *nats.Conn
	subject string // of requests
	inbox   string
	sub     *nats.Subscription
	came    chan *nats.Msg
	silence *time.Timer

	n     int       // requests so far
	reply string    // where what is said of the last one comes
	left  int       // messages that it may still bring; 0: it is over
	asked time.Time // when it was made
	more  bool      // there was more than it may bring
}

// The requests: for what there is now, and for what comes next. The server looks at its
// clock for each message of one that expires.
var (
	requestNow  = fmt.Appendf(nil, `{"batch":%d,"max_bytes":%d,"no_wait":true}`, batchMessages, batchBytes)
	requestNext = fmt.Appendf(nil, `{"batch":%d,"max_bytes":%d,"no_wait":true,"expires":%d,"idle_heartbeat":%d}`, batchMessages, batchBytes, pullExpiry, heartbeat)
)

func newPull(nc *nats.Conn, consumer string) (*pull, error) {
	p := &pull{
		nc: nc, subject: jetstream.DefaultAPIPrefix + "CONSUMER.MSG.NEXT." + Name + "." + consumer, inbox: nc.NewInbox(),
		came: make(chan *nats.Msg, batchMessages+statuses), silence: time.NewTimer(2 * heartbeat), more: true,
	}
	var err error
	p.sub, err = nc.ChanSubscribe(p.inbox+".*", p.came)
	return p, err
}

func (p *pull) stop() {
	p.silence.Stop()
	_ = p.sub.Unsubscribe() // a connection that is closed has none
}

// next waits for messages and appends what has come, a batch at most; also what came
// before an error is good.
func (p *pull) next(ctx context.Context, status <-chan nats.Status, got []*nats.Msg) ([]*nats.Msg, error) {
	var pause <-chan time.Time
	if p.left == 0 {
		if wait := between - time.Since(p.asked); wait > 0 && !p.more {
			pause = time.After(wait)
		} else if err := p.ask(); err != nil {
			return got, err
		}
	}
	p.silence.Reset(2 * heartbeat)
	select {
	case <-ctx.Done():
		return got, ctx.Err()
	case st := <-status:
		return got, fmt.Errorf("connection is %s", st)
	case <-p.silence.C:
		return got, errSilent
	case <-pause:
		return got, nil
	case m := <-p.came:
		for bytes := 0; ; {
			var err error
			if got, err = p.take(m, got); err != nil {
				return got, err
			}
			if bytes += len(m.Data); len(got) >= batchMessages || bytes >= batchBytes {
				return got, nil
			}
			select {
			case m = <-p.came:
			default:
				return got, nil
			}
		}
	}
}

func (p *pull) ask() error {
	p.n++
	p.reply = p.inbox + "." + strconv.Itoa(p.n)
	request := requestNext
	if p.more {
		request = requestNow
	}
	p.left, p.asked, p.more = batchMessages, time.Now(), false
	return p.nc.PublishRequest(p.subject, p.reply, request)
}

// take appends a message. With the last one of a request the next is made, so that
// more comes while these are worked on.
func (p *pull) take(m *nats.Msg, got []*nats.Msg) ([]*nats.Msg, error) {
	if len(m.Data) == 0 && m.Header.Get("Status") != "" {
		if m.Subject != p.reply {
			return got, nil // of a request that is over
		}
		return got, p.told(m.Header.Get("Status"), m.Header.Get("Description"))
	}
	if p.left--; p.left == 0 {
		p.more = true
		return append(got, m), p.ask()
	}
	return append(got, m), nil
}

// told takes what the server says of the open request.
func (p *pull) told(status, description string) error {
	description = strings.ToLower(description)
	switch {
	case status == "100": // a heartbeat
		return nil
	case status == "404", status == "408": // all that there was has come, or nothing for long
		p.left = 0
		return nil
	case status == "409" && strings.Contains(description, "maxbytes"):
		p.left, p.more = 0, true
		return nil
	case status == "409" && strings.Contains(description, "leadership change"):
		p.left = 0
		return nil
	}
	return fmt.Errorf("the server refused a request: %s %s", status, description)
}

// where is what the server says of a message in its reply subject.
type where struct {
	seq     uint64 // in the stream
	count   uint64 // the consumer's own
	arrived time.Time
}

// errNoPlace says that a message was not delivered by a consumer.
var errNoPlace = errors.New("a message came without its place in the stream")

// whereOf reads $JS.ACK.[domain.account.]stream.consumer.deliveries.seq.count.time.pending[.token].
// Msg.Metadata reads all of it, in memory of its own for each message.
func whereOf(m *nats.Msg) (where, error) {
	rest, ok := strings.CutPrefix(m.Reply, "$JS.ACK.")
	if !ok {
		return where{}, errNoPlace
	}
	before := 3
	if strings.Count(rest, ".") > 6 {
		before += 2
	}
	for range before {
		_, rest, _ = strings.Cut(rest, ".")
	}
	var numbers [3]uint64
	for i := range numbers {
		var number string
		var err error
		number, rest, ok = strings.Cut(rest, ".")
		if numbers[i], err = strconv.ParseUint(number, 10, 64); err != nil || !ok {
			return where{}, errNoPlace
		}
	}
	return where{seq: numbers[0], count: numbers[1], arrived: time.Unix(0, int64(numbers[2])).UTC()}, nil //nolint:gosec // a time until 2262.
}
