package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/render"
)

// greet says what the bot knows and how to ask, once in a server.
func (b *bot) greet(ctx context.Context, g *discord.Guild) {
	first, err := b.options.Settings.Welcome(ctx, g.ID)
	if err != nil {
		b.log.Warn("welcome a server", "server", g.ID, "error", err) // better never greeted than again and again
	}
	if !first || err != nil {
		return
	}
	text := "Hello. I answer questions from a collection of news articles, and every statement comes with a quote, printed exactly as it is in its article."
	if known := b.known(ctx, g.ID); known != "" {
		text += " " + known
	}
	rep := &render.Reply{Blocks: []render.Block{{Text: text}, {Text: "Ask with /ask, or mention me with a question. /help says more; moderators find the settings under /verbatim."}}}
	for try := range greetTries {
		pause(ctx, time.Duration(try*try)*time.Minute)
		if ctx.Err() != nil || b.greetOnce(ctx, g, rep) {
			return
		}
	}
	b.log.Warn("a new server is not greeted", "server", g.ID)
}

// greetTries is how often a greeting is tried while Discord is ill.
const greetTries = 4

// greetOnce greets in the first channel that takes it. It returns false if
// another attempt may work.
func (b *bot) greetOnce(ctx context.Context, g *discord.Guild, rep *render.Reply) (done bool) {
	refused := true
	for _, c := range b.greetingChannels(g) {
		err := b.postOne(ctx, c, greeting(render.Pack(rep, false)[0], g.ID))
		if err == nil {
			return true
		}
		b.log.Info("greet a new server", "server", g.ID, "channel", c, "error", err)
		refused = refused && discord.HasCode(err, discord.CodeMissingPermissions, discord.CodeMissingAccess)
	}
	if refused {
		b.tellOwner(ctx, g.ID, "", "hello"+g.ID, "I was added to your server, and may not write in any channel of it that I know. "+
			"To use me there, give my role the permissions View Channel and Send Messages under Edit Channel, Permissions. /ask works wherever commands do.")
	}
	return refused
}

func greeting(o discord.Outgoing, server string) discord.Outgoing {
	o.Nonce, o.Enforce = nonce("hello"+server, 0), true
	return o
}

// greetingChannels are the channels where the bot may write, the one for
// system messages first; at most three.
func (b *bot) greetingChannels(g *discord.Guild) []string {
	self := b.user()
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

// lack is a permission that kept the bot from answering.
type lack struct {
	server, channel, asker string
	permission             string
	event                  string // id of the question
}

// reportLack says to the owner of a server, once a day, which permission is
// missing where, and to the asker that it is.
func (b *bot) reportLack(ctx context.Context, l lack) {
	if l.server == "" {
		return
	}
	owner, name := b.places.owner(l.server, l.channel)
	where := "a thread or channel of your server"
	if name != "" {
		where = "#" + name
	}
	b.tellOwner(ctx, l.server, l.channel+l.permission, l.event, "I was asked something in "+render.Escape(where)+", and lack a permission there: "+l.permission+
		". You, or whoever may manage the channel, can give it to my role under Edit Channel, Permissions.")
	if l.asker != "" && l.asker != owner && b.places.once("asker "+l.asker+l.channel, b.options.Now()) {
		b.tell(ctx, l.asker, l.event+"asker", "I cannot answer you in "+render.Escape(where)+": I lack a permission there ("+l.permission+
			"). The owner of the server knows; you can ask me here meanwhile.")
	}
}

// tellOwner sends a direct message to the owner of a server, once a day for
// each matter.
func (b *bot) tellOwner(ctx context.Context, server, matter, event, text string) {
	owner, _ := b.places.owner(server, "")
	if owner != "" && b.places.once("owner "+server+matter, b.options.Now()) {
		b.tell(ctx, owner, event+"owner", text)
	}
}

// tell sends a direct message, if its receiver takes any. event makes a
// repeated message one.
func (b *bot) tell(ctx context.Context, user, event, text string) {
	dm, err := b.directChannel(ctx, user)
	if err == nil {
		o := render.Pack(render.Say(text), true)[0]
		o.Nonce, o.Enforce = nonce(event, 0), true
		err = b.postOne(ctx, dm, o)
	}
	if err != nil && !discord.HasCode(err, discord.CodeCannotDM) {
		b.log.Warn("send a direct message", "error", err)
	}
}
