package bot

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"verbatim/answer"
	"verbatim/bot/discordtest"
	"verbatim/bot/render"
)

const edits = "/webhooks/*/*/messages/@original"

// written is a model at work: it reports what is found, then each point with
// its quote as next lets it, and ends when next says so once more.
func written(next <-chan struct{}) func(answer.Request, *answer.Answer) {
	return func(r answer.Request, a *answer.Answer) {
		a.Mode, a.Points = answer.ModeModel, nil
		for i, q := range a.Quotes {
			a.Points = append(a.Points, answer.Point{Text: q.Text(), Quotes: []int{i + 1}})
		}
		a.Text = answer.Prose(a.Points)
		if r.Progress == nil {
			return
		}
		r.Progress(answer.Progress{Understood: "How many crossed the _river_?"})
		r.Progress(answer.Progress{Searched: &a.Searched})
		found := append([]answer.Quote{}, a.Quotes...)
		for i := range found {
			found[i].N = 0
		}
		r.Progress(answer.Progress{Found: found})
		for i := range a.Points {
			<-next
			r.Progress(answer.Progress{Points: a.Points[:i+1], Quotes: a.Quotes[:i+1]})
		}
		<-next
	}
}

func editOf(t *testing.T, r discordtest.Request) discordtest.Message {
	t.Helper()
	var e struct {
		discordtest.Message
		Mentions *struct {
			Parse []string `json:"parse"`
		} `json:"allowed_mentions"`
	}
	check(t, json.Unmarshal(r.Body, &e))
	if e.Mentions == nil || e.Mentions.Parse == nil || len(e.Mentions.Parse) != 0 {
		t.Errorf("an edit may mention somebody: %s", r.Body)
	}
	return e.Message
}

// TestAnswerComesInParts holds what is shown while a model writes, that edits
// keep their distance, and that the last one is what it would be without.
func TestAnswerComesInParts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		next := make(chan struct{})
		w := start(t, discordtest.Options{}, func(o *Options) {
			deskOf(o).meanwhile = written(next)
		})
		const question = "How many soldiers crossed the *river*?"
		c := w.srv.Slash(inNewsroom, "ask", ask(question)...)
		sent, err := w.srv.WaitRequests(within(t), "PATCH", edits, 1)
		check(t, err)
		first := editOf(t, sent[0])
		for _, want := range []string{"How many soldiers crossed the *river*?\n-# Understood as: How many crossed the \\_river\\_?\n> In all, 1,037 soldiers", "\n-# Kabul Now", "\nsearched 2 articles of 2021-07-04 to 2021-07-06 · the model is reading …"} {
			if !strings.Contains(seen(first), want) {
				t.Errorf("the first edit lacks %q: %s", want, seen(first))
			}
		}
		if len(first.Components) != 0 || strings.Contains(seen(first), "[1]") {
			t.Errorf("the first edit is %+v", first)
		}
		for range 3 {
			next <- struct{}{} // when the third is taken, two points have been reported
		}
		time.Sleep(editEvery - time.Millisecond)
		if n := len(w.srv.Requests("PATCH", edits)); n != 1 {
			t.Errorf("%d edits before the time", n)
		}
		sent, err = w.srv.WaitRequests(within(t), "PATCH", edits, 2)
		check(t, err)
		second := editOf(t, sent[1])
		for _, want := range []string{"\n-# Understood as: How many crossed the \\_river\\_?\nIn all, 1,037", "guard said. [1] ", "\n-# [1] Kabul Now", " statements checked, the model is still at work …"} {
			if !strings.Contains(seen(second), want) {
				t.Errorf("the second edit lacks %q: %s", want, seen(second))
			}
		}
		if len(second.Components) != 0 {
			t.Errorf("buttons under half an answer: %s", sent[1].Body)
		}
		close(next)
		whole, err := c.WaitReply(within(t), func(m discordtest.Message) bool { return len(m.Components) > 0 })
		check(t, err)
		if strings.Contains(seen(whole), "at work") || !strings.Contains(seen(whole), "quoted from") {
			t.Errorf("the answer: %s", seen(whole))
		}
		sent = w.srv.Requests("PATCH", edits)
		if len(sent) != 3 {
			t.Errorf("%d edits", len(sent))
		}
		w.sameAsMention(question, seen(editOf(t, sent[2])))
	})
}

// sameAsMention holds that a mention, of which no parts are shown, is answered
// with the same text.
func (w *world) sameAsMention(question, want string) {
	w.t.Helper()
	m, err := w.srv.WaitReplyTo(within(w.t), w.srv.Mention(general, question))
	check(w.t, err)
	if seen(m) != want {
		w.t.Errorf("a mention is answered with\n%s\nwant\n%s", seen(m), want)
	}
}

