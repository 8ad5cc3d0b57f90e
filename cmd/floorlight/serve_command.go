package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

type serveCommand struct{}

// Run serves until SIGTERM.
func (c *serveCommand) Run(ctx context.Context, env *environment) error {
	return serve(ctx, env, nil)
}

// stopWithin is how long a stop may take. What does not end by then is left: the
// process ends as if it had been killed, and loses as little.
const stopWithin = 9500 * time.Millisecond

var errSlowStop = errors.New("the server did not stop in time and was cut off; nothing is lost")

// serve runs a server until ctx ends. What is given is called once it is ready.
func serve(ctx context.Context, env *environment, ready func(ctx context.Context, n *node) error) error {
	defer logAside(env)()
	n := newNode(env)
	n.isDemo = ready != nil
	done := make(chan error, 1)
	pace, stop := context.WithCancel(ctx)
	var pacing sync.WaitGroup
	pacing.Go(func() { paceCollector(pace, env.getenv) })
	defer pacing.Wait()
	defer stop()
	go func() { done <- n.serve(ctx, ready) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(stopWithin):
		return errSlowStop
	}
}

// serve starts, runs and stops the server.
func (n *node) serve(ctx context.Context, ready func(ctx context.Context, n *node) error) error {
	if err := n.start(ctx); err != nil {
		stopped := n.stop()   //nolint:contextcheck // what stops has its own time.
		if ctx.Err() != nil { // whatever was under way could not end well, and nobody wants it to
			n.log.Debug().AnErr("under_way", err).Msg("stopped while starting")
			return stopped
		}
		return firstOf(err, stopped)
	}
	err := n.run(ctx, ready)
	began := time.Now()
	n.log.Info().Msg("stopping")
	err = firstOf(err, n.stop()) //nolint:contextcheck // what stops has its own time.
	n.log.Info().Dur("took", time.Since(began)).Msg("stopped")
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
