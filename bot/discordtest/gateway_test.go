package discordtest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"verbatim/bot/discordtest"
)

// client speaks the gateway's protocol by hand, to see what a library hides.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

type frame struct {
	Op   int             `json:"op"`
	Type string          `json:"t"`
	Seq  int64           `json:"s"`
	Data json.RawMessage `json:"d"`
}

func dial(t *testing.T, srv *discordtest.Server) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+srv.URL()[len("http"):]+"/gateway?v=9&encoding=json", nil)
	check(t, err)
	t.Cleanup(func() { ws.Close() })
	return &client{t, ws}
}

// read returns the next frame as "op/type"; a close as "close CODE".
func (c *client) read() (string, frame) {
	c.t.Helper()
	c.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	var f frame
	if err := c.ws.ReadJSON(&f); err != nil {
		if ce, ok := err.(*websocket.CloseError); ok {
			return fmt.Sprint("close ", ce.Code), f
		}
		return "error", f
	}
	return fmt.Sprintf("%d/%s", f.Op, f.Type), f
}

func (c *client) want(list ...string) frame {
	c.t.Helper()
	var f frame
	for _, w := range list {
		var got string
		if got, f = c.read(); got != w {
			c.t.Fatalf("gateway sent %s, want %s", got, w)
		}
	}
	return f
}

func (c *client) send(op int, data any) {
	c.t.Helper()
	check(c.t, c.ws.WriteJSON(map[string]any{"op": op, "d": data}))
}

func (c *client) identify(srv *discordtest.Server, intents int, shard ...int) {
	d := map[string]any{"token": "Bot " + srv.Token(), "intents": intents, "properties": map[string]any{}}
	if len(shard) == 2 {
		d["shard"] = shard
	}
	c.send(2, d)
}

func (c *client) ready(srv *discordtest.Server) (sessionID string) {
	c.t.Helper()
	c.want("10/")
	c.identify(srv, int(intents))
	var ready struct {
		SessionID string `json:"session_id"`
	}
	check(c.t, json.Unmarshal(c.want("0/READY").Data, &ready))
	return ready.SessionID
}

func (c *client) resume(srv *discordtest.Server, session string, seq int64) {
	c.t.Helper()
	c.want("10/")
	c.send(6, map[string]any{"token": "Bot " + srv.Token(), "session_id": session, "seq": seq})
}

func closes(srv *discordtest.Server) int {
	n := 0
	for _, e := range srv.GatewayEvents() {
		if e.Kind == "close" {
			n++
		}
	}
	return n
}

func TestFiveMoments(t *testing.T) {
	for _, act := range []struct {
		action discordtest.Action
		frame  string
	}{
		{discordtest.Reconnect(), "7/"}, {discordtest.InvalidSession(false), "9/"},
		{discordtest.InvalidSession(true), "9/"}, {discordtest.CloseWith(4000, "?"), "close 4000"}, {discordtest.Cut(), "close 1006"},
	} {
		t.Run(act.frame, func(t *testing.T) {
			srv := newServer(t, discordtest.Options{})
			srv.At(discordtest.BeforeHello, act.action)
			c := dial(t, srv)
			c.want(act.frame)
			c.ws.Close()

			srv.At(discordtest.OnIdentify, act.action)
			c = dial(t, srv)
			c.want("10/")
			c.identify(srv, int(intents))
			c.want(act.frame)
			c.ws.Close()

			srv.At(discordtest.AfterReady, act.action)
			c = dial(t, srv)
			c.ready(srv)
			c.want(act.frame)
			c.ws.Close()

			c = dial(t, srv)
			id := c.ready(srv)
			c.want("0/GUILD_CREATE")
			c.ws.Close()
			srv.At(discordtest.OnResume, act.action)
			c = dial(t, srv)
			c.resume(srv, id, 2)
			c.want(act.frame)
			c.ws.Close()

			check(t, srv.Until(limit(t), func() bool { return closes(srv) == 5 }))
			c = dial(t, srv)
			c.ready(srv)
			c.want("0/GUILD_CREATE")
			srv.At(discordtest.MidStream, act.action)
			srv.Say(general, "hi")
			c.want("0/MESSAGE_CREATE", act.frame)
		})
	}
}

func TestResumeReplays(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	c := dial(t, srv)
	id := c.ready(srv)
	c.want("0/GUILD_CREATE")
	c.ws.Close()
	_, err := srv.WaitGateway(limit(t), "close", 1)
	check(t, err)
	srv.Say(general, "while away")
	c = dial(t, srv)
	c.resume(srv, id, 2)
	if f := c.want("0/MESSAGE_CREATE"); f.Seq != 3 {
		t.Errorf("replayed with sequence %d, want 3", f.Seq)
	}
	c.want("0/RESUMED")
	c.send(1, 4)
	c.want("11/")
	srv.WithholdAcks(true)
	c.send(1, 4)
	srv.WithholdAcks(false)
	srv.Say(general, "next")
	for {
		if got, _ := c.read(); got == "0/MESSAGE_CREATE" {
			break
		}
	}
	check(t, c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second)))
	ev, err := srv.WaitGateway(limit(t), "close", 2)
	check(t, err)
	if ev.Code != 1000 {
		t.Errorf("close code %d, want 1000", ev.Code)
	}
	c = dial(t, srv)
	c.resume(srv, id, 5)
	if f := c.want("9/"); string(f.Data) != "false" {
		t.Errorf("resume after a normal close: invalid session %s, want false", f.Data)
	}
	c.identify(srv, int(intents))
	c.want("0/READY")
}

