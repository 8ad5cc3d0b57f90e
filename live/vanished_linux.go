package live

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// vanishedAfter is how long what was sent may stay without an acknowledgement: a
// peer that is gone without a word is found out by its beats. The kernel's own
// limit is a quarter of an hour. A client that lives and reads nothing is closed
// before that, by its outbox.
const vanishedAfter = 45 * time.Second

func endVanished(c syscall.Conn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(vanishedAfter.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return failed
}
