package bot

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
)

// fastIdentify lets sessions follow each other at once.
func fastIdentify() discordtest.Options {
	return discordtest.Options{MaxConcurrency: 1000, HeartbeatInterval: 100 * time.Millisecond}
}

// answers asks until a question is answered, as a user would whose bot was
// away for a moment, and fails the test where none is.
func (w *world) answers() {
	w.t.Helper()
	ctx := within(w.t)
	for {
		check(w.t, w.srv.WaitConnected(ctx, 1))
		c := w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
		m, err := c.Reply(shortly(w.t))
		if err == nil && strings.Contains(seen(m), "1,037 soldiers") {
			return
		}
		if ctx.Err() != nil {
			w.t.Fatal("no answer after the fault")
		}
	}
}

func TestFaultsOfTheGatewayAreSurvived(t *testing.T) {
	actions := map[string]discordtest.Action{
		"reconnect": discordtest.Reconnect(), "invalid session": discordtest.InvalidSession(false), "invalid, resumable": discordtest.InvalidSession(true),
		"close 4000": discordtest.CloseWith(4000, "unknown"), "close 4009": discordtest.CloseWith(4009, "timed out"), "cut": discordtest.Cut(),
		"silence": discordtest.Silence(), "garbage": discordtest.SendRaw([]byte("{")),
		"late": discordtest.Delay(300 * time.Millisecond), "too late": discordtest.Delay(2500 * time.Millisecond),
	}
	moments := map[string]discordtest.Moment{
		"before hello": discordtest.BeforeHello, "on identify": discordtest.OnIdentify, "after ready": discordtest.AfterReady,
		"on resume": discordtest.OnResume, "mid stream": discordtest.MidStream,
	}
	for what, action := range actions {
		for when, moment := range moments {
			t.Run(what+" "+when, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					if moment == discordtest.OnResume || moment == discordtest.MidStream {
						w := start(t, fastIdentify(), nil)
						w.srv.At(moment, action)
						if moment == discordtest.OnResume {
							w.srv.Do(discordtest.Cut())
							_, err := w.srv.WaitGateway(within(t), "resume", 1)
							check(t, err)
						} else {
							w.srv.Say(general, "an event")
						}
						w.answers()
						return
					}
					srv := fastIdentify()
					w := launch(t, srv, nil, func(s *discordtest.Server) { s.At(moment, action) })
					w.answers()
				})
			})
		}
	}
}

func TestSessionIsResumed(t *testing.T) {
	for name, action := range map[string]discordtest.Action{
		"cut": discordtest.Cut(), "reconnect": discordtest.Reconnect(),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := start(t, fastIdentify(), nil)
				w.srv.Do(action)
				_, err := w.srv.WaitGateway(within(t), "close", 1)
				check(t, err)
				m := w.srv.Mention(general, "How many soldiers crossed?") // while the bot is away
				_, err = w.srv.WaitGateway(within(t), "resumed", 1)
				check(t, err)
				got, err := w.srv.WaitReplyTo(within(t), m)
				check(t, err)
				if !strings.Contains(seen(got), "1,037") {
					t.Errorf("answer: %s", seen(got))
				}
			})
		})
	}
}

func TestMissingAcksReplaceTheConnection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, fastIdentify(), nil)
		w.srv.WithholdAcks(true)
		_, err := w.srv.WaitGateway(within(t), "resume", 1)
		check(t, err)
		w.srv.WithholdAcks(false)
		w.answers()
	})
}

func TestFatalClosesEndTheProcess(t *testing.T) {
	for code, want := range map[int]error{4004: discord.ErrToken, 4010: discord.ErrShards, 4011: discord.ErrShards, 4012: discord.ErrVersion, 4013: discord.ErrIntents, 4014: discord.ErrIntents} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := launch(t, fastIdentify(), nil, func(s *discordtest.Server) {
					s.At(discordtest.OnIdentify, discordtest.CloseWith(code, ""))
				})
				w.endsWith(want)
			})
		})
	}
	t.Run("message content not allowed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := launch(t, fastIdentify(), func(o *Options) { o.MessageContent = true })
			w.endsWith(discord.ErrIntents)
		})
	})
	t.Run("wrong token", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := launch(t, fastIdentify(), func(o *Options) { o.Token = "a-wrong-secret" })
			w.endsWith(discord.ErrToken)
			if w.log.has("a-wrong-secret") {
				t.Error("the token stands in the log")
			}
		})
	})
}