func TestRefusedIdentify(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	for _, c := range []struct {
		token   string
		intents int
		code    string
	}{
		{"Bot wrong", 1, "close 4004"}, {"Bot " + srv.Token(), 1 << 30, "close 4013"}, {"Bot " + srv.Token(), 1 << 15, "close 4014"},
	} {
		cl := dial(t, srv)
		cl.want("10/")
		cl.send(2, map[string]any{"token": c.token, "intents": c.intents})
		cl.want(c.code)
	}
}

func TestWithheldAck(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	c := dial(t, srv)
	c.ready(srv)
	c.want("0/GUILD_CREATE")
	srv.WithholdAcks(true)
	c.send(1, 2)
	_, err := srv.WaitGateway(limit(t), "heartbeat", 1)
	check(t, err)
	srv.Say(general, "no acknowledgment came before this")
	c.want("0/MESSAGE_CREATE")
}

func TestDelayedHello(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	release := make(chan struct{})
	srv.At(discordtest.BeforeHello, discordtest.DelayUntil(release))
	c := dial(t, srv)
	_, err := srv.WaitGateway(limit(t), "connect", 1)
	check(t, err)
	close(release)
	c.want("10/")
	srv.At(discordtest.BeforeHello, discordtest.Silence())
	silent := dial(t, srv)
	silent.ws.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, b, err := silent.ws.ReadMessage(); err == nil {
		t.Errorf("a silent gateway sent %s", b)
	}
}

func TestShardsGetTheirGuilds(t *testing.T) {
	even, odd := fmt.Sprint(4<<22), fmt.Sprint(5<<22)
	srv := newServer(t, discordtest.Options{Guilds: []discordtest.Guild{
		{ID: even, Name: "even", Channels: []discordtest.Channel{{ID: "1"}}},
		{ID: odd, Name: "odd", Channels: []discordtest.Channel{{ID: "2"}}}}})
	var shards [2]*client
	for i := range shards {
		c := dial(t, srv)
		c.want("10/")
		c.identify(srv, int(intents), i, 2)
		var g struct{ Name string }
		check(t, json.Unmarshal(c.want("0/READY", "0/GUILD_CREATE").Data, &g))
		if want := [2]string{"even", "odd"}[i]; g.Name != want {
			t.Errorf("shard %d has guild %s, want %s", i, g.Name, want)
		}
		shards[i] = c
	}
	srv.Say("2", "to the odd one")
	srv.Direct(discordtest.Someone(), "to the first")
	shards[1].want("0/MESSAGE_CREATE")
	shards[0].want("0/MESSAGE_CREATE")
}

func TestDuplicatesReorderAndUnknownComponents(t *testing.T) {
	srv := newServer(t, discordtest.Options{})
	ses := newSession(t, srv)
	ses.SyncEvents = true
	got := make(chan *discordgo.MessageCreate, 10)
	ses.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { got <- m })
	open(t, srv, ses)
	defer ses.Close()
	first, a := srv.Post(discordtest.Message{ChannelID: general, Content: "1"})
	second, b := srv.Post(discordtest.Message{ChannelID: general, Content: "2"})
	if n := srv.Dispatch(b, a, a); n != 1 {
		t.Errorf("dispatched to %d sessions, want 1", n)
	}
	for i, want := range []string{second.ID, first.ID, first.ID} {
		if m := <-got; m.ID != want {
			t.Errorf("event %d is message %s, want %s", i, m.ID, want)
		}
	}
	_, e := srv.Post(discordtest.Message{ChannelID: general, Content: "<@" + srv.BotUser().ID + ">",
		Components: []discordtest.Component{{Type: 99, CustomID: "x"}}})
	srv.Dispatch(e)
	<-got // discordgo still calls the handler, with what it could read
	srv.Do(discordtest.Reconnect())
	_, err := srv.WaitGateway(limit(t), "close", 1)
	check(t, err)
}

func TestHugeGuild(t *testing.T) {
	srv := newServer(t, discordtest.Options{Guilds: []discordtest.Guild{discordtest.HugeGuild("7", 500, 2000)}})
	ses := newSession(t, srv)
	got := make(chan *discordgo.GuildCreate, 1)
	ses.AddHandler(func(_ *discordgo.Session, g *discordgo.GuildCreate) { got <- g })
	open(t, srv, ses)
	defer ses.Close()
	if g := <-got; len(g.Channels) != 500 || g.MemberCount != 2001 || !g.Large {
		t.Errorf("%d channels, %d members, large %v", len(g.Channels), g.MemberCount, g.Large)
	}
}