// TestLastEditIsTheWholeAnswer holds that a slow edit of a part is waited for,
// and that the answer comes whatever becomes of the parts.
func TestLastEditIsTheWholeAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(slow <-chan struct{}) discordtest.Fault
		edits int
	}{
		"slow": {func(slow <-chan struct{}) discordtest.Fault {
			return discordtest.Fault{Method: "PATCH", Route: edits, Until: slow}
		}, 2},
		"rate limited": {func(<-chan struct{}) discordtest.Fault {
			return discordtest.RateLimited("PATCH", edits, 0.05, 1, false, false)
		}, 2},
		"ill": {func(<-chan struct{}) discordtest.Fault { return discordtest.ServerError("PATCH", edits, 502, 1, false) }, 2},
		"silent": {func(<-chan struct{}) discordtest.Fault {
			return discordtest.Fault{Method: "PATCH", Route: edits, Hang: true}
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				slow, answered := make(chan struct{}), make(chan struct{})
				w := start(t, discordtest.Options{}, nil)
				w.desk.meanwhile = func(r answer.Request, a *answer.Answer) {
					defer close(answered)
					r.Progress(answer.Progress{Searched: &a.Searched})
					r.Progress(answer.Progress{Found: a.Quotes})
					if err := w.srv.Until(within(t), func() bool { return len(w.srv.Requests("PATCH", edits)) == 1 }); err != nil {
						t.Error(err)
					}
				}
				w.srv.Break(c.fault(slow))
				call := w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
				<-answered
				close(slow)
				m, err := call.WaitReply(within(t), func(m discordtest.Message) bool { return len(m.Components) > 0 })
				check(t, err)
				sent := w.srv.Requests("PATCH", edits)
				if len(sent) != c.edits || !bytes.Contains(sent[0].Body, []byte("the model is reading")) {
					t.Errorf("%d edits, the first %s", len(sent), sent[0].Body)
				}
				if last := editOf(t, sent[len(sent)-1]); seen(last) != seen(m) || strings.Contains(seen(m), "reading") {
					t.Errorf("the last edit is %q, the message %q", seen(last), seen(m))
				}
			})
		})
	}
}

// TestNoPartsWithoutModel holds that an answer without a model is one edit, and
// that a mention is answered by one message.
func TestNoPartsWithoutModel(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) {
			deskOf(o).meanwhile = func(r answer.Request, a *answer.Answer) {
				if r.Progress != nil {
					r.Progress(answer.Progress{Searched: &a.Searched})
					r.Progress(answer.Progress{Quotes: a.Quotes})
				}
			}
		})
		w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
		if n := len(w.srv.Requests("PATCH", edits)); n != 1 {
			t.Errorf("%d edits", n)
		}
		_, err := w.srv.WaitReplyTo(within(t), w.srv.Mention(general, "How many soldiers crossed?"))
		check(t, err)
		if n := len(w.srv.Requests("POST", "/channels/*/messages")); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

// TestPartFitsAMessage holds that a part is one message that Discord takes,
// with quotes whole or not at all, and escaped as in the answer.
func TestPartFitsAMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		body := "@everyone <@55> said **no** `now`.\n" + strings.Repeat("A long, long sentence 🪖 of a_soldier who crossed. ", 30) + "\nShort.\n"
		a := newArticle("x", "Out*let", "A [title](x)", "2021-07-04", "", body)
		var p parts
		p.question = strings.Repeat("*", render.MaxQuestion)
		p.add(answer.Progress{Searched: &answer.Searched{Articles: 3}})
		var found []answer.Quote
		for _, q := range lines(a) {
			found = append(found, answer.Quote{Quote: q})
		}
		p.add(answer.Progress{Found: found})
		numbered := append([]answer.Quote{}, found...)
		for i := range numbered {
			numbered[i].N = i + 1
		}
		for i := range 4 {
			out := packPart(p.render(), true)
			if n := render.Units(out.Content); n > render.MaxContent || !strings.HasPrefix(out.Content, "**\\*") {
				t.Errorf("with %d points: %d units: %s", i, n, out.Content)
			}
			if pinging.MatchString(out.Content) || strings.Contains(out.Content, "A long, long sentence") {
				t.Errorf("with %d points: a mention, or a quote that does not fit: %s", i, out.Content)
			}
			if i == 1 && !strings.Contains(out.Content, render.QuoteBlock(1, &found[0]).Text) {
				t.Errorf("the quote is not as in the answer: %s", out.Content)
			}
			point := answer.Point{Text: strings.Repeat("A long, long point. ", 30), Quotes: []int{1}}
			p.add(answer.Progress{Points: append(slices.Clone(p.points), point), Quotes: numbered[:min(i+1, len(numbered))]})
		}
	})
}
