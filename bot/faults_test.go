package bot

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discordtest"
	"verbatim/internal/settings"
)

// TestErrorLeavesAPublicMessage turns the pages of a public search while that
// cannot be done: the message stays, and the asker alone is told why.
func TestErrorLeavesAPublicMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		public := w.reply(w.srv.Slash(inNewsroom, "search", discordtest.Option{Name: "query", Type: 3, Value: "soldiers governor neighbours"}))
		next := buttonID(t, public, "Next")
		w.desk.fail = errBroken
		c := w.srv.Press(inNewsroom, public, next)
		m, err := c.WaitFollowup(within(t), 1)
		check(t, err)
		if seen(m) != wordsFault || !m.Ephemeral() {
			t.Errorf("told %q, to the asker alone: %v", seen(m), m.Ephemeral())
		}
		for _, kept := range w.srv.Messages(general) {
			if kept.ID == public.ID && (seen(kept) != seen(public) || len(kept.Components) != len(public.Components)) {
				t.Errorf("the public message is now %q", seen(kept))
			}
		}
	})
}

// TestThreadThatMayNotBeWrittenInto has an answer come in the channel, and no
// second empty thread.
func TestThreadThatMayNotBeWrittenInto(t *testing.T) {
	for name, announced := range map[string]bool{"told by an event": true, "found out": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := start(t, discordtest.Options{}, func(o *Options) { o.Thread = settings.ThreadOpen })
				e := w.srv.SetPermissions(general, discordtest.DefaultPermissions&^discordtest.PermSendInThreads)
				if announced {
					w.srv.Dispatch(e)
				}
				for range 3 {
					_, err := w.srv.WaitReplyTo(within(t), w.srv.Mention(general, "How many soldiers crossed?"))
					check(t, err)
				}
				if n := len(w.srv.Requests("POST", "/channels/*/messages/*/threads")); n > 1 {
					t.Errorf("%d threads are opened", n)
				}
				owner := w.srv.DM(discordtest.User{ID: "77"})
				m, err := w.srv.WaitMessage(within(t), owner.ID, func(discordtest.Message) bool { return true })
				check(t, err)
				if !strings.Contains(seen(m), "Send Messages in Threads") || m.Nonce == nil {
					t.Errorf("the owner is told %q, with the nonce %v", seen(m), m.Nonce)
				}
				time.Sleep(time.Minute)
				if n := len(w.srv.Messages(owner.ID)); n != 1 {
					t.Errorf("the owner is told %d times", n)
				}
			})
		})
	}
}

// TestGreetingIsTriedAgain holds that an illness of Discord is no lack of a
// permission.
func TestGreetingIsTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.srv.Break(discordtest.ServerError("POST", messages, 500, 12, false))
		e, err := w.srv.AddGuild(discordtest.Guild{ID: "400", Name: "New", OwnerID: "78", Channels: []discordtest.Channel{{ID: "402", Name: "open"}}})
		check(t, err)
		w.srv.Dispatch(e)
		time.Sleep(20 * time.Minute)
		if n := len(w.srv.Messages("402")); n != 1 {
			t.Errorf("greeted %d times", n)
		}
		if n := len(w.srv.Messages(w.srv.DM(discordtest.User{ID: "78"}).ID)); n != 0 {
			t.Error("the owner is told of a permission that does not lack")
		}
		e, err = w.srv.AddGuild(discordtest.Guild{ID: "500", Name: "Closed", OwnerID: "79", Channels: []discordtest.Channel{{ID: "502", Name: "closed", Permissions: discordtest.PermViewChannel}}})
		check(t, err)
		w.srv.Dispatch(e)
		m, err := w.srv.WaitMessage(within(t), w.srv.DM(discordtest.User{ID: "79"}).ID, func(discordtest.Message) bool { return true })
		check(t, err)
		if !strings.Contains(seen(m), "I was added to your server") || strings.Contains(seen(m), "asked") {
			t.Errorf("the owner is told %q", seen(m))
		}
	})
}

