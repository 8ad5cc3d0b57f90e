package hub

import (
	"fmt"
	"testing"
)

func floorOf(n int) Object {
	agents := Object{}
	for i := range n {
		agents[fmt.Sprintf("agent-%d", i)] = agentOf(i, 0)
	}
	return agents
}

func agentOf(i, turn int) Object {
	return Object{
		"name": fmt.Sprintf("Agent %d", i), "status": "online", "status_since": "2026-11-21T09:00:00.000Z", "online_seconds": 3600 + turn,
		"active_chats": turn % 5, "capacity": 5, "pending_replies": turn % 3, "teams": Object{"t1": true}, "channels": Object{"wa": true, "web": true},
		"metrics": Object{"chats": Object{"value": turn}, "reply_rate": Object{"value": float64(turn%50) / 50, "num": turn % 50, "den": 50}},
	}
}

// One tick of a floor of agents, 10 of them replaced, without readers: the cost is that of the 10.
func BenchmarkFlushTenDirty(b *testing.B) {
	for _, n := range []int{500, 5000} {
		b.Run(fmt.Sprintf("of=%d", n), func(b *testing.B) {
			topic := newTopic(b)
			topic.Set(floorOf(n), "agents")
			topic.Flush(start, 0)
			var ids [10]string
			var dirty [2][10]Object
			for i := range ids {
				ids[i] = fmt.Sprintf("agent-%d", i)
				dirty[0][i], dirty[1][i] = agentOf(i, 1), agentOf(i, 2)
			}
			b.ReportAllocs()
			for turn := 0; b.Loop(); turn++ {
				for i, agent := range dirty[turn%2] {
					topic.Set(agent, "agents", ids[i])
				}
				if !topic.Flush(start, 1) {
					b.Fatal("nothing changed")
				}
			}
		})
	}
}

// One tick to so many readers, each of whom takes its frame.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("subscribers=%d", n), func(b *testing.B) {
			topic := newTopic(b)
			topic.Set(floorOf(500), "agents")
			topic.Flush(start, 0)
			outboxes := make([]*Outbox, n)
			for i := range outboxes {
				outboxes[i] = NewOutbox(OutboxBytes, nil)
				topic.Subscribe(NewSubscriber(1, outboxes[i]), nil, start)
				if _, ok, err := outboxes[i].Take(); !ok || err != nil {
					b.Fatal("no snapshot")
				}
			}
			b.ReportAllocs()
			for turn := 0; b.Loop(); turn++ {
				topic.Set(turn, "agents", "agent-1", "active_chats")
				topic.Flush(start, 1)
				for _, o := range outboxes {
					if _, ok, err := o.Take(); (!ok || err != nil) && turn > 0 {
						b.Fatal("no delta")
					}
				}
			}
		})
	}
}

// A snapshot of 500 agents with its sum, encoded anew each time.
func BenchmarkSnapshotAndSum500(b *testing.B) {
	topic := newTopic(b)
	topic.Set(floorOf(500), "agents")
	topic.Flush(start, 0)
	b.ReportAllocs()
	for b.Loop() {
		topic.encoded, topic.sumBody = nil, nil
		topic.Sum()
	}
	b.SetBytes(int64(topic.stateBytes))
}
