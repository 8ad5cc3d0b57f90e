package live

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Door lets so many connections of each address in. It stands before the server,
// which may begin anew behind it.
type Door struct {
	most    int // 0: any number
	origins *origins
	refused atomic.Pointer[prometheus.Counter]

	mu   sync.Mutex
	open map[netip.Prefix]int
}

// NewDoor makes a door. The proxies' own connections, which are everybody's, are
// not counted.
func NewDoor(most int, proxies []string) (*Door, error) {
	o, err := newOrigins(nil, proxies, nil)
	return &Door{most: most, origins: o, open: map[netip.Prefix]int{}}, err
}

// Listener is a listener behind the door.
func (d *Door) Listener(l net.Listener) net.Listener { return &doorway{Listener: l, door: d} }

// countIn has the refused counted there from now on.
func (d *Door) countIn(c prometheus.Counter) { d.refused.Store(&c) }

func (d *Door) enter(from netip.Prefix) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[from] >= d.most {
		return false
	}
	d.open[from]++
	return true
}

func (d *Door) leave(from netip.Prefix) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fewer(d.open, from)
}

type doorway struct {
	net.Listener

	door *Door
}

// Accept is the next connection that may come in. Those that may not are reset:
// an answer would cost what they are refused for.
func (w *doorway) Accept() (net.Conn, error) {
	for {
		conn, err := w.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if err != nil || !ok || w.door.most <= 0 || w.door.origins.trusted(conn.RemoteAddr().String()) {
			return conn, err
		}
		from := w.door.origins.client(&http.Request{RemoteAddr: conn.RemoteAddr().String()})
		if w.door.enter(from) {
			return &guest{TCPConn: tcp, left: sync.OnceFunc(func() { w.door.leave(from) })}, nil
		}
		if c := w.door.refused.Load(); c != nil {
			(*c).Inc()
		}
		_ = tcp.SetLinger(0) // it is closed either way.
		_ = tcp.Close()      // nobody was to talk to it.
	}
}

// guest is a connection that is counted until it is closed.
type guest struct {
	*net.TCPConn

	left func()
}

// Close closes the connection.
func (g *guest) Close() error {
	g.left()
	return g.TCPConn.Close()
}
