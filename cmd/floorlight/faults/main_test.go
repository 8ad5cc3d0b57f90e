package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
)

const (
	// seedVariable gives a run's seed again.
	seedVariable = "FLOORLIGHT_SEED"
	// natsVariable makes the test binary a NATS on that directory, see natsMain.
	natsVariable = "FLOORLIGHT_FAULTS_NATS"
	// clusterVariable makes that NATS one of several.
	clusterVariable = "FLOORLIGHT_FAULTS_CLUSTER"
)

// scratch is the test process's own directory, for the binary.
var scratch string

func TestMain(m *testing.M) {
	if dir := os.Getenv(natsVariable); dir != "" {
		os.Exit(natsMain(dir, os.Args[1], os.Getenv(clusterVariable)))
	}
	os.Exit(func() int {
		var err error
		if scratch, err = os.MkdirTemp("", "floorlight-faults-"); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(scratch) }()
		return m.Run()
	}())
}

// build makes the binary, once, as make build does.
var build = sync.OnceValues(func() (string, error) {
	name := filepath.Join(scratch, "floorlight")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-o", name, "..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return name, nil
})

func binary(tb testing.TB) string {
	tb.Helper()
	name, err := build()
	require.NoError(tb, err)
	return name
}

// seed is what a test's chance begins with, told in its log.
func seed(tb testing.TB) uint64 {
	tb.Helper()
	n := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedVariable); text != "" {
		var err error
		n, err = strconv.ParseUint(text, 10, 64)
		require.NoError(tb, err, seedVariable)
	}
	tb.Logf("%s=%d", seedVariable, n)
	return n
}

// long is the first value in make soak, and the other one in make test.
func long[T any](soak, test T) T {
	if proof.Soak() > 0 {
		return soak
	}
	return test
}
