package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// asideLines wait at most for who reads the log.
	asideLines = 4096
	// asideLast is how long the last of them may take when the server ends.
	asideLast = time.Second
)

// aside writes lines in a goroutine of its own, so that a log that nobody reads
// stops nobody: a full pipe would hold up whoever has something to say, which in a
// fault is everybody. What does not fit is counted, and told once there is room.
type aside struct {
	out   io.Writer
	lines chan []byte
	lost  atomic.Int64
	quit  chan struct{}
	done  chan struct{}
	last  time.Duration // that the last lines may take
}

func newAside(out io.Writer) *aside {
	a := &aside{out: out, lines: make(chan []byte, asideLines), quit: make(chan struct{}), done: make(chan struct{}), last: asideLast}
	go a.run()
	return a
}

// Write never waits and never fails. The line's bytes stay the caller's.
func (a *aside) Write(line []byte) (int, error) {
	select {
	case a.lines <- append([]byte(nil), line...):
	default:
		a.lost.Add(1)
	}
	return len(line), nil
}

func (a *aside) run() {
	defer close(a.done)
	for {
		select {
		case line := <-a.lines:
			a.put(line)
		case <-a.quit:
			for {
				select {
				case line := <-a.lines:
					a.put(line)
				default:
					return
				}
			}
		}
	}
}

// put writes a line, and before it how many are missing. Who closed the other end
// wants none.
func (a *aside) put(line []byte) {
	if n := a.lost.Swap(0); n > 0 {
		_, _ = fmt.Fprintf(a.out, `{"level":"warn","lines":%d,"time":%q,"message":"lines of the log are missing here: nobody read them in time"}`+"\n", n, stamp())
	}
	_, _ = a.out.Write(line)
}

// close writes what still waits, if somebody reads it.
func (a *aside) close() {
	close(a.quit)
	select {
	case <-a.done:
	case <-time.After(a.last):
	}
}

// logAside makes the environment's log one that waits for nobody, if it goes out
// of the process. A reader that goes away does not end the server either.
func logAside(env *environment) (end func()) {
	if _, is := env.stderr.(*os.File); !is {
		return func() {}
	}
	signal.Ignore(syscall.SIGPIPE)
	a := newAside(logOutput(env.stderr, env.getenv))
	env.log = env.log.Output(a)
	return a.close
}
