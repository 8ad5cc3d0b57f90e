package fold

import (
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Conversation is all sessions under one id, and which message ids it has seen.
type Conversation struct {
	ID       event.ConversationID `json:"id"`
	Sessions []*Session           `json:"s"`
	Marks    Marks                `json:"m,omitzero"`

	room      [1]*Session // of Sessions; most have one
	touched   uint64      // sequence of the last event that changed it
	touchedAt minute      // of the latest event then
}

// Key is the conversation's id.
func (c *Conversation) Key() string { return string(c.ID) }

// Current is the latest session.
func (c *Conversation) Current() *Session { return c.Sessions[len(c.Sessions)-1] }

// Open reports whether the latest session is open.
func (c *Conversation) Open() bool { return !c.Current().Closed }

// Marks remembers the message ids of a conversation.
type Marks struct {
	list  []mark
	index map[uint64]int // made once the list is long
}

// mark says what has happened to one message id, and where the first of it stands.
type mark struct {
	hash uint64 // of the message id
	what uint64 // the sequence of its first message.sent or message.blocked, and eight bits below it
}

func (k *mark) has(bit uint8) bool { return k.what&uint64(bit) != 0 }
func (k *mark) set(bit uint8)      { k.what |= uint64(bit) }
func (k *mark) seq() uint64        { return k.what >> markBits }

// came notes the sequence at which the message came first.
func (k *mark) came(seq uint64) {
	if k.seq() == 0 {
		k.what |= seq << markBits
	}
}

const (
	markSent uint8 = 1 << iota
	markBlocked
	markFlagged
	markAutomatic
	markDisputed
)

const (
	markBits    = 8
	markBytes   = 17 // as it is stored
	indexedFrom = 64
)

// at finds or makes the mark of a message id. The pointer holds until the next call.
func (m *Marks) at(id event.MessageID) *mark {
	h := xxhash.Sum64String(string(id))
	if i := m.find(h); i >= 0 {
		return &m.list[i]
	}
	m.list = append(m.list, mark{hash: h})
	if m.index != nil {
		m.index[h] = len(m.list) - 1
	}
	return &m.list[len(m.list)-1]
}

func (m *Marks) find(h uint64) int {
	if len(m.list) < indexedFrom {
		for i := range m.list {
			if m.list[i].hash == h {
				return i
			}
		}
		return -1
	}
	if m.index == nil {
		m.index = make(map[uint64]int, 2*len(m.list))
		for i := range m.list {
			m.index[m.list[i].hash] = i
		}
	}
	if i, ok := m.index[h]; ok {
		return i
	}
	return -1
}

// Seen is the sequence of the first message.sent or message.blocked with this
// id, and whether there is one.
func (m *Marks) Seen(id event.MessageID) (uint64, bool) {
	if i := m.find(xxhash.Sum64String(string(id))); i >= 0 && m.list[i].seq() != 0 {
		return m.list[i].seq(), true
	}
	return 0, false
}

// Fate says what has become of a message: whether it was sent, blocked, and
// disputed.
func (m *Marks) Fate(id event.MessageID) (sent, blocked, disputed bool) {
	i := m.find(xxhash.Sum64String(string(id)))
	if i < 0 {
		return false, false, false
	}
	k := &m.list[i]
	return k.has(markSent), k.has(markBlocked), k.has(markDisputed)
}

// IsZero reports whether no message was seen.
func (m Marks) IsZero() bool { return len(m.list) == 0 }

// MarshalJSON packs the marks as base64.
func (m Marks) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, markBytes*len(m.list))
	for _, k := range m.list {
		b = binary.BigEndian.AppendUint64(b, k.hash)
		b = binary.BigEndian.AppendUint64(b, k.seq())
		b = append(b, byte(k.what)) //nolint:gosec // the bits below the sequence.
	}
	return json.Marshal(b)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Marks) UnmarshalJSON(text []byte) error {
	var b []byte
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	if len(b)%markBytes != 0 {
		return fmt.Errorf("message marks: %d bytes", len(b))
	}
	m.list, m.index = make([]mark, 0, len(b)/markBytes), nil
	for ; len(b) > 0; b = b[markBytes:] {
		m.list = append(m.list, mark{hash: binary.BigEndian.Uint64(b), what: binary.BigEndian.Uint64(b[8:])<<markBits | uint64(b[16])})
	}
	return nil
}

// MarshalJSON writes a row; its counts are pairs of position and number.
func (r Row) MarshalJSON() ([]byte, error) {
	pairs := make([]int64, 0, 24)
	for c, n := range r.Counts.All() {
		pairs = append(pairs, int64(c), n)
	}
	stored := storedRow{r.Day.String(), r.Hour, r.Agent, r.Channel, r.Team, pairs, nil, r.AISales()}
	for _, p := range r.Parts() {
		stored.Parts = append(stored.Parts, storedPart{p.Dimension, p.Value, int64(p.Counter), p.N, p.Money})
	}
	return json.Marshal(stored, json.Deterministic(true)) // the caller's options do not reach a method
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Row) UnmarshalJSON(text []byte) error {
	var s storedRow
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	day, err := metric.ParseDay(s.Day)
	if err != nil {
		return err
	}
	*r = Row{Place: &Place{s.Agent, s.Channel, s.Team}, Day: day, Hour: s.Hour}
	for i := 0; i+1 < len(s.Counts); i += 2 {
		if c := s.Counts[i]; c >= 0 && c < metric.NumCounters {
			r.Counts.Add(metric.Counter(c), s.Counts[i+1])
		}
	}
	var parts []metric.Part
	for _, p := range s.Parts {
		if p.Counter >= 0 && p.Counter < metric.NumCounters {
			parts = append(parts, metric.Part{Dimension: p.Dimension, Value: p.Value, Counter: metric.Counter(p.Counter), N: p.N, Money: p.Money})
		}
	}
	r.put(parts, s.AISales)
	return nil
}

type storedRow struct {
	Day     string          `json:"d"`
	Hour    int8            `json:"h,omitzero"`
	Agent   event.AgentID   `json:"a,omitzero"`
	Channel event.ChannelID `json:"c,omitzero"`
	Team    event.TeamID    `json:"t,omitzero"`
	Counts  []int64         `json:"k"`
	Parts   []storedPart    `json:"p,omitzero"`
	AISales metric.Money    `json:"s,omitzero"`
}

type storedPart struct {
	Dimension metric.Dimension `json:"d"`
	Value     string           `json:"v,omitzero"`
	Counter   int64            `json:"c,omitzero"`
	N         int64            `json:"n,omitzero"`
	Money     metric.Money     `json:"m,omitzero"`
}
