package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rs/zerolog"
)

// The process's exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is every command, and the settings that all of them share.
type cli struct {
	Settings settings `embed:"" group:"Settings (flag, then FLOORLIGHT_… in the environment, then the file):"`

	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Run the server with simulated desks, and let visitors in as any role."`
	Simulate simulateCommand `cmd:"" help:"Make the traffic of desks, against any server."`
	Replay   replayCommand   `cmd:"" help:"Publish a file of events."`
	Load     loadCommand     `cmd:"" help:"Put a server under load, measure it, and prove that nothing was lost."`
	Token    tokenCommand    `cmd:"" help:"Print a bearer token, list or end them."`
	Tenant   tenantCommand   `cmd:"" help:"List the desks, and put profiles in force."`
	Refused  refusedCommand  `cmd:"" help:"List the events that were refused, or publish them anew."`
	Verify   verifyCommand   `cmd:"" help:"Compute counters anew from the stored events, and compare."`
	Refold   refoldCommand   `cmd:"" help:"Compute a desk's stored counters anew under its profile."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database's schema to this program's."`
	NATSURL  natsURLCommand  `cmd:"" name:"nats-url" help:"Print the URL, credentials included, of the NATS inside the process."`
	Config   configCommand   `cmd:"" help:"Print every setting in force and where it comes from."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// environment is what a command's Run gets besides its own flags.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	log            zerolog.Logger
	settings       settings
	inForce        []inForce // every setting, in the order of the struct
}

// from says where a setting's value comes from; name is its key in the file.
func (e *environment) from(key string) source {
	for _, s := range e.inForce {
		if s.key == key {
			return s.source
		}
	}
	return fromDefault
}

// usageError is a command's complaint about how it was called.
type usageError struct{ error }

// wrongUsage makes an error that exits with 2 instead of 1.
func wrongUsage(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// run is the whole process but for its signals. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exited := false
	load := newLoader(getenv)
	parser, err := kong.New(&c, append(
		load.options(),
		kong.Name("floorlight"),
		kong.Description("Live operations for customer-service desks."),
		kong.Writers(stdout, stderr),
		// The help flag asks for an exit and goes on when it gets none.
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)...)
	if err != nil {
		complain(stderr, err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited {
		return exitDone
	}
	if err != nil {
		complain(stderr, fmt.Errorf("%w\nSee floorlight --help", err))
		return exitUsage
	}
	env := &environment{
		stdin: stdin, stdout: stdout, stderr: stderr, getenv: getenv,
		settings: c.Settings,
		inForce:  load.inForce(parser.Model),
	}
	if parsed.Command() != "version" {
		if err := load.check(c.Settings); err != nil {
			complain(stderr, err)
			return exitUsage
		}
	}
	env.log = newLogger(stderr, c.Settings.Log, getenv)
	if err := parsed.Run(env); err != nil {
		complain(stderr, err)
		if errors.As(err, new(usageError)) {
			return exitUsage
		}
		return exitFailed
	}
	return exitDone
}

// complainWithin is how long whoever reads may take to be told.
const complainWithin = time.Second

// complain tells the person at the terminal. A failure is not told: there is
// nobody left to tell it to.
func complain(stderr io.Writer, err error) {
	begun, told := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(told)
		close(begun)
		_, _ = fmt.Fprintln(stderr, "floorlight:", err)
	}()
	<-begun // a busy machine is no reader that takes nothing
	select {
	case <-told:
	case <-time.After(complainWithin):
	}
}
