package hub

import "time"

// Limits are a topic's bounds and its kind.
type Limits struct {
	Age   time.Duration // how long a delta can be had again
	Bytes int           // and how many bytes of deltas in all
	// Kept: no delta is ever skipped or merged with another; a reader that cannot keep up loses its connection
	// (ReasonBacklog) and comes back.
	Kept bool
}

// The limits of the contract.
var (
	StateLimits    = Limits{Age: 2 * time.Minute, Bytes: 4 << 20}
	FilteredLimits = Limits{Age: 2 * time.Minute, Bytes: 256 << 10}
	KeptLimits     = Limits{Age: 2 * time.Minute, Bytes: 256 << 10, Kept: true}
)

// sumEvery is the distance of the versions whose checksum is sent unasked.
const sumEvery = 1000

// Topic is a JSON state that its owner edits and its readers follow. See the package's documentation.
type Topic struct {
	name    TopicName
	epoch   Epoch
	kept    bool
	tally   *Tally
	version uint64
	state   Object // as published at version
	dirty   edit   // what was done since
	compare comparer
	ring    ring
	enc     encoder

	readers []*Subscriber
	behind  int
	lags    map[uint64]*lag

	// The state's canonical JSON with the frame's closing brace, at version encodedAt; nil if not encoded yet.
	encoded   []byte
	encodedAt uint64
	// stateBytes is the length of the state when it was last encoded, 0 if never.
	stateBytes int

	seq      uint64 // how far FLOOR had been read when the published state was last compared with the truth
	sum      string // of the state at summedAt
	sumBody  []byte // the end of the frame that says so; nil if there never was one
	summedAt uint64
}

// NewTopic returns a topic with the state {} at version 0. What readers suffer is counted in tally, which may be nil.
func NewTopic(name TopicName, epoch Epoch, limits Limits, tally *Tally) *Topic {
	return &Topic{
		name: name, epoch: epoch, kept: limits.Kept, tally: tally, state: Object{},
		ring: ring{age: limits.Age, most: limits.Bytes},
	}
}

// Name returns the topic's name.
func (t *Topic) Name() TopicName { return t.name }

// Position returns the epoch and the published version.
func (t *Topic) Position() Position { return Position{Epoch: t.epoch, Version: t.version} }

// Readers returns how many subscribers there are.
func (t *Topic) Readers() int { return len(t.readers) }

// Set replaces what is at path by value and makes the objects on the way. It is published with the next Flush, which
// copies the value; until then the caller leaves the value alone. A nil deletes. An empty path is the whole state,
// which must be an Object.
func (t *Topic) Set(value any, path ...string) {
	if value == nil {
		t.Delete(path...)
		return
	}
	if len(path) == 0 {
		if _, isObject := value.(Object); !isObject {
			t.compare.refuse("", "anything but an object as a whole")
			return
		}
	}
	t.dirty.at(path, true).replace(value)
}

// Delete removes what is at path, if anything, with the next Flush. An empty path empties the state.
func (t *Topic) Delete(path ...string) {
	if len(path) == 0 {
		t.dirty.replace(Object{})
		return
	}
	t.dirty.at(path, false).replace(nil)
}

// Refused returns the first value that Flush had to leave out since the last call, as a *ValueError, and nil if there
// was none.
func (t *Topic) Refused() error {
	refused := t.compare.refused
	t.compare.refused = nil
	if refused == nil {
		return nil
	}
	return refused
}

// Flush publishes what was edited, as one delta to all readers, and brings skipped readers forward. It is called once
// a tick, whether or not anything was edited, and reports whether there is a new version. Edits that lead back to what
// is published make none. Seq is how far FLOOR has been read.
func (t *Topic) Flush(now time.Time, seq uint64) (changed bool) {
	t.seq = seq
	changed = t.publish(now)
	if !changed {
		t.ring.trim(now)
	}
	if t.behind > 0 {
		t.bringForward(now)
	}
	return changed
}

func (t *Topic) publish(now time.Time) bool {
	if !t.dirty.replaced && len(t.dirty.members) == 0 {
		return false
	}
	_, found, changed := t.compare.edit(t.state, &t.dirty, "")
	t.dirty = edit{}
	if !changed {
		return false
	}
	t.version++
	t.encoded = nil
	t.handOut(entry{version: t.version, at: now, body: t.encodeDelta(t.version-1, now, found.patch)}, t.version-1, found.before)
	return true
}

// handOut gives the delta that leads from a version to the published one to all
// who have that version. Step leads back.
func (t *Topic) handOut(e entry, from uint64, step *before) {
	if t.version%sumEvery == 0 {
		t.summed()
		e.sum = t.sumBody
	}
	t.ring.push(e)
	if step == nil { // nothing has changed but the version
		step = &before{members: map[string]*before{}}
	}
	for _, l := range t.lags {
		l.way.since(step)
	}
	for i := 0; i < len(t.readers); {
		s := t.readers[i]
		if !s.behind && !t.hand(s, e, from, step) {
			t.Unsubscribe(s) // another reader takes its place
			continue
		}
		i++
	}
}

// hand gives a reader the next delta, or marks it as left behind. It reports false if the connection is closed.
func (t *Topic) hand(s *Subscriber, e entry, from uint64, step *before) bool {
	how := maySkip
	if t.kept {
		how = mustKeep
	}
	switch s.outbox.offer(t.deltaFrame(s, e), how) {
	case shut:
		return false
	case refused:
		t.tally.add(ReasonQueueFull)
		t.leaveBehind(s)
		t.joinLag(s, from, step)
		return true
	case accepted:
	}
	if e.sum == nil {
		return true
	}
	return s.outbox.offer(s.sumFrame(0, false, e.version, e.sum), mustKeep) == accepted
}

