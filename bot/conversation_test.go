package bot

import (
	"strings"
	"testing"
	"time"

	"verbatim/answer"
	"verbatim/bot/discordtest"
	"verbatim/bot/render"
	"verbatim/internal/settings"
)

// TestSmallTalkIsNoQuestion thanks and greets in each kind of place.
func TestSmallTalkIsNoQuestion(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := reading(t, func(o *Options) { o.Thread = settings.ThreadOpen })
		for _, words := range []string{"thank you!", "good morning everyone", "I agree with that.", "good bot", "lol", "👍"} {
			m, err := w.srv.WaitReplyTo(within(t), w.srv.Mention(general, words))
			check(t, err)
			if len(m.Embeds) > 0 || strings.Count(m.Content, "\n") > 0 || len(m.Content) > 80 {
				t.Errorf("%q is answered %q", words, seen(m))
			}
			w.srv.Say(askHere, words)
			time.Sleep(time.Minute)
		}
		dm, err := w.srv.WaitReplyTo(within(t), w.srv.Direct(discordtest.User{ID: "57"}, "hello!"))
		check(t, err)
		if !strings.Contains(dm.Content, "Ask me anything") {
			t.Errorf("a greeting is answered %q", seen(dm))
		}
		if m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("thanks!")...)); m.Content != "You are welcome." {
			t.Errorf("/ask thanks is answered %q", seen(m))
		}
		for _, m := range w.srv.Messages(askHere) {
			if m.Author.ID == w.srv.BotUser().ID && !strings.HasPrefix(m.Content, "Hello") {
				t.Errorf("said in an ask channel: %q", seen(m))
			}
		}
		if n := len(w.desk.requests()); n != 0 {
			t.Errorf("%d questions were asked", n)
		}
		if n := len(w.srv.Requests("POST", "/channels/*/messages/*/threads")); n != 0 {
			t.Errorf("%d threads are opened", n)
		}
	})
}

// TestNoThreadForARefusal holds that a thread is opened only for an answer.
func TestNoThreadForARefusal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Thread = settings.ThreadOpen })
		for _, words := range []string{"Zebras?", "", strings.Repeat("why ", 200)} {
			_, err := w.srv.WaitReplyTo(within(t), w.srv.Mention(general, words))
			check(t, err)
		}
		if n := len(w.srv.Requests("POST", "/channels/*/messages/*/threads")); n != 0 {
			t.Errorf("%d threads are opened", n)
		}
	})
}

// TestDirectMessageIsAConversation asks twice, and again the next day.
func TestDirectMessageIsAConversation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		ann := discordtest.User{ID: "57", Username: "ann"}
		for n, question := range []string{"How many soldiers crossed?", "How many sought refuge?", "Zebras?", "And why did soldiers cross?"} {
			if n == 3 {
				time.Sleep(24 * time.Hour)
			}
			_, err := w.srv.WaitReplyTo(within(t), w.srv.Direct(ann, question))
			check(t, err)
		}
		var got []string
		for _, r := range w.desk.requests() {
			var turns []string
			for _, h := range r.History {
				turns = append(turns, h.Question)
			}
			got = append(got, strings.Join(turns, " / "))
		}
		want := "; How many soldiers crossed?; How many soldiers crossed? / How many sought refuge?; "
		if strings.Join(got, "; ") != want {
			t.Errorf("histories %q, want %q", strings.Join(got, "; "), want)
		}
	})
}

// TestTurnsAreReadBack reads what a follow-up was understood as, and none of the
// bylines.
func TestTurnsAreReadBack(t *testing.T) {
	for name, note := range map[string]string{"rewritten": answer.UnderstoodAs + "Why did _Afghan_ soldiers flee?", "in context": answer.InContext + "How many soldiers fled?"} {
		for _, plain := range []bool{true, false} {
			a := &answer.Answer{Status: answer.StatusAnswered, Notes: []string{note}, Quotes: shapeQuotes(t)[:1]}
			got := render.Turns(received(t, render.Pack(render.Answer("why?", a, render.Scope{}, ""), plain)[0]))
			want := []answer.Turn{{Question: "Why did _Afghan_ soldiers flee?"}}
			if name == "in context" {
				want = []answer.Turn{{Question: "How many soldiers fled?"}, {Question: "why?"}}
			}
			if len(got) != len(want) {
				t.Fatalf("%s: %+v", name, got)
			}
			for i := range got {
				if got[i].Question != want[i].Question {
					t.Errorf("%s: turn %d is %q, want %q", name, i, got[i].Question, want[i].Question)
				}
			}
			said := got[len(got)-1].Answer
			if !strings.Contains(said, "In all, 1,037 soldiers") || strings.Contains(said, "Kabul Now") || strings.Contains(said, "Understood") {
				t.Errorf("%s: answered %q", name, said)
			}
		}
	}
}
