package main

import (
	"io"
	stdlog "log"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// logOff is the value of --log that zerolog calls disabled.
const logOff = "off"

// logLevels are the values of --log.
var logLevels = []string{"trace", "debug", "info", "warn", "error", logOff}

// newLogger writes JSON lines, or coloured text when out is a terminal. An
// unknown level is info: the settings' check has already refused it.
func newLogger(out io.Writer, level string, getenv func(string) string) zerolog.Logger {
	lvl, err := zerolog.ParseLevel(level)
	if err != nil {
		lvl = zerolog.InfoLevel
	}
	if level == logOff {
		lvl = zerolog.Disabled
	}
	if f, ok := out.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		out = zerolog.ConsoleWriter{Out: out, NoColor: getenv("NO_COLOR") != "", TimeFormat: "15:04:05.000"}
	}
	return zerolog.New(out).Level(lvl).Hook(zerolog.HookFunc(stampMillis))
}

// stampMillis stands in for zerolog's own timestamp, whose precision is a
// global variable.
func stampMillis(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Str(zerolog.TimestampFieldName, time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// newErrorLog hands net/http's own lines to the log, at debug: they are about
// clients that hung up or spoke no HTTP.
func newErrorLog(log zerolog.Logger) *stdlog.Logger {
	return stdlog.New(errorLines{log}, "", 0)
}

type errorLines struct{ log zerolog.Logger }

func (e errorLines) Write(b []byte) (int, error) {
	e.log.Debug().Str("from", "net/http").Msg(strings.TrimSpace(string(b)))
	return len(b), nil
}
