package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// session is what a client gets by identifying, and keeps by resuming.
type session struct {
	id      string
	intents int
	shard   [2]int
	seq     int64
	log     []logged // every event, for replay
	conn    *conn    // nil while disconnected
}

type logged struct {
	seq   int64
	frame []byte
}

// GatewayEvent is something that happened at the gateway: "connect", "identify",
// "ready", "resume", "resumed", "heartbeat", "op" (a frame of another kind, Code
// being its number), "close" (Code being the client's, 1006 without one).
type GatewayEvent struct {
	Kind      string
	SessionID string
	Shard     [2]int
	Intents   int
	Code      int
	Data      json.RawMessage
	Time      time.Time
}

func (s *Server) record(e GatewayEvent) {
	e.Time = s.opts.Now()
	s.gateway = append(s.gateway, e)
	s.changed.fire()
}

// GatewayEvents returns what has happened at the gateway, oldest first.
func (s *Server) GatewayEvents() []GatewayEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]GatewayEvent(nil), s.gateway...)
}

// WaitGateway waits until n events of a kind have happened since the start, and
// returns the n-th.
func (s *Server) WaitGateway(ctx context.Context, kind string, n int) (GatewayEvent, error) {
	var got GatewayEvent
	err := s.wait(ctx, &s.changed, fmt.Sprintf("%d gateway events %q", n, kind), func() bool {
		seen := 0
		for _, e := range s.gateway {
			if e.Kind == kind {
				if seen++; seen == n {
					got = e
					return true
				}
			}
		}
		return false
	})
	return got, err
}

// WaitConnected waits until n sessions are live: ready or resumed, with a socket.
func (s *Server) WaitConnected(ctx context.Context, n int) error {
	return s.wait(ctx, &s.changed, fmt.Sprintf("%d live sessions", n), func() bool {
		live := 0
		for _, ses := range s.sessions {
			if ses.conn != nil {
				live++
			}
		}
		return live >= n
	})
}

// forget ends the session of a connection; the lock is held.
func (s *Server) forget(c *conn) {
	if c.session != nil {
		delete(s.sessions, c.session.id)
		c.session = nil
		s.changed.fire()
	}
}

func (s *Server) startSession(c *conn, intents int, shard [2]int) {
	ses := &session{id: "session-" + s.newID(), intents: intents, shard: shard, conn: c}
	s.sessions[ses.id] = ses
	c.session = ses
	guilds := []object{}
	for _, id := range s.guildOrder {
		if ses.hasGuild(id) {
			guilds = append(guilds, object{"id": id, "unavailable": true})
		}
	}
	ses.dispatch("READY", object{
		"v": 9, "user": s.BotUser(), "guilds": guilds, "session_id": ses.id, "shard": shard,
		"resume_gateway_url": s.gatewayURL(), "private_channels": []any{}, "relationships": []any{},
		"application": object{"id": s.opts.AppID, "flags": 0},
	})
	s.record(GatewayEvent{Kind: "ready", SessionID: ses.id, Shard: shard, Intents: intents})
	if c.scripted(AfterReady) {
		return
	}
	if intents&1 == 0 {
		return
	}
	for _, g := range guilds {
		id := g["id"].(string)
		ses.dispatch("GUILD_CREATE", s.guildObject(s.guilds[id], true))
	}
}

func (s *Server) resumeSession(c *conn, ses *session, seq int64) {
	if old := ses.conn; old != nil && old != c {
		old.session = nil
		old.act(CloseWith(4009, "Session timed out"))
	}
	c.session, ses.conn = ses, c
	for _, e := range ses.log {
		if e.seq > seq {
			c.enqueue(e.frame)
		}
	}
	ses.dispatch("RESUMED", object{})
	s.record(GatewayEvent{Kind: "resumed", SessionID: ses.id, Shard: ses.shard})
}

func (ses *session) hasGuild(id string) bool {
	n, err := strconv.ParseUint(id, 10, 64)
	return err == nil && int(n>>22%uint64(ses.shard[1])) == ses.shard[0]
}

