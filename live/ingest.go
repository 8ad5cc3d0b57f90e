package live

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

const (
	mostEvents = 1000     // of a batch
	mostBody   = 16 << 20 // of a batch, decompressed
	// mostIngests is how many requests may be held in memory at a time.
	mostIngests = 8

	typeEvent = "application/cloudevents+json"
	typeBatch = "application/cloudevents-batch+json"
)

// What became of an event.
const (
	resultAccepted  = "accepted"
	resultDuplicate = "duplicate"
	resultRefused   = "refused"
	resultNotStored = "not_stored" // the stream could not take it; send it again
)

// EventResult is what became of one event.
type EventResult struct {
	ID     string `json:"id,omitzero"`
	Result string `json:"result" enum:"accepted,duplicate,refused,not_stored"`
	Seq    uint64 `json:"seq,omitzero" doc:"Where the stream has it."`
	Reason Code   `json:"reason,omitzero"`
	Field  string `json:"field,omitzero"`
	Detail string `json:"detail,omitzero"`
}

// EventResults is the answer to a batch, in its order.
type EventResults struct {
	Accepted  int           `json:"accepted"`
	Duplicate int           `json:"duplicate"`
	Refused   int           `json:"refused"`
	NotStored int           `json:"not_stored"`
	Events    []EventResult `json:"events"`
}

// ingestProblem is a problem document that says for each event what became of it.
type ingestProblem struct {
	Problem
	EventResults
}

// serveIngest is POST /v1/events.
func (s *Server) serveIngest(w http.ResponseWriter, r *http.Request) {
	// One event is small; of batches only so many are held in memory at a time.
	// A desk has half of the places at most: one that sends slowly holds up no other.
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != typeEvent {
		done, ok := s.limits.ingests.take(r.Context(), identityOf(r.Context()).Tenant)
		if !ok {
			s.fail(w, r, s.limits.refused(limitIngests, time.Second))
			return
		}
		defer done()
		select {
		case s.ingests <- struct{}{}:
			defer func() { <-s.ingests }()
		case <-r.Context().Done():
			return
		}
	}
	raws, batch, err := readEvents(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	results, failed := s.ingest(r, identityOf(r.Context()).Tenant, raws)
	answer := EventResults{Events: results}
	for i := range results {
		s.metrics.ingested.WithLabelValues(results[i].Result).Inc()
		switch results[i].Result {
		case resultAccepted:
			answer.Accepted++
		case resultDuplicate:
			answer.Duplicate++
		case resultRefused:
			answer.Refused++
			s.metrics.refused.WithLabelValues(string(results[i].Reason)).Inc()
		default:
			answer.NotStored++
		}
	}
	switch {
	case failed != nil:
		f := faultOf(failed)
		s.logged(f)
		s.answerEvents(w, r, f, answer)
	case !batch && answer.Refused == 1:
		one := results[0]
		s.answerEvents(w, r, &Fault{Code: one.Reason, Field: one.Field, Detail: one.Detail}, answer)
	default:
		writeJSON(w, http.StatusOK, "application/json", answer)
	}
}

func (s *Server) answerEvents(w http.ResponseWriter, r *http.Request, f *Fault, answer EventResults) {
	p := f.problem(language(r))
	maps.Copy(w.Header(), p.GetHeaders())
	writeJSON(w, p.Status, problemType, ingestProblem{*p, answer})
}

// readEvents takes the events of a request apart. One that is no JSON by itself
// is refused later, alone; only what cannot be taken apart is an error.
func readEvents(w http.ResponseWriter, r *http.Request) (raws [][]byte, batch bool, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || (kind != typeEvent && kind != typeBatch && kind != "application/json") {
		return nil, false, fault(CodeMediaType, "send "+typeEvent+" or "+typeBatch)
	}
	most := int64(mostBody)
	if kind == typeEvent {
		most = event.MaxEnvelope
	}
	body, err := readBody(w, r, most)
	if err != nil {
		return nil, false, err
	}
	batch = kind == typeBatch || kind != typeEvent && jsontext.Value(body).Kind() == '['
	if !batch {
		return [][]byte{body}, false, nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '[' {
		return nil, true, fault(CodeNotJSON, "a batch is a JSON array")
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, true, fault(CodeNotJSON, "a batch is a JSON array")
	}
	for d.PeekKind() != ']' {
		raw, err := d.ReadValue()
		if err != nil {
			return nil, true, fault(CodeNotJSON, "after byte "+itoa(int(d.InputOffset())))
		}
		if len(raws) == mostEvents {
			return nil, true, fault(CodeTooManyEvents, "at most "+itoa(mostEvents))
		}
		raws = append(raws, raw.Clone())
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, true, fault(CodeNotJSON, "the array does not end")
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, true, fault(CodeNotJSON, "something follows the array")
	}
	return raws, true, nil
}

// readBody reads a request's body, decompressed, at most so many bytes.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	var body io.Reader = http.MaxBytesReader(w, r.Body, most)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, bodyFault(err)
		}
		body = z
	default:
		return nil, fault(CodeMediaType, "Content-Encoding is gzip or nothing")
	}
	var buf bytes.Buffer
	n, err := buf.ReadFrom(io.LimitReader(body, most+1))
	if err != nil {
		return nil, bodyFault(err)
	}
	if n > most {
		return nil, fault(CodeTooLarge, "at most "+itoa(int(most))+" bytes")
	}
	return buf.Bytes(), nil
}

