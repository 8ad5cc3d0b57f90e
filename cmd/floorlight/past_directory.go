package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// exportDirectory writes the people of a desk whom the parameters, the token's
// scope among them, let through. Who is there now the hub knows, and no database
// is asked.
func (p *past) exportDirectory(ctx context.Context, w io.Writer, e *live.Export, to history.Export) error {
	d, err := p.desks.Directory(ctx, e.Tenant)
	if err != nil {
		return edgeError(err)
	}
	teams, channels := map[event.TeamID]string{}, map[event.ChannelID]string{}
	for _, t := range d.Teams {
		teams[t.ID] = t.Name
	}
	for _, c := range d.Channels {
		channels[c.ID] = c.Name
	}
	d = d.Within(idsIn[event.ChannelID](e.Params["channel"]), idsIn[event.TeamID](e.Params["team"]))
	only := idsIn[event.AgentID](e.Params["agent"])
	members := make([]history.Member, 0, len(d.Agents))
	for i := range d.Agents {
		a := &d.Agents[i]
		if len(only) > 0 && !slices.Contains(only, a.ID) {
			continue
		}
		members = append(members, member(a, teams, channels))
	}
	return edgeError(history.ExportMembers(w, members, e.Params, to))
}

func member(a *hub.DirectoryAgent, teams map[event.TeamID]string, channels map[event.ChannelID]string) history.Member {
	return history.Member{
		ID: string(a.ID), Name: a.Name, Department: a.Department, Email: a.Email, Role: a.Role, Status: string(a.Status),
		Teams: named(a.Teams, teams), Channels: named(a.Channels, channels), Capacity: a.Capacity, Disabled: a.Disabled,
	}
}

// named are the names of what has one, and the ids of the others.
func named[ID ~string](ids []ID, names map[ID]string) []string {
	list := make([]string, 0, len(ids))
	for _, id := range ids {
		name := names[id]
		if name == "" {
			name = string(id)
		}
		list = append(list, name)
	}
	return list
}

// idsIn are the ids of a parameter, which is a list by commas.
func idsIn[ID ~string](values []string) []ID {
	list := make([]ID, 0, len(values))
	for _, v := range values {
		for id := range strings.SplitSeq(v, ",") {
			if id != "" {
				list = append(list, ID(id))
			}
		}
	}
	return list
}
