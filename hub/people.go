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
	ofAgents   // served, on any agent's row
	groups
)

// groupSet has a bit for each group.
type groupSet uint8

// groupsOf are those in which a row of a whole session puts its customer. One of an
// agent's puts him under the agent, if it serves.
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
	if serves(r) {
		in |= 1 << served
	}
	if r.Counts.At(metric.SpecialistsAdded) != 0 || r.Counts.At(metric.GroupsJoined) != 0 {
		in |= 1 << upgraded
	}
	return in
}

func serves(r *fold.Row) bool { return r.Counts.At(metric.AssignEvents) != 0 }

// people counts a view's customers, each once in each group, and once for each agent
// who served him, however many rows or sessions put him there, and so that it can be
// taken back. A customer takes one place for all of it, 24 bytes and a slot: most are
// in a group by one row and were served by one agent, and what goes beyond that
// stands aside. Who is in no group any more keeps his place until all is counted
// anew: what was once known of him, that he is a friend, stays, as he may rest
// meanwhile.
type people struct {
	all     table.Table[*person]
	beyond  map[membership]int32 // times that a person's own marks do not say
	n       [groups]int64
	friends int64 // of withSessions, those who are friends now
}

type person struct {
	id     event.CustomerID
	in     groupSet // by one row or session, if beyond says nothing
	met    bool     // whether he is a friend is known
	friend bool
	beyond bool // something of him stands there
	agent  role // the first who served him, by one row; 0 for nobody
}

// role is what a customer is counted as: a member of a group, or behind those
// the customer of an agent.
type role uint32

// agentsRole is that of a view's agent by his number.
func agentsRole(number int) role { return role(groups) + role(number) } //nolint:gosec // agents are few.

// membership is one customer in one role.
type membership struct {
	one *person
	as  role
}

// Key is the customer's id.
func (p *person) Key() string { return string(p.id) }

// marked reports whether a person's own marks say that he is in a role.
func (p *person) marked(as role) bool {
	if as < role(groups) {
		return p.in>>as&1 != 0
	}
	return p.agent == as
}

// mark notes that he is in a role, if there is a mark for it.
func (p *person) mark(as role) bool {
	switch {
	case as < role(groups):
		p.in |= 1 << as
	case p.agent == 0:
		p.agent = as
	}
	return p.marked(as)
}

func (p *person) unmark(as role) {
	switch {
	case as < role(groups):
		p.in &^= 1 << as
	case p.agent == as:
		p.agent = 0
	}
}

// times is how many rows or sessions put a customer into a role.
func (p *people) times(one *person, as role) (n int32) {
	if one.marked(as) {
		n = 1
	}
	if one.beyond {
		n += p.beyond[membership{one, as}]
	}
	return n
}

// move puts a customer into a role n times more, or less, and returns how many
// customers more are in it.
func (p *people) move(one *person, as role, n int32) int64 {
	was := p.times(one, as)
	is := was + n
	rest := is
	if is <= 0 {
		one.unmark(as)
	} else if one.mark(as) {
		rest--
	}
	switch {
	case rest != 0:
		if p.beyond == nil {
			p.beyond = map[membership]int32{}
		}
		p.beyond[membership{one, as}], one.beyond = rest, true
	case one.beyond:
		delete(p.beyond, membership{one, as})
	}
	return turned(was != 0, is != 0)
}

func (p *people) person(id event.CustomerID) *person {
	one, ok := p.all.Get(string(id))
	if !ok {
		one = &person{id: id}
		p.all.Put(one)
	}
	return one
}

// add puts a customer into groups n times more, or less.
func (p *people) add(id event.CustomerID, in groupSet, n int32, isFriend func(event.CustomerID) bool) {
	if id == "" || in == 0 {
		return
	}
	one := p.person(id)
	if in&(1<<withSessions) != 0 && !one.met {
		one.met, one.friend = true, isFriend(id)
	}
	for g := range groups {
		if in>>g&1 == 0 {
			continue
		}
		moved := p.move(one, role(g), n)
		p.n[g] += moved
		if g == withSessions && one.friend {
			p.friends += moved
		}
	}
}

// serve puts a customer n times more, or less, under an agent who served him, and
// returns how many customers more the agent has.
func (p *people) serve(id event.CustomerID, agent role, n int32) int64 {
	if id == "" {
		return 0
	}
	one := p.person(id)
	p.n[ofAgents] += p.move(one, role(ofAgents), n)
	return p.move(one, agent, n)
}

// sums is what the catalogue asks of a view's customers, for whole sessions.
func (p *people) sums(s *metric.Sums) {
	s.Customers, s.ConsultingCustomers, s.ConvertedCustomers = p.n[withSessions], p.n[consulting], p.n[converted]
	s.FriendCustomers, s.ServedCustomers, s.UpgradedCustomers = p.friends, p.n[served], p.n[upgraded]
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
	if p.times(one, role(withSessions)) != 0 {
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
	return int(p.times(one, role(withActive)))
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
