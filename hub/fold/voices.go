package fold

import (
	"iter"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
)

// Voice is what one agent has said in a session.
type Voice struct {
	Agent    *event.AgentID `json:"a"` // that of the directory, which stands once
	Last     int64          `json:"l"` // latest time of his messages
	Answered bool           `json:"t,omitzero"`
	Assigned bool           `json:"s,omitzero"`
}

// Voices are those of a session, in the order in which they came. Nearly all have
// one, which stands here and not behind a slice: 32 bytes instead of 56.
type Voices struct {
	first  Voice // whose agent is nil: there are none
	others *[]Voice
}

// All ranges over the voices, which may be changed in place.
func (v *Voices) All() iter.Seq[*Voice] {
	return func(yield func(*Voice) bool) {
		if v.first.Agent == nil || !yield(&v.first) || v.others == nil {
			return
		}
		for i := range *v.others {
			if !yield(&(*v.others)[i]) {
				return
			}
		}
	}
}

// of finds an agent's voice, nil if he has none.
func (v *Voices) of(agent event.AgentID) *Voice {
	for one := range v.All() {
		if *one.Agent == agent {
			return one
		}
	}
	return nil
}

// add adds a voice. Who has a copy of the voices before keeps those.
func (v *Voices) add(one Voice) *Voice {
	if v.first.Agent == nil {
		v.first = one
		return &v.first
	}
	var others []Voice
	if v.others != nil {
		others = slices.Clip(*v.others)
	}
	others = append(others, one)
	v.others = &others
	return &others[len(others)-1]
}

// IsZero reports whether there are none.
func (v Voices) IsZero() bool { return v.first.Agent == nil }

// MarshalJSON writes them as a list.
func (v Voices) MarshalJSON() ([]byte, error) {
	list := []Voice{v.first}
	if v.others != nil {
		list = append(list, *v.others...)
	}
	return json.Marshal(list)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Voices) UnmarshalJSON(text []byte) error {
	var list []Voice
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*v = Voices{}
	for _, one := range list {
		if one.Agent == nil {
			one.Agent = new(event.AgentID)
		}
		v.add(one)
	}
	return nil
}

// voice finds or makes an agent's.
func (st *State) voice(s *Session, agent event.AgentID) *Voice {
	x := s.more()
	if one := x.Voices.of(agent); one != nil {
		return one
	}
	return x.Voices.add(Voice{Agent: st.agentsName(agent)})
}
