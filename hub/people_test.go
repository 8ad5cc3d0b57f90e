package hub

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
)

// counted is how often each customer was put somewhere.
type counted map[event.CustomerID]int32

func (c counted) add(id event.CustomerID, n int32) {
	if c[id] += n; c[id] == 0 {
		delete(c, id)
	}
}

// TestPeopleAreSets puts customers into groups and under agents at random, several
// times, takes them out again, and compares with a map for each.
func TestPeopleAreSets(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var p people
		friends := map[event.CustomerID]bool{}
		isFriend := func(id event.CustomerID) bool { return friends[id] }
		var in [groups]counted
		for g := range in {
			in[g] = counted{}
		}
		var by [4]counted // agent
		for a := range by {
			by[a] = counted{}
		}
		var have [len(by)]int64
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			id := event.CustomerID(fmt.Sprint("u", rapid.IntRange(0, 5).Draw(t, "customer")))
			n := rapid.SampledFrom([]int32{1, 1, -1}).Draw(t, "times")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				g := group(rapid.IntRange(0, int(ofAgents)-1).Draw(t, "group"))
				if n = max(n, -in[g][id]); n != 0 {
					p.add(id, 1<<g, n, isFriend)
					in[g].add(id, n)
				}
			case 2:
				a := rapid.IntRange(0, len(by)-1).Draw(t, "agent")
				if n = max(n, -by[a][id]); n != 0 {
					have[a] += p.serve(id, agentsRole(a), n)
					by[a].add(id, n)
					in[ofAgents].add(id, n)
				}
			case 3:
				friends[id] = !friends[id]
				p.befriend(id, friends[id])
				p.add("", 1<<withSessions, 1, isFriend) // is nobody
				have[0] += p.serve("", agentsRole(0), 1)
			}
			befriended := 0
			for g := range groups {
				require.Len(t, in[g], int(p.n[g]), "group %d", g)
			}
			for a := range by {
				require.Len(t, by[a], int(have[a]), "agent %d", a)
			}
			for id := range in[withSessions] {
				if friends[id] {
					befriended++
				}
			}
			require.EqualValues(t, befriended, p.friends)
			require.EqualValues(t, in[withActive][id], p.sessions(id))
		}
		for g := range ofAgents {
			for id, n := range in[g] {
				p.add(id, 1<<g, -n, isFriend)
			}
		}
		for a := range by {
			for id, n := range by[a] {
				p.serve(id, agentsRole(a), -n)
			}
		}
		require.Zero(t, p.n)
		require.Zero(t, p.friends)
		require.Empty(t, p.beyond)
	})
}