// endsWith waits for the end of Run and checks its error.
func (w *world) endsWith(want error) {
	w.t.Helper()
	select {
	case err := <-w.ended:
		w.ended <- nil // for close
		if !errors.Is(err, want) {
			w.t.Errorf("ended with %v, want %v", err, want)
		}
	case <-within(w.t).Done():
		w.t.Fatal("bot goes on")
	}
}

func TestWhatCanBeNoTokenIsOneSentence(t *testing.T) {
	for _, token := range []string{"two\nlines", "a b", "tok\x01en", "tök"} {
		o := Options{Token: token, APIURL: "http://127.0.0.1:1"}
		if err := Run(t.Context(), o); !errors.Is(err, ErrForm) || strings.Contains(err.Error(), token) {
			t.Errorf("%q: run: %v", token, err)
		}
		if _, err := Invite(t.Context(), o); !errors.Is(err, ErrForm) {
			t.Errorf("%q: invite: %v", token, err)
		}
		if f := Check(t.Context(), o); len(f) != 1 || f[0].OK || f[0].Mend != ErrForm.Error() {
			t.Errorf("%q: check: %+v", token, f)
		}
	}
}

func TestNoTokenIsOneSentence(t *testing.T) {
	if err := Run(t.Context(), Options{}); !errors.Is(err, ErrNoToken) {
		t.Errorf("got %v", err)
	}
}

func TestEventsTwiceAndInAnyOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		first, a := w.srv.Post(discordtest.Message{ChannelID: general, Content: "<@" + w.srv.BotUser().ID + "> how many soldiers crossed?"})
		second, b := w.srv.Post(discordtest.Message{ChannelID: general, Content: "<@" + w.srv.BotUser().ID + "> who sought refuge?"})
		c := w.srv.NewCall(inNewsroom, discordtest.KindCommand, map[string]any{"name": "help", "type": 1}, nil)
		w.srv.Dispatch(b, a, a, b, c.Event(), c.Event())
		for _, m := range []discordtest.Message{first, second} {
			_, err := w.srv.WaitReplyTo(within(t), m)
			check(t, err)
		}
		w.reply(c)
		w.srv.Dispatch(a, c.Event())
		w.answers()
		n := 0
		for _, m := range w.srv.Messages(general) {
			if m.Author.ID == w.srv.BotUser().ID && m.Reference != nil {
				n++
			}
		}
		if n != 2 || len(w.srv.Requests(http.MethodPost, "/interactions/"+c.ID+"/*/callback")) != 1 {
			t.Errorf("%d answers to 2 mentions that came twice", n)
		}
	})
}

func TestUnknownComponentsSpoilNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		m, e := w.srv.Post(discordtest.Message{ChannelID: general, Content: "<@" + w.srv.BotUser().ID + "> how many soldiers crossed?",
			Components: []discordtest.Component{{Type: 99, CustomID: "x", Components: []discordtest.Component{{Type: 77}}}}})
		w.srv.Dispatch(e)
		_, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		got := w.reply(w.srv.MessageCommand(inNewsroom, menuName, discordtest.Message{ID: m.ID, ChannelID: general, Content: "1,037 soldiers", Components: m.Components}))
		if !strings.Contains(seen(got), "1,037 soldiers\nSources for") {
			t.Errorf("menu: %q", seen(got))
		}
	})
}

func TestHugeServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		huge := discordtest.HugeGuild("900", 500, 2000)
		w := start(t, discordtest.Options{Guilds: append(testGuilds(), huge)}, nil)
		w.answers()
	})
}

func TestShardsServeTheirServers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		even, odd := strconv.Itoa(4<<22), strconv.Itoa(5<<22)
		srv := discordtest.Options{Shards: 2, MaxConcurrency: 1000, Guilds: []discordtest.Guild{
			{ID: even, Name: "even", Channels: []discordtest.Channel{{ID: "1"}}}, {ID: odd, Name: "odd", Channels: []discordtest.Channel{{ID: "2"}}}}}
		w := start(t, srv, nil)
		for _, channel := range []string{"1", "2"} {
			m := w.srv.Mention(channel, "How many soldiers crossed?")
			_, err := w.srv.WaitReplyTo(within(t), m)
			check(t, err)
		}
		if n := len(w.srv.Requests(http.MethodPost, "/applications/*/commands")); n != 11 {
			t.Errorf("%d commands written by two shards, want 11", n)
		}
		part := start(t, srv, func(o *Options) { o.Shards = discord.Shards{Count: 2, From: 1} })
		m := part.srv.Mention("2", "How many soldiers crossed?")
		_, err := part.srv.WaitReplyTo(within(t), m)
		check(t, err)
	})
}
