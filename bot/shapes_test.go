package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/bot/render"
	"verbatim/retrieval/corpus"
)

// shapeQuotes are quotes of three articles with the words that answer marked.
func shapeQuotes(t testing.TB) []answer.Quote {
	t.Helper()
	var out []answer.Quote
	for i, one := range []struct{ outlet, title, text, mark string }{
		{"Kabul Now", "Hundreds of soldiers cross the border", "In all, 1,037 soldiers crossed the river into Tajikistan, the border guard said.", "1,037"},
		{"The Daily Star", "Troops flee", "A total of 1,582 soldiers sought refuge, a journalist said in a tweet.", "1,582"},
		{"RFE/RL", "Tajikistan says it will take in more", "Some 300 servicemen were let in on 27 June as “good neighbours”.", "Some 300"},
		{"AFP", "The north falls", "More than 1,000 troops fled (on Monday) according to a statement: https://example.org/s.", "More than 1,000"},
		{"BBC", "Taliban advance", "It is said that over 1,000 fled.", "over 1,000"},
	} {
		a := newArticle(one.outlet, one.outlet, one.title, "2021-07-05", "https://example.org/"+one.outlet[:1], one.text+"\n")
		q, err := corpus.NewQuote(a, corpus.Span{End: len(one.text)})
		check(t, err)
		at := strings.Index(one.text, one.mark)
		out = append(out, answer.Quote{Quote: q, N: i + 1, Marks: []corpus.Span{{Start: at, End: at + len(one.mark)}}})
	}
	out[0].Also = []corpus.Ref{out[3].Ref(), out[4].Ref()}
	return out
}

// TestShapes keeps every shape of an answer as a golden file, with embeds and
// without.
func TestShapes(t *testing.T) {
	quotes := shapeQuotes(t)
	searched := answer.Searched{Articles: 5, From: "2021-07-04", To: "2021-07-06"}
	values := []answer.Value{{Text: "1,037", Articles: 3, Quotes: []int{1}, Group: 1}, {Text: "More than 1,000", Articles: 2, Quotes: []int{4}, Group: 1},
		{Text: "1,582", Articles: 1, Quotes: []int{2}, Group: 2}, {Text: "Some 300", Articles: 1, Quotes: []int{3}, Group: 3}}
	for name, a := range map[string]*answer.Answer{
		"answered": {Status: answer.StatusAnswered, Summary: values, Quotes: quotes, Sources: answer.Sources{Articles: 5}, Searched: searched,
			Notes: []string{"Understood as: How many soldiers crossed the river?"}},
		"described": {Status: answer.StatusAnswered, Quotes: quotes[:1], Sources: answer.Sources{Articles: 3}, Searched: searched},
		"unsure":    {Status: answer.StatusUnsure, Text: answer.UnsureText, Quotes: quotes[:2], Sources: answer.Sources{Articles: 2}, Searched: searched},
		"not_in":    {Status: answer.StatusNoEvidence, Text: answer.Refusal(searched), Nearest: quotes[:3], Searched: searched},
		"nothing":   {Status: answer.StatusNoEvidence, Text: answer.Refusal(answer.Searched{})},
		"model": {Status: answer.StatusAnswered, Mode: answer.ModeModel, Text: "At least 1,037 soldiers fled [1][4], by another count 1,582 [2].", Quotes: quotes,
			Sources: answer.Sources{Articles: 5}, Searched: searched, Dropped: 1},
	} {
		for form, plain := range map[string]bool{"": false, "_plain": true} {
			var all []shown
			for _, o := range render.Pack(render.Answer("How many soldiers crossed?", a, render.Scope{Outlet: "AFP"}, ""), plain) {
				if why := wrong([]discord.Outgoing{o}); why != "" {
					t.Errorf("%s: %s", name, why)
				}
				o.Attachments = nil
				raw, err := json.Marshal(o)
				check(t, err)
				var m discordtest.Message
				check(t, json.Unmarshal(raw, &m))
				all = append(all, show(m))
			}
			golden(t, "shape_"+name+form, all)
		}
	}
}

// TestWithoutEmbedLinks holds that an answer comes as text if embeds are not
// allowed, and that its buttons work as under an embed.
func TestWithoutEmbedLinks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		w.srv.SetPermissions(general, discordtest.DefaultPermissions&^discordtest.PermEmbedLinks) // the bot is not told
		mention, err := w.srv.WaitReplyTo(within(t), w.srv.Mention(general, "How many soldiers crossed?"))
		check(t, err)
		slash := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
		for name, m := range map[string]discordtest.Message{"mention": mention, "command": slash} {
			if len(m.Embeds) > 0 || !strings.HasPrefix(m.Content, "**How many soldiers crossed?**\n> In all, 1,037") {
				t.Errorf("%s: %d embeds, %q", name, len(m.Embeds), m.Content)
			}
			more := w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "More sources")))
			if !strings.Contains(seen(more), "How many soldiers crossed?") {
				t.Errorf("%s: the question is not read back: %q", name, seen(more))
			}
		}
		help := w.reply(w.srv.Slash(inNewsroom, "help"))
		if !strings.Contains(seen(help), "Embed Links") {
			t.Errorf("help does not name the permission: %q", seen(help))
		}
	})
}

// TestShowAll shows the quotes that are behind a button, with their numbers.
func TestShowAll(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		var body strings.Builder
		for _, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"} {
			body.WriteString("On " + day + " a bridge was closed, and " + strings.Repeat("people waited there for hours, ", 6) + "it is said.\n")
		}
		w.desk.articles = append(w.desk.articles, newArticle("bridges.txt", "Paper", "Bridges", "2021-07-05", "", body.String()))
		m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("Which bridge?")...))
		if strings.Count(seen(m), "a bridge was closed") != 2 || strings.Contains(seen(m), "[3]") {
			t.Errorf("shown at first: %s", seen(m))
		}
		all := w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "Show all 5")))
		for _, want := range []string{"On Wednesday", "On Thursday", "On Friday", "[3] Paper", "[5] Paper"} {
			if !strings.Contains(seen(all), want) || !all.Ephemeral() {
				t.Errorf("the others lack %q: %s", want, seen(all))
			}
		}
		if !strings.Contains(seen(w.reply(w.srv.Press(inNewsroom, all, buttonID(t, all, "Context of 5")))), "> On Friday") {
			t.Error("the context of a quote behind the button is another")
		}
		w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "👎")))
		if f := w.memory.feedback["55"]; len(f) != 1 || f[0].Right || len(f[0].Refs) != 5 {
			t.Errorf("feedback: %+v", f)
		}
	})
}

// TestOnlyTheAskerAndModeratorsDelete presses Delete as three users.
func TestOnlyTheAskerAndModeratorsDelete(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		other := inNewsroom
		other.User = discordtest.User{ID: "56", Username: "bob"}
		moderator := other
		moderator.Permissions = discordtest.PermManageGuild
		for _, who := range []discordtest.Invocation{inNewsroom, moderator} {
			m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...))
			refused, err := w.srv.Press(other, m, buttonID(t, m, "Delete")).WaitFollowup(within(t), 1)
			check(t, err)
			if !refused.Ephemeral() || !strings.Contains(seen(refused), "can delete") {
				t.Errorf("another user is told %q", seen(refused))
			}
			w.srv.Press(who, m, buttonID(t, m, "Delete"))
			check(t, w.srv.Until(within(t), func() bool {
				for _, left := range w.srv.Messages(general) {
					if left.ID == m.ID {
						return false
					}
				}
				return true
			}))
		}
	})
}
