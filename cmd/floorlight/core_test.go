package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCoreEndsWithNobodyListening: a core that is followed is told of each look at the
// new numbers while another one loads, and nobody hears it any more. Parts that cannot
// go on then end all the same.
func TestCoreEndsWithNobodyListening(t *testing.T) {
	t.Parallel()

	c := &core{failed: make(chan error, 4), reading: newGroup(t.Context())}
	for range 10 {
		c.refolded()
	}
	c.run(&c.reading, "the hub's feed", func(context.Context) error { return errors.New("the stream has lost its tail") })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.reading.stop()
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("the core does not end")
	}
	require.ErrorIs(t, c.wait(t.Context()), errRefolded)
}
