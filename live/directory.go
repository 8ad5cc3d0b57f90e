package live

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// Directories names what a desk is made of; *hub.Hub does.
type Directories interface {
	Directory(ctx context.Context, tenant event.TenantID) (hub.Directory, error)
}

func (s *Server) describeDirectory(api huma.API) {
	register(api, http.MethodGet, "/v1/directory", "Channels, teams, agents and flows", func(ctx context.Context, _ *struct{}) (*body[hub.Directory], error) {
		who := identityOf(ctx)
		d, err := s.cfg.Directories.Directory(ctx, who.Tenant)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		d = d.Within(who.Channels, who.Teams)
		if who.Role == RoleAgent { // the others' addresses are nothing to him
			d.Agents = slices.DeleteFunc(d.Agents, func(a hub.DirectoryAgent) bool { return a.ID != who.Agent })
		}
		return &body[hub.Directory]{d}, nil
	})
}
