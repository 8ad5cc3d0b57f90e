package fold

import (
	"slices"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// How many customers ever wrote can be narrowed to channels and has to outlive a
// restart, which brings few customers. So they are counted by the set of
// channels that they have chats in: a desk has few such sets.

// contactKey names a set of channels, none of which has the character U+0000.
func contactKey(in []event.ChannelID) string {
	words := make([]string, len(in))
	for i, id := range in {
		words[i] = string(id)
	}
	return strings.Join(words, "\x00")
}

// Contacts is how many customers ever wrote: with match, of those who have a
// chat in a channel that matches.
func (st *State) Contacts(match func(event.ChannelID) bool) int64 {
	var sum int64
	for key, n := range st.contacts {
		if match == nil || key != "" && slices.ContainsFunc(strings.Split(key, "\x00"), func(id string) bool { return match(event.ChannelID(id)) }) {
			sum += n
		}
	}
	return sum
}

// contact counts a customer's first message ever, on the session in which it
// stands.
func (st *State) contact(s *Session, at int64, author event.CustomerID) {
	if author == "" {
		author = s.Customer
	}
	if author == "" {
		return
	}
	c := st.customer(author)
	if c.Wrote {
		return
	}
	c.Wrote, c.WroteAt = true, at
	st.countContact(c.Channels(), 1)
	s.add(st.calendar.Slot(at), metric.NewContacts, 1)
}

// placeContact brings the channels under which a customer counts up to his chats.
func (st *State) placeContact(c *Customer) {
	var in []event.ChannelID
	for i := range c.Chats {
		id := *c.Chats[i].Channel
		if at, ok := slices.BinarySearch(in, id); !ok {
			in = slices.Insert(in, at, id)
		}
	}
	if slices.Equal(in, c.Channels()) {
		return
	}
	if c.Wrote {
		st.countContact(c.Channels(), -1)
		st.countContact(in, 1)
	}
	c.In = st.words.channels(in)
}

func (st *State) countContact(in []event.ChannelID, n int64) {
	key := contactKey(in)
	if st.contacts[key] += n; st.contacts[key] == 0 {
		delete(st.contacts, key)
	}
	st.change.Tenant = true
}
