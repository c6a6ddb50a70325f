package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/sync/errgroup"
)

// Errors of Gateway.Run: Discord refuses the bot for good. Each carries a
// sentence that says what to do.
var (
	ErrToken   = errors.New("the token is refused by Discord: copy a new one from the Bot page of https://discord.com/developers/applications into DISCORD_TOKEN")
	ErrIntents = errors.New("the Message Content intent is not allowed by Discord: switch it on under Privileged Gateway Intents on the Bot page of https://discord.com/developers/applications, or set discord.message_content to false")
	ErrShards  = errors.New("the shards are refused by Discord: set discord.shard_count to auto, or to a number that Discord asks for")
	ErrVersion = errors.New("this version of the gateway is no longer supported by Discord: install a newer verbatim")
)

// Intents of a bot that reads messages in servers and direct messages.
const (
	IntentsMessages      = int(discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages)
	IntentMessageContent = int(discordgo.IntentMessageContent)
)

// Event is an event as it came from the gateway.
type Event struct {
	Kind  string // READY, MESSAGE_CREATE, …
	Data  json.RawMessage
	Shard int
}

// Shards say which shards of the gateway this process serves. The zero Shards
// are all of as many as Discord asks for.
type Shards struct {
	Count    int // of all processes together; 0 means as many as Discord asks for
	From, To int // this process serves From up to, but without, To; To 0 means all that follow
}

// Gateway keeps the connections of a bot to Discord's gateway, one for each
// shard. Set its fields, then call Run once.
type Gateway struct {
	Client  *Client
	Intents int
	Shards  Shards
	Log     *slog.Logger
	// Dial opens network connections; nil means net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Handle takes each event, those of a shard in their order. It has to
	// return at once, and may be called by several shards at a time.
	Handle func(Event)
	// Connected, if set, is called when all shards have connected for the first
	// time.
	Connected func()

	mu      sync.Mutex
	address string // of the gateway, as the server named it; "" is not known
}

// identifyEvery is how long Discord wants between two identifies of a bucket.
const identifyEvery = 5 * time.Second

// Run serves the shards until ctx ends, then it returns nil. If Discord refuses
// them for good it returns ErrToken, ErrIntents, ErrShards or ErrVersion.
func (g *Gateway) Run(ctx context.Context) error {
	p, err := g.plan(ctx)
	if err != nil {
		return err
	}
	var up atomic.Int64
	first := func() {
		if up.Add(1) != int64(p.to-p.from+1) {
			return
		}
		g.Log.Info("connected", "shards", p.to-p.from+1)
		if g.Connected != nil {
			g.Connected()
		}
	}
	turns := make([]identifyTurn, p.buckets)
	for i := range turns {
		turns[i].next = p.start
	}
	group, ctx := errgroup.WithContext(ctx)
	for id := p.from; id <= p.to; id++ {
		s := &shard{id: id, count: p.count, gateway: g, turn: &turns[id%p.buckets], first: sync.OnceFunc(first)}
		group.Go(func() error { return s.run(ctx) })
	}
	return group.Wait()
}

// plan is which shards this process serves, to included.
type plan struct {
	count, from, to int
	buckets         int       // shards of different buckets may identify side by side
	start           time.Time // no identify before it
}

// GatewayInfo is what Discord says of its gateway.
type GatewayInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Remaining   *int `json:"remaining"`   // sessions that may be started today
		ResetAfter  int  `json:"reset_after"` // milliseconds
		Concurrency int  `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// GatewayInfo asks where the gateway is. A server without the route for bots
// says only the address.
func (a *Client) GatewayInfo(ctx context.Context) (GatewayInfo, error) {
	var info GatewayInfo
	err := a.Do(ctx, Call{Method: http.MethodGet, Path: "/gateway/bot", Route: "/gateway/bot", Again: true}, &info)
	if Lacks(err) {
		err = a.Do(ctx, Call{Method: http.MethodGet, Path: "/gateway", Route: "/gateway", Again: true}, &info)
	}
	return info, err
}

// plan asks Discord how many shards it wants.
func (g *Gateway) plan(ctx context.Context) (plan, error) {
	info, err := g.Client.GatewayInfo(ctx)
	if Status(err) == http.StatusUnauthorized {
		return plan{}, ErrToken
	}
	if err != nil {
		g.Log.Warn("ask for the number of shards", "error", err) // Discord may be ill for a while
	}
	g.found(info.URL)
	s := g.Shards
	p := plan{count: s.Count, from: s.From, to: s.To - 1, buckets: max(1, info.Limit.Concurrency)}
	if p.count <= 0 {
		p.count = max(1, info.Shards)
	}
	if s.To == 0 {
		p.to = p.count - 1
	}
	if p.from < 0 || p.from > p.to || p.to >= p.count {
		return plan{}, fmt.Errorf("serve shards %d to %d of %d: there are no such shards", p.from, p.to, p.count)
	}
	if left := info.Limit.Remaining; left != nil && *left < p.to-p.from+1 && info.Limit.ResetAfter > 0 {
		wait := time.Duration(info.Limit.ResetAfter) * time.Millisecond
		g.Log.Warn("Discord lets this bot connect again only later", "wait", wait)
		p.start = time.Now().Add(wait)
	}
	return p, ctx.Err()
}

func (g *Gateway) found(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address = address
}

// where returns the address for a new session, asking for it if it is not known.
func (g *Gateway) where(ctx context.Context) (string, error) {
	g.mu.Lock()
	address := g.address
	g.mu.Unlock()
	if address != "" {
		return address, nil
	}
	info, err := g.Client.GatewayInfo(ctx)
	if err != nil {
		return "", err
	}
	if info.URL == "" {
		return "", errors.New("the server does not say where its gateway is")
	}
	g.found(info.URL)
	return info.URL, nil
}

// socketURL is the address to connect to: what the server named, with our
// version and encoding, and without what else may stand in it.
func socketURL(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
		return "", fmt.Errorf("gateway %q: not an address of ws or wss", address)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery, u.Fragment, u.User = "v=9&encoding=json", "", nil
	return u.String(), nil
}

// identifyTurn spaces the identifies of a bucket.
type identifyTurn struct {
	mu   sync.Mutex
	next time.Time
}

func (t *identifyTurn) wait(ctx context.Context) {
	t.mu.Lock()
	now := time.Now()
	at := t.next
	if at.Before(now) {
		at = now
	}
	t.next = at.Add(identifyEvery)
	t.mu.Unlock()
	pause(ctx, at.Sub(now))
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
