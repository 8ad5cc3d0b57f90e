package load

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// state is what a topic is at one version, as a client made it. It is never
// changed: a patch makes another one, which shares what the patch leaves alone.
type state struct {
	epoch   string
	version uint64
	value   map[string]any

	once sync.Once
	sum  string
	err  error
}

// checksum is the SHA-256 of the state's canonical JSON.
func (s *state) checksum() (string, error) {
	s.once.Do(func() { s.sum, s.err = Checksum(s.value) })
	return s.sum, s.err
}

// Checksum is the SHA-256 of a state's canonical JSON (RFC 8785), in hex: what
// the server answers to the op check.
func Checksum(value any) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	canonical := jsontext.Value(raw)
	if err := canonical.Canonicalize(); err != nil {
		return "", err
	}
	digest := sha256.Sum256(canonical)
	return hex.EncodeToString(digest[:]), nil
}

// Merged is a JSON Merge Patch (RFC 7396) of an object. The object stays as it is.
func Merged(object, patch map[string]any) map[string]any {
	next := make(map[string]any, len(object)+len(patch))
	maps.Copy(next, object)
	for k, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(next, k)
		case map[string]any:
			below, _ := next[k].(map[string]any) // nil if it is none: then it is made from nothing
			next[k] = Merged(below, v)
		default:
			next[k] = v
		}
	}
	return next
}

// frame is what the server sent, decoded.
type frame struct {
	raw []byte

	Op      string         `json:"op"`
	ID      int64          `json:"id"`
	Epoch   string         `json:"epoch"`
	Version uint64         `json:"version"`
	From    uint64         `json:"from"`
	Seq     uint64         `json:"seq"`
	State   map[string]any `json:"state"`
	Patch   map[string]any `json:"patch"`
	Sum     string         `json:"sum"`
	Code    string         `json:"code"`

	mu    sync.Mutex
	upon  *state // what the frame was last applied to, and what that gave
	gives *state
}

// errOutOfOrder is a delta that does not begin where the client is.
var errOutOfOrder = errors.New("a delta does not follow the client's version")

// applied is the state after the frame, made once for all clients of the group
// that have the same one.
func (g *group) applied(f *frame, s *state) (*state, error) {
	switch f.Op {
	case "snapshot":
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.gives == nil {
			value := f.State
			if value == nil {
				value = map[string]any{}
			}
			f.gives = g.one(&state{epoch: f.Epoch, version: f.Version, value: value})
		}
		return f.gives, nil
	case "delta":
		if s == nil || s.epoch != f.Epoch || s.version != f.From {
			return nil, fmt.Errorf("%w: from %s:%d", errOutOfOrder, f.Epoch, f.From)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.upon != s {
			f.upon, f.gives = s, g.one(&state{epoch: f.Epoch, version: f.Version, value: Merged(s.value, f.Patch)})
		}
		return f.gives, nil
	}
	return s, nil
}

// remembered is how many frames a group keeps decoded: those that other clients
// are about to read.
const remembered = 64

// group is the clients of one topic. Frames are compared byte by byte with those
// that another client has had; only new ones are decoded.
type group struct {
	mu       sync.Mutex
	frames   map[uint64]*frame
	order    []uint64
	states   map[position]*state
	versions []position
}

// position is where a state stands.
type position struct {
	epoch   string
	version uint64
}

func newGroup() *group {
	return &group{frames: make(map[uint64]*frame, remembered), states: make(map[position]*state, remembered)}
}

// one is the state that stands for all that are equal to s, so that clients that
// began with different snapshots share what follows.
func (g *group) one(s *state) *state {
	at := position{s.epoch, s.version}
	g.mu.Lock()
	there := g.states[at]
	if there == nil {
		g.states[at] = s
		g.versions = append(g.versions, at)
		if len(g.versions) > remembered {
			delete(g.states, g.versions[0])
			g.versions = g.versions[1:]
		}
	}
	g.mu.Unlock()
	if there != nil && reflect.DeepEqual(there.value, s.value) {
		return there
	}
	return s
}

// decode reads a frame. The bytes may be used again afterwards.
func (g *group) decode(raw []byte) (*frame, error) {
	key := xxhash.Sum64(raw)
	g.mu.Lock()
	found := g.frames[key]
	g.mu.Unlock()
	if found != nil && bytes.Equal(found.raw, raw) {
		return found, nil
	}
	f := &frame{raw: bytes.Clone(raw)}
	if err := json.Unmarshal(f.raw, f); err != nil {
		return nil, fmt.Errorf("a frame is not JSON: %w", err)
	}
	if f.Op != "delta" && f.Op != "snapshot" && f.Op != "beat" {
		return f, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if there := g.frames[key]; there != nil && bytes.Equal(there.raw, f.raw) {
		return there, nil // another client was quicker; one state is enough
	}
	if g.frames[key] == nil {
		g.order = append(g.order, key)
	}
	g.frames[key] = f
	for len(g.order) > remembered {
		delete(g.frames, g.order[0])
		g.order = g.order[1:]
	}
	return f, nil
}
