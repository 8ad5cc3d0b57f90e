package hub

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// ErrMirror says that a mirror cannot follow: what came does not continue what it
// has. It goes on from a snapshot.
var ErrMirror = errors.New("hub: what came does not continue the mirror")

// Mirror is another process's topic: it takes that one's snapshots and deltas
// instead of edits, and hands the deltas on as they came. Its readers have what
// readers over there have, epochs and versions among it.
type Mirror struct {
	topic   *Topic
	pending map[*Subscriber]*Position // who came before there was a state, and what they had
}

// told is what a snapshot or a delta says, without its head.
type told struct {
	Epoch   Epoch     `json:"epoch"`
	Version uint64    `json:"version"`
	From    uint64    `json:"from"`
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"at"`
	State   any       `json:"state"`
	Patch   any       `json:"patch"`
}

// NewMirror returns one without a state. Its readers wait for their snapshot.
func NewMirror(r Request, tally *Tally) *Mirror {
	return &Mirror{topic: NewTopic(r.Topic, "", r.limits(), tally), pending: map[*Subscriber]*Position{}}
}

// limits are those of the topic that a request names.
func (r *Request) limits() Limits {
	switch {
	case r.Topic == TopicNotifications:
		return KeptLimits
	case r.Topic == TopicInbox:
		return FilteredLimits
	case r.Filter.empty():
		return StateLimits
	}
	return FilteredLimits
}

// Key tells topics apart: requests with one key have one topic.
func (r *Request) Key() string {
	return string(r.Topic) + "\x02" + string(r.Agent) + "\x02" + r.Filter.normal().key()
}

// Position is what the mirror has; the epoch is empty before the first snapshot.
func (m *Mirror) Position() Position { return m.topic.Position() }

// Readers is how many subscribers there are.
func (m *Mirror) Readers() int { return m.topic.Readers() }

// Subscribe registers a reader; see Topic.Subscribe.
func (m *Mirror) Subscribe(s *Subscriber, since *Position, now time.Time) {
	if m.topic.epoch != "" {
		m.topic.Subscribe(s, since, now)
		return
	}
	s.topic, s.place = m.topic, len(m.topic.readers)
	m.topic.readers = append(m.topic.readers, s)
	m.topic.leaveBehind(s)
	m.pending[s] = since
}

// Unsubscribe lets a reader go.
func (m *Mirror) Unsubscribe(s *Subscriber) {
	delete(m.pending, s)
	m.topic.Unsubscribe(s)
}

// Check is the topic's.
func (m *Mirror) Check(s *Subscriber, id RequestID) bool { return m.topic.Check(s, id) }

// Flush brings readers forward that were left behind. It is called every tick.
func (m *Mirror) Flush(now time.Time) {
	t := m.topic
	t.ring.trim(now)
	if t.behind > 0 && t.epoch != "" {
		t.bringForward(now)
	}
}

// Adopt takes a snapshot in the place of what there is: a frame, or a document of
// Hub.Snapshot. Backlog are the bodies of the deltas that lead up to it. Readers
// get the deltas that they lack if these are among them, otherwise a snapshot.
func (m *Mirror) Adopt(snapshot []byte, backlog [][]byte, now time.Time) error {
	var s told
	if err := json.Unmarshal(snapshot, &s); err != nil {
		return fmt.Errorf("%w: %w", ErrMirror, err)
	}
	state, isObject := s.State.(Object)
	if !isObject || s.Epoch == "" {
		return fmt.Errorf("%w: it is no snapshot", ErrMirror)
	}
	t := m.topic
	if t.epoch == s.Epoch && t.version >= s.Version {
		return nil
	}
	had := t.Position()
	adopted, _ := t.compare.adopt(state, "").(Object)
	t.epoch, t.version, t.state, t.seq = s.Epoch, s.Version, adopted, s.Seq
	t.encoded, t.stateBytes, t.sumBody = nil, 0, nil
	m.forget()
	for _, body := range backlog {
		d, err := readDelta(body)
		if err != nil {
			return err
		}
		if last := t.ring.last(); d.Epoch == s.Epoch && d.Version == d.From+1 && d.Version <= s.Version && (last == 0 || d.From == last) {
			t.ring.push(entry{version: d.Version, at: now, body: body})
		}
	}
	if t.ring.last() != s.Version { // it would have a gap
		m.forget()
	}
	for _, r := range t.readers {
		since, waits := m.pending[r]
		switch {
		case waits:
			t.catchUp(r)
			t.begin(r, since, now)
		case !r.behind:
			t.begin(r, &had, now)
		default: // it gets a snapshot: nothing leads from its version to this one
			t.catchUp(r)
			t.leaveBehind(r)
		}
		if !r.behind {
			t.answerChecks(r)
		}
	}
	clear(m.pending)
	t.bringForward(now)
	return nil
}

// forget empties the ring.
func (m *Mirror) forget() { m.topic.ring = ring{age: m.topic.ring.age, most: m.topic.ring.most} }

// last is the newest version that the ring holds, 0 if it is empty.
func (r *ring) last() uint64 {
	if len(r.entries) == 0 {
		return 0
	}
	return r.entries[len(r.entries)-1].version
}

func readDelta(body []byte) (told, error) {
	var d told
	raw := append(append(make([]byte, 0, len(body)+1), '{'), body...)
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("%w: %w", ErrMirror, err)
	}
	return d, nil
}

// Take hands a delta on, given as its frame's body. What the mirror has already
// is no error; ErrMirror says that something is missing before it.
func (m *Mirror) Take(body []byte, now time.Time) error {
	d, err := readDelta(body)
	if err != nil {
		return err
	}
	t := m.topic
	switch {
	case d.Epoch == t.epoch && d.Version <= t.version:
		return nil
	case d.Epoch != t.epoch || d.From != t.version:
		return fmt.Errorf("%w: it is at %s, the delta leads from %d", ErrMirror, t.Position(), d.From)
	}
	_, found, _ := t.compare.edit(t.state, patched(d.Patch), "")
	if d.Version != t.version+1 { // over there a delta was skipped
		m.forget()
	}
	t.version, t.encoded, t.seq = d.Version, nil, d.Seq
	t.handOut(entry{version: d.Version, at: now, body: body}, d.From, found.before)
	return nil
}

// patched is the edit that a merge patch stands for.
func patched(patch any) *edit {
	members, isObject := patch.(Object)
	if !isObject || len(members) == 0 {
		return &edit{replaced: true, value: patch}
	}
	e := &edit{grown: true, members: make(map[string]*edit, len(members))}
	for name, member := range members {
		e.members[name] = patched(member)
	}
	return e
}