func bodyFault(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault(CodeTooLarge, "at most "+itoa(int(large.Limit))+" bytes")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return &Fault{Code: CodeEncoding, Err: err}
	}
	return &Fault{Code: CodeInvalid, Detail: "the body did not come whole", Err: err}
}

// ingest stores what can be stored, and answers for each event only then. The
// error says that some could not be stored for the stream's sake.
func (s *Server) ingest(r *http.Request, tenant event.TenantID, raws [][]byte) (results []EventResult, failed error) {
	results = make([]EventResult, len(raws))
	now := s.now()
	var messages []stream.Message
	var events []event.Event
	var places []int
	for i, raw := range raws {
		e, err := event.Decode(raw)
		results[i].ID = e.ID
		if err == nil && e.Tenant != tenant {
			err = &Fault{Code: CodeWrongTenant, Field: "tenant", Detail: "not the token's"}
		}
		if err == nil && e.Time.After(now.Add(event.MaxAhead)) {
			err = &event.Refusal{Reason: event.TimeTooFarAhead, Field: "time", Detail: "more than 5 minutes ahead"}
		}
		if err != nil {
			results[i].refuse(err)
			continue
		}
		messages = append(messages, stream.Message{Subject: e.Subject(), Raw: raw, MsgID: e.MsgID()})
		events, places = append(events, e), append(places, i)
	}
	for k, stored := range s.cfg.Store.PublishMessages(r.Context(), messages) {
		one := &results[places[k]]
		switch {
		case errors.Is(stored.Err, stream.ErrTooLarge):
			one.refuse(&event.Refusal{Reason: event.TooLarge})
		case stored.Err != nil:
			one.Result, failed = resultNotStored, stored.Err
		case stored.Duplicate:
			one.Result, one.Seq = resultDuplicate, stored.Seq
			if s.reused(r, &events[k], stored.Seq) {
				one.refuse(&event.Refusal{Reason: event.IDReused, Field: "id", Detail: "known with another time"})
			}
		default:
			one.Result, one.Seq = resultAccepted, stored.Seq
		}
	}
	return results, failed
}

// reused reports whether a known id came with another time. If what is stored
// cannot be read, it is taken as a duplicate: that answer is best effort.
func (s *Server) reused(r *http.Request, e *event.Event, seq uint64) bool {
	m, err := s.cfg.Store.At(r.Context(), seq)
	if err != nil {
		return false
	}
	stored, err := event.Decode(m.Raw)
	return err == nil && stored.ID == e.ID && stored.Source == e.Source && !stored.Time.Equal(e.Time)
}

func (r *EventResult) refuse(err error) {
	f := faultOf(err)
	r.Result, r.Seq = resultRefused, 0
	r.Reason, r.Field, r.Detail = f.Code, clipped(f.Field), f.Detail
	if len(r.ID) > event.MaxEnvID || !cleanText(r.ID) {
		r.ID = ""
	}
}
