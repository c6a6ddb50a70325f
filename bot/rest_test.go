package bot

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/internal/settings"
)

const (
	callbacks = "/interactions/*/*/callback"
	originals = "/webhooks/*/*/messages/@original"
	messages  = "/channels/*/messages"
)

// TestFaultsOfRESTAreSurvived breaks each request of an answer in each way,
// and wants the answer all the same, once.
func TestFaultsOfRESTAreSurvived(t *testing.T) {
	faults := map[string]discordtest.Fault{
		"ack 500":                discordtest.ServerError("POST", callbacks, 500, 1, false),
		"ack 502 after the work": discordtest.ServerError("POST", callbacks, 502, 1, true),
		"ack hangs":              {Method: "POST", Route: callbacks, Hang: true},
		"ack hangs after":        {Method: "POST", Route: callbacks, HangAfter: true},
		"ack limited":            discordtest.RateLimited("POST", callbacks, 0.2, 1, false, false),
		"ack limited, bare":      discordtest.RateLimited("POST", callbacks, 0.2, 1, false, true),
		"edit 500":               discordtest.ServerError("PATCH", originals, 500, 2, false),
		"edit 502 after":         discordtest.ServerError("PATCH", originals, 502, 1, true),
		"edit limited":           discordtest.RateLimited("PATCH", originals, 1.5, 2, false, false),
		"edit limited, bare":     discordtest.RateLimited("PATCH", originals, 0.3, 1, false, true),
		"edit limited globally":  discordtest.RateLimited("PATCH", originals, 0.3, 1, true, false),
		"edit garbled":           discordtest.Garbled("PATCH", originals, 1),
		"429 of no JSON": {Method: "PATCH", Route: originals, Status: 429, Body: "<html>slow down</html>",
			Header: http.Header{"Retry-After": {"1"}}},
		"429 that says nothing": {Method: "PATCH", Route: originals, Status: 429, Body: "error code: 1015"},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := start(t, discordtest.Options{}, nil)
				w.srv.Break(fault)
				m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
				if !strings.Contains(seen(m), "1,037 soldiers") {
					t.Errorf("answer: %q", seen(m))
				}
			})
		})
	}
}

func TestAnswerIsPostedOnce(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"502 after the work": discordtest.ServerError("POST", messages, 502, 1, true),
		"500 before":         discordtest.ServerError("POST", messages, 500, 2, false),
		"limited":            discordtest.RateLimited("POST", messages, 0.3, 1, false, false),
		"limited globally":   discordtest.RateLimited("POST", messages, 0.3, 1, true, true),
		"garbled":            discordtest.Garbled("POST", messages, 1),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := start(t, discordtest.Options{}, nil)
				w.srv.Break(fault)
				m := w.srv.Mention(general, "How many soldiers crossed?")
				_, err := w.srv.WaitReplyTo(within(t), m)
				check(t, err)
				w.answers() // whatever came twice has come by now
				n := 0
				for _, other := range w.srv.Messages(general) {
					if other.Reference != nil && other.Reference.MessageID == m.ID {
						n++
					}
				}
				if n != 1 {
					t.Errorf("answered %d times", n)
				}
			})
		})
	}
}

// TestLostInteractionIsAnsweredInTheChannel lets Discord forget interactions.
func TestLostInteractionIsAnsweredInTheChannel(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.srv.Break(discordtest.Refused("POST", callbacks, 404, discord.CodeUnknownInteraction, -1), discordtest.Refused("PATCH", originals, 404, discord.CodeUnknownWebhook, -1))
		w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
		_, err := w.srv.WaitMessage(within(t), general, func(m discordtest.Message) bool { return strings.Contains(seen(m), "1,037 soldiers") })
		check(t, err)
		w.srv.Slash(inNewsroom, "ask", ask("Who sought refuge?", discordtest.Option{Name: "private", Type: 5, Value: true})...)
		dm := w.srv.DM(inNewsroom.User)
		_, err = w.srv.WaitMessage(within(t), dm.ID, func(m discordtest.Message) bool { return strings.Contains(seen(m), "refuge") })
		check(t, err)
	})
}

// TestLimitOfOneAnswerDelaysNoOther holds one answer back and asks again.
func TestLimitOfOneAnswerDelaysNoOther(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.srv.Break(discordtest.RateLimited("PATCH", originals, 25, 1, false, false))
		slow := w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
		_, err := w.srv.WaitRequests(within(t), "PATCH", originals, 1)
		check(t, err)
		begin := time.Now()
		w.reply(w.srv.Slash(inNewsroom, "ask", ask("Who sought refuge?")...))
		if took := time.Since(begin); took > 0 {
			t.Errorf("the other answer waited %v", took)
		}
		_ = slow
	})
}

func TestMissingPermissionsAreToldInWords(t *testing.T) {
	t.Run("send", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := start(t, discordtest.Options{}, nil)
			w.srv.Dispatch(w.srv.SetPermissions(general, discordtest.PermViewChannel))
			w.srv.Mention(general, "How many soldiers crossed?")
			owner := w.srv.DM(discordtest.User{ID: "77"})
			m, err := w.srv.WaitMessage(within(t), owner.ID, func(discordtest.Message) bool { return true })
			check(t, err)
			if !strings.Contains(seen(m), "Send Messages") || !strings.Contains(seen(m), "general") {
				t.Errorf("the owner is told %q", seen(m))
			}
		})
	})
	t.Run("threads", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := start(t, discordtest.Options{}, func(o *Options) { o.Thread = settings.ThreadOpen })
			w.srv.Dispatch(w.srv.SetPermissions(general, discordtest.DefaultPermissions&^discordtest.PermCreatePublicThreads))
			m := w.srv.Mention(general, "How many soldiers crossed?")
			_, err := w.srv.WaitReplyTo(within(t), m)
			check(t, err)
			owner := w.srv.DM(discordtest.User{ID: "77"})
			told, err := w.srv.WaitMessage(within(t), owner.ID, func(discordtest.Message) bool { return true })
			check(t, err)
			if !strings.Contains(seen(told), "Create Public Threads") {
				t.Errorf("the owner is told %q", seen(told))
			}
		})
	})
	t.Run("history", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := start(t, discordtest.Options{}, nil)
			w.srv.Break(discordtest.Refused("POST", messages, 400, discord.CodeNoHistory, 1))
			w.srv.Mention(general, "How many soldiers crossed?")
			_, err := w.srv.WaitMessage(within(t), general, func(m discordtest.Message) bool { return strings.Contains(seen(m), "1,037") })
			check(t, err)
		})
	})
	t.Run("in help", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			w := start(t, discordtest.Options{}, nil)
			w.srv.Dispatch(w.srv.SetPermissions(general, discordtest.PermViewChannel|discordtest.PermSendMessages))
			m := w.reply(w.srv.Slash(inNewsroom, "help"))
			if !strings.Contains(seen(m), "I lack") || !strings.Contains(seen(m), "Attach Files") {
				t.Errorf("help: %q", seen(m))
			}
		})
	})
}
