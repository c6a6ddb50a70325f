package bot

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/internal/settings"
)

// missing makes routes that are not there.
func missing(routes ...string) []discordtest.Fault {
	var out []discordtest.Fault
	for _, r := range routes {
		out = append(out, discordtest.Refused("", r, http.StatusNotFound, 0, -1))
	}
	return out
}

// TestServerThatLacksMuch answers on a server of Discord's protocol that has
// little more than what an answer takes.
func TestServerThatLacksMuch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		lacking := missing("/gateway/bot", "/oauth2/applications/@me", "/applications/@me", "/users/@me/guilds", "/channels/*/typing", "/channels/*/messages/*/threads")
		lacking = append(lacking, discordtest.Refused("GET", "/applications/*/commands", http.StatusMethodNotAllowed, 0, -1))
		w := launch(t, fastIdentify(), func(o *Options) {
			o.Thread = settings.ThreadOpen
		}, func(s *discordtest.Server) { s.Break(lacking...) })
		w.answers()
		w.log.wait(within(t), "commands registered")
		m := w.srv.Mention(general, "How many soldiers crossed?")
		got, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		if !strings.Contains(seen(got), "1,037 soldiers") {
			t.Errorf("mention: %q", seen(got))
		}
		for _, f := range Check(within(t), w.options()) {
			if !f.OK {
				t.Errorf("fault: %+v", f)
			}
		}
		if _, err := Invite(within(t), w.options()); err != nil {
			t.Error(err)
		}
	})
}

// TestREADYThatTellsLittle wants the bot to know itself all the same: it could
// not tell otherwise that it is mentioned.
func TestREADYThatTellsLittle(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := launch(t, fastIdentify(), nil, func(s *discordtest.Server) {
			s.At(discordtest.OnIdentify, discordtest.SendRaw([]byte(`{"op":0,"s":1,"t":"READY","d":{"v":9,"session_id":"none"}}`)))
		})
		w.log.wait(within(t), "commands registered")
		// What the fake server does not count as a session gets its events by hand.
		_, e := w.srv.Post(discordtest.Message{ChannelID: general, Content: "<@" + w.srv.BotUser().ID + "> how many soldiers crossed?"})
		data, err := json.Marshal(e.Data)
		check(t, err)
		w.srv.Do(discordtest.SendRaw([]byte(`{"op":0,"s":2,"t":"MESSAGE_CREATE","d":` + string(data) + `}`)))
		_, err = w.srv.WaitMessage(within(t), general, func(m discordtest.Message) bool { return strings.Contains(seen(m), "1,037 soldiers") })
		check(t, err)
	})
}

// TestOneBadCommandSpoilsNoOther lets the server refuse one command.
func TestOneBadCommandSpoilsNoOther(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := launch(t, fastIdentify(), nil, func(s *discordtest.Server) {
			s.Break(discordtest.Fault{Method: "POST", Route: "/applications/*/commands", Skip: 2, Status: http.StatusBadRequest, Body: `{"code":50035,"message":"Invalid Form Body"}`})
		})
		w.log.wait(within(t), "register commands")
		if n := len(w.srv.Requests(http.MethodPost, "/applications/*/commands")); n != 11 {
			t.Errorf("%d commands were written, want 11", n)
		}
	})
}

func TestOtherTypesOfFields(t *testing.T) {
	var g discord.Guild
	err := discord.Decode([]byte(`{"id":"9","owner_id":null,"joined_at":"yesterday","name":7,"roles":[{"id":"9","permissions":3072},null],"threads":"none",
		"channels":[{"id":"1","type":0,"permission_overwrites":[{"id":"9","type":"role","allow":1024,"deny":"0"}]},null]}`), &g)
	check(t, err)
	if !g.Joined().IsZero() || len(g.Channels) != 2 || g.Can("5", &g.Channels[0]) != 3072 {
		t.Errorf("read as %+v, with the permissions %d", g, g.Can("5", &g.Channels[0]))
	}
	// An id that is misread would make a question in a server one in a direct message.
	if err := discord.Decode([]byte(`{"id":"1","guild_id":100}`), &discord.Message{}); err == nil {
		t.Error("a guild_id that is no string is passed over")
	}
}
