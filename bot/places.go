package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"verbatim/bot/discord"
)

// newServer is how long after it was added the bot may still greet: it is
// often added before it is first started.
const newServer = 24 * time.Hour

// places is what the bot knows of servers and threads: who can mend a
// permission, and which threads are whose. It holds what the gateway said
// since the start and is bounded by the servers and active threads there are.
type places struct {
	mu      sync.Mutex
	owners  map[string]string            // by server
	names   map[string]map[string]string // channel names by server
	threads map[string]discord.Channel
	member  map[string]bool      // servers that the bot was in when it connected
	roles   map[string]string    // the bot's own role, by server: who mentions it means the bot
	lacks   map[string]uint64    // permissions that the bot lacks, by channel, as far as it is known
	told    map[string]time.Time // when someone was last written to
}

func newPlaces() *places {
	return &places{owners: map[string]string{}, names: map[string]map[string]string{}, threads: map[string]discord.Channel{}, roles: map[string]string{}, lacks: map[string]uint64{}, member: map[string]bool{}, told: map[string]time.Time{}}
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
	if e.Kind == "GUILD_ROLE_UPDATE" || e.Kind == "CHANNEL_UPDATE" {
		var changed struct {
			Server string `json:"guild_id"`
		}
		if err := discord.Decode(e.Data, &changed); err != nil {
			return err
		}
		b.places.changed(changed.Server)
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
			b.spawn("removed", func() { b.notePresence(ctx, g.ID) })
		}
		return nil
	}
	if g.Unavailable {
		return nil
	}
	b.places.learn(&g, b.user())
	b.spawn("present", func() { b.notePresence(ctx, g.ID) })
	if b.places.had(g.ID) && !g.Joined().IsZero() && b.options.Now().Sub(g.Joined()) > newServer {
		return nil
	}
	b.later("greet", func() { b.greet(ctx, &g) })
	return nil
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

func (p *places) learn(g *discord.Guild, self string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners[g.ID] = g.OwnerID
	names := make(map[string]string, len(g.Channels))
	for _, c := range g.Channels {
		names[c.ID] = c.Name
	}
	p.names[g.ID] = names
	for _, r := range g.Roles {
		if r.Tags.BotID == self && self != "" {
			p.roles[g.ID] = r.ID
		}
	}
	for i := range g.Channels {
		p.lacks[g.Channels[i].ID] = ^g.Can(self, &g.Channels[i])
	}
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
	for c := range p.names[server] {
		delete(p.lacks, c)
	}
	delete(p.roles, server)
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

// permitted keeps what Discord says of the bot's permissions in a channel.
func (p *places) permitted(channel string, bits uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if bits&discord.PermAdministrator != 0 {
		bits = ^uint64(0)
	}
	p.lacks[channel] = ^bits
}

// lack keeps that the bot lacks a permission in a channel.
func (p *places) lack(channel string, bits uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lacks[channel] |= bits
}

// changed forgets the permissions in a server, because a role or a channel of it
// has changed: what is not known is tried.
func (p *places) changed(server string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.names[server] {
		delete(p.lacks, c)
	}
}

// lacking reports which of some permissions the bot is known to lack.
func (p *places) lacking(channel string, bits uint64) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lacks[channel] & bits
}

// role returns the bot's own role in a server, or "".
func (p *places) role(server string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.roles[server]
}

// connected keeps the servers that READY lists.
func (p *places) connected(servers []discord.Guild) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range servers {
		p.member[g.ID] = true
	}
}

// present reports whether the bot is in a server.
func (p *places) present(server string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.owners[server]
	return known || p.member[server]
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

// once reports whether something was not said in the last day.
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
