package proof

import (
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// Acked is what was acknowledged: events by tenant/source/id. The zero value is empty.
type Acked struct {
	mu  sync.Mutex
	ids map[event.TenantID]map[string]struct{}
}

// Add notes an acknowledged event. Twice is once.
func (a *Acked) Add(tenant event.TenantID, source, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ids == nil {
		a.ids = map[event.TenantID]map[string]struct{}{}
	}
	if a.ids[tenant] == nil {
		a.ids[tenant] = map[string]struct{}{}
	}
	a.ids[tenant][source+"/"+id] = struct{}{}
}

// Len is how many there are, of all tenants.
func (a *Acked) Len() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, ids := range a.ids {
		n += len(ids)
	}
	return n
}

// Remove forgets an event that must not be asked for: a stream that was put back to
// an older state has lost it before anybody read it.
func (a *Acked) Remove(tenant event.TenantID, source, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.ids[tenant], source+"/"+id)
}

func (a *Acked) tenants() []event.TenantID {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.ids))
}

func (a *Acked) of(tenant event.TenantID) map[string]struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.ids[tenant])
}

// soakVariable says for how long faults are tried again and again; set by make soak.
const soakVariable = "FLOORLIGHT_SOAK"

// Soak is how long the tests of faults may take together; 0 asks for their short form.
func Soak() time.Duration {
	d, err := time.ParseDuration(os.Getenv(soakVariable))
	if err != nil {
		return 0
	}
	return d
}
