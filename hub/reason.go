package hub

import "sync/atomic"

// Reason says why a frame was skipped, a resume answered with a snapshot, or a connection closed. Each is counted in
// a Tally; its String is the label in the metrics.
type Reason uint8

// The reasons. A skipped reader stays connected.
const (
	// ReasonNone is no reason: all went as asked.
	ReasonNone Reason = iota
	// ReasonQueueFull is a reader of a state topic that did not keep up and was skipped.
	ReasonQueueFull
	// ReasonForward is a skipped reader that was brought forward by one delta.
	ReasonForward
	// ReasonFresh is a skipped reader that was brought forward by a snapshot, as it stood at too rare a version or
	// the delta would have been longer.
	ReasonFresh
	// ReasonOtherEpoch is a resume from before a restart, answered with a snapshot.
	ReasonOtherEpoch
	// ReasonBeyondRing is a resume from further back than the ring goes, or from a version yet to come, answered
	// with a snapshot.
	ReasonBeyondRing
	// ReasonBacklog closes a connection that leaves too much unread of what may not be skipped.
	ReasonBacklog
	// ReasonStalled closes a connection that has read nothing for 30 s.
	ReasonStalled
	// ReasonTokenEnded closes a connection whose token expired or was revoked.
	ReasonTokenEnded
	// ReasonRestart closes a connection because the server goes down or moves the tenant.
	ReasonRestart
	// ReasonGone closes the outbox of a connection that ended by itself.
	ReasonGone

	reasons = int(ReasonGone) + 1
)

var reasonNames = [reasons]string{
	"none", "queue_full", "forward", "fresh", "other_epoch", "beyond_ring", "backlog", "stalled", "token_ended", "restart", "gone",
}

// String returns the reason's name in metrics and logs.
func (r Reason) String() string {
	if int(r) >= reasons {
		return "unknown"
	}
	return reasonNames[r]
}

// CloseCode returns the WebSocket close code of the contract for a connection closed by this reason.
func (r Reason) CloseCode() int {
	switch r {
	case ReasonRestart:
		return 1012
	case ReasonTokenEnded:
		return 4401
	case ReasonGone:
		return 1000
	case ReasonNone, ReasonQueueFull, ReasonForward, ReasonFresh, ReasonOtherEpoch, ReasonBeyondRing, ReasonBacklog, ReasonStalled:
		return 1013
	default:
		return 1013
	}
}

// Tally counts reasons. It can be shared by any number of topics and outboxes, on any goroutine; nil counts nothing.
type Tally struct{ counts [reasons]atomic.Uint64 }

func (t *Tally) add(r Reason) {
	if t != nil && r != ReasonNone {
		t.counts[r].Add(1)
	}
}

// Count returns how often r has happened.
func (t *Tally) Count(r Reason) uint64 {
	if t == nil || int(r) >= reasons {
		return 0
	}
	return t.counts[r].Load()
}

// Each calls f with every reason but ReasonNone, in their order.
func (t *Tally) Each(f func(r Reason, count uint64)) {
	for r := ReasonNone + 1; int(r) < reasons; r++ {
		f(r, t.Count(r))
	}
}
