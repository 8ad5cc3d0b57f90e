package main

import (
	"context"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// roomEvery is how often the disk is looked at.
	roomEvery = 500 * time.Millisecond
	// A disk is tight when less than this share of it is free, or mostReserve. What
	// is left then is for PostgreSQL, which may lie on it, to catch up with.
	reserveShare = 16
	mostReserve  = 1 << 30
	// filesReserve is the same of files, which a disk may have too few of.
	filesReserve = 256
	// longestHeal is between attempts to bring JetStream back, at most.
	longestHeal = 30 * time.Second
)

// roomKeeper watches the disk of the NATS inside. FLOOR's limit is made of what is
// free at the start; when something else takes that, FLOOR takes no more before
// the disk is full, so that publishers are refused with a reason, and takes more
// again when there is room. A JetStream that has met an error of the disk all the
// same stores nothing from then on, and tells nobody why: it is started anew.
type roomKeeper struct {
	nats  *natsServer
	floor *stream.Stream
	set   size // of FLOOR; 0: none
	disk  func(dir string) (free, size int64, err error)
	log   zerolog.Logger

	tight atomic.Bool // FLOOR takes no more, for want of room

	// Owned by run.
	pause time.Duration // after the last attempt to bring JetStream back
	next  time.Time     // of the next one
}

// keepRoom watches until the node stops.
func (n *node) keepRoom(ctx context.Context) {
	k := &roomKeeper{nats: n.natsInside, floor: n.floor, set: n.settings.StreamSize, disk: diskRoom, log: n.log}
	n.room = k
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.run(ctx)
	}()
	n.life.onStop("the watch over the disk", natsStopLimit, func(context.Context) error {
		cancel()
		<-done
		return nil
	})
}

// diskRoom is what is free where dir lies, and how large that disk is. Nothing is
// free where hardly a file can be made.
func diskRoom(dir string) (free, size int64, err error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, 0, err
	}
	if disk.Files > 0 && disk.Ffree < min(disk.Files/reserveShare, filesReserve) {
		return 0, int64(disk.Blocks) * int64(disk.Bsize), nil //nolint:unconvert,gosec // As below.
	}
	block := int64(disk.Bsize)                                         //nolint:unconvert // The types differ between systems.
	return int64(disk.Bavail) * block, int64(disk.Blocks) * block, nil //nolint:gosec // Far from 2^63.
}

func (k *roomKeeper) run(ctx context.Context) {
	tick := time.NewTicker(roomEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		free, size, err := k.disk(k.nats.storeDir())
		if err != nil {
			k.log.Warn().Err(err).Msg("the disk of the event stream cannot be looked at")
			continue
		}
		k.look(ctx, free, min(size/reserveShare, mostReserve))
	}
}

// look does what the room asks for. A limit that cannot be set is set the next time.
func (k *roomKeeper) look(ctx context.Context, free, reserve int64) {
	if k.nats.broken() {
		if free > reserve {
			k.heal()
		}
		return
	}
	k.pause = 0
	switch {
	case free < reserve:
		k.tighten(ctx, free)
	case k.tight.Load() && free > 2*reserve:
		room, err := k.nats.measure()
		if err == nil {
			err = k.floor.Limit(ctx, floorLimit(room, k.set))
		}
		if err == nil {
			k.tight.Store(false)
			k.log.Info().Int64("free", free).Msg("the disk of the event stream has room again")
		}
	}
}

// tighten lets FLOOR take no more than it holds, which is less each time that history
// has let something of it go.
func (k *roomKeeper) tighten(ctx context.Context, free int64) {
	st, err := k.floor.State(ctx)
	if err != nil || k.tight.Load() && st.Bytes >= st.MaxBytes {
		return
	}
	if k.floor.Limit(ctx, max(int64(st.Bytes), 1)) == nil && !k.tight.Swap(true) { //nolint:gosec // far from 2^63.
		k.log.Error().Int64("free", free).Msg("the disk of the event stream is nearly full: nothing more is taken")
	}
}

// heal starts NATS anew, at longer and longer intervals while that does not help.
func (k *roomKeeper) heal() {
	if time.Now().Before(k.next) {
		return
	}
	k.log.Warn().Msg("JetStream stores nothing since an error of its disk; NATS is started anew")
	if err := k.nats.revive(); err != nil {
		k.log.Error().Err(err).Msg("NATS does not start")
	}
	k.pause = min(max(2*k.pause, time.Second), longestHeal)
	k.next = time.Now().Add(k.pause)
}
