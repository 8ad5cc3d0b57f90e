package main

import (
	"fmt"
	"sync"

	"github.com/rs/zerolog"
)

// natsLog hands what the NATS server says to our logger. A fatal line is kept
// instead of ending the process: it is the reason why a start failed.
type natsLog struct {
	log zerolog.Logger

	mu   sync.Mutex
	last string // the first fatal line
}

func (l *natsLog) Noticef(format string, args ...any) { l.log.Debug().Msgf("nats: "+format, args...) }

func (l *natsLog) Warnf(format string, args ...any) { l.log.Warn().Msgf("nats: "+format, args...) }

func (l *natsLog) Errorf(format string, args ...any) { l.log.Error().Msgf("nats: "+format, args...) }

func (l *natsLog) Debugf(format string, args ...any) { l.log.Debug().Msgf("nats: "+format, args...) }

func (l *natsLog) Tracef(format string, args ...any) { l.log.Trace().Msgf("nats: "+format, args...) }

// Fatalf keeps the first line and logs the rest: what follows is its result.
func (l *natsLog) Fatalf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if l.last == "" {
		l.last = fmt.Sprintf(format, args...)
		return
	}
	l.log.Error().Msgf("nats: "+format, args...)
}

// fatal is why the server cannot run, empty if it can.
func (l *natsLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.last
}

func (l *natsLog) failed() bool { return l.fatal() != "" }
