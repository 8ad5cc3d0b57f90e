package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"
)

// lifecycle stops what was started, last in first out, each within its time.
type lifecycle struct {
	log   zerolog.Logger
	stops []stopping
}

type stopping struct {
	name   string
	within time.Duration
	stop   func(context.Context) error
}

// onStop adds what ends a part. A part that takes longer is left behind.
func (l *lifecycle) onStop(name string, within time.Duration, stop func(context.Context) error) {
	l.stops = append(l.stops, stopping{name, within, stop})
}

// stop ends every part and returns what went wrong. Stopping twice is fine.
func (l *lifecycle) stop() error {
	var all []error
	for len(l.stops) > 0 {
		s := l.stops[len(l.stops)-1]
		l.stops = l.stops[:len(l.stops)-1]
		began := time.Now()
		if err := bounded(s.within, s.stop); err != nil {
			all = append(all, fmt.Errorf("stop %s: %w", s.name, err))
			continue
		}
		l.log.Debug().Str("part", s.name).Dur("took", time.Since(began)).Msg("stopped")
	}
	return errors.Join(all...)
}

// bounded gives stop a context that ends after within, and waits no longer.
func bounded(within time.Duration, stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- stop(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		select {
		case err := <-done:
			return err
		default:
			return ctx.Err()
		}
	}
}
