package stream_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// batchLimit is longer than a server keeps a batch that has begun and not ended.
const batchLimit = 30 * time.Second

// ofNATS are goroutines of a server that was ended in the middle of a batch: it keeps the
// batch's files until its time is over, and now and then for good.
var ofNATS = []goleak.Option{
	goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*msgBlock).flushLoop"),
	goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server/ats.Register.func1"),
}

// TestMain holds that nothing else runs on after the streams and servers are closed.
func TestMain(m *testing.M) {
	code := m.Run()
	left := goleak.Find(ofNATS...)
	for began := time.Now(); left != nil && time.Since(began) < batchLimit; {
		left = goleak.Find(ofNATS...)
	}
	if left != nil && code == 0 {
		fmt.Fprintln(os.Stderr, left)
		code = 1
	}
	os.Exit(code)
}
