package hub

import (
	"context"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// Place is where a message stands: its conversation's channel and team at this
// moment, and its desk's preset and market. What is not known is empty.
type Place struct {
	Channel event.ChannelID
	Team    event.TeamID
	Preset  string
	Market  string
}

// Place tells where a conversation's messages stand.
func (h *Hub) Place(ctx context.Context, id event.TenantID, c event.ConversationID) (p Place, err error) {
	err = h.ask(ctx, id, c, func(found *fold.Conversation) {
		if found != nil {
			s := found.Current()
			p.Channel, p.Team = s.Channel, s.MomentTeam()
		}
	})
	if err != nil {
		return p, err
	}
	_, profile, err := h.Desk(ctx, id)
	if err != nil {
		return p, err
	}
	p.Preset, p.Market = profile.Name, profile.Market
	return p, nil
}
