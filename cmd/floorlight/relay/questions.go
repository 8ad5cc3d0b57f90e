package relay

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
)

// The questions and answers between servers, which are of one version or nearly.

type aboutSeries struct {
	Request hub.Request
	Metrics []string
	Minutes int
}

type aboutMessage struct {
	Conversation event.ConversationID
	Message      event.MessageID
}

type seen struct {
	Seq   uint64
	Found bool
}

type aboutCheck struct {
	Request live.CheckRequest
	Agent   event.AgentID // who sends it himself; "" for a check
}

// deskOf is a desk's name and the profile in force.
type deskOf struct {
	Tenant  event.TenantID
	Name    string
	Profile string
	Version int64
	Changes jsontext.Value
}

func newDeskOf(id event.TenantID, name string, p *metric.Profile) deskOf {
	return deskOf{Tenant: id, Name: name, Profile: p.Name, Version: p.Version, Changes: p.Changes}
}

func (d *deskOf) profile() (*metric.Profile, error) {
	return metric.NewProfile(d.Profile, d.Version, d.Changes)
}

type today struct {
	Day    metric.Day
	Counts metric.Counts
	Seq    uint64
}

// aboutTopic asks to be told of a topic. Have is what the asker has; Since is what
// a reader of his has, who would like the deltas from there.
type aboutTopic struct {
	Request hub.Request
	Have    hub.Position
	Since   *hub.Position
}

// following is the answer: nothing if what the asker has can be followed.
type following struct {
	Snapshot []byte
	Backlog  [][]byte // bodies of deltas
}

// standing is what is told once a second.
type standing struct {
	Seq    uint64            `json:"seq"`
	LagMS  int64             `json:"lag_ms"`
	Topics map[string]string `json:"topics"` // position by the subject's last token
}
