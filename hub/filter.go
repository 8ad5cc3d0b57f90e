package hub

import (
	"slices"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// Filter narrows a topic. Values of one member are alternatives, the members
// hold together, an empty member does not narrow.
type Filter struct {
	Channel []event.ChannelID
	Team    []event.TeamID
	Agent   []event.AgentID
}

// normal is the filter with its values sorted and each there once: two filters
// that say the same are the same topic.
func (f Filter) normal() Filter {
	return Filter{Channel: sorted(f.Channel), Team: sorted(f.Team), Agent: sorted(f.Agent)}
}

func sorted[S ~string](list []S) []S {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// key tells normal filters apart.
func (f Filter) key() string {
	var b strings.Builder
	part := func(s string) {
		b.WriteString(s)
		b.WriteByte(0)
	}
	for _, c := range f.Channel {
		part(string(c))
	}
	b.WriteByte(1)
	for _, t := range f.Team {
		part(string(t))
	}
	b.WriteByte(1)
	for _, a := range f.Agent {
		part(string(a))
	}
	return b.String()
}

func (f *Filter) empty() bool {
	return len(f.Channel) == 0 && len(f.Team) == 0 && len(f.Agent) == 0
}

func within[S ~string](list []S, s S) bool { return len(list) == 0 || slices.Contains(list, s) }

// counts reports whether what is counted under these belongs to the filter.
func (f *Filter) counts(channel event.ChannelID, team event.TeamID, agent event.AgentID) bool {
	return within(f.Channel, channel) && within(f.Team, team) && within(f.Agent, agent)
}

// has reports whether an agent belongs to the filter: presence and capacity go
// by the agent's own channels and teams.
func (f *Filter) has(a *fold.Agent) bool {
	return within(f.Agent, a.ID) && meets(f.Channel, a.Channels) && meets(f.Team, a.Teams)
}

func meets[S ~string](wanted, has []S) bool {
	if len(wanted) == 0 {
		return true
	}
	for _, s := range has {
		if slices.Contains(wanted, s) {
			return true
		}
	}
	return false
}