// TestNothingThinksForEver stops the bot as Docker does, which kills after ten
// seconds, with answers at work and waiting.
func TestNothingThinksForEver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Grace = 0 })
		var calls []*discordtest.Call
		for n := range 20 {
			in := inNewsroom
			in.User.ID = strconv.Itoa(60 + n)
			c := w.srv.Slash(in, "ask", ask("wait: how many soldiers crossed?")...)
			_, err := c.Ack(within(t))
			check(t, err)
			calls = append(calls, c)
		}
		synctest.Wait()
		begin := time.Now()
		w.stop()
		check(t, <-w.ended)
		w.ended <- nil
		if took := time.Since(begin); took > 8*time.Second {
			t.Errorf("the bot stops after %v", took)
		}
		for n, c := range calls {
			if m := w.reply(c); seen(m) != wordsRestart {
				t.Errorf("question %d: %q", n, seen(m))
			}
		}
		for _, r := range w.desk.requests()[len(calls)/5:] {
			if r.Mode != "extractive" {
				t.Errorf("a question that waited is asked of the mode %q", r.Mode)
			}
		}
	})
}

// TestSearchDoesNotWaitBehindAnswers fills all workers with answers.
func TestSearchDoesNotWaitBehindAnswers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Queue.Workers = 1 })
		for range 3 {
			w.srv.Slash(inNewsroom, "ask", ask("wait: how many soldiers crossed?")...)
		}
		synctest.Wait()
		begin := time.Now()
		w.reply(w.srv.Slash(inNewsroom, "search", discordtest.Option{Name: "query", Type: 3, Value: "soldiers"}))
		w.reply(w.srv.Slash(inNewsroom, "quote", discordtest.Option{Name: "words", Type: 3, Value: "good neighbours"}))
		if took := time.Since(begin); took > 0 {
			t.Errorf("waited %v", took)
		}
		close(w.desk.release)
	})
}

// TestOnlyAnswersCount turns pages, and asks what cannot be answered, more often
// than the limit of questions.
func TestOnlyAnswersCount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Limits.User = 3 })
		for range 10 {
			w.reply(w.srv.Slash(inNewsroom, "ask", ask("   ")...))
			w.reply(w.srv.Slash(inNewsroom, "ask", ask("Zebras?")...))
			w.reply(w.srv.Slash(inNewsroom, "search", discordtest.Option{Name: "query", Type: 3, Value: "soldiers"}))
		}
		for n := range 4 {
			m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
			if limited := strings.Contains(seen(m), "3 questions in a short time"); limited != (n == 3) {
				t.Errorf("question %d: %q", n+1, seen(m))
			}
		}
	})
}

func TestUnknownOutletIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		in := inNewsroom
		in.Permissions = discordtest.PermManageGuild
		set := func(names string) string {
			return seen(w.reply(w.srv.Slash(in, "verbatim", discordtest.Option{Name: "outlets", Type: 1,
				Options: []discordtest.Option{{Name: "names", Type: 3, Value: names}}})))
		}
		if got := set("kabul now, The Dayly Star"); !strings.Contains(got, "no outlet “The Dayly Star”. Did you mean “The Daily Star”?") {
			t.Errorf("told %q", got)
		}
		if got := set("kabul now"); !strings.Contains(got, "Kabul Now") {
			t.Errorf("told %q", got)
		}
	})
}

// TestOtherWaysToMention addresses the bot by its role, by an edit, and in reply
// to what somebody else wrote.
func TestOtherWaysToMention(t *testing.T) {
	bubble(t, func(t *testing.T) {
		guilds := testGuilds()
		guilds[0].Roles = []discordtest.Role{{ID: "501", Name: "verbatim", Managed: true, Permissions: "0", Tags: &discordtest.Tags{BotID: "900000000000000001"}}}
		w := start(t, discordtest.Options{Guilds: guilds, PrivilegedIntents: 1 << 15}, func(o *Options) { o.MessageContent = true })
		m, e := w.srv.Post(discordtest.Message{ChannelID: general, Content: "<@&501> How many soldiers crossed?", MentionRoles: []string{"501"}})
		w.srv.Dispatch(e)
		_, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)

		edited := w.srv.Say(general, "How many soldiers crossed?")
		w.srv.Dispatch(w.srv.Edit(edited.ID, "<@"+w.srv.BotUser().ID+"> How many soldiers crossed?"))
		_, err = w.srv.WaitReplyTo(within(t), edited)
		check(t, err)
		w.srv.Dispatch(w.srv.Edit(edited.ID, "<@"+w.srv.BotUser().ID+"> How many soldiers crossed??"))
		time.Sleep(time.Minute)
		n := 0
		for _, m := range w.srv.Messages(general) {
			if m.Reference != nil && m.Reference.MessageID == edited.ID {
				n++
			}
		}
		if n != 1 {
			t.Errorf("a message that was edited twice is answered %d times", n)
		}

		claim, _ := w.srv.Post(discordtest.Message{ChannelID: general, Content: "1,037 soldiers crossed the river"})
		for _, words := range []string{"is this true?", "", "source?"} {
			asked := w.srv.Reply(claim, "<@"+w.srv.BotUser().ID+"> "+words, false)
			got, err := w.srv.WaitReplyTo(within(t), asked)
			check(t, err)
			if last := w.desk.requests()[len(w.desk.requests())-1]; last.Question != "1,037 soldiers crossed the river" {
				t.Errorf("%q in reply to a claim asks %q and is answered %q", words, last.Question, seen(got))
			}
		}
	})
}

