package faults

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFaultNATSRestarts kills the NATS outside and stops it in order, under load.
// The one inside is restarted by TestFaultDiskFullUnderNATS.
func TestFaultNATSRestarts(t *testing.T) {
	t.Parallel()

	n, s, d := onNATS(t, 60)
	chance := rand.New(rand.NewPCG(seed(t), 2))
	for i := range long(20, 4) {
		d.more(30)
		<-time.After(time.Duration(chance.IntN(200)) * time.Millisecond)
		n.end([]syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[i%2])
		<-time.After(time.Duration(chance.IntN(long(5000, 500))) * time.Millisecond)
		n.start()
	}
	d.more(30)
	s.prove(d)
}

// TestFaultNATSHangs stops the NATS outside without a word for longer than its
// clients wait.
func TestFaultNATSHangs(t *testing.T) {
	t.Parallel()

	n, s, d := onNATS(t, 60)
	for range long(5, 1) {
		d.more(30)
		n.signal(syscall.SIGSTOP)
		<-time.After(long(30*time.Second, 7*time.Second))
		n.signal(syscall.SIGCONT)
		d.more(30)
	}
	s.prove(d)
}

// TestFaultStoppedWithoutNATS sends SIGTERM while the NATS outside is away, killed or
// hung, and requests wait for it: they cannot be answered any more, so the process ends
// by itself as soon as with NATS, and the desks go on at the next one.
func TestFaultStoppedWithoutNATS(t *testing.T) {
	t.Parallel()

	n, s, d := onNATS(t, 60)
	for range long(5, 1) {
		for _, way := range []struct {
			name      string
			go_, come func()
		}{
			{"killed", func() { n.end(syscall.SIGKILL) }, n.start},
			{"hung", func() { n.signal(syscall.SIGSTOP) }, func() { n.signal(syscall.SIGCONT) }},
		} {
			d.more(50)
			way.go_()
			<-time.After(500 * time.Millisecond) // requests pile up
			code, took := s.terminate()
			t.Logf("%s: ended after %s", way.name, took.Round(time.Millisecond))
			require.Zero(t, code, "%s", s.log)
			require.Less(t, took, 9*time.Second, "%s", s.log) // what takes longer ends with an error
			way.come()
			s.start()
		}
	}
	d.more(50)
	s.prove(d)
}
