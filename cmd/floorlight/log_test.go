package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func noEnvironment(string) string { return "" }

func TestLogIsJSONLines(t *testing.T) {
	t.Parallel()

	var out strings.Builder
	log := newLogger(&out, "warn", noEnvironment)
	log.Info().Msg("too low")
	log.Warn().Str("tenant", "star").Msg("slow")

	var line struct{ Level, Message, Tenant, Time string }
	require.NoError(t, json.Unmarshal([]byte(out.String()), &line))
	at, err := time.Parse(time.RFC3339Nano, line.Time)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), at, time.Minute)
	require.Equal(t, "warn slow star", line.Level+" "+line.Message+" "+line.Tenant)
}

func TestLogCanBeOff(t *testing.T) {
	t.Parallel()

	var out strings.Builder
	log := newLogger(&out, logOff, noEnvironment)
	log.Error().Msg("nobody listens")
	require.Empty(t, out.String())
}

func TestEveryLogLevelIsKnown(t *testing.T) {
	t.Parallel()

	for _, level := range logLevels {
		if level == logOff {
			continue
		}
		require.Equal(t, level, newLogger(&strings.Builder{}, level, noEnvironment).GetLevel().String())
	}
}

// held is a reader of the log that takes nothing until it is let go.
type held struct {
	lockedBuffer
	wait chan struct{}
}

func (h *held) Write(b []byte) (int, error) {
	<-h.wait
	return h.lockedBuffer.Write(b)
}

func TestLogThatNobodyReads(t *testing.T) {
	t.Parallel()

	out := &held{wait: make(chan struct{})}
	a := newAside(out)
	a.last = time.Minute
	log := newLogger(a, "info", noEnvironment)
	for n := range asideLines + 100 {
		log.Info().Int("n", n).Msg("said")
	}
	close(out.wait)
	a.close()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	said, missing := 0, 0
	for _, line := range lines {
		var l struct {
			Message string
			Lines   int
		}
		require.NoError(t, json.Unmarshal([]byte(line), &l))
		if l.Message == "said" {
			said++
		}
		missing += l.Lines
	}
	require.Positive(t, missing)
	require.Equal(t, asideLines+100, said+missing)
	log.Info().Msg("after the end nobody waits either")
}