// TestHelpOutlastsAnIllness has Discord ill for a moment.
func TestHelpOutlastsAnIllness(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.srv.Break(discordtest.ServerError(http.MethodPost, callbacks, 500, 2, false))
		if m := w.reply(w.srv.Slash(inNewsroom, "help")); !strings.Contains(seen(m), "/ask") {
			t.Errorf("help: %q", seen(m))
		}
	})
}

// TestServerThatLeftMeanwhile removes the bot while it is not connected.
func TestServerThatLeftMeanwhile(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) {
			o.Settings.(*fakeMemory).settings["999"] = settings.Server{Outlets: []string{"AFP"}}
			o.Settings.(*fakeMemory).settings[newsroom] = settings.Server{Outlets: []string{"AFP"}}
		})
		time.Sleep(8 * 24 * time.Hour)
		for server, want := range map[string]bool{"999": false, newsroom: true} {
			s, err := w.memory.Settings(t.Context(), server)
			check(t, err)
			if kept := len(s.Outlets) > 0; kept != want {
				t.Errorf("server %s is kept: %v", server, kept)
			}
		}
	})
}

// TestUnansweredQuestions lists what two users asked in vain, to moderators, and
// only if the operator keeps it.
func TestUnansweredQuestions(t *testing.T) {
	for name, kept := range map[string]time.Duration{"off": 0, "on": 30 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := start(t, discordtest.Options{}, func(o *Options) { o.KeepUnanswered = kept })
				other := inNewsroom
				other.User = discordtest.User{ID: "56", Username: "bob"}
				w.reply(w.srv.Slash(inNewsroom, "ask", ask("What do zebras eat?")...))
				w.reply(w.srv.Slash(other, "ask", ask("What do zebras eat?")...))
				w.reply(w.srv.Slash(other, "ask", ask("Who is Bob?")...))
				list := func(in discordtest.Invocation) string {
					return seen(w.reply(w.srv.Slash(in, "verbatim", discordtest.Option{Name: "unanswered", Type: 1})))
				}
				moderator := inNewsroom
				moderator.Permissions = discordtest.PermManageGuild
				got := list(moderator)
				if shown := strings.Contains(got, "**2** askers, last on 2026-08-01: What do zebras eat?"); shown != (kept > 0) || strings.Contains(got, "Bob") {
					t.Errorf("listed: %q", got)
				}
				if got := list(inNewsroom); strings.Contains(got, "zebras") {
					t.Errorf("somebody else is shown %q", got)
				}
			})
		})
	}
}

// TestAskAHuman mentions the role that moderators named, and nobody else.
func TestAskAHuman(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		moderator := inNewsroom
		moderator.Permissions = discordtest.PermManageGuild
		w.reply(w.srv.Slash(moderator, "verbatim", discordtest.Option{Name: "human", Type: 1, Options: []discordtest.Option{{Name: "role", Type: 8, Value: "600"}}}))
		m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("What do zebras eat @everyone?")...))
		asked := w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "Ask a human")))
		if !strings.HasPrefix(asked.Content, "<@&600> <@55> asks") || !strings.Contains(asked.Content, "What do zebras eat") {
			t.Errorf("asked %q", asked.Content)
		}
		sent := w.srv.Requests("PATCH", originals)
		if last := string(sent[len(sent)-1].Body); !strings.Contains(last, `"allowed_mentions":{"parse":[],"roles":["600"],"replied_user":false}`) {
			t.Errorf("sent %s", last)
		}
	})
}
