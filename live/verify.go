package live

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
)

// Verifier recomputes a tenant's counters over local days (inclusive) and says
// what differs; it tells how far it is. Compare holds what the wallboard shows of
// today against what the reports answer, at equal sequence.
type Verifier interface {
	Verify(ctx context.Context, tenant event.TenantID, from, to string, tell func(VerifyProgress)) (any, error)
	Compare(ctx context.Context, tenant event.TenantID) (any, error)
}

// VerifyProgress is how far a verification is.
type VerifyProgress struct {
	Phase string `json:"phase"` // waiting, folding, comparing
	Done  int64  `json:"done"`  // events, then rows
	Total int64  `json:"total"`
}

// VerifyLine is a line of a verification that is followed: one of the three. The
// report or the problem comes last.
type VerifyLine struct {
	Progress *VerifyProgress `json:"progress,omitzero"`
	Report   jsontext.Value  `json:"report,omitzero"`
	Problem  *Problem        `json:"problem,omitzero"`
}

// VerifyLines is the media type by which progress is asked for.
const VerifyLines = "application/x-ndjson"

// verifyTold is how often progress is told.
const verifyTold = 500 * time.Millisecond

type verifySpan struct {
	Accept string `header:"Accept" doc:"With application/x-ndjson the answer is lines: progress, and at last report or problem."`
	Body   struct {
		From string `json:"from,omitempty" doc:"First local day."`
		To   string `json:"to,omitempty" doc:"Last local day."`
		Live bool   `json:"live,omitempty" doc:"Compare the wallboard with the reports instead, at equal sequence."`
	}
}

// verify answers with the report, or with lines for whoever wants to follow.
func (s *Server) verify(ctx context.Context, in *verifySpan) (*huma.StreamResponse, error) {
	who := identityOf(ctx)
	run := func(tell func(VerifyProgress)) (any, error) {
		if in.Body.Live {
			return s.cfg.Verifier.Compare(ctx, who.Tenant)
		}
		return s.cfg.Verifier.Verify(ctx, who.Tenant, in.Body.From, in.Body.To, tell)
	}
	if strings.Contains(in.Accept, VerifyLines) {
		return s.verifyLines(ctx, run)
	}
	report, err := run(func(VerifyProgress) {})
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		to.SetHeader("Content-Type", "application/json")
		_ = json.MarshalWrite(to.BodyWriter(), report) // whoever has gone needs none
	}}, nil
}

// verifyLines begins to answer once there is progress: what is wrong from the start
// has its status.
func (s *Server) verifyLines(ctx context.Context, run func(func(VerifyProgress)) (any, error)) (*huma.StreamResponse, error) {
	var now atomic.Pointer[VerifyProgress]
	begun, ended := make(chan struct{}), make(chan struct{})
	var report any
	var err error
	go func() {
		defer close(ended)
		report, err = run(func(p VerifyProgress) {
			if now.Swap(&p) == nil {
				close(begun)
			}
		})
	}()
	select {
	case <-begun:
	case <-ended:
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		_, w := humago.Unwrap(to)
		w.Header().Set("Content-Type", VerifyLines)
		control := http.NewResponseController(w)
		write := func(line VerifyLine) {
			text, err := json.Marshal(line)
			if err != nil {
				text = []byte("{}") // a report is data
			}
			// Whoever has gone has ended the context, too.
			_ = control.SetWriteDeadline(time.Now().Add(writeWait))
			_, _ = w.Write(append(text, '\n'))
			_ = control.Flush()
		}
		ticker := time.NewTicker(verifyTold)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				write(VerifyLine{Progress: now.Load()})
				continue
			case <-ended:
			}
			break
		}
		if err != nil {
			f := faultOf(err)
			s.logged(f)
			write(VerifyLine{Problem: f.problem(languageOf(ctx))})
			return
		}
		text, err := json.Marshal(report)
		if err != nil {
			write(VerifyLine{Problem: faultOf(err).problem(languageOf(ctx))})
			return
		}
		write(VerifyLine{Report: text})
	}}, nil
}
