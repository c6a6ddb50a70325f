package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

// How long a connection to the gateway waits for each thing.
const (
	dialLimit    = 15 * time.Second
	helloLimit   = 4 * time.Second
	readyLimit   = 20 * time.Second // for READY after IDENTIFY
	resumeLimit  = 5 * time.Second  // for RESUMED, or the next event that was missed
	ackLimit     = 10 * time.Second // for the acknowledgment of a heartbeat
	writeLimit   = 10 * time.Second
	settledAfter = time.Minute // a connection that lasted so long was a good one
	maxPacket    = 64 << 20    // bytes
)

// shard keeps one connection to the gateway alive. The session of discordgo
// v0.29.0 is not used: it deadlocks if a RESUME is answered by op 7, identifies
// in a loop on op 9, waits without a limit for Hello, and lets one bad packet
// end the process.
type shard struct {
	id, count int
	gateway   *Gateway
	turn      *identifyTurn
	first     func() // READY came for the first time
	met       bool
}

// session is what RESUME needs.
type session struct {
	id, url string
	seq     int64
	refused int // how often a RESUME was answered by op 7
}

// run serves the shard until ctx ends, then it returns nil, or until Discord
// refuses it for good.
func (s *shard) run(ctx context.Context) error {
	var ses session
	failures := 0
	for ctx.Err() == nil {
		begin := time.Now()
		err := s.serve(ctx, &ses)
		if ctx.Err() != nil {
			break
		}
		if fatal := fatalClose(err); fatal != nil {
			return fatal
		}
		if time.Since(begin) > settledAfter {
			failures = 0
		}
		var wait time.Duration
		if failures > 0 || ses.id == "" {
			wait = backoff(time.Second, failures-1)
		}
		if errors.Is(err, errInvalid) { // Discord asks for a pause of 1 to 5 s
			wait = max(wait, time.Second+rand.N(4*time.Second))
		}
		failures++
		s.gateway.Log.Warn("gateway connection ended", "shard", s.id, "error", err, "resume", ses.id != "", "wait", wait)
		pause(ctx, wait)
	}
	return nil
}

// backoff is how long to wait after so many failures: twice as long after each,
// up to 128-fold, with up to a half more at random.
func backoff(base time.Duration, failures int) time.Duration {
	d := base << min(max(failures, 0), 7)
	return d + rand.N(d/2+1)
}

// serve opens a connection, resumes ses on it or starts a session, and hands
// its events on until it ends. A ses without id afterwards cannot be resumed.
func (s *shard) serve(ctx context.Context, ses *session) error {
	if ses.id == "" {
		if s.turn.wait(ctx); ctx.Err() != nil {
			return nil
		}
	}
	ws, err := s.dial(ctx, ses)
	if err != nil {
		return fmt.Errorf("open gateway: %w", err)
	}
	defer ws.Close()
	ws.SetReadLimit(maxPacket)
	c := &connection{shard: s, ws: ws, ses: ses, beat: time.NewTimer(time.Hour), late: time.NewTimer(helloLimit), waitsFor: "Hello"}
	defer c.beat.Stop()
	defer c.late.Stop()
	packets, done := make(chan packet), make(chan struct{})
	defer close(done)
	go read(ws, packets, done)
	return c.run(ctx, packets)
}

func (s *shard) dial(ctx context.Context, ses *session) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	address := ses.url
	if ses.id == "" || address == "" {
		var err error
		if address, err = s.gateway.where(ctx); err != nil {
			return nil, err
		}
	}
	target, err := socketURL(address)
	if err != nil {
		s.gateway.found("")
		return nil, err
	}
	d := *websocket.DefaultDialer
	d.NetDialContext = s.gateway.Dial
	ws, resp, err := d.DialContext(ctx, target, nil)
	if resp != nil {
		resp.Body.Close()
	}
	if err != nil {
		ses.url = ""
		s.gateway.found("") // it may have moved
	}
	return ws, err
}

// packet is what the gateway sends, or why nothing more comes.
type packet struct {
	Op   int             `json:"op"`
	Seq  int64           `json:"s"`
	Kind string          `json:"t"`
	Data json.RawMessage `json:"d"`

	bad error // it cannot be understood
	err error // the connection has ended
}

// read hands packets on until the connection ends.
func read(ws *websocket.Conn, packets chan<- packet, done <-chan struct{}) {
	for {
		var p packet
		_, text, err := ws.ReadMessage()
		if err != nil {
			p.err = err
		} else {
			p.bad = json.Unmarshal(text, &p)
		}
		select {
		case packets <- p:
		case <-done:
			return
		}
		if err != nil {
			return
		}
	}
}

// Operations of the gateway.
const (
	opDispatch     = 0
	opHeartbeat    = 1
	opIdentify     = 2
	opResume       = 6
	opReconnect    = 7
	opInvalid      = 9
	opHello        = 10
	opHeartbeatAck = 11
)

// Codes of closing. Discord keeps the session of a connection that ends with
// closeToResume, which is any but 1000 and 1001.
const (
	closeNormal   = websocket.CloseNormalClosure
	closeToResume = 4900
)

// connection is one connection to the gateway. All but the reading happens in
// one goroutine.
type connection struct {
	shard      *shard
	ws         *websocket.Conn
	ses        *session
	interval   time.Duration // of heartbeats
	beat       *time.Timer   // the next heartbeat is due
	unanswered bool          // the last heartbeat is not acknowledged
	late       *time.Timer   // what the connection waits for did not come
	waitsFor   string
	ready      bool // READY or RESUMED came
}

var (
	errReconnect = errors.New("asked to reconnect")
	errInvalid   = errors.New("the session is invalid")
	errSilent    = errors.New("a heartbeat was not acknowledged")
	errHello     = errors.New("the first packet is not Hello")
	errLate      = errors.New("no answer in time")
)

