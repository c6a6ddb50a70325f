package bot

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/internal/settings"
)

const messageContent = 1 << 15

// reading starts a bot that may read messages, in a server with an ask
// channel and an ask forum.
func reading(t *testing.T, change func(*Options)) *world {
	t.Helper()
	w := launch(t, discordtest.Options{PrivilegedIntents: messageContent}, func(o *Options) {
		o.MessageContent = true
		if change != nil {
			change(o)
		}
		o.Settings.(*fakeMemory).settings[newsroom] = settings.Server{AskChannels: []string{askHere, forum}}
	})
	w.log.wait(within(t), "commands registered")
	return w
}

func TestAskChannelAnswersEveryMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := reading(t, nil)
		elsewhere := w.srv.Say(general, "How many soldiers crossed?")
		m := w.srv.Say(askHere, "How many soldiers crossed?")
		_, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		_, post, err := w.srv.ForumPost(forum, "Soldiers at the border", "How many crossed?")
		check(t, err)
		got, err := w.srv.WaitReplyTo(within(t), post)
		check(t, err)
		if !strings.Contains(seen(got), "Soldiers at the border How many crossed?") {
			t.Errorf("forum post: %q", seen(got))
		}
		for _, other := range w.srv.Messages(general) {
			if other.ID != elsewhere.ID {
				t.Errorf("said in another channel: %q", seen(other))
			}
		}
	})
}

func TestBotsAndWebhooksAreNotAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := reading(t, nil)
		self := w.srv.BotUser()
		for _, m := range []discordtest.Message{
			{ChannelID: askHere, Content: "How many soldiers crossed?", Author: discordtest.User{ID: "91", Bot: true}},
			{ChannelID: askHere, Content: "How many soldiers crossed?", WebhookID: "92"},
			{ChannelID: askHere, Content: "How many soldiers crossed?", Author: self},
			{ChannelID: askHere, Content: "", Type: 7},
		} {
			_, e := w.srv.Post(m)
			w.srv.Dispatch(e)
		}
		last := w.srv.Say(askHere, "How many soldiers crossed?")
		_, err := w.srv.WaitReplyTo(within(t), last)
		check(t, err)
		if n := len(w.desk.requests()); n != 1 {
			t.Errorf("%d questions, want 1", n)
		}
	})
}

func TestThreadIsOpenedAndFollowed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := reading(t, func(o *Options) { o.Thread = settings.ThreadOpen })
		m := w.srv.Mention(general, "How many soldiers crossed?")
		first, err := w.srv.WaitMessage(within(t), m.ID, func(a discordtest.Message) bool { return strings.Contains(seen(a), "1,037") })
		check(t, err)
		next := w.srv.Say(first.ChannelID, "And how many sought refuge?") // no mention: the thread is the bot's own
		_, err = w.srv.WaitReplyTo(within(t), next)
		check(t, err)
		asked := w.desk.requests()
		if h := asked[len(asked)-1].History; len(h) != 1 || h[0].Question != "How many soldiers crossed?" || !strings.Contains(h[0].Answer, "1,037 soldiers") {
			t.Errorf("history: %+v", h)
		}
	})
}

func TestFollowUpByMentionInReply(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		m := w.srv.Mention(general, "How many soldiers crossed?")
		first, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		next := w.srv.Reply(first, "and how many sought refuge?", true)
		_, err = w.srv.WaitReplyTo(within(t), next)
		check(t, err)
		asked := w.desk.requests()
		if h := asked[len(asked)-1].History; len(h) != 1 || h[0].Question != "How many soldiers crossed?" {
			t.Errorf("history: %+v", h)
		}
	})
}

// TestReplyToCommandWithoutText is what Discord does where the Message
// Content intent is missing.
func TestReplyToCommandWithoutText(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		first := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
		next, e := w.srv.Post(discordtest.Message{ChannelID: general, Referenced: &first, Mentions: []discordtest.User{w.srv.BotUser()}})
		w.srv.Dispatch(e)
		got, err := w.srv.WaitReplyTo(within(t), next)
		check(t, err)
		if !strings.Contains(seen(got), "press Follow up") {
			t.Errorf("told %q", seen(got))
		}
		next = w.srv.Reply(first, "<@"+w.srv.BotUser().ID+"> and how many sought refuge?", true)
		got, err = w.srv.WaitReplyTo(within(t), next)
		check(t, err)
		if !strings.Contains(seen(got), "and how many sought refuge?") {
			t.Errorf("told %q", seen(got))
		}
	})
}

func TestMentionWithoutQuestionIsHelped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		m := w.srv.Mention(general, "")
		got, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		if !strings.Contains(seen(got), "/ask") {
			t.Errorf("told %q", seen(got))
		}
		long := w.srv.Mention(general, strings.Repeat("why ", 200))
		got, err = w.srv.WaitReplyTo(within(t), long)
		check(t, err)
		if seen(got) != wordsLong {
			t.Errorf("told %q", seen(got))
		}
	})
}

func TestNewServerIsGreetedOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		e, err := w.srv.AddGuild(discordtest.Guild{ID: "400", Name: "New", Channels: []discordtest.Channel{
			{ID: "401", Name: "closed", Permissions: discordtest.PermViewChannel}, {ID: "402", Name: "open"}}})
		check(t, err)
		w.srv.Dispatch(e)
		got, err := w.srv.WaitMessage(within(t), "402", func(discordtest.Message) bool { return true })
		check(t, err)
		golden(t, "greeting", show(got))
		w.srv.Dispatch(e)
		w.answers()
		if n := len(w.srv.Messages("402")); n != 1 {
			t.Errorf("greeted %d times", n)
		}
		if n := len(w.srv.Messages(general)); n > 0 {
			for _, m := range w.srv.Messages(general) {
				if strings.HasPrefix(seen(m), "Hello") {
					t.Error("an old server is greeted")
				}
			}
		}
	})
}

// TestRemovedServerIsForgotten holds that what is kept for a server goes when
// the bot is removed from it, and stays through an outage.
func TestRemovedServerIsForgotten(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		const other = "400"
		e, err := w.srv.AddGuild(discordtest.Guild{ID: other, Name: "New", Channels: []discordtest.Channel{{ID: "402", Name: "open"}}})
		check(t, err)
		w.srv.Dispatch(e)
		_, err = w.srv.WaitMessage(within(t), "402", func(discordtest.Message) bool { return true })
		check(t, err)
		for _, server := range []string{other, newsroom} {
			_, err = w.memory.UpdateSettings(t.Context(), server, func(s *settings.Server) error { s.Outlets = []string{"AFP"}; return nil })
			check(t, err)
			check(t, w.memory.AddFeedback(t.Context(), "55", settings.Feedback{Server: server}))
		}
		kept := func(server string) bool {
			s, err := w.memory.Settings(t.Context(), server)
			check(t, err)
			return len(s.Outlets) > 0
		}
		w.srv.Dispatch(discordtest.OutageEvent(other), discordtest.OutageEvent(newsroom))
		w.srv.Dispatch(w.srv.RemoveGuild(other))
		time.Sleep(6 * 24 * time.Hour)
		if !kept(other) {
			t.Error("the server is forgotten before its time")
		}
		select {
		case got := <-w.memory.forgotten:
			if got != other || kept(other) {
				t.Errorf("forgotten is %s, settings are left: %v", got, kept(other))
			}
		case <-time.After(8 * 24 * time.Hour):
			t.Fatal("the server is not forgotten")
		}
		k, err := w.memory.KeptOf(t.Context(), "55")
		check(t, err)
		if !kept(newsroom) || k.Feedback != 1 {
			t.Errorf("the other server has settings: %v, and %d pieces of feedback are left", kept(newsroom), k.Feedback)
		}
	})
}

func TestCheckFindsNoFaultAndNamesThem(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		o := w.options()
		for _, f := range Check(within(t), o) {
			if !f.OK {
				t.Errorf("fault: %+v", f)
			}
		}
		o.Token = "Bot wrong"
		if f := Check(within(t), o); len(f) != 1 || f[0].OK || !strings.Contains(f[0].Mend, "DISCORD_TOKEN") || strings.Contains(f[0].What+f[0].Mend, "wrong") {
			t.Errorf("wrong token: %+v", f)
		}
		o.Token = ""
		if f := Check(within(t), o); len(f) != 1 || f[0].OK || !strings.Contains(f[0].Mend, "DISCORD_TOKEN") {
			t.Errorf("no token: %+v", f)
		}
		o.Token = w.srv.Token()
		o.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route to host") }}
		if f := Check(within(t), o); len(f) != 1 || f[0].OK || f[0].Mend == "" {
			t.Errorf("no server: %+v", f)
		}
		o.Transport, o.MessageContent = w.srv.Transport(nil), true
		found := false
		for _, f := range Check(within(t), o) {
			found = found || !f.OK && strings.Contains(f.What, "Message Content")
		}
		if !found {
			t.Error("a missing intent is not found")
		}
	})
}

func TestInvite(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		got, err := Invite(within(t), w.options())
		check(t, err)
		u, err := url.Parse(got)
		check(t, err)
		q := u.Query()
		bits, ok := discord.Permissions(discord.Digits(q.Get("permissions")))
		if u.Host != "discord.com" || q.Get("client_id") != w.srv.BotUser().ID || q.Get("scope") != "bot applications.commands" || !ok ||
			len(discord.MissingPermissions(bits)) > 0 || bits&discord.PermAdministrator != 0 {
			t.Errorf("invite %s", got)
		}
	})
}

// TestForumPostBeforeItsThread has the message come before the event of the
// thread that it stands in.
func TestForumPostBeforeItsThread(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := reading(t, nil)
		id := w.srv.NewID()
		created, err := w.srv.AddChannel(discordtest.Channel{ID: id, GuildID: newsroom, Type: discordtest.ChannelThread, Name: "Soldiers at the border", ParentID: forum, OwnerID: "42"})
		check(t, err)
		post, e := w.srv.Post(discordtest.Message{ID: id, ChannelID: id, Content: "How many crossed?"})
		w.srv.Dispatch(e)
		got, err := w.srv.WaitReplyTo(within(t), post)
		check(t, err)
		if !strings.Contains(seen(got), "Soldiers at the border How many crossed?") {
			t.Errorf("forum post: %q", seen(got))
		}
		w.srv.Dispatch(created)
	})
}