func (t *Topic) deltaFrame(s *Subscriber, e entry) Frame {
	return Frame{Op: OpDelta, Epoch: t.epoch, Version: e.version, head: s.deltaHead, body: e.body}
}

// leaveBehind lets s go without deltas until it is brought forward, by a snapshot unless it joins a lag.
func (t *Topic) leaveBehind(s *Subscriber) {
	s.behind = true
	t.behind++
}

// joinLag notes that s has the version have. Step leads back there from the published state.
func (t *Topic) joinLag(s *Subscriber, have uint64, step *before) {
	l := t.lags[have]
	if l == nil {
		if len(t.lags) >= mostLags {
			return
		}
		if t.lags == nil {
			t.lags = make(map[uint64]*lag)
		}
		l = &lag{have: have, way: step.copied()}
		t.lags[have] = l
	}
	l.readers++
	s.lag = l
}

func (t *Topic) catchUp(s *Subscriber) {
	if !s.behind {
		return
	}
	s.behind = false
	t.behind--
	if l := s.lag; l != nil {
		s.lag = nil
		if l.readers--; l.readers == 0 {
			delete(t.lags, l.have)
		}
	}
}

// bringForward gives one delta from the version that it has, or a fresh snapshot, to each skipped reader whose
// connection has read on.
func (t *Topic) bringForward(now time.Time) {
	for i := 0; i < len(t.readers); {
		s := t.readers[i]
		if !s.behind || !s.outbox.roomy() {
			i++
			continue
		}
		frame, reason := t.forward(s, now)
		switch s.outbox.offer(frame, maySkip) {
		case shut:
			t.Unsubscribe(s)
			continue
		case accepted:
			t.tally.add(reason)
			t.catchUp(s)
			if t.version%sumEvery == 0 {
				t.summed()
				s.outbox.offer(s.sumFrame(0, false, t.version, t.sumBody), mustKeep)
			}
			t.answerChecks(s)
		case refused: // another sender was quicker; the next tick will do
		}
		i++
	}
}

func (t *Topic) forward(s *Subscriber, now time.Time) (Frame, Reason) {
	l := s.lag
	if l == nil {
		return t.snapshotFrame(s, now), ReasonFresh
	}
	if l.bodyAt != t.version {
		l.body = t.encodeDelta(l.have, now, l.way.patchTo(t.state))
		l.bodyAt = t.version
	}
	if t.stateBytes > 0 && len(l.body) > t.stateBytes {
		return t.snapshotFrame(s, now), ReasonFresh
	}
	return Frame{Op: OpDelta, Epoch: t.epoch, Version: t.version, head: s.deltaHead, body: l.body}, ReasonForward
}

// Subscribe registers s and, in the same turn, puts into its outbox what it has to begin with: with since the deltas
// that it misses, otherwise a snapshot. If the connection has left more than half of its outbox unread, a snapshot
// follows when it has read on. The reason says why a since is answered with a snapshot. A subscriber of another topic
// leaves that first.
func (t *Topic) Subscribe(s *Subscriber, since *Position, now time.Time) Reason {
	if s.topic != nil {
		s.topic.Unsubscribe(s)
	}
	t.ring.trim(now)
	s.topic, s.place = t, len(t.readers)
	t.readers = append(t.readers, s)
	return t.begin(s, since, now)
}

// begin puts in what a reader has to begin with.
func (t *Topic) begin(s *Subscriber, since *Position, now time.Time) Reason {
	missing, reason := t.resume(since)
	if !s.outbox.roomy() {
		// Whoever subscribes again and again and reads nothing must not fill the memory with beginnings.
		t.tally.add(ReasonQueueFull)
		t.leaveBehind(s)
		return ReasonQueueFull
	}
	if since != nil && reason == ReasonNone {
		for _, e := range missing {
			s.outbox.offer(t.deltaFrame(s, e), answers)
			if e.sum != nil {
				s.outbox.offer(s.sumFrame(0, false, e.version, e.sum), answers)
			}
		}
		return ReasonNone
	}
	t.tally.add(reason)
	s.outbox.offer(t.snapshotFrame(s, now), answers) // a closed outbox is found out at the next delta
	return reason
}

func (t *Topic) resume(since *Position) ([]entry, Reason) {
	switch {
	case since == nil:
		return nil, ReasonNone
	case since.Epoch != t.epoch:
		return nil, ReasonOtherEpoch
	case since.Version == t.version:
		return nil, ReasonNone
	}
	missing, whole := t.ring.after(since.Version)
	if !whole {
		return nil, ReasonBeyondRing
	}
	return missing, ReasonNone
}

// Unsubscribe lets s go. What is in its outbox stays there. It is no error if s is not subscribed here.
func (t *Topic) Unsubscribe(s *Subscriber) {
	if s.topic != t {
		return
	}
	t.catchUp(s)
	last := len(t.readers) - 1
	t.readers[s.place] = t.readers[last]
	t.readers[s.place].place = s.place
	t.readers[last] = nil
	t.readers = t.readers[:last]
	s.topic, s.checks = nil, nil
}

// Check puts the checksum of the published state into the outbox of s, after the delta that led there: at once, or
// for a skipped reader once it is brought forward. It reports false if s is not subscribed here or has too many checks
// waiting.
func (t *Topic) Check(s *Subscriber, id RequestID) bool {
	if s.topic != t || len(s.checks) >= mostChecks {
		return false
	}
	s.checks = append(s.checks, id)
	if !s.behind {
		t.answerChecks(s)
	}
	return true
}

func (t *Topic) answerChecks(s *Subscriber) {
	for _, id := range s.checks {
		t.summed()
		s.outbox.offer(s.sumFrame(id, true, t.version, t.sumBody), mustKeep)
	}
	s.checks = nil
}
