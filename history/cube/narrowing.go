package cube

import (
	"github.com/floorlight/floorlight/hub/metric"
)

// narrowing is a filter by numbers; a nil list lets everything through.
type narrowing struct {
	hour, channel, team, agent, intent, handling, status []bool
	set                                                  []bool // by number of a tag set
	tag                                                  []bool
	part                                                 [numParts][]bool
	parts                                                bool // any of part
}

// allowed marks the numbers of some values; nil if there are none.
func allowed(values, wanted []string) []bool {
	if len(wanted) == 0 {
		return nil
	}
	want := make(map[string]struct{}, len(wanted))
	for _, w := range wanted {
		want[w] = struct{}{}
	}
	list := make([]bool, len(values))
	for i, v := range values {
		_, list[i] = want[v]
	}
	return list
}

func newNarrowing(f *metric.Filter, v *vocabulary) narrowing {
	n := narrowing{
		hour: allowed(hours, f.Hour), channel: allowed(v.channels, f.Channel), team: allowed(v.teams, f.Team), agent: allowed(v.agents, f.Agent),
		intent: allowed(v.intents, f.Intent), handling: allowed(v.handlings, f.Handling), status: allowed(v.statuses, f.AIStatus),
		tag: allowed(v.tags, f.Tag),
	}
	if n.tag != nil {
		n.set = make([]bool, len(v.sets))
		for i, tags := range v.sets {
			n.set[i] = len(tags) == 0 && n.tag[0] // the empty one
			for _, t := range tags {
				n.set[i] = n.set[i] || n.tag[t]
			}
		}
	}
	for d, wanted := range f.Parts() {
		n.part[partOf(d)] = allowed(v.parts, wanted)
		n.parts = true
	}
	return n
}

// everything reports whether no row is left out.
func (n *narrowing) everything() bool {
	return n.hour == nil && n.channel == nil && n.team == nil && n.agent == nil && n.intent == nil && n.handling == nil && n.status == nil && n.set == nil
}

func lets[N uint8 | uint32](list []bool, number N) bool {
	return list == nil || int(number) < len(list) && list[number]
}
