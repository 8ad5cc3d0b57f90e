package load

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

func TestHTTPKeepsATenantsOrderAndTriesAgain(t *testing.T) {
	t.Parallel()

	var mu sync.Mutex
	var got []string
	refuse := 1
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if refuse > 0 {
			refuse--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var batch []struct {
			ID string `json:"id"`
		}
		if err := json.UnmarshalRead(r.Body, &batch); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var answer struct {
			Events []map[string]any `json:"events"`
		}
		for _, e := range batch {
			got = append(got, e.ID)
			answer.Events = append(answer.Events, map[string]any{"seq": len(got)})
		}
		_ = json.MarshalWrite(w, answer, jsontext.EscapeForHTML(false)) // a caller that has gone has gone.
	}))
	defer server.Close()
	h := NewHTTP(server.URL, server.Client(), func(event.TenantID, Role) (string, error) { return "x", nil })
	defer h.Close()
	var all sync.WaitGroup
	want := make([]string, 50)
	for i := range want {
		want[i] = fmt.Sprint("e", i)
		e := event.New("t1", "test", want[i], time.Now(), &event.ConversationViewed{Conversation: "c1", Agent: "a1"})
		all.Add(1)
		h.Publish(t.Context(), &e, func(seq uint64, err error) {
			defer all.Done()
			if err != nil || seq != uint64(i+1) {
				t.Errorf("event %d: sequence %d, %v", i, seq, err)
			}
		})
	}
	all.Wait()
	require.Equal(t, want, got)
}

func TestReadVerdict(t *testing.T) {
	t.Parallel()

	seq, err := readVerdict([]byte(`{"verdict":"allow","seq":7}`))
	require.NoError(t, err)
	require.Equal(t, uint64(7), seq)
	for _, raw := range []string{`{"verdict":"allow"}`, `{"seq":7}`, `{"error":{"code":"busy"}}`, `x`} {
		_, err := readVerdict([]byte(raw))
		require.Error(t, err, raw)
	}
}
