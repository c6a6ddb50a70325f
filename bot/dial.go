package bot

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discord"
)

// rebase sends discordgo's own few requests to the configured server.
type rebase struct {
	api  *discord.Client
	link *link
}

func (t rebase) RoundTrip(r *http.Request) (*http.Response, error) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v"+discordgo.APIVersion)
	u, err := url.Parse(t.api.Base + path)
	if err != nil {
		return nil, err
	}
	u.RawQuery = r.URL.RawQuery
	r = r.Clone(r.Context())
	r.URL, r.Host = u, u.Host
	base := t.api.Client.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	resp, err := base.RoundTrip(r)
	if err != nil || path != "/gateway" {
		return resp, err
	}
	return t.gateway(resp)
}

// gateway reads where the gateway lies, from resp or, where the server does
// not have the route, from what /gateway/bot said.
func (t rebase) gateway(resp *http.Response) (*http.Response, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, discord.MaxResponse))
	if err != nil {
		return nil, err
	}
	var g gatewayInfo
	if resp.StatusCode/100 != 2 || json.Unmarshal(body, &g) != nil || g.URL == "" {
		g.URL, _ = t.api.Gateway.Load().(string)
	}
	if g.URL != "" {
		address, err := t.link.target(g.URL)
		if err != nil {
			return nil, err
		}
		if body, err = json.Marshal(map[string]string{"url": address}); err != nil {
			return nil, err
		}
		resp.StatusCode = http.StatusOK
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// target keeps the address of the gateway and returns the one for discordgo:
// without a query, because it appends one of its own, and, unless a proxy is
// in between, without TLS, which dial then speaks.
func (l *link) target(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
		return "", fmt.Errorf("gateway %q: want an address of ws or wss", address)
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gateway, l.sifted = u, !proxied(u)
	plain := *u
	if l.sifted {
		plain.Scheme = "ws"
	}
	return plain.String(), nil
}

// isSifted reports whether the packets of the connection pass through packets.
func (l *link) isSifted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sifted
}

// proxied reports whether the environment sets a proxy for u, as discordgo's
// dialer looks for one.
func proxied(u *url.URL) bool {
	scheme := map[string]string{"ws": "http", "wss": "https"}[u.Scheme]
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: scheme, Host: u.Host}})
	return proxy != nil || err != nil
}

// dial connects to the gateway, or to the proxy at address.
func (l *link) dial(ctx context.Context, network, address string, o *Options) (net.Conn, error) {
	l.mu.Lock()
	u, sifted := l.gateway, l.sifted && l.gateway != nil
	l.mu.Unlock()
	if sifted {
		port := u.Port()
		if port == "" {
			port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
		}
		address = net.JoinHostPort(u.Hostname(), port)
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	heard := &heardConn{Conn: c, link: l}
	l.mu.Lock()
	l.unanswered.Store(0)
	l.wrote.Store(0)
	l.conn = heard
	l.mu.Unlock()
	if !sifted {
		return heard, nil
	}
	var through net.Conn = heard
	if u.Scheme == "wss" {
		secure := tls.Client(heard, &tls.Config{ServerName: u.Hostname(), RootCAs: o.roots, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			c.Close()
			return nil, err
		}
		through = secure
	}
	return &packets{Conn: through, log: o.Log}, nil
}
