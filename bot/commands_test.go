package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/bot/render"
	"verbatim/retrieval/corpus"
)

var moderatorInNewsroom = discordtest.Invocation{GuildID: newsroom, ChannelID: general, User: discordtest.User{ID: "66", Username: "mod"},
	Permissions: discordtest.DefaultPermissions | discordtest.PermManageGuild}

// shown is a message as a golden file keeps it.
type shown struct {
	Text      []string   `json:"text"` // content, author line, title, text and footer, by line
	Color     string     `json:"color,omitempty"`
	Ephemeral bool       `json:"ephemeral,omitempty"`
	Buttons   [][]string `json:"buttons,omitempty"` // label = custom id
	Files     []string   `json:"files,omitempty"`
}

func show(m discordtest.Message) shown {
	s := shown{Text: strings.Split(seen(m), "\n"), Ephemeral: m.Ephemeral()}
	for _, row := range m.Components {
		var line []string
		for _, c := range row.Components {
			label := c.Label + " = " + c.CustomID
			if c.Disabled {
				label += " (off)"
			}
			line = append(line, label)
		}
		s.Buttons = append(s.Buttons, line)
	}
	for _, e := range m.Embeds {
		s.Color = fmt.Sprintf("#%06x", e.Color)
	}
	for _, a := range m.Attachments {
		s.Files = append(s.Files, a.Filename)
	}
	return s
}

func str(name, value string) discordtest.Option {
	return discordtest.Option{Name: name, Type: discord.OptionString, Value: value}
}

// TestEveryCommand keeps what each command says as a golden file.
func TestEveryCommand(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		border := corpus.NewID("seeds/border.txt")
		for _, test := range []struct {
			name string
			in   discordtest.Invocation
			cmd  string
			opts []discordtest.Option
		}{
			{"ask", inNewsroom, "ask", ask("How many soldiers crossed?")},
			{"ask_limited", inNewsroom, "ask", ask("How many soldiers?", str("outlet", "The Daily Star"), str("since", "2021-07-05"), str("until", "2021-07-07"))},
			{"ask_private", inNewsroom, "ask", ask("How many soldiers crossed?", discordtest.Option{Name: "private", Type: discord.OptionBool, Value: true})},
			{"ask_refused", inNewsroom, "ask", ask("What is the capital of Brazil?")},
			{"ask_blank", inNewsroom, "ask", ask("\u200b \u2066")},
			{"ask_bad_date", inNewsroom, "ask", ask("How many soldiers?", str("since", "yester*day"))},
			{"ask_no_days", inNewsroom, "ask", ask("How many soldiers?", str("since", "2021-07-05"), str("until", "2021-07-04"))},
			{"search", inNewsroom, "search", []discordtest.Option{str("query", "soldiers governor neighbours")}},
			{"search_nothing", inNewsroom, "search", []discordtest.Option{str("query", "capital of Brazil")}},
			{"quote", inNewsroom, "quote", []discordtest.Option{str("words", "soldiers")}},
			{"quote_nothing", inNewsroom, "quote", []discordtest.Option{str("words", "no such words")}},
			{"sources", inNewsroom, "sources", nil},
			{"sources_filtered", inNewsroom, "sources", []discordtest.Option{str("filter", "star")}},
			{"source", inNewsroom, "source", []discordtest.Option{str("id", border)}},
			{"source_unknown", inNewsroom, "source", []discordtest.Option{str("id", "zzzzzzzzzz")}},
			{"source_foreign", inNewsroom, "source", []discordtest.Option{str("id", corpus.NewID("discord:300/own.txt"))}},
			{"help", inNewsroom, "help", nil},
			{"privacy", inNewsroom, "privacy", nil},
			{"privacy_delete", inNewsroom, "privacy", []discordtest.Option{str("do", "delete")}},
			{"settings", moderatorInNewsroom, "verbatim", []discordtest.Option{{Name: "show", Type: discord.OptionSub}}},
			{"settings_refused", inNewsroom, "verbatim", []discordtest.Option{{Name: "show", Type: discord.OptionSub}}},
			{"unknown", inNewsroom, "nosuch", nil},
		} {
			in := test.in // each of them by another user, below every limit
			if in.User.ID == "55" {
				in.User.ID = "5" + fmt.Sprint(len(test.name)) + test.name[:0] + fmt.Sprint(len(test.opts)) + fmt.Sprint(test.name[0])
			}
			golden(t, test.name, show(w.reply(w.srv.Slash(in, test.cmd, test.opts...))))
		}
		refused := w.reply(w.srv.Slash(moderatorInNewsroom, "ask", ask("What is the capital of Brazil?")...))
		golden(t, "context", show(w.reply(w.srv.Press(inNewsroom, refused, buttonID(t, refused, "Context of 1")))))
		golden(t, "more", show(w.reply(w.srv.Press(inNewsroom, refused, buttonID(t, refused, "More sources")))))
		golden(t, "menu", show(w.reply(w.srv.MessageCommand(moderatorInNewsroom, menuName, discordtest.Message{ID: "1", ChannelID: general, Content: "I read that 1,037 <@55> soldiers **crossed** @everyone"}))))
	})
}

