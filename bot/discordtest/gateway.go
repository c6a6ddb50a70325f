package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway operations.
const (
	opDispatch     = 0
	opHeartbeat    = 1
	opIdentify     = 2
	opPresence     = 3
	opResume       = 6
	opReconnect    = 7
	opMembers      = 8
	opInvalid      = 9
	opHello        = 10
	opHeartbeatAck = 11
)

// knownIntents are all bits that Discord has given a meaning.
const knownIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25

const privilegedIntents = 1<<1 | 1<<8 | 1<<15

// conn is one socket. Everything sent goes through its queue, in order.
type conn struct {
	srv  *Server
	ws   *websocket.Conn
	done chan struct{} // closed when the socket is finished
	once sync.Once
	wake chan struct{} // holds one token when the queue may not be empty

	// guarded by srv.mu
	queue   []item
	session *session
}

type item struct {
	frame  []byte
	action *Action
}

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{srv: s, ws: ws, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		c.drop()
		return
	}
	s.conns[c] = true
	s.wg.Add(2)
	s.record(GatewayEvent{Kind: "connect"})
	if !c.scripted(BeforeHello) {
		c.send(opHello, object{"heartbeat_interval": s.opts.HeartbeatInterval.Milliseconds()})
	}
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		c.write()
	}()
	go func() {
		defer s.wg.Done()
		c.read()
	}()
}

// scripted puts the action of a moment in the queue and tells whether it stands
// in for what would follow; the lock is held.
func (c *conn) scripted(m Moment) bool {
	a, ok := c.srv.take(m)
	if !ok {
		return false
	}
	c.act(a)
	return a.kind != actDelay
}

func (c *conn) act(a Action) {
	c.queue = append(c.queue, item{action: &a})
	c.poke()
}

func (c *conn) send(op int, data any) {
	b, err := json.Marshal(object{"op": op, "d": data})
	if err != nil {
		panic("discordtest: encode gateway frame: " + err.Error())
	}
	c.enqueue(b)
}

func (c *conn) enqueue(b []byte) {
	c.queue = append(c.queue, item{frame: b})
	c.poke()
}

func (c *conn) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// drop closes the TCP connection; it may be called from anywhere, often.
func (c *conn) drop() {
	c.once.Do(func() { close(c.done) })
	c.ws.Close()
}

func (c *conn) write() {
	for {
		select {
		case <-c.wake:
		case <-c.done:
			return
		}
		c.srv.mu.Lock()
		batch := c.queue
		c.queue = nil
		c.srv.mu.Unlock()
		for _, it := range batch {
			if it.action != nil {
				if !c.perform(*it.action) {
					return
				}
				continue
			}
			if c.ws.WriteMessage(websocket.TextMessage, it.frame) != nil {
				c.drop()
				return
			}
		}
	}
}

// perform does an action and tells whether the connection goes on.
func (c *conn) perform(a Action) bool {
	switch a.kind {
	case actReconnect:
		return c.ws.WriteMessage(websocket.TextMessage, []byte(`{"op":7,"d":null,"s":null,"t":null}`)) == nil
	case actInvalid:
		if !a.resumable {
			c.srv.mu.Lock()
			c.srv.forget(c)
			c.srv.mu.Unlock()
		}
		b, _ := json.Marshal(object{"op": opInvalid, "d": a.resumable})
		return c.ws.WriteMessage(websocket.TextMessage, b) == nil
	case actClose:
		c.closeWith(a.code, a.text)
		return false
	case actCut:
		c.drop()
		return false
	case actSilent:
		<-c.done
		return false
	case actDelay:
		return c.hold(a)
	case actSend:
		return c.ws.WriteMessage(websocket.TextMessage, a.raw) == nil
	}
	return true
}

func (c *conn) hold(a Action) bool {
	var timer <-chan time.Time
	if a.release == nil {
		t := time.NewTimer(a.delay)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-a.release:
		return true
	case <-timer:
		return true
	case <-c.done:
		return false
	}
}

// closeWith sends a close frame; the client's answer, or its hanging up, ends the reader.
func (c *conn) closeWith(code int, text string) {
	if sessionEnds(code) {
		c.srv.mu.Lock()
		c.srv.forget(c)
		c.srv.mu.Unlock()
	}
	msg := websocket.FormatCloseMessage(code, text)
	if c.ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(time.Second)) != nil {
		c.drop()
		return
	}
	c.ws.SetReadDeadline(time.Now().Add(closeGrace)) // hanging up at once could lose the frame
}

