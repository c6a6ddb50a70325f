package discordtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Prefix is the path of the REST API: version 9, which discordgo v0.29.0 speaks.
const Prefix = "/api/v9"

// Options configure a Server; the zero value is useful.
type Options struct {
	Token  string // of the bot, without "Bot "; default "test-token"
	AppID  string // application and bot user; default "900000000000000001"
	Name   string // of the bot user; default "verbatim"
	Guilds []Guild

	// HeartbeatInterval is told in Hello; default 41.25 s.
	HeartbeatInterval time.Duration
	// PrivilegedIntents are those the portal has switched on (1<<1, 1<<8, 1<<15);
	// asking for others closes the socket with 4014.
	PrivilegedIntents int
	// CallbackLimit is how long an interaction waits for its first response; default 3 s.
	CallbackLimit time.Duration
	// TokenLife is how long an interaction's token serves; default 15 min.
	TokenLife time.Duration
	// Shards is what /gateway/bot recommends; default 1.
	Shards int
	// SessionStarts and SessionRemaining fill session_start_limit; defaults 1,000 and 999.
	// A negative SessionRemaining says 0.
	SessionStarts, SessionRemaining int
	// MaxConcurrency of identifies, as told; default 1.
	MaxConcurrency int
	// InMemory serves connections that Server.Dial opens, and no network.
	InMemory bool
	// Now is the clock for ids, ages and records; default time.Now.
	Now func() time.Time
}

func (o *Options) setDefaults() {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&o.Token, "test-token")
	def(&o.AppID, "900000000000000001")
	def(&o.Name, "verbatim")
	dur := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	dur(&o.HeartbeatInterval, 41250*time.Millisecond)
	dur(&o.CallbackLimit, 3*time.Second)
	dur(&o.TokenLife, 15*time.Minute)
	num := func(n *int, v int) {
		if *n == 0 {
			*n = v
		}
	}
	num(&o.Shards, 1)
	num(&o.SessionStarts, 1000)
	num(&o.SessionRemaining, 999)
	num(&o.MaxConcurrency, 1)
	if o.SessionRemaining < 0 {
		o.SessionRemaining = 0
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

// Server is a running fake; make it with New, end it with Close.
type Server struct {
	opts    Options
	http    *httptest.Server
	network *network      // nil on the loopback interface
	done    chan struct{} // closed by Close: frees every hanging answer
	wg      sync.WaitGroup

	mu         sync.Mutex // guards all below
	closed     bool
	changed    signal // fired with every change that a wait may look for
	lastID     int64
	guilds     map[string]*Guild
	guildOrder []string
	channels   map[string]*Channel
	messages   map[string]*Message
	byChannel  map[string][]string // message ids, oldest first
	files      map[string]file     // by attachment id
	nonces     map[string]string   // channel + nonce → message id
	calls      map[string]*Call    // by token
	commands   map[string][]command
	cmdWrites  int
	requests   []Request
	violations []Violation
	faults     []*Fault
	typing     []string

	conns    map[*conn]bool
	sessions map[string]*session
	gateway  []GatewayEvent
	scripts  map[Moment][]Action
	noAcks   bool
}

// New starts a server on the loopback interface, or in memory. An error names a guild or
// channel whose id is not a number or is given twice.
func New(o Options) (*Server, error) {
	o.setDefaults()
	s := &Server{
		opts: o, done: make(chan struct{}), changed: newSignal(),
		guilds: map[string]*Guild{}, channels: map[string]*Channel{},
		messages: map[string]*Message{}, byChannel: map[string][]string{},
		files: map[string]file{}, nonces: map[string]string{}, calls: map[string]*Call{},
		commands: map[string][]command{}, conns: map[*conn]bool{},
		sessions: map[string]*session{}, scripts: map[Moment][]Action{},
	}
	for _, g := range o.Guilds {
		if err := s.addGuild(g); err != nil {
			return nil, err
		}
	}
	s.http = httptest.NewUnstartedServer(s.handler())
	if o.InMemory {
		s.network = newNetwork()
		s.http.Listener.Close()
		s.http.Listener = s.network
	}
	s.http.Start()
	return s, nil
}

// Close drops every connection and waits for what still runs.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	for c := range s.conns {
		c.drop()
	}
	s.mu.Unlock()
	close(s.done)
	s.http.Close()
	s.wg.Wait()
}

// URL is where the server listens, without a slash at the end; the API is at URL + Prefix.
func (s *Server) URL() string { return s.http.URL }

// Token is what the bot must send, without "Bot ".
func (s *Server) Token() string { return s.opts.Token }

// BotUser is the bot's account.
func (s *Server) BotUser() User {
	return User{ID: s.opts.AppID, Username: s.opts.Name, Discriminator: "0", Bot: true}
}

// Transport sends what is meant for Discord (API and attachments) to the server,
// and all else to base, so that a client needs no other address. A nil base
// is http.DefaultTransport, or in memory one that reaches the server alone.
func (s *Server) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = s.transport()
	}
	return redirect{base: base, host: strings.TrimPrefix(s.http.URL, "http://")}
}

type redirect struct {
	base http.RoundTripper
	host string
}

func (t redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	switch r.URL.Host {
	case "discord.com", "cdn.discordapp.com", "media.discordapp.net":
		r = r.Clone(r.Context())
		u := url.URL(*r.URL)
		u.Scheme, u.Host = "http", t.host
		r.URL, r.Host = &u, t.host
	}
	return t.base.RoundTrip(r)
}

// signal wakes everyone who waits for a change; the Server's lock guards it.
type signal struct{ ch chan struct{} }

func newSignal() signal { return signal{make(chan struct{})} }

func (g *signal) fire() {
	close(g.ch)
	g.ch = make(chan struct{})
}

// wait blocks until cond, called with the lock held, is true.
func (s *Server) wait(ctx context.Context, g *signal, what string, cond func() bool) error {
	for {
		s.mu.Lock()
		ok, ch := cond(), g.ch
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-ch:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-s.done:
			return fmt.Errorf("wait for %s: server closed", what)
		}
	}
}

const discordEpoch = 1420070400000 // first millisecond of 2015

// newID makes a snowflake greater than all before; the lock is held.
func (s *Server) newID() string {
	id := (s.opts.Now().UnixMilli() - discordEpoch) << 22
	if id <= s.lastID {
		id = s.lastID + 1
	}
	s.lastID = id
	return strconv.FormatInt(id, 10)
}

// NewID returns a fresh id, greater than all before.
func (s *Server) NewID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newID()
}