// TestShapesOfLongAnswers keeps what does not fit into one message.
func TestShapesOfLongAnswers(t *testing.T) {
	quote := func(n, words int) answer.Quote {
		q := renderedQuote(t, corpus.Info{ID: "abcdefghij", Source: "s.txt", Outlet: "Kabul Now", Title: "Title", Published: "2021-07-04"},
			strings.TrimSpace(strings.Repeat(fmt.Sprintf("said%d ", n), words)))
		q.N = n
		return q
	}
	for name, words := range map[string]int{"long_two_messages": 100, "long_three_messages": 160, "long_file": 320, "long_quote": 600} {
		a := &answer.Answer{Status: answer.StatusAnswered, Mode: answer.ModeModel, Text: "They fled [1]. They were let in [2].",
			Sources: answer.Sources{Articles: 4, Independent: 3}, Searched: answer.Searched{Articles: 5, From: "2021-07-04", To: "2021-07-06"},
			AsOf: "2021-07-06", Notes: []string{"The model did not answer in time."}, Dropped: 2}
		for n := 1; n <= 5; n++ {
			a.Quotes = append(a.Quotes, quote(n, words))
		}
		var got []shown
		for _, o := range render.Pack(render.Answer("Where did they flee?", a, render.Scope{}, ""), true) {
			o.Attachments = nil // of another shape where a message is read
			raw, err := json.Marshal(o)
			check(t, err)
			var m discordtest.Message
			check(t, json.Unmarshal(raw, &m))
			s := show(m)
			if o.File != nil {
				s.Files = append(s.Files, string(o.File.Data))
			}
			got = append(got, s)
		}
		golden(t, name, got)
	}
}

func TestPagesTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		for n := range 25 {
			w.desk.articles = append(w.desk.articles, newArticle(fmt.Sprintf("more/%02d.txt", n), "Paper", fmt.Sprintf("Article %d", n), "2021-07-05", "",
				strings.Repeat(fmt.Sprintf("Sentence of article %d about bridges.\n", n), 80)))
		}
		m := w.reply(w.srv.Slash(inNewsroom, "sources", str("filter", "article")))
		next := w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "Next")))
		if next.ID != m.ID || !strings.Contains(seen(next), "Article 12") || strings.Contains(seen(next), "Article 2\n") || !strings.Contains(seen(next), "article\nArticles") {
			t.Errorf("second page: %s", seen(next))
		}
		m = w.reply(w.srv.Slash(inNewsroom, "search", str("query", "soldiers governor neighbours border")))
		next = w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "Next")))
		if next.ID != m.ID || !strings.Contains(seen(next), "[4] ") {
			t.Errorf("second page: %s", seen(next))
		}
		m = w.reply(w.srv.Slash(inNewsroom, "source", str("id", corpus.NewID("more/03.txt"))))
		whole := 0
		for {
			whole += strings.Count(seen(m), "Sentence of article 3 about bridges.")
			if !strings.Contains(seen(m), "Article 3") {
				t.Fatalf("page: %s", seen(m))
			}
			if off(m, "Next") {
				break
			}
			m = w.reply(w.srv.Press(inNewsroom, m, buttonID(t, m, "Next")))
		}
		if whole != 80 {
			t.Errorf("%d whole sentences on the pages, want 80", whole)
		}
	})
}

