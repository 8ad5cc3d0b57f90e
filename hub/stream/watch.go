package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// watch calls each with every entry of a bucket, calls loaded once when these
// were all, and goes on with each that is put, until ctx ends or the connection
// is closed (ErrClosed). After an interruption all entries come again. Both are
// called from this goroutine.
func (s *Stream) watch(ctx context.Context, bucket jetstream.KeyValue, loaded func(), each func(jetstream.KeyValueEntry)) error {
	status := s.nc.StatusChanged(nats.CONNECTED, nats.CLOSED)
	defer s.nc.RemoveStatusListener(status)
	pause := firstPause
	for {
		complete, err := s.watchOnce(ctx, bucket, status, loaded, each)
		if complete {
			loaded, pause = func() {}, firstPause
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case s.nc.IsClosed():
			return ErrClosed
		}
		s.log.Warn().Err(err).Str("bucket", bucket.Bucket()).Dur("pause", pause).Msg("watch of a bucket interrupted")
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, longestPause)
	}
}

func (s *Stream) watchOnce(ctx context.Context, bucket jetstream.KeyValue, status <-chan nats.Status, loaded func(), each func(jetstream.KeyValueEntry)) (complete bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(s.ackWait, cancel) // the watch outlives its request, so a deadline would not do
	watch, err := bucket.WatchAll(ctx, jetstream.IgnoreDeletes())
	if !late.Stop() && err == nil {
		err = ErrUnavailable
	}
	if err != nil {
		return false, err
	}
	defer s.finish(func() { _ = watch.Stop() })
	for {
		select {
		case <-ctx.Done():
			return complete, ctx.Err()
		case st := <-status:
			return complete, fmt.Errorf("connection is %s", st)
		case e, ok := <-watch.Updates():
			switch {
			case !ok:
				return complete, errInterrupted
			case e != nil:
				each(e)
			case !complete: // a nil entry ends what was there
				complete = true
				loaded()
			}
		}
	}
}

// finish runs what ends a consumer, which asks the server and waits for its answer. It
// is waited for only where there may be one, and not for long: the server finds out by
// itself, and what was begun ends with its own time limit or the connection.
func (s *Stream) finish(end func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		end()
	}()
	if !s.nc.IsConnected() {
		return
	}
	timer := time.NewTimer(cleanupTimeout)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
}
