package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discord"
)

// timing is how long the bot is patient, with the gateway for the most part.
type timing struct {
	open    time.Duration // a connection with its first packet
	ready   time.Duration // READY or RESUMED after that
	answer  time.Duration // without a byte from Discord after a heartbeat
	silence time.Duration // without a byte from Discord at all
	ack     time.Duration // without an acknowledged heartbeat, though other events come
	lock    time.Duration // while discordgo holds its session lock
	tick    time.Duration // between two looks
	drain   time.Duration // for sending what was answered, when the bot stops
	backoff time.Duration // before the second attempt; it grows up to 128-fold
	edit    time.Duration // an edit that shows a part of an answer
}

func (t timing) withDefaults() timing {
	set := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	set(&t.open, 30*time.Second)
	set(&t.ready, 30*time.Second)
	set(&t.answer, 15*time.Second)
	set(&t.silence, 3*time.Minute)
	set(&t.ack, 95*time.Second)
	set(&t.lock, 20*time.Second)
	set(&t.tick, time.Second)
	set(&t.drain, 5*time.Second)
	set(&t.backoff, time.Second)
	set(&t.edit, 5*time.Second)
	return t
}

// event is a dispatched event as it came, so that a component type that
// discordgo does not know spoils nothing.
type event struct {
	kind  string
	data  json.RawMessage
	shard int
}

// shard keeps one connection to the gateway alive. It never lets discordgo
// reconnect by itself, because Open holds the session lock while it waits and
// deadlocks where a RESUME is answered by Reconnect: a session that is late,
// silent or locked is dropped whole and a new one made.
type shard struct {
	id, count int
	options   *Options
	api       *discord.Client
	intents   discordgo.Intent
	log       *slog.Logger
	turn      *identifyTurn
	handle    func(event)
}

// link is one discordgo session with what the watchdog looks at, none of
// which needs the session's lock.
type link struct {
	session *discordgo.Session

	// Times of the connection in Unix nanoseconds: of the last byte from
	// Discord, of the first write since then (0 where there is none), of the
	// last write; and the longest time between two writes, which on a quiet
	// connection is the heartbeat's interval.
	heard, unanswered, wrote, gap atomic.Int64
	ready                         atomic.Bool // READY or RESUMED came since the last Open
	down                          chan struct{}

	mu      sync.Mutex
	conn    net.Conn
	gateway *url.URL // as the server named it
	sifted  bool     // conn's packets pass through packets
}

// run serves the shard until ctx ends, then it returns nil, or until Discord
// refuses for good, then it returns one of the errors of Run.
func (s *shard) run(ctx context.Context) error {
	var l *link
	failures := 0
	for ctx.Err() == nil {
		begin := time.Now()
		if l == nil {
			l = s.newLink()
			if err := s.turn.wait(ctx); err != nil {
				break
			}
		}
		err := s.open(ctx, l)
		if err == nil {
			err = s.watch(ctx, l)
		}
		if fatal := fatalClose(err); fatal != nil {
			s.drop(l)
			return fatal
		}
		if l.ready.Load() {
			failures = 0
		}
		// Only a session that was up and ended cleanly can be resumed.
		if err != nil || !l.ready.Load() {
			s.drop(l)
			l = nil
		}
		if ctx.Err() != nil {
			break
		}
		failures++
		wait := s.options.timing.backoff << min(failures-1, 7)
		wait += rand.N(wait/4 + 1)
		if err == nil && failures == 1 && time.Since(begin) > s.options.timing.backoff {
			wait = 0
		}
		s.log.Warn("gateway connection ended", "shard", s.id, "error", err, "resume", l != nil, "wait", wait)
		pause(ctx, wait)
	}
	s.drop(l)
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func (s *shard) newLink() *link {
	session, err := discordgo.New("Bot " + s.options.Token)
	if err != nil {
		panic(err) // v0.29.0 returns none
	}
	l := &link{session: session, down: make(chan struct{}, 1)}
	session.LogLevel = -1 // its log lines hold whole packets
	session.ShouldReconnectOnError = false
	session.ShouldRetryOnRateLimit = false
	session.MaxRestRetries = 0
	session.StateEnabled = false
	session.SyncEvents = true
	session.Compress, session.Identify.Compress = false, false
	session.Identify.Intents = s.intents
	session.ShardID, session.ShardCount = s.id, s.count
	session.Client = &http.Client{Timeout: discord.AttemptTimeout, Transport: rebase{s.api, l}}
	dialer := *session.Dialer
	dialer.HandshakeTimeout = s.options.timing.open
	dialer.Proxy = func(r *http.Request) (*url.URL, error) {
		if l.isSifted() {
			return nil, nil // there is none, and r does not have the scheme that tells
		}
		return http.ProxyFromEnvironment(r)
	}
	dialer.NetDialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return l.dial(ctx, network, address, s.options)
	}
	session.Dialer = &dialer
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.received(l, e) })
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case l.down <- struct{}{}:
		default:
		}
	})
	return l
}

