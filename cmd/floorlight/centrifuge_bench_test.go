package main

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// idleSockets is how many are looked at for their memory.
const idleSockets = 4000

// BenchmarkBesideCentrifuge compares the server with one on the library that
// Centrifugo is made of: what an idle socket with a subscription keeps of memory, and
// the CPU of a frame that is delivered to 1,000 sockets, with as many bytes at as many
// moments. The library's server has nothing to compute a frame from; ours is measured
// over what the same events take without sockets.
func BenchmarkBesideCentrifuge(b *testing.B) {
	b.Setenv("GOGC", "100") // both: what a heap may grow by says nothing of a socket
	b.Setenv("FLOORLIGHT_LIMIT_SOCKETS", "0")
	b.Setenv("FLOORLIGHT_LIMIT_OPENS", "off")
	k, ours := benchPeer(b)
	theirs, size := centrifuge(b)
	ours.publish()
	var left, collected, cpu [2]float64
	for b.Loop() {
		for i, p := range [...]*peer{ours, theirs} {
			l, c := p.idle()
			left[i] += l
			collected[i] += c
		}
		without := ours.rounds()
		framesBefore, bytesBefore := sentDeltas(k)
		whole := ours.delivering()
		framesAfter, bytesAfter := sentDeltas(k)
		frames := framesAfter - framesBefore
		cpu[0] += (whole - without).Seconds() / frames
		*size = int((bytesAfter - bytesBefore) / frames)
		cpu[1] += theirs.delivering().Seconds() / float64(frameRounds*frameSockets)
	}
	for i, whose := range [...]string{"", "-centrifuge"} {
		b.ReportMetric(left[i]/float64(b.N)/1024, "KiB/socket"+whose)
		b.ReportMetric(collected[i]/float64(b.N)/1024, "KiB/collected-socket"+whose)
	}
	b.ReportMetric(left[0]/left[1], "x-of-its-memory")
	b.ReportMetric(collected[0]/collected[1], "x-of-its-collected-memory")
	b.ReportMetric(cpu[0]/float64(b.N)*1e6, "µs/frame")
	b.ReportMetric(cpu[1]/float64(b.N)*1e6, "µs/frame-centrifuge")
	b.ReportMetric(cpu[0]/cpu[1], "x-of-its-cpu")
	b.ReportMetric(float64(*size), "bytes/frame")
	b.ReportMetric(0, "ns/op")
}

// centrifuge builds and starts the library's server. What it publishes has so many
// bytes.
func centrifuge(b *testing.B) (*peer, *int) {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "centrifuge")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", binary, ".")
	build.Dir = filepath.Join("testdata", "centrifuge")
	said, err := build.CombinedOutput()
	require.NoError(b, err, "%s", said)
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), binary)
	in, out := benchStart(b, cmd)
	address, err := out.ReadString('\n')
	require.NoError(b, err)
	size := new(int)
	return &peer{
		b: b, pid: cmd.Process.Pid, address: strings.TrimSpace(address),
		request: upgrade("/", "", `{"id":1,"connect":{}}`+"\n"+`{"id":2,"subscribe":{"channel":"board"}}`),
		publish: func() {
			_, err := io.WriteString(in, strconv.Itoa(*size)+"\n")
			require.NoError(b, err)
		},
	}, size
}