// closeGrace is how long a client may take to hang up after a close frame.
const closeGrace = 2 * time.Second

// sessionEnds tells whether a close code ends the session: the client's own
// normal closes, bad credentials and settings, a bad sequence, a timeout.
func sessionEnds(code int) bool {
	switch code {
	case 1000, 1001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014:
		return true
	}
	return false
}

func (c *conn) read() {
	code := 1006
	for {
		_, b, err := c.ws.ReadMessage()
		if err != nil {
			var ce *websocket.CloseError
			if errors.As(err, &ce) {
				code = ce.Code
			}
			break
		}
		var f frame
		if json.Unmarshal(b, &f) != nil {
			c.fail(4002, "Decode error")
			continue
		}
		c.handle(f)
	}
	c.drop()
	s := c.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ev := GatewayEvent{Kind: "close", Code: code}
	if c.session != nil {
		ev.SessionID, ev.Shard = c.session.id, c.session.shard
		if sessionEnds(code) {
			s.forget(c)
		} else if c.session.conn == c {
			c.session.conn = nil
		}
	}
	delete(s.conns, c)
	s.record(ev)
}

func (c *conn) fail(code int, text string) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.act(CloseWith(code, text))
}

func (c *conn) handle(f frame) {
	s := c.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	switch f.Op {
	case opHeartbeat:
		s.record(GatewayEvent{Kind: "heartbeat", SessionID: c.sessionID()})
		if !s.noAcks {
			c.send(opHeartbeatAck, nil)
		}
	case opIdentify:
		c.identify(f.Data)
	case opResume:
		c.resume(f.Data)
	case opPresence, opMembers, 4:
		s.record(GatewayEvent{Kind: "op", Code: f.Op, Data: bytes.Clone(f.Data), SessionID: c.sessionID()})
	default:
		c.act(CloseWith(4001, "Unknown opcode"))
	}
}

func (c *conn) sessionID() string {
	if c.session == nil {
		return ""
	}
	return c.session.id
}

func (c *conn) identify(data json.RawMessage) {
	s := c.srv
	var id struct {
		Token   string         `json:"token"`
		Intents int            `json:"intents"`
		Shard   *[2]int        `json:"shard"`
		Props   map[string]any `json:"properties"`
	}
	if json.Unmarshal(data, &id) != nil {
		c.act(CloseWith(4002, "Decode error"))
		return
	}
	shard := [2]int{0, 1}
	if id.Shard != nil {
		shard = *id.Shard
	}
	s.record(GatewayEvent{Kind: "identify", Intents: id.Intents, Shard: shard})
	switch {
	case strings.TrimPrefix(id.Token, "Bot ") != s.opts.Token:
		c.act(CloseWith(4004, "Authentication failed."))
	case id.Intents&^knownIntents != 0:
		c.act(CloseWith(4013, "Invalid intent(s)."))
	case id.Intents&privilegedIntents&^s.opts.PrivilegedIntents != 0:
		c.act(CloseWith(4014, "Disallowed intent(s)."))
	case shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]:
		c.act(CloseWith(4010, "Invalid shard."))
	case c.session != nil:
		c.act(CloseWith(4005, "Already authenticated."))
	default:
		if !c.scripted(OnIdentify) {
			s.startSession(c, id.Intents, shard)
		}
	}
}

func (c *conn) resume(data json.RawMessage) {
	s := c.srv
	var r struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(data, &r) != nil {
		c.act(CloseWith(4002, "Decode error"))
		return
	}
	s.record(GatewayEvent{Kind: "resume", SessionID: r.SessionID})
	if strings.TrimPrefix(r.Token, "Bot ") != s.opts.Token {
		c.act(CloseWith(4004, "Authentication failed."))
		return
	}
	if c.scripted(OnResume) {
		return
	}
	ses := s.sessions[r.SessionID]
	switch {
	case ses == nil:
		c.act(InvalidSession(false))
	case r.Seq > ses.seq:
		c.act(CloseWith(4007, "Invalid seq."))
	default:
		s.resumeSession(c, ses, r.Seq)
	}
}