// received hands an event on. A panic in here would end the process, because
// discordgo calls it from a goroutine of its own.
func (s *shard) received(l *link, e *discordgo.Event) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic while receiving an event", "event", e.Type, "panic", p)
		}
	}()
	kind, whole := strings.CutPrefix(e.Type, unread)
	if !whole && l.isSifted() {
		return // what discordgo has to know; the whole event follows
	}
	if kind == "READY" || kind == "RESUMED" {
		l.ready.Store(true)
	}
	s.handle(event{kind: kind, data: e.RawData, shard: s.id})
}

// cut closes the connection under the session, which frees every read of it.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
	}
}

// heardConn notes when bytes come and go.
type heardConn struct {
	net.Conn
	link *link
}

func (c *heardConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.link.unanswered.Store(0)
		c.link.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

func (c *heardConn) Write(p []byte) (int, error) {
	now := time.Now().UnixNano()
	c.link.unanswered.CompareAndSwap(0, now)
	if before := c.link.wrote.Swap(now); before != 0 && now-before > c.link.gap.Load() {
		c.link.gap.Store(now - before)
	}
	return c.Conn.Write(p)
}

// dead reports whether Discord has gone silent: one heartbeat without an
// answer is enough.
func (l *link) dead(t timing, now time.Time) bool {
	if at := l.unanswered.Load(); at != 0 && now.Sub(time.Unix(0, at)) > t.answer {
		return true
	}
	return now.Sub(time.Unix(0, l.heard.Load())) > max(t.silence, 2*time.Duration(l.gap.Load()))
}

var errLate = errors.New("no answer in time")

// open opens the session within the time for it. A session whose Open is
// late or failed is not to be used again.
func (s *shard) open(ctx context.Context, l *link) error {
	l.ready.Store(false)
	select { // of a connection before this one
	case <-l.down:
	default:
	}
	l.heard.Store(time.Now().UnixNano())
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("panic in discordgo: %v", p)
			}
		}()
		done <- l.session.Open()
	}()
	t := time.NewTimer(s.options.timing.open)
	defer t.Stop()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("open gateway: %w", discord.WithoutURL(err))
		}
		return nil
	case <-t.C:
		l.cut()
		return fmt.Errorf("open gateway: %w", errLate)
	case <-ctx.Done():
		l.cut()
		return ctx.Err()
	}
}

// watch returns nil where the connection ended in a way that can be resumed,
// and an error where the session is to be dropped.
func (s *shard) watch(ctx context.Context, l *link) error {
	t := s.options.timing
	tick := time.NewTicker(t.tick)
	defer tick.Stop()
	since, free := time.Now(), time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.down:
			return nil
		case now := <-tick.C:
			if !l.ready.Load() && now.Sub(since) > t.ready {
				return fmt.Errorf("wait for READY: %w", errLate)
			}
			if l.dead(t, now) {
				return s.zombie(l)
			}
			// discordgo holds its lock only for moments; longer means a deadlock.
			if l.session.TryRLock() {
				ack := l.session.LastHeartbeatAck
				l.session.RUnlock()
				free = now
				if now.Sub(ack) > max(t.ack, 2*time.Duration(l.gap.Load())) {
					return s.zombie(l)
				}
			} else if now.Sub(free) > t.lock {
				return errors.New("session lock is never released")
			}
		}
	}
}

// zombie cuts a connection that acknowledges nothing, without a close frame,
// so that Discord keeps the session, and waits a moment for discordgo to
// notice: then the session can be resumed.
func (s *shard) zombie(l *link) error {
	s.log.Warn("gateway is silent", "shard", s.id)
	l.cut()
	t := time.NewTimer(5 * time.Second)
	defer t.Stop()
	select {
	case <-l.down:
		return nil
	case <-t.C:
		return errors.New("silent session does not close")
	}
}

// drop closes a session for good, in the background, because Close may wait
// for a lock that is never released, and sleeps a second after its close
// frame, which is out by then.
func (s *shard) drop(l *link) {
	if l == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if l.session.TryRLock() {
			l.session.RUnlock()
			if err := l.session.Close(); err != nil {
				s.log.Debug("close gateway session", "error", err)
			}
		}
	}()
	t := time.NewTimer(200 * time.Millisecond)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
	l.cut()
}

var closeCode = regexp.MustCompile(`websocket: close (\d{4})`)

// fatalClose returns the error of Run for a close code after which Discord
// would refuse every other attempt too, else nil.
func fatalClose(err error) error {
	if err == nil {
		return nil
	}
	m := closeCode.FindStringSubmatch(err.Error())
	if m == nil {
		return nil
	}
	code, convErr := strconv.Atoi(m[1])
	if convErr != nil {
		return nil
	}
	switch code {
	case 4004:
		return ErrToken
	case 4010, 4011:
		return ErrShards
	case 4012:
		return ErrVersion
	case 4013, 4014:
		return ErrIntents
	}
	return nil
}

// identifyTurn spaces identifies: Discord takes so many in five seconds.
type identifyTurn struct {
	mu    sync.Mutex
	every time.Duration
	next  time.Time
}

func (t *identifyTurn) wait(ctx context.Context) error {
	t.mu.Lock()
	now := time.Now()
	at := t.next
	if at.Before(now) {
		at = now
	}
	t.next = at.Add(t.every)
	t.mu.Unlock()
	pause(ctx, at.Sub(now))
	return ctx.Err()
}
