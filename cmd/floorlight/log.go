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
	return zerolog.New(logOutput(out, getenv)).Level(lvl).Hook(zerolog.HookFunc(stampMillis))
}

// logOutput takes JSON lines, which a terminal shows as text.
func logOutput(out io.Writer, getenv func(string) string) io.Writer {
	if f, ok := out.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return zerolog.ConsoleWriter{Out: out, NoColor: getenv("NO_COLOR") != "", TimeFormat: "15:04:05.000"}
	}
	return out
}

// stampMillis stands in for zerolog's own timestamp, whose precision is a
// global variable.
func stampMillis(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Str(zerolog.TimestampFieldName, stamp())
}

func stamp() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// newErrorLog hands net/http's own lines to the log: at debug, as they are about
// clients that hung up or spoke no HTTP, but those that say that nobody is let in.
func newErrorLog(log zerolog.Logger) *stdlog.Logger {
	return stdlog.New(errorLines{log}, "", 0)
}

type errorLines struct{ log zerolog.Logger }

func (e errorLines) Write(b []byte) (int, error) {
	line := strings.TrimSpace(string(b))
	level := zerolog.DebugLevel
	if strings.HasPrefix(line, "http: Accept error") {
		level = zerolog.WarnLevel
	}
	e.log.WithLevel(level).Str("from", "net/http").Msg(line)
	return len(b), nil
}
