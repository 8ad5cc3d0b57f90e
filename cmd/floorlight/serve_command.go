package main

import (
	"context"
	"time"
)

type serveCommand struct{}

// Run serves until SIGTERM.
func (c *serveCommand) Run(ctx context.Context, env *environment) error {
	return serve(ctx, env, nil)
}

// serve runs a server until ctx ends. What is given is called once it is ready.
func serve(ctx context.Context, env *environment, ready func(ctx context.Context, n *node) error) error {
	n := newNode(env)
	n.isDemo = ready != nil
	if err := n.start(ctx); err != nil {
		return firstOf(err, n.stop()) //nolint:contextcheck // what stops has its own time.
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
