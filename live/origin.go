package live

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// origins decides which browsers may come: those of the server's own pages, and
// those that are listed. It is no authentication; a token or a ticket is.
type origins struct {
	listed  []string // scheme://host, lower case
	proxies []netip.Prefix
	hosts   []string // lower case; none: any
}

func newOrigins(listed, proxies, hosts []string) (*origins, error) {
	o := &origins{}
	for _, name := range hosts {
		o.hosts = append(o.hosts, strings.ToLower(name))
	}
	for _, text := range listed {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || (u.Path != "" && u.Path != "/") {
			return nil, fmt.Errorf("%q is not an origin such as https://desk.example.com", text)
		}
		o.listed = append(o.listed, strings.ToLower(u.Scheme+"://"+plainHost(u.Scheme, u.Host)))
	}
	for _, text := range proxies {
		if address, err := netip.ParseAddr(text); err == nil {
			o.proxies = append(o.proxies, netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", text)
		}
		o.proxies = append(o.proxies, prefix.Masked())
	}
	return o, nil
}

// check reports whether the request may come from where it does. A request
// without an Origin comes from no browser's script. Foreign says that it is
// allowed and not the server's own.
func (o *origins) check(r *http.Request) (foreign string, ok bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return "", true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return "", false // also "null", which a sandboxed page sends
	}
	got := strings.ToLower(u.Scheme + "://" + plainHost(u.Scheme, u.Host))
	scheme, host := o.own(r)
	if got == strings.ToLower(scheme+"://"+plainHost(scheme, host)) {
		return "", true
	}
	if slices.Contains(o.listed, got) {
		return origin, true
	}
	return "", false
}

// own is the scheme and host by which the browser knows this server. A proxy's
// word counts only if the proxy is trusted.
func (o *origins) own(r *http.Request) (scheme, host string) {
	scheme, host = "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if !o.trusted(r.RemoteAddr) {
		return scheme, host
	}
	if h := firstOf(r.Header.Get("X-Forwarded-Host")); h != "" {
		host = h
	}
	if p := firstOf(r.Header.Get("X-Forwarded-Proto")); p == "http" || p == "https" {
		scheme = p
	}
	return scheme, host
}

func (o *origins) trusted(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return o.has(address.Unmap())
}

// known reports whether the server goes by the name that the request asks for. A
// page of a foreign name that was made to lead to this server's address, so that
// its script may read the answers, comes under that name. Nobody can do so with
// an address.
func (o *origins) known(r *http.Request) bool {
	if len(o.hosts) == 0 || r.Host == "" { // no browser leaves it out
		return true
	}
	_, host := o.own(r)
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil || slices.Contains(o.hosts, name) {
		return true
	}
	return slices.ContainsFunc(o.listed, func(origin string) bool {
		u, err := url.Parse(origin)
		return err == nil && u.Hostname() == name
	})
}

// client is who the request comes from: the last address that no trusted proxy
// has, going back through the list that they have made. What a client wrote
// itself stands left of that and is not believed.
func (o *origins) client(r *http.Request) netip.Prefix {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{} // whoever has none is counted together
	}
	from := at.Addr().Unmap().WithZone("")
	hops := splitList(strings.Join(r.Header.Values("X-Forwarded-For"), ","))
	for len(hops) > 0 && o.has(from) {
		last, err := netip.ParseAddr(hops[len(hops)-1])
		if err != nil {
			break
		}
		from, hops = last.Unmap().WithZone(""), hops[:len(hops)-1]
	}
	bits := from.BitLen()
	if from.Is6() {
		bits = 64 // what a customer of a provider has at least
	}
	network, _ := from.Prefix(bits) // no address has fewer bits than that.
	return network
}

func (o *origins) has(address netip.Addr) bool {
	return slices.ContainsFunc(o.proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}

// plainHost leaves out the port that goes without saying.
func plainHost(scheme, host string) string {
	switch scheme {
	case "http":
		return strings.TrimSuffix(host, ":80")
	case "https":
		return strings.TrimSuffix(host, ":443")
	}
	return host
}
