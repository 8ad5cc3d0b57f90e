package live

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/floorlight/floorlight/hub"
)

// retryMillis is how long a browser waits before it reconnects.
const retryMillis = 2000

// serveEvents is GET /v1/live/{topic}/events: the frames of one subscription as
// server-sent events. An event's name is the frame's op, its id the position.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	who := identityOf(r.Context())
	conn := connOf(r.Context())
	if conn == nil {
		s.fail(w, r, errors.New("the HTTP server has no ConnContext"))
		return
	}
	asked, err := s.asked(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var since *hub.Position
	if text := r.Header.Get("Last-Event-ID"); text != "" {
		p, err := hub.ParsePosition(text)
		if err != nil {
			s.fail(w, r, &Fault{Code: CodeInvalid, Field: "Last-Event-ID", Detail: "must be epoch:version"})
			return
		}
		since = &p
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	l := &link{who: who, out: hub.NewOutbox(hub.OutboxBytes, s.cfg.Tally), conn: conn, kind: eventStream}
	if err := s.sockets.add(l, s.limits); err != nil {
		s.fail(w, r, err)
		return
	}
	defer s.sockets.remove(l)
	if err := s.cfg.Topics.Attach(ctx, who.Tenant, l.out); err != nil {
		s.fail(w, r, err)
		return
	}
	defer s.cfg.Topics.Detach(who.Tenant, l.out)
	defer l.out.Close(hub.ReasonGone)
	sub, err := s.cfg.Topics.Subscribe(ctx, asked, 1, l.out, since)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer sub.Close()
	subscriptions := s.metrics.subscriptions.WithLabelValues(string(asked.Topic.Kind()))
	subscriptions.Inc()
	defer subscriptions.Dec()

	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := &eventWriter{w: w, control: http.NewResponseController(w), server: s}
	if err := out.write([]byte("retry: " + itoa(retryMillis) + "\n\n")); err != nil {
		return
	}
	for {
		frame, err := l.out.Next(ctx)
		var closed *hub.ClosedError
		switch {
		case errors.As(err, &closed):
			out.end(closed.Reason, language(r))
			return
		case err != nil:
			return
		}
		if err := out.frame(frame); err != nil {
			return
		}
	}
}

// eventWriter writes events, each with a deadline of its own.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	server  *Server
}

func (e *eventWriter) frame(f hub.Frame) error {
	buf := buffers.get()
	defer buffers.put(buf)
	event := (*buf)[:0]
	if f.Op == hub.OpSnapshot || f.Op == hub.OpDelta {
		event = append(append(append(event, "id: "...), f.Position().String()...), '\n')
	}
	event = append(append(event, "event: "...), f.Op...)
	event = append(event, "\ndata: "...)
	event = append(append(event, f.Head()...), f.Body()...)
	event = append(event, "\n\n"...)
	if cap(event) <= mostPooled {
		*buf = event
	}
	if err := e.write(event); err != nil {
		return err
	}
	e.server.metrics.sent(f.Op, len(event))
	return nil
}

// end says why, where the client can do something about it.
func (e *eventWriter) end(reason hub.Reason, lang string) {
	code := CodeBusy
	switch reason {
	case hub.ReasonTokenEnded:
		code = CodeTokenEnded
	case hub.ReasonRestart:
		code = CodeRestart
	case hub.ReasonGone:
		return
	case hub.ReasonNone, hub.ReasonQueueFull, hub.ReasonForward, hub.ReasonFresh, hub.ReasonOtherEpoch, hub.ReasonBeyondRing,
		hub.ReasonBacklog, hub.ReasonStalled:
	}
	text := pick(kinds[code].text, lang)
	_ = e.write([]byte(`event: error` + "\n" + `data: {"op":"error","code":"` + string(code) + `","message":"` + text + "\"}\n\n")) // it ends either way.
}

func (e *eventWriter) write(b []byte) error {
	if err := e.control.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.control.Flush()
}
