package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// BenchmarkLoad runs the load generator for half a minute against a server in a
// process of its own: 50 desks, 1,000 events a second, 20 checks a second and
// 2,000 sockets, a tenth of them slow, silent or coming and going. It fails
// unless everything is proven. One operation is one run.
func BenchmarkLoad(b *testing.B) {
	s, server := benchServer(b)
	file := filepath.Join(b.TempDir(), "summary.json")
	for i := 0; b.Loop(); i++ {
		cmd := exec.CommandContext(b.Context(), "floorlight", "load", "--data-dir", s.dir, "--pid", strconv.Itoa(server.Process.Pid), "--json", file,
			"--prefix", fmt.Sprint("load", i), "--tenants", "50", "--rate", "1000", "--checks", "20", "--sockets", "2000", "--filtered", "0.1",
			"--slow", "0.04", "--silent", "0.02", "--reconnecting", "0.04", "--duration", "30s")
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, "%s", out)
		raw, err := os.ReadFile(file)
		require.NoError(b, err)
		var sum load.Summary
		require.NoError(b, json.Unmarshal(raw, &sum))
		b.ReportMetric(sum.Frames.Latency.P50, "frame-p50-ms")
		b.ReportMetric(sum.Frames.Latency.P99, "frame-p99-ms")
		b.ReportMetric(sum.Checks.Latency.P99, "check-p99-ms")
		b.ReportMetric(sum.Frames.Rate, "frames/s")
		b.ReportMetric(sum.Server.PerFrame, "cpu-µs/frame")
		b.ReportMetric(sum.Server.CPU, "cores")
		b.ReportMetric(sum.Server.PerSocket/1024, "KiB/idle-socket")
		b.ReportMetric(sum.Server.TickMost*1000, "tick-most-ms")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkViewersAtTwoRates measures the server's CPU for 1,000 sockets at 100 and
// at 2,000 events a second, each over what the same events take without sockets.
// A tick carries news at either rate, so x compares as many frames.
func BenchmarkViewersAtTwoRates(b *testing.B) {
	const sockets, few, many = 1000, 100, 2000
	s, server := benchServer(b)
	n := 0
	run := func(rate, sockets int) load.Summary {
		n++
		file := filepath.Join(b.TempDir(), "summary.json")
		cmd := exec.CommandContext(b.Context(), "floorlight", "load", "--data-dir", s.dir, "--pid", strconv.Itoa(server.Process.Pid), "--json", file,
			"--prefix", fmt.Sprint("rate", n), "--tenants", "2", "--rate", strconv.Itoa(rate), "--checks", "0", "--sockets", strconv.Itoa(sockets),
			"--duration", "14s", "--warmup", "4s", "--no-proof")
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, "%s", out)
		raw, err := os.ReadFile(file)
		require.NoError(b, err)
		var sum load.Summary
		require.NoError(b, json.Unmarshal(raw, &sum))
		return sum
	}
	for b.Loop() {
		var cores, perFrame [2]float64
		for i, rate := range []int{few, many} {
			alone, viewed := run(rate, 0), run(rate, sockets)
			cores[i] = viewed.Server.CPU - alone.Server.CPU
			perFrame[i] = cores[i] / viewed.Frames.Rate * 1e6
			b.ReportMetric(cores[i], fmt.Sprintf("cores-at-%d", rate))
			b.ReportMetric(viewed.Frames.Rate, fmt.Sprintf("frames/s-at-%d", rate))
			b.ReportMetric(viewed.Server.TickMost*1000, fmt.Sprintf("tick-most-ms-at-%d", rate))
		}
		b.ReportMetric(cores[1]/cores[0], "x")
		b.ReportMetric(perFrame[1]/perFrame[0], "x-of-a-frame")
		b.ReportMetric(0, "ns/op")
	}
}

// BenchmarkOpenConversations fills a hub of 50 desks with 200,000 open
// conversations, each with a customer and a message, waiting for somebody to take
// it or with an agent who has answered, and reports what they keep of memory, and
// what a million would.
func BenchmarkOpenConversations(b *testing.B) {
	for _, assigned := range []bool{false, true} {
		b.Run(map[bool]string{false: "waiting", true: "assigned"}[assigned], func(b *testing.B) {
			for b.Loop() {
				one := openConversations(b, assigned)
				b.ReportMetric(one, "bytes/conversation")
				b.ReportMetric(one*1_000_000/(1<<20), "MiB/million")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// openConversations is how many bytes one of them takes.
func openConversations(b *testing.B, assigned bool) float64 {
	b.Helper()
	const tenants, each = 50, 4_000
	before := heapOf()
	h := hub.New(hub.Config{Restorer: nowhere{}, Now: time.Now, Tick: hub.ShortestTick, Epoch: "b", Logger: zerolog.Nop()})
	defer h.Stop()
	seq := uint64(0)
	for n := range each {
		var batch []hub.Delivery
		for i := range tenants {
			tenant := event.TenantID(fmt.Sprint("t", i))
			data := conversationOf(n, assigned)
			for k := range data {
				seq++
				e := event.New(tenant, "bench", fmt.Sprintf("%d-%d", n, k), time.Now(), data[k])
				batch = append(batch, hub.Delivery{Seq: seq, Arrived: e.Time, Event: &e})
			}
		}
		require.NoError(b, h.Deliver(b.Context(), batch))
	}
	require.NoError(b, h.WaitApplied(b.Context(), seq))
	return float64(heapOf()-before) / (tenants * each)
}

// conversationOf are the events of one, with texts and ids of their own, as they are
// decoded.
func conversationOf(n int, assigned bool) []event.Data {
	id := event.ConversationID(fmt.Sprint("conversation-", n))
	customer := event.Actor{Kind: event.Customer, ID: fmt.Sprint("customer-", n)}
	data := []event.Data{
		&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: event.CustomerID(customer.ID)}},
		&event.MessageSent{Conversation: id, Message: "m1", From: customer, Text: strings.Clone("Where is my parcel?")},
	}
	if !assigned {
		return data
	}
	agent := event.Actor{Kind: event.Agent, ID: fmt.Sprint("agent-", n%40)}
	return append(data,
		&event.ConversationAssigned{Conversation: id, To: agent},
		&event.MessageSent{Conversation: id, Message: "m2", From: agent, Text: "I am looking."})
}

// heapOf is what is in use, and the stacks.
func heapOf() uint64 {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// crashedEvents is how many events history has not seen when the server starts.
const crashedEvents = 1_000_000

// BenchmarkStartAfterCrash starts the server on a stream with a million events
// that neither the hub nor history has seen, and waits until it is ready.
func BenchmarkStartAfterCrash(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := postgrestest.Dir(b)
		messages := starMessages(b, crashedEvents/31_905+1)[:crashedEvents]
		fillStream(b, settings{DataDir: dir}, messages)
		b.StartTimer()
		began := time.Now()
		_, server := benchServerOn(b, dir)
		b.ReportMetric(time.Since(began).Seconds(), "s")
		b.ReportMetric(cpuOf(b, server.Process.Pid).Seconds(), "server-cpu-s")
		b.ReportMetric(float64(crashedEvents)/time.Since(began).Seconds(), "events/s")
		b.ReportMetric(0, "ns/op")
	}
}
