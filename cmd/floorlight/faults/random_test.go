package faults

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
)

// soakBegan is when the soak began.
var soakBegan = time.Now()

// TestFaultRandom lets faults happen one after the other and two at once, as chance
// has it, and proves after some of them that nothing was lost: one such episode in
// make test, as many as there is time for in make soak.
func TestFaultRandom(t *testing.T) {
	t.Parallel()

	chance := rand.New(rand.NewPCG(seed(t), 3))
	for n := 1; n == 1 || time.Since(soakBegan) < proof.Soak(); n++ {
		t.Run(fmt.Sprint("episode ", n), func(t *testing.T) { // its servers end with it
			faults := episode(t, chance, long(12, 2))
			t.Logf("soak: episode %d is proven: %v; %s of %s", n, faults, time.Since(soakBegan).Round(time.Second), proof.Soak())
		})
	}
}

// episode breaks a new server, NATS and PostgreSQL so many times.
func episode(t *testing.T, chance *rand.Rand, times int) (happened []string) {
	t.Helper()
	n := newNATS(t)
	b, s := onDatabase(t, "--nats-url", n.url())
	s.start()
	d := open(s, 40, n.url())
	type fault struct {
		name     string
		of       int // what is broken: of two at once each is of another
		go_, end func()
	}
	all := []fault{
		{"server killed", 0, s.kill, s.start},
		{"server stopped", 0, func() { s.terminate() }, s.start},
		{"server hung", 0, func() { s.signal(syscall.SIGSTOP) }, func() { s.signal(syscall.SIGCONT) }},
		{"NATS killed", 1, func() { n.end(syscall.SIGKILL) }, n.start},
		{"NATS stopped", 1, func() { n.end(syscall.SIGTERM) }, n.start},
		{"NATS hung", 1, func() { n.signal(syscall.SIGSTOP) }, func() { n.signal(syscall.SIGCONT) }},
		{"PostgreSQL stopped", 2, b.stop, b.start},
		{"PostgreSQL killed", 2, func() { b.signal(syscall.SIGKILL, false) }, func() {}},
		{"PostgreSQL hung", 2, b.hang, b.resume},
	}
	for range times {
		d.more(20)
		first, second := all[chance.IntN(len(all))], all[chance.IntN(len(all))]
		both := first.of != second.of && chance.IntN(2) == 0
		first.go_()
		happened = append(happened, first.name)
		if both {
			<-time.After(time.Duration(chance.IntN(500)) * time.Millisecond)
			second.go_()
			happened = append(happened, "and "+second.name)
		}
		<-time.After(time.Duration(chance.IntN(long(10_000, 1000))) * time.Millisecond)
		// What a server needs to start comes first.
		if both && first.of < second.of {
			first, second = second, first
		}
		first.end()
		if both {
			second.end()
		}
	}
	d.more(20)
	s.prove(d)
	return happened
}
