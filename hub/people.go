package hub

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/table"
)

// group is a set of customers that a number is of.
type group uint8

const (
	withSessions group = iota
	consulting         // with chats
	converted
	served
	upgraded
	withActive // sessions
	groups
)

// groupSet has a bit for each group.
type groupSet uint8

// groupsOf are those in which a row puts its customer.
func groupsOf(r *fold.Row) (in groupSet) {
	if r.Counts.At(metric.Sessions) != 0 {
		in |= 1 << withSessions
	}
	if r.Counts.At(metric.Chats) != 0 {
		in |= 1 << consulting
	}
	if r.Counts.At(metric.Converted) != 0 {
		in |= 1 << converted
	}
	if r.Counts.At(metric.AssignEvents) != 0 {
		in |= 1 << served
	}
	if r.Counts.At(metric.SpecialistsAdded) != 0 || r.Counts.At(metric.GroupsJoined) != 0 {
		in |= 1 << upgraded
	}
	return in
}

// people counts customers, each once in each group however many rows or sessions
// put him there, and so that it can be taken back. A customer takes one place for
// all of it, 48 bytes and a slot. Who is in no group any more keeps his place
// until all is counted anew: what was once known of him, that he is a friend,
// stays, as he may rest meanwhile.
type people struct {
	all     table.Table[*person]
	n       [groups]int64
	friends int64 // of withSessions, those who are friends now
}

type person struct {
	id     event.CustomerID
	times  [groups]int32
	met    bool // whether he is a friend is known
	friend bool
}

// Key is the customer's id.
func (p *person) Key() string { return string(p.id) }

// add puts a customer into groups n times more, or less.
func (p *people) add(id event.CustomerID, in groupSet, n int32, isFriend func(event.CustomerID) bool) {
	if id == "" || in == 0 {
		return
	}
	one, ok := p.all.Get(string(id))
	if !ok {
		one = &person{id: id}
		p.all.Put(one)
	}
	if in&(1<<withSessions) != 0 && !one.met {
		one.met, one.friend = true, isFriend(id)
	}
	for g := range groups {
		if in>>g&1 == 0 {
			continue
		}
		was := one.times[g]
		one.times[g] += n
		if moved := turned(was != 0, one.times[g] != 0); moved != 0 {
			p.n[g] += moved
			if g == withSessions && one.friend {
				p.friends += moved
			}
		}
	}
}

// turned is how many more there are of one.
func turned(was, is bool) int64 {
	switch {
	case is && !was:
		return 1
	case was && !is:
		return -1
	}
	return 0
}

// befriend takes what an event says of a customer.
func (p *people) befriend(id event.CustomerID, is bool) (moved bool) {
	one, known := p.all.Get(string(id))
	if !known || !one.met || one.friend == is {
		return false
	}
	if one.times[withSessions] != 0 {
		p.friends += turned(one.friend, is)
	}
	one.friend = is
	return true
}

// sessions is how many active sessions a customer has.
func (p *people) sessions(id event.CustomerID) int {
	one, ok := p.all.Get(string(id))
	if !ok {
		return 0
	}
	return int(one.times[withActive])
}

// census counts how many each customer has of something.
type census map[event.CustomerID]int

func (c census) add(id event.CustomerID, n int) {
	if id == "" {
		return
	}
	if c[id] += n; c[id] == 0 {
		delete(c, id)
	}
}

// silent are customers with active sessions in which they have not written, and
// whether they are contacts all the same. The state keeps the customers of active
// sessions at hand.
type silent map[event.CustomerID]*quiet

type quiet struct {
	sessions int
	wrote    bool // in another session
	in       []event.ChannelID
}

func (s silent) add(id event.CustomerID, n int, st *fold.State) {
	if id == "" {
		return
	}
	one, known := s[id]
	if !known {
		one = &quiet{}
		s[id] = one
		if c, ok := st.Customer(id); ok {
			one.wrote, one.in = c.Wrote, c.Channels()
		}
	}
	if one.sessions += n; one.sessions == 0 {
		delete(s, id)
	}
}

// learn takes what an event says of a customer.
func (s silent) learn(c *fold.Customer) {
	if one, known := s[c.ID]; known {
		one.wrote, one.in = c.Wrote, c.Channels()
	}
}