func off(m discordtest.Message, label string) bool {
	for _, row := range m.Components {
		for _, c := range row.Components {
			if c.Label == label {
				return c.Disabled
			}
		}
	}
	return true
}

func TestAutocomplete(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		for name, test := range map[string]struct {
			cmd    string
			option discordtest.Option
			want   []string
		}{
			"source": {"source", str("id", "flee"), []string{"Troops flee · The Daily Star, 2021-07-06"}},
			"outlet": {"ask", str("outlet", "ka"), []string{"Kabul Now"}},
			"remove": {"remove", str("id", ""), nil},
		} {
			test.option.Focused = true
			got, err := w.srv.Autocomplete(moderatorInNewsroom, test.cmd, test.option).Choices(within(t))
			check(t, err)
			var names []string
			for _, c := range got {
				names = append(names, c.Name)
			}
			if strings.Join(names, "|") != strings.Join(test.want, "|") {
				t.Errorf("%s: %v, want %v", name, names, test.want)
			}
		}
		elsewhere := moderatorInNewsroom
		elsewhere.GuildID, elsewhere.ChannelID = "300", "301"
		typed := str("id", "")
		typed.Focused = true
		got, err := w.srv.Autocomplete(elsewhere, "remove", typed).Choices(within(t))
		check(t, err)
		if len(got) != 1 || !strings.Contains(got[0].Name, "Of another server") {
			t.Errorf("own articles: %v", got)
		}
	})
}

func TestModeratorsChangeSettings(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		set := func(sub string, options ...discordtest.Option) string {
			return seen(w.reply(w.srv.Slash(moderatorInNewsroom, "verbatim", discordtest.Option{Name: sub, Type: discord.OptionSub, Options: options})))
		}
		yes := func(name string) discordtest.Option {
			return discordtest.Option{Name: name, Type: discord.OptionBool, Value: true}
		}
		no := discordtest.Option{Name: "answer", Type: discord.OptionBool, Value: false}
		for _, step := range []struct{ got, want string }{
			{set("channel", discordtest.Option{Name: "channel", Type: discord.OptionChannel, Value: askHere}, yes("answer")), "Ask channels: <#" + askHere + ">"},
			{set("channel", discordtest.Option{Name: "channel", Type: discord.OptionChannel, Value: askHere}, no), "Ask channels: none"},
			{set("thread", str("mode", "thread")), "in a thread on the question"},
			{set("thread", str("mode", "nonsense")), "I know the modes"},
			{set("outlets", str("names", "Kabul Now, The Daily Star,,Kabul Now")), "by default: Kabul Now, The Daily Star"},
			{set("outlets"), "by default: all"},
			{set("limits", discordtest.Option{Name: "user", Type: discord.OptionInteger, Value: 3}), "a minute: 3 of one person"},
			{set("role", discordtest.Option{Name: "role", Type: discord.OptionRole, Value: "888"}, yes("allowed")), "Who may ask: <@&888>"},
		} {
			if !strings.Contains(step.got, step.want) {
				t.Errorf("%q lacks %q", step.got, step.want)
			}
		}
		if m := w.reply(w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)); !strings.Contains(seen(m), "only some roles") {
			t.Errorf("without the role: %q", seen(m))
		}
		allowed := inNewsroom
		allowed.Roles = []string{"888"}
		if m := w.reply(w.srv.Slash(allowed, "ask", ask("How many soldiers crossed?")...)); !strings.Contains(seen(m), "1,037") {
			t.Errorf("with the role: %q", seen(m))
		}
		set("limits", discordtest.Option{Name: "server", Type: discord.OptionInteger, Value: int64(1e18)})
		if got := w.memory.settings[newsroom].Limits.Server; got != maxLimit {
			t.Errorf("a limit of %d is kept", got)
		}
		if got := w.memory.settings["300"]; len(got.Roles) > 0 {
			t.Errorf("settings of another server: %+v", got)
		}
	})
}

