package stream_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain holds that nothing runs on after the streams and servers are closed.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}
