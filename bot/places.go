package bot

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"verbatim/bot/discord"
)

// newServer is how long after it was added the bot may still greet: it is
// often added before it is first started.
const newServer = 24 * time.Hour

// places is what the bot knows of servers and threads: who can mend a
// permission, and which threads are whose. It holds what the gateway told
// since the start and is bounded by the servers and active threads there are.
type places struct {
	mu      sync.Mutex
	owners  map[string]string            // by server
	names   map[string]map[string]string // channel names by server
	threads map[string]discord.Channel
	member  map[string]bool      // servers that the bot was in when it connected
	told    map[string]time.Time // when someone was last told of a permission
}

func newPlaces() *places {
	return &places{owners: map[string]string{}, names: map[string]map[string]string{}, threads: map[string]discord.Channel{}, member: map[string]bool{}, told: map[string]time.Time{}}
}

// onPlace keeps what an event says of servers and threads, and greets a new
// server.
func (b *bot) onPlace(ctx context.Context, e discord.Event) error {
	if strings.HasPrefix(e.Kind, "THREAD_") {
		var c discord.Channel
		if err := discord.Decode(e.Data, &c); err != nil {
			return err
		}
		b.places.thread(c, e.Kind == "THREAD_DELETE")
		return nil
	}
	var g discord.Guild
	if err := discord.Decode(e.Data, &g); err != nil {
		return err
	}
	if g.ID == "" {
		return errors.New("a server without an id")
	}
	if e.Kind == "GUILD_DELETE" {
		if !g.Unavailable { // else it is an outage
			b.places.forget(g.ID)
			b.spawn("forget", func() { b.forget(ctx, g.ID) })
		}
		return nil
	}
	if g.Unavailable {
		return nil
	}
	b.places.learn(&g)
	if b.places.had(g.ID) && !g.Joined().IsZero() && b.options.Now().Sub(g.Joined()) > newServer {
		return nil
	}
	b.spawn("greet", func() { b.greet(ctx, &g) })
	return nil
}

// forgetLimit bounds a deletion, for which nobody waits.
const forgetLimit = 30 * time.Second

// forget deletes what is kept for a server that the bot was removed from.
func (b *bot) forget(ctx context.Context, server string) {
	ctx, cancel := context.WithTimeout(ctx, forgetLimit)
	defer cancel()
	if err := b.options.Settings.ForgetServer(ctx, server); err != nil {
		b.log.Warn("forget a server", "server", server, "error", err)
	} else {
		b.log.Info("removed from a server, its settings and feedback are forgotten", "server", server)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.settings, server)
}

func (p *places) thread(c discord.Channel, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if gone {
		delete(p.threads, c.ID)
	} else {
		p.threads[c.ID] = c
	}
}

func (p *places) learn(g *discord.Guild) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners[g.ID] = g.OwnerID
	names := make(map[string]string, len(g.Channels))
	for _, c := range g.Channels {
		names[c.ID] = c.Name
	}
	p.names[g.ID] = names
	for _, c := range g.Threads {
		p.threads[c.ID] = c
	}
}

func (p *places) forget(server string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, c := range p.threads {
		if _, ours := p.names[server][c.ParentID]; ours {
			delete(p.threads, id)
		}
	}
	delete(p.owners, server)
	delete(p.member, server)
	delete(p.names, server)
}

func (p *places) findThread(id string) (discord.Channel, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.threads[id]
	return c, ok
}

// connected keeps the servers that READY lists.
func (p *places) connected(servers []discord.Guild) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range servers {
		p.member[g.ID] = true
	}
}

// had reports whether the bot was in a server before it heard of it.
func (p *places) had(server string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.member[server]
}

// owner returns who owns a server and what a channel of it is called.
func (p *places) owner(server, channel string) (owner, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.owners[server], p.names[server][channel]
}

// once reports whether something was not told in the last day.
func (p *places) once(what string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.told[what]) < 24*time.Hour {
		return false
	}
	if len(p.told) > 10_000 {
		clear(p.told)
	}
	p.told[what] = now
	return true
}

