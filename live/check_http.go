package live

import (
	"maps"
	"net/http"

	"github.com/floorlight/floorlight/hub/event"
)

// checkProblem is a problem document that is also the check's error.
type checkProblem struct {
	Problem
	CheckError
}

// serveCheck is POST /v1/messages.
func (s *Server) serveCheck(w http.ResponseWriter, r *http.Request) {
	raw, err := readBody(w, r, event.MaxEnvelope)
	var request CheckRequest
	if err == nil {
		request, err = readCheck(raw)
	}
	var reply CheckReply
	if err == nil {
		reply, err = s.gate.Check(r.Context(), identityOf(r.Context()).Tenant, request)
	} else {
		s.metrics.checked("error", 0)
	}
	if err != nil {
		f := faultOf(err)
		s.logged(f)
		lang := language(r)
		p := f.problem(lang)
		maps.Copy(w.Header(), p.GetHeaders())
		writeJSON(w, p.Status, problemType, checkProblem{*p, checkError(f, lang)})
		return
	}
	writeJSON(w, http.StatusOK, "application/json", reply)
}
