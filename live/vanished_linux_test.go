package live

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestAVanishedClientIsFoundOut asks the kernel what it was told of a connection, one that came through a door among them.
func TestAVanishedClientIsFoundOut(t *testing.T) {
	t.Parallel()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	door, err := NewDoor(1, nil)
	require.NoError(t, err)
	behind := door.Listener(l)
	defer func() { require.NoError(t, l.Close()) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	accepted, err := behind.Accept()
	require.NoError(t, err)
	defer func() { require.NoError(t, accepted.Close()) }()
	require.Equal(t, accepted, connOf(ConnContext(context.Background(), accepted)))
	raw, err := accepted.(syscall.Conn).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		after, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		require.NoError(t, err)
		require.Equal(t, 45_000, after, "milliseconds")
		room, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF)
		require.NoError(t, err)
		require.LessOrEqual(t, room, 2*writeBuffer)
	}))
}