func TestIngestAndRemove(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		ingest := func(in discordtest.Invocation, name, body string) string {
			a := w.srv.AddAttachment(general, name, "text/plain", []byte(body))
			return seen(w.reply(w.srv.Slash(in, "ingest", discordtest.Option{Name: "file", Type: discord.OptionFile, Value: a})))
		}
		if got := ingest(moderatorInNewsroom, "own.jsonl", `{"text":"x"}`); !strings.Contains(got, "1 added") || !strings.Contains(got, "it has no text") {
			t.Errorf("ingest: %q", got)
		}
		if got := string(w.library.held[newsroom+"/own.jsonl"]); got != `{"text":"x"}` {
			t.Errorf("held: %q", got)
		}
		if got := ingest(moderatorInNewsroom, "virus.exe", "x"); !strings.Contains(got, "I take a text file") {
			t.Errorf("ingest of another kind: %q", got)
		}
		if got := ingest(inNewsroom, "own.txt", "x"); !strings.Contains(got, "Manage Server") {
			t.Errorf("ingest by anybody: %q", got)
		}
		if got := ingest(moderatorInNewsroom, "big.txt", strings.Repeat("x", maxAttachment+1)); !strings.Contains(got, "larger than 8 MB") {
			t.Errorf("ingest of too much: %q", got)
		}
		remove := func(id string) string {
			return seen(w.reply(w.srv.Slash(moderatorInNewsroom, "remove", str("id", id))))
		}
		if got := remove(corpus.NewID("discord:100/own.txt")); !strings.HasPrefix(got, "Removed") {
			t.Errorf("remove: %q", got)
		}
		if got := remove(corpus.NewID("seeds/border.txt")); got != wordsGone {
			t.Errorf("remove of the operator's: %q", got)
		}
	})
}

func TestCommandsAreWrittenOnlyWhereTheyDiffer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		srv := discordtest.Options{}
		w := start(t, srv, nil)
		if n := w.srv.CommandWrites(); n != 11 {
			t.Errorf("%d writes at the first start, want 11", n)
		}
		b, err := newBot(w.options().withDefaults())
		check(t, err)
		n, err := b.register(within(t), w.srv.BotUser().ID)
		check(t, err)
		if n != 0 {
			t.Errorf("%d writes at the second start, want none", n)
		}
		b.options.Library = nil
		if n, err = b.register(within(t), w.srv.BotUser().ID); err != nil || n != 2 {
			t.Errorf("%d writes without a library (%v), want 2", n, err)
		}
		dev := start(t, srv, func(o *Options) { o.DevServer = newsroom })
		if len(dev.srv.Requests(http.MethodPost, "/applications/*/commands")) > 0 || len(dev.srv.Commands(newsroom)) != 11 {
			t.Error("commands are not registered to the one server")
		}
	})
}

// TestCommandTable keeps the table to Discord's rules.
func TestCommandTable(t *testing.T) {
	b := &bot{options: Options{Library: &fakeLibrary{}}.withDefaults()}
	name := regexp.MustCompile(`^[-_\p{Ll}\p{N}]{1,32}$`)
	checkText := func(where, what string) {
		if n := utf8.RuneCountInString(what); n == 0 || n > 100 {
			t.Errorf("%s: %q has %d characters", where, what, n)
		}
	}
	var options func(where string, list []discord.CommandOption)
	options = func(where string, list []discord.CommandOption) {
		seen := map[string]bool{}
		for _, o := range list {
			where := where + " " + o.Name
			if !name.MatchString(o.Name) || seen[o.Name] {
				t.Errorf("%s: bad name", where)
			}
			seen[o.Name] = true
			checkText(where, o.Description)
			for _, c := range o.Choices {
				checkText(where, c.Name)
			}
			if o.Autocomplete && len(o.Choices) > 0 {
				t.Errorf("%s: choices and autocomplete", where)
			}
			options(where, o.Options)
		}
	}
	seen := map[string]bool{}
	for _, r := range b.commands() {
		if r.Type == discord.CommandChat {
			if !name.MatchString(r.Name) || seen[r.Name] {
				t.Errorf("/%s: bad name", r.Name)
			}
			checkText(r.Name, r.Description)
		}
		seen[r.Name] = true
		options(r.Name, r.Options)
		if raw, err := json.Marshal(r.Command); err != nil || len(raw) > 8000 {
			t.Errorf("/%s: %d bytes, %v", r.Name, len(raw), err)
		}
	}
	var table []discord.Command
	for _, r := range b.commands() {
		table = append(table, r.Command)
	}
	golden(t, "commands", table)
}
