package bot

import (
	"strings"
	"testing"

	"verbatim/bot/discordtest"
)

func TestAskIsAnsweredWithQuotes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		c := w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
		ack, err := c.Ack(within(t))
		check(t, err)
		if ack.Type != discordtest.RespondDeferred || ack.Ephemeral {
			t.Errorf("acknowledged with %+v, want a public deferral", ack)
		}
		m := w.reply(c)
		for _, want := range []string{
			"How many soldiers crossed?",
			"\n> In all, 1,037 soldiers crossed the river into Tajikistan, the border guard said.",
			"Kabul Now, 2021-07-04 (inferred)",
			"(<https://example.org/border#:~:text=In%20all%2C",
			"Answered · quoted from 2 articles",
			"as of 2021-07-07",
		} {
			if !strings.Contains(seen(m), want) {
				t.Errorf("answer lacks %q:\n%s", want, seen(m))
			}
		}
		if strings.Contains(seen(m), "server 300") {
			t.Errorf("quote of another server's article:\n%s", seen(m))
		}
	})
}

func TestMentionIsAnsweredAsReply(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		m := w.srv.Mention(general, "wait: how many soldiers crossed?")
		_, err := w.srv.WaitRequests(within(t), "POST", "/channels/*/typing", 1)
		check(t, err)
		close(w.desk.release)
		got, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		if !strings.Contains(seen(got), "> In all, 1,037 soldiers") {
			t.Errorf("answer: %s", seen(got))
		}
	})
}

func TestDirectMessageIsAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		m := w.srv.Direct(discordtest.User{ID: "55", Username: "ann"}, "How many soldiers crossed?")
		got, err := w.srv.WaitReplyTo(within(t), m)
		check(t, err)
		if !strings.Contains(seen(got), "> In all, 1,037 soldiers") {
			t.Errorf("answer: %s", seen(got))
		}
	})
}

func TestButtonsWorkAfterRestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		answer := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
		// All that a restarted bot has is the message itself.
		for _, test := range []struct{ label, want string }{
			{"Context of 1", "The governor spoke on Sunday.\n> In all"},
			{"More sources", "How many soldiers crossed?\nMore sources"},
			{"👍", "Thank you"},
		} {
			c := w.srv.Press(inNewsroom, answer, buttonID(t, answer, test.label))
			ack, err := c.Ack(within(t))
			check(t, err)
			m := w.reply(c)
			if !strings.Contains(seen(m), test.want) || !ack.Ephemeral {
				t.Errorf("%s: ephemeral %v, %q, want %q", test.label, ack.Ephemeral, seen(m), test.want)
			}
		}
		form, err := w.srv.Press(inNewsroom, answer, buttonID(t, answer, "What is wrong?")).Modal(within(t))
		check(t, err)
		m := w.reply(w.srv.Submit(inNewsroom, form, map[string]string{"text": "a source is missing"}, &answer))
		if !strings.Contains(seen(m), "Thank you") {
			t.Errorf("complaint: %q", seen(m))
		}
		kept := w.memory.feedback["55"]
		if len(kept) != 2 || kept[0].Right == kept[1].Right || kept[1].Reason != "a source is missing" ||
			kept[1].Question != "How many soldiers crossed?" || len(kept[1].Refs) == 0 || kept[1].Answer != answer.ID {
			t.Errorf("feedback kept: %+v", kept)
		}
		shown := w.reply(w.srv.Slash(inNewsroom, "privacy"))
		if want := "**Of you** I keep 2 pieces of feedback now, from 2026-08-01 to 2026-08-03."; !strings.Contains(shown.Content, want) {
			t.Errorf("privacy: %q, want %q", shown.Content, want)
		}
		form, err = w.srv.Press(inNewsroom, answer, buttonID(t, answer, "Follow up")).Modal(within(t))
		check(t, err)
		m = w.reply(w.srv.Submit(inNewsroom, form, map[string]string{"text": "And who gave refuge?"}, &answer))
		if !strings.Contains(seen(m), "And who gave refuge?") {
			t.Errorf("follow-up: %q", seen(m))
		}
		last := w.desk.requests()[1]
		if len(last.History) != 1 || last.History[0].Question != "How many soldiers crossed?" || !strings.Contains(last.History[0].Answer, "1,037 soldiers") {
			t.Errorf("history: %+v", last.History)
		}
	})
}