func (c *connection) run(ctx context.Context, packets <-chan packet) error {
	for {
		var err error
		select {
		case <-ctx.Done():
			c.close(closeNormal)
			return nil
		case p := <-packets:
			err = c.received(&p)
		case <-c.beat.C:
			err = c.heartbeat()
		case <-c.late.C:
			err = fmt.Errorf("wait for %s: %w", c.waitsFor, errLate)
		}
		if err != nil {
			c.lost(err)
			return err
		}
	}
}

// lost ends the connection so that Discord keeps the session, and forgets a
// session that cannot be resumed.
func (c *connection) lost(err error) {
	resuming := c.ses.id != "" && !c.ready
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed):
		if closed.Code == 4003 || closed.Code == 4007 || closed.Code == 4009 {
			*c.ses = session{}
		}
		return
	case errors.Is(err, errInvalid), resuming && errors.Is(err, errLate) && c.waitsFor != "Hello":
		*c.ses = session{}
	case resuming && errors.Is(err, errReconnect):
		if c.ses.refused++; c.ses.refused > 1 {
			*c.ses = session{}
		}
	}
	c.close(closeToResume)
}

func (c *connection) close(code int) {
	// That the other side may already be gone does not matter here.
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
}

func (c *connection) send(op int, data any) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return c.ws.WriteJSON(map[string]any{"op": op, "d": data})
}

func (c *connection) expect(what string, within time.Duration) {
	c.waitsFor = what
	c.late.Reset(within)
}

func (c *connection) received(p *packet) error {
	if p.err != nil {
		return p.err
	}
	if c.interval == 0 && (p.bad != nil || p.Op != opHello) {
		return errHello
	}
	if p.bad != nil {
		c.shard.gateway.Log.Warn("gateway packet not understood", "shard", c.shard.id, "error", p.bad)
		return nil
	}
	switch p.Op {
	case opHello:
		if c.interval != 0 {
			return nil
		}
		return c.hello(p.Data)
	case opHeartbeat:
		return c.send(opHeartbeat, c.seq())
	case opHeartbeatAck:
		c.unanswered = false
		if c.ready {
			c.late.Stop()
		}
	case opReconnect:
		return errReconnect
	case opInvalid:
		var resumable bool
		if json.Unmarshal(p.Data, &resumable) == nil && resumable && c.ready {
			return errReconnect
		}
		return errInvalid
	case opDispatch:
		c.dispatch(p)
	}
	return nil
}

// hello starts the heartbeats and identifies, or resumes.
func (c *connection) hello(data json.RawMessage) error {
	c.interval = heartbeatInterval(data)
	c.beat.Reset(rand.N(c.interval))
	g := c.shard.gateway
	if c.ses.id != "" {
		c.expect("RESUMED", resumeLimit)
		return c.send(opResume, map[string]any{"token": g.Client.Token, "session_id": c.ses.id, "seq": c.ses.seq})
	}
	c.expect("READY", readyLimit)
	return c.send(opIdentify, map[string]any{
		"token": g.Client.Token, "intents": g.Intents, "shard": [2]int{c.shard.id, c.shard.count},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "verbatim", "device": "verbatim"},
	})
}

// heartbeatInterval reads how often Hello wants a heartbeat; what no server
// can mean is replaced by Discord's own interval.
func heartbeatInterval(hello json.RawMessage) time.Duration {
	const least, most, usual = 50, 120_000, 41_250 // milliseconds
	var d struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if json.Unmarshal(hello, &d) != nil || d.Interval < least || d.Interval > most {
		d.Interval = usual
	}
	return time.Duration(d.Interval) * time.Millisecond
}

func (c *connection) seq() any {
	if c.ses.seq == 0 {
		return nil
	}
	return c.ses.seq
}

// heartbeat sends the next heartbeat. One that was not acknowledged is enough
// to know that the connection is dead.
func (c *connection) heartbeat() error {
	if c.unanswered {
		return errSilent
	}
	c.unanswered = true
	c.beat.Reset(c.interval)
	if c.ready {
		c.expect("a heartbeat's acknowledgment", ackLimit)
	}
	return c.send(opHeartbeat, c.seq())
}

func (c *connection) dispatch(p *packet) {
	c.ses.seq = max(c.ses.seq, p.Seq)
	s := c.shard
	switch p.Kind {
	case "READY":
		var r struct {
			Session string `json:"session_id"`
			URL     string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(p.Data, &r); err != nil {
			s.gateway.Log.Warn("READY not understood", "shard", s.id, "error", err)
		}
		*c.ses = session{id: r.Session, url: r.URL, seq: p.Seq}
	case "RESUMED":
	default:
		if !c.ready { // what was missed is sent before RESUMED
			c.expect(c.waitsFor, resumeLimit)
		}
	}
	s.handle(Event{Kind: p.Kind, Data: p.Data, Shard: s.id})
	if p.Kind != "READY" && p.Kind != "RESUMED" {
		return
	}
	c.ready = true
	c.late.Stop()
	if s.met {
		s.gateway.Log.Info("gateway connected again", "shard", s.id, "resumed", p.Kind == "RESUMED")
	}
	s.met = true
	if p.Kind == "READY" {
		s.first()
	}
}

// handle hands an event on; a panic in there does not end the shard.
func (s *shard) handle(e Event) {
	defer func() {
		if p := recover(); p != nil {
			s.gateway.Log.Error("panic while an event was handled", "event", e.Kind, "panic", p)
		}
	}()
	s.gateway.Handle(e)
}

// fatalClose returns the error of Run for a close code after which Discord
// would refuse every other attempt too, else nil.
func fatalClose(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	switch closed.Code {
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
