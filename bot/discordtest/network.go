package discordtest

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// network is a listener whose connections never leave the process. In a bubble
// of testing/synctest, where waiting for a real network would hold up the fake
// clock, all that waits for such a connection waits for the bubble.
type network struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newNetwork() *network { return &network{conns: make(chan net.Conn), done: make(chan struct{})} }

// Accept implements net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (n *network) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

// Addr implements net.Listener.
func (n *network) Addr() net.Addr { return address{} }

type address struct{}

func (address) Network() string { return "memory" }
func (address) String() string  { return "discord.test" }

// dial connects to the listener, whatever the address.
func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case n.conns <- server:
		return client, nil
	case <-n.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Dial connects to the server, in memory or on the loopback interface.
func (s *Server) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.network != nil {
		return s.network.dial(ctx, network, address)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, s.http.Listener.Addr().String())
}

// transport reaches the server by HTTP.
func (s *Server) transport() http.RoundTripper {
	if s.network == nil {
		return http.DefaultTransport
	}
	return &http.Transport{DialContext: s.Dial}
}