func (ses *session) dispatch(kind string, data any) {
	ses.seq++
	ses.dispatchSeq(kind, data, ses.seq)
}

func (ses *session) dispatchSeq(kind string, data any, seq int64) {
	d, err := json.Marshal(data)
	if err != nil {
		panic("discordtest: encode " + kind + ": " + err.Error())
	}
	b, err := json.Marshal(frame{Op: opDispatch, Data: d, Seq: &seq, Type: kind})
	if err != nil {
		panic("discordtest: encode " + kind + ": " + err.Error())
	}
	ses.log = append(ses.log, logged{seq, b})
	if ses.conn != nil {
		ses.conn.enqueue(b)
	}
}

// Event is something to dispatch. Data is encoded as JSON; a Message loses what
// the session's intents do not show. GuildID chooses the shard, "" being shard 0.
// A Seq other than 0 is sent instead of the session's next.
type Event struct {
	Type    string
	GuildID string
	Data    any
	Seq     int64
}

// Dispatch sends events in the given order (the same one twice is a duplicate)
// to every session that has the guild and the intent, and keeps them for those
// that may resume. It returns how many sessions took the last of them.
func (s *Server) Dispatch(events ...Event) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, e := range events {
		n = s.dispatch(e)
	}
	return n
}

func (s *Server) dispatch(e Event) int {
	n := 0
	for _, id := range slices.Sorted(maps.Keys(s.sessions)) {
		ses := s.sessions[id]
		if e.GuildID == "" && ses.shard[0] != 0 || e.GuildID != "" && !ses.hasGuild(e.GuildID) || !ses.wants(e) {
			continue
		}
		n++
		data := e.Data
		if m, ok := data.(Message); ok {
			data = s.shown(ses, m)
		}
		if e.Seq != 0 {
			ses.dispatchSeq(e.Type, data, e.Seq)
		} else {
			ses.dispatch(e.Type, data)
		}
		if ses.conn != nil {
			ses.conn.scripted(MidStream)
		}
	}
	return n
}

func (ses *session) wants(e Event) bool {
	bit := 0
	switch {
	case strings.HasPrefix(e.Type, "MESSAGE_"):
		bit = 1 << 9
		if e.GuildID == "" {
			bit = 1 << 12
		}
	case strings.HasPrefix(e.Type, "GUILD_MEMBER"):
		bit = 1 << 1
	case strings.HasPrefix(e.Type, "GUILD_"), strings.HasPrefix(e.Type, "CHANNEL_"), strings.HasPrefix(e.Type, "THREAD_"):
		bit = 1 << 0
	}
	return bit == 0 || ses.intents&bit != 0
}

// shown is a message as a session sees it: without the Message Content intent
// its content is empty, but for the bot's own, direct ones and those that mention it.
func (s *Server) shown(ses *session, m Message) Message {
	m = complete(m)
	if m.Referenced != nil {
		r := s.shown(ses, *m.Referenced)
		m.Referenced = &r
	}
	if ses.intents&(1<<15) != 0 || m.GuildID == "" || m.Author.ID == s.opts.AppID {
		return m
	}
	for _, u := range m.Mentions {
		if u.ID == s.opts.AppID {
			return m
		}
	}
	m.Content, m.Embeds, m.Attachments, m.Components = "", []Embed{}, []Attachment{}, []Component{}
	return m
}

// complete gives a message the empty lists that Discord always sends, and its own
// copy of the one it refers to, without what that refers to.
func complete(m Message) Message {
	if m.Referenced != nil {
		r := *m.Referenced
		r.Referenced = nil
		r = complete(r)
		m.Referenced = &r
	}
	m.Mentions, m.MentionRoles = orEmpty(m.Mentions), orEmpty(m.MentionRoles)
	m.Attachments, m.Embeds, m.Components = orEmpty(m.Attachments), orEmpty(m.Embeds), orEmpty(m.Components)
	if m.Author.Discriminator == "" {
		m.Author.Discriminator = "0"
	}
	return m
}
