package faults

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
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
