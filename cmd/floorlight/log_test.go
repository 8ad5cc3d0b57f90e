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
