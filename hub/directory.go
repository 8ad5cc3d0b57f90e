package hub

import (
	"cmp"
	"context"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// Directory is who and what a desk is made of, each list sorted by id. It is
// answered from memory, so that names are at hand while the database is away.
type Directory struct {
	Channels []DirectoryChannel `json:"channels"`
	Teams    []DirectoryTeam    `json:"teams"`
	Agents   []DirectoryAgent   `json:"agents"`
	Flows    []DirectoryFlow    `json:"flows"`
}

// DirectoryFlow is a chat flow that ran at least once, by its latest name.
type DirectoryFlow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// DirectoryChannel is an inbox or service account.
type DirectoryChannel struct {
	ID       event.ChannelID `json:"id"`
	Name     string          `json:"name"`
	Kind     string          `json:"kind,omitempty"`
	AI       string          `json:"ai,omitempty" doc:"on or off: whether the AI agent is live there."`
	Disabled bool            `json:"disabled"`
}

// DirectoryTeam is a reception group. Capacity is the limit of those of its
// agents who have none of their own.
type DirectoryTeam struct {
	ID       event.TeamID      `json:"id"`
	Name     string            `json:"name"`
	Channels []event.ChannelID `json:"channels"`
	Capacity *int64            `json:"capacity,omitempty"`
	Disabled bool              `json:"disabled"`
}

// DirectoryAgent is a human agent. Capacity is the limit that holds for him.
type DirectoryAgent struct {
	ID         event.AgentID     `json:"id"`
	Name       string            `json:"name"`
	Department string            `json:"department,omitempty"`
	Email      string            `json:"email,omitempty"`
	Role       string            `json:"role,omitempty"`
	Status     event.Presence    `json:"status"`
	Teams      []event.TeamID    `json:"teams"`
	Channels   []event.ChannelID `json:"channels"`
	Capacity   *int64            `json:"capacity,omitempty"`
	Disabled   bool              `json:"disabled"`
}

// Directory lists a tenant's channels, teams, agents and flows; of an unknown one there
// are none.
func (h *Hub) Directory(ctx context.Context, id event.TenantID) (Directory, error) {
	d := Directory{Channels: []DirectoryChannel{}, Teams: []DirectoryTeam{}, Agents: []DirectoryAgent{}, Flows: []DirectoryFlow{}}
	err := h.on(ctx, id, func(t *tenant) {
		for c := range t.state.Channels() {
			d.Channels = append(d.Channels, DirectoryChannel{ID: c.ID, Name: c.Name, Kind: c.Kind, AI: c.AI, Disabled: c.Disabled})
		}
		for g := range t.state.Teams() {
			d.Teams = append(d.Teams, DirectoryTeam{ID: g.ID, Name: g.Name, Channels: own(g.Channels), Capacity: g.Capacity, Disabled: g.Disabled})
		}
		for a := range t.state.Agents() {
			agent := DirectoryAgent{
				ID: a.ID, Name: a.Name, Department: a.Department, Email: a.Email, Role: a.Role, Status: a.Status,
				Teams: own(a.Teams), Channels: own(a.Channels), Disabled: a.Disabled,
			}
			if limit, ok := capacity(a, t.state); ok {
				agent.Capacity = &limit
			}
			d.Agents = append(d.Agents, agent)
		}
		for id, name := range t.state.Flows() {
			d.Flows = append(d.Flows, DirectoryFlow{ID: id, Name: cmp.Or(name, id)})
		}
	})
	slices.SortFunc(d.Channels, func(a, b DirectoryChannel) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Teams, func(a, b DirectoryTeam) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Agents, func(a, b DirectoryAgent) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Flows, func(a, b DirectoryFlow) int { return cmp.Compare(a.ID, b.ID) })
	return d, err
}

// own is a copy that is never nil: the state goes on changing its own list.
func own[T any](list []T) []T { return append([]T{}, list...) }

// Within is what of the directory concerns these channels and teams; an empty
// list does not narrow. An agent concerns a team that he is in, and a channel
// that he lists or, listing none, any. Flows belong to the desk.
func (d Directory) Within(channels []event.ChannelID, teams []event.TeamID) Directory {
	out := Directory{Channels: []DirectoryChannel{}, Teams: []DirectoryTeam{}, Agents: []DirectoryAgent{}, Flows: d.Flows}
	for _, c := range d.Channels {
		if len(channels) == 0 || slices.Contains(channels, c.ID) {
			out.Channels = append(out.Channels, c)
		}
	}
	for _, g := range d.Teams {
		if len(teams) == 0 || slices.Contains(teams, g.ID) {
			out.Teams = append(out.Teams, g)
		}
	}
	for _, a := range d.Agents {
		inTeam := len(teams) == 0 || slices.ContainsFunc(a.Teams, func(id event.TeamID) bool { return slices.Contains(teams, id) })
		inChannel := len(channels) == 0 || len(a.Channels) == 0 ||
			slices.ContainsFunc(a.Channels, func(id event.ChannelID) bool { return slices.Contains(channels, id) })
		if inTeam && inChannel {
			out.Agents = append(out.Agents, a)
		}
	}
	return out
}
