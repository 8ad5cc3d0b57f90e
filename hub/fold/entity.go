package fold

import (
	"errors"
	"fmt"
	"maps"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// tenantEntity is how profile and directory are stored.
type tenantEntity struct {
	Name     string                           `json:"name,omitzero"`
	Profile  string                           `json:"profile"`
	Version  int64                            `json:"version"`
	Changes  jsonValue                        `json:"changes,omitzero"`
	Channels map[string]*Channel              `json:"channels,omitzero"`
	Teams    map[string]*Team                 `json:"teams,omitzero"`
	Contacts map[string]int64                 `json:"contacts,omitzero"`
	Balances map[event.ChannelID]metric.Money `json:"balances,omitzero"`
	Flows    map[string]string                `json:"flows,omitzero"`
}

// Encode writes an entity for storage, nil if it is not resident.
func (st *State) Encode(r Ref) ([]byte, error) {
	var entity any
	switch r.Kind {
	case KindTenant:
		t := tenantEntity{Name: st.name, Profile: st.profile.Name, Version: st.profile.Version, Changes: st.profile.Changes, Channels: map[string]*Channel{}, Teams: map[string]*Team{}, Contacts: st.contacts, Balances: st.balances, Flows: st.flows}
		for id, c := range st.channels {
			t.Channels[string(id)] = c
		}
		for id, g := range st.teams {
			t.Teams[string(id)] = g
		}
		entity = t
	case KindAgent:
		if a, ok := st.agents[event.AgentID(r.ID)]; ok {
			entity = a
		}
	case KindConversation:
		if c, ok := st.conversations.Get(r.ID); ok {
			entity = c
		}
	case KindCustomer:
		if c, ok := st.customers.Get(r.ID); ok {
			entity = c
		}
	case KindOrder:
		if o, ok := st.orders[event.OrderID(r.ID)]; ok {
			entity = o
		}
	case KindLoose:
		if l, ok := st.looseRows[r]; ok {
			entity = l
		}
	case KindEvent:
	}
	if entity == nil {
		return nil, nil
	}
	b, err := json.Marshal(entity, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode entity %d %q: %w", r.Kind, r.ID, err)
	}
	return b, nil
}

// Bring makes an entity resident, as Encode wrote it; nil says that there is
// none. What is resident already stays.
func (st *State) Bring(r Ref, stored []byte) error {
	if st.resident(r) {
		return nil
	}
	if stored == nil {
		st.absent[r] = struct{}{}
		return nil
	}
	err := st.bring(r, stored)
	if err != nil {
		return fmt.Errorf("decode entity %d %q: %w", r.Kind, r.ID, err)
	}
	delete(st.absent, r)
	return nil
}

func (st *State) bring(r Ref, stored []byte) error {
	switch r.Kind {
	case KindTenant:
		return st.bringTenant(stored)
	case KindAgent:
		a := newAgent(event.AgentID(r.ID))
		st.agents[a.ID] = a
		return json.Unmarshal(stored, a)
	case KindConversation:
		c := &Conversation{}
		if err := json.Unmarshal(stored, c); err != nil {
			return err
		}
		if len(c.Sessions) == 0 {
			return errors.New("no session")
		}
		for _, s := range c.Sessions {
			s.Conversation = c.ID
			if s.Extra != nil {
				if s.Extra.Rare == nil {
					s.Extra.Rare = &nothingRare
				}
				for v := range s.Extra.Voices.All() {
					v.Agent = st.agentsName(*v.Agent)
				}
			}
			st.words.share(s, &Session{})
		}
		c.touchedAt = st.minute()
		st.conversations.Put(c)
	case KindCustomer:
		c := &Customer{}
		if err := json.Unmarshal(stored, c); err != nil {
			return err
		}
		for i := range c.Chats {
			chat := &c.Chats[i]
			if chat.Channel == nil {
				return errors.New("a chat in no channel")
			}
			chat.Channel = st.channelsName(*chat.Channel)
		}
		c.touchedAt, c.In = st.minute(), st.words.channels(c.Channels())
		st.customers.Put(c)
	case KindOrder:
		o := &orderOwner{touchedAt: st.minute()}
		if err := json.Unmarshal(stored, o); err != nil {
			return err
		}
		st.orders[event.OrderID(r.ID)] = o
	case KindLoose:
		l := &Loose{touchedAt: st.minute()}
		if err := json.Unmarshal(stored, l); err != nil {
			return err
		}
		st.looseRows[r] = l
	case KindEvent:
		micros, err := strconv.ParseInt(string(stored), 10, 64)
		if err != nil {
			return err
		}
		st.events[r] = micros
	}
	return nil
}

func (st *State) bringTenant(stored []byte) error {
	var t tenantEntity
	if err := json.Unmarshal(stored, &t); err != nil {
		return err
	}
	p, err := metric.NewProfile(t.Profile, t.Version, t.Changes)
	if err != nil {
		return err
	}
	st.name = t.Name
	st.use(p)
	for id, c := range t.Channels {
		st.channels[event.ChannelID(id)] = c
	}
	for id, g := range t.Teams {
		st.teams[event.TeamID(id)] = g
	}
	maps.Copy(st.contacts, t.Contacts)
	maps.Copy(st.balances, t.Balances)
	maps.Copy(st.flows, t.Flows)
	return nil
}

func (st *State) use(p *metric.Profile) {
	st.profile, st.calendar = p, metric.NewCalendar(p.Location())
}

// resident reports whether an entity needs no fetching.
func (st *State) resident(r Ref) bool {
	var ok bool
	switch r.Kind {
	case KindTenant:
		return false
	case KindAgent:
		_, ok = st.agents[event.AgentID(r.ID)]
	case KindConversation:
		_, ok = st.conversations.Get(r.ID)
	case KindCustomer:
		_, ok = st.customers.Get(r.ID)
	case KindOrder:
		_, ok = st.orders[event.OrderID(r.ID)]
	case KindLoose:
		_, ok = st.looseRows[r]
	case KindEvent:
		_, ok = st.events[r]
	}
	return ok
}
