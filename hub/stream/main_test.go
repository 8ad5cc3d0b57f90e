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

// TestMain holds that nothing runs on after the streams and servers are closed. A server
// that is ended in the middle of a batch keeps the batch's files until its time is over.
func TestMain(m *testing.M) {
	code := m.Run()
	left := goleak.Find()
	for began := time.Now(); left != nil && time.Since(began) < batchLimit; {
		left = goleak.Find()
	}
	if left != nil && code == 0 {
		fmt.Fprintln(os.Stderr, left)
		code = 1
	}
	os.Exit(code)
}
