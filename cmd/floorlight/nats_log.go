package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"
)

// natsLog hands what the NATS server says to our logger. A fatal line is kept
// instead of ending the process: it is the reason why a start failed.
type natsLog struct {
	log zerolog.Logger

	// gaveUp says that JetStream has met an error of its disk, after which it
	// stores nothing; it has no other way to tell.
	gaveUp atomic.Bool

	mu   sync.Mutex
	last string // the first fatal line
}

func (l *natsLog) Noticef(format string, args ...any) { l.log.Debug().Msgf("nats: "+format, args...) }

func (l *natsLog) Warnf(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	l.listen(line)
	l.log.Warn().Msg("nats: " + line)
}

// listen looks for what JetStream says when a write has failed.
func (l *natsLog) listen(line string) {
	for _, part := range []string{"JetStream failed to store a msg", "will be DISABLED", "disabling JetStream", "Critical write error"} {
		if strings.Contains(line, part) {
			l.gaveUp.Store(true)
		}
	}
}

// Errorf warns of what a client did wrong; anything else is the server's own.
func (l *natsLog) Errorf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	l.listen(text)
	line, clients := withoutContent(text)
	level := zerolog.ErrorLevel
	if clients {
		level = zerolog.WarnLevel
	}
	l.log.WithLevel(level).Msg("nats: " + line)
}

// withoutContent takes out what a client's faulty line was: a piece of a message
// where the protocol broke, and the key of a subject, which may be a customer's.
func withoutContent(line string) (string, bool) {
	if before, _, found := strings.Cut(line, ": proto="); found {
		return before, true
	}
	before, subject, found := strings.Cut(line, " - Subject \"")
	if !found {
		return line, false
	}
	subject, _, _ = strings.Cut(subject, "\"")
	if tokens := strings.Split(subject, "."); len(tokens) > subjectTokens {
		subject = strings.Join(tokens[:subjectTokens], ".") + ".…"
	}
	return before + " - Subject \"" + subject + "\"", true
}

// subjectTokens stand before the key: floor, the tenant and the type's two.
const subjectTokens = 4

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