// greet says what the bot knows and how to ask, once in a server.
func (b *bot) greet(ctx context.Context, g *discord.Guild) {
	first, err := b.options.Settings.Welcome(ctx, g.ID)
	if err != nil {
		b.log.Warn("welcome a server", "server", g.ID, "error", err) // better never greeted than again and again
	}
	if !first || err != nil {
		return
	}
	text := "Hello. I answer questions from a collection of news articles, and every statement of mine stands on a quote, printed as it stands in its article."
	if known := b.known(ctx, g.ID); known != "" {
		text += " " + known
	}
	rep := &reply{blocks: []block{{text: text}, {text: "Ask with /ask, or mention me with a question. /help says more; moderators find the settings under /verbatim."}}}
	for _, c := range b.greetingChannels(g) {
		err := b.postOne(ctx, c, greeting(pack(rep)[0], g.ID))
		if err == nil {
			return
		}
		b.log.Info("greet a new server", "server", g.ID, "channel", c, "error", err)
	}
	b.mend(ctx, g.ID, "", "", "View Channel and Send Messages")
}

func greeting(o discord.Outgoing, server string) discord.Outgoing {
	o.Nonce, o.Enforce = nonce("hello"+server, 0), true
	return o
}

// greetingChannels are the channels where the bot may write, the one for
// system messages first; at most three.
func (b *bot) greetingChannels(g *discord.Guild) []string {
	self := ""
	if id := b.self.Load(); id != nil {
		self = id.user
	}
	channels := slices.Clone(g.Channels)
	slices.SortStableFunc(channels, func(a, c discord.GuildChannel) int {
		if (a.ID == g.SystemChannel) != (c.ID == g.SystemChannel) {
			if a.ID == g.SystemChannel {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Position, c.Position)
	})
	var out []string
	for _, c := range channels {
		const need = discord.PermViewChannel | discord.PermSend
		if (c.Type == discord.ChannelText || c.Type == discord.ChannelNews) && g.Can(self, &c)&need == need && len(out) < 3 {
			out = append(out, c.ID)
		}
	}
	return out
}

// mend tells the owner of a server, once a day, which permission is missing
// where, and the asker that it is.
func (b *bot) mend(ctx context.Context, server, channel, asker, permission string) {
	if server == "" {
		return
	}
	owner, name := b.places.owner(server, channel)
	where := "any channel of your server that I know"
	if name != "" {
		where = "#" + name
	} else if channel != "" {
		where = "a thread or channel of your server"
	}
	if owner != "" && b.places.once("owner "+server+channel+permission, b.options.Now()) {
		b.tell(ctx, owner, "I was asked something in "+escape(where)+", and lack a permission there: "+permission+
			". You, or whoever may manage the channel, can give it to my role under Edit Channel, Permissions.")
	}
	if asker != "" && asker != owner && b.places.once("asker "+asker+channel, b.options.Now()) {
		b.tell(ctx, asker, "I cannot answer you in "+escape(where)+": I lack a permission there ("+permission+
			"). The owner of the server knows; you can ask me here meanwhile.")
	}
}

// tell sends a direct message, if its receiver takes any.
func (b *bot) tell(ctx context.Context, user, text string) {
	dm, err := b.directChannel(ctx, user)
	if err == nil {
		o := pack(say(text))[0]
		err = b.postOne(ctx, dm, o)
	}
	if err != nil && !discord.HasCode(err, discord.CodeCannotDM) {
		b.log.Warn("send a direct message", "error", err)
	}
}

// openThread opens a thread on a message and returns its id.
func (b *bot) openThread(ctx context.Context, channelID, messageID, name string) (string, error) {
	var c discord.Channel
	err := b.api.Do(ctx, discord.Call{
		Method: http.MethodPost, Path: "/channels/" + url.PathEscape(channelID) + "/messages/" + url.PathEscape(messageID) + "/threads",
		Route: "/channels/*/messages/*/threads", Again: true,
		Body: map[string]any{"name": name, "auto_archive_duration": 1440},
	}, &c)
	if discord.HasCode(err, discord.CodeThreadExists) || errors.Is(err, discord.ErrGarbled) {
		return messageID, nil // the thread of a message has its id
	}
	if err == nil {
		b.places.thread(c, false)
	}
	return c.ID, err
}
