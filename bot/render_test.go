package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/render"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
	"verbatim/retrieval/corpus"
)

var (
	backslashed = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	// liveMarks is what Discord gives a meaning to, after escapes are taken out.
	liveMarks = regexp.MustCompile(`(?im)` + strings.Join([]string{
		`\[[^\]\n]*\]\(<[^>\n]*>\)`, `\[[^\]\n]*\]\([^)\n]*\)`, `^> `, `^>>> `, `^-# `, `^#{1,3} `, `^ *[-*+] `, `^ *\d+\. `,
		`<@[!&]?\d+>`, `<#\d+>`, `<a?:\w+:\d+>`, `<t:[^>\s]*>`, `</[^>]*>`, `<id:[^>]*>`, `<[a-z]+:[^>\s]*>`,
		`@everyone`, `@here`, `https?://\S+`, `steam://\S+`, `discord(?:app)?\.(?:gg|com)/\S*`, `:\w+:`,
		"`+", `\*+`, `_+`, `~~`, `\|\|`,
	}, "|"))
	pinging = regexp.MustCompile(`(?i)@everyone|@here|<@[!&]?\d+>|<#\d+>`)
)

// live lists the marks in a message that are not behind a backslash.
func live(content string) []string {
	return liveMarks.FindAllString(backslashed.ReplaceAllString(content, "\ue000"), -1)
}

// formatted is the text of a message that Discord reads Markdown in.
func formatted(o discord.Outgoing) string {
	text := o.Content
	for _, e := range o.Embeds {
		text += "\n" + e.Title + "\n" + e.Description
	}
	return strings.TrimPrefix(text, "\n")
}

// wrong says what is wrong with messages whatever their text is.
func wrong(out []discord.Outgoing) string {
	for _, o := range out {
		text := sent(o)
		switch {
		case !utf8.ValidString(text):
			return "not UTF-8"
		case render.Units(o.Content) > render.MaxContent:
			return "content of " + strconv.Itoa(render.Units(o.Content)) + " units"
		case render.Units(text) > render.MaxEmbeds:
			return "embed of " + strconv.Itoa(render.Units(text)) + " units"
		case strings.TrimSpace(text) == "":
			return "no text"
		case o.Mentions.Parse == nil || len(o.Mentions.Parse) > 0 || o.Mentions.RepliedUser:
			return "mentions allowed"
		case pinging.MatchString(formatted(o)):
			return "ping " + pinging.FindString(formatted(o))
		case o.File != nil && !utf8.Valid(o.File.Data):
			return "file is not UTF-8"
		}
		for _, e := range o.Embeds {
			if e.Author != nil && render.Units(e.Author.Name) > render.MaxAuthor || render.Units(e.Title) > 256 || render.Units(e.Description) > render.MaxDescription || e.Footer != nil && render.Units(e.Footer.Text) > render.MaxFooter {
				return "a part of an embed is too long"
			}
		}
		runes := []rune(text)
		for i, r := range runes {
			ours := r == '\u200b' && at(runes, i-1) == '@'
			if r != '\n' && !ours && safetext.Hidden(r, at(runes, i-1), at(runes, i+1)) {
				return "hidden character " + strconv.QuoteToASCII(string(r))
			}
		}
		if _, err := json.Marshal(o); err != nil {
			return err.Error()
		}
	}
	return ""
}

func renderedQuote(t testing.TB, info corpus.Info, text string) answer.Quote {
	t.Helper()
	q, err := corpus.NewQuote(&corpus.Article{Info: info, Body: text}, corpus.Span{End: len(text)})
	check(t, err)
	return answer.Quote{Quote: q, N: 1}
}

func TestEscapeIsUndone(t *testing.T) {
	for _, s := range append(nasty(t), "1. first", "plain", "a\u200db", "👨‍👩‍👧 family", "می\u200cخواهم") {
		want := string([]rune(strings.TrimSpace(safetext.Flatten(s))))
		if got := render.Unescape(render.Escape(s)); got != want && (strings.Contains(s, "⟨U+") || !strings.Contains(got, "⟨U+")) {
			t.Errorf("%q comes back as %q", want, got)
		}
	}
}

func TestQuestionIsReadBack(t *testing.T) {
	for _, s := range append(nasty(t), strings.Repeat("*", render.MaxQuestion), "Who said “1,037”?") {
		q := render.Clip(render.Clean(s), render.MaxQuestion)
		if q == "" {
			continue
		}
		for _, kind := range []string{"", "Sources for", "Search"} {
			rep := render.Answer(q, &answer.Answer{Status: answer.StatusNoEvidence, Text: "No."}, render.Scope{}, kind)
			for _, plain := range []bool{true, false} {
				if got, ok := render.Asked(received(t, render.Pack(rep, plain)[0])); !ok || got != q {
					t.Errorf("%q is read back as %q", q, got)
				}
			}
		}
	}
}

// TestNastyTextStaysText puts each nasty string wherever text of others is
// printed, and finds the marks that harmless text has.
func TestNastyTextStaysText(t *testing.T) {
	for _, shape := range shapes() {
		for _, plain := range []bool{true, false} {
			want := liveAll(render.Pack(shape.render(t, "harmless"), plain))
			for _, s := range nasty(t) {
				if render.Clean(s) == "" {
					continue
				}
				out := render.Pack(shape.render(t, s), plain)
				if why := wrong(out); why != "" {
					t.Errorf("%s with %q: %s:\n%s", shape.name, s, why, sent(out[0]))
				}
				if render.Units(s) > render.MaxAuthor && !plain { // a longer question is bold text
					continue
				}
				if diff := cmp.Diff(want, liveAll(out)); diff != "" {
					t.Errorf("%s with %q: %s\n%s", shape.name, s, diff, sent(out[0]))
				}
			}
		}
	}
}

// received is a message as Discord hands it back.
func received(t testing.TB, o discord.Outgoing) *discord.Message {
	t.Helper()
	o.Attachments = nil
	raw, err := json.Marshal(o)
	check(t, err)
	var m discord.Message
	check(t, json.Unmarshal(raw, &m))
	return &m
}

func liveAll(out []discord.Outgoing) []string {
	var all []string
	for _, o := range out {
		for _, m := range live(formatted(o)) {
			if strings.HasPrefix(m, "[") { // the words of a link differ, its address does not
				m = m[strings.LastIndex(m, "]("):]
			}
			all = append(all, m)
		}
	}
	return all
}

type shape struct {
	name   string
	render func(t testing.TB, s string) *render.Reply
}

// shapes are renderings with one string in all places of a kind.
func shapes() []shape {
	info := func() corpus.Info {
		return corpus.Info{ID: "abcdefghij", Source: "s.txt", Title: "T", Outlet: "O", Published: "2021-07-04", URL: "https://example.org/a"}
	}
	answered := func(t testing.TB, i corpus.Info, question, text, prose string, notes []string) *render.Reply {
		a := &answer.Answer{Status: answer.StatusAnswered, Mode: answer.ModeModel, Text: prose, Notes: notes, Quotes: []answer.Quote{renderedQuote(t, i, text)}}
		r := render.Answer(question, a, render.Scope{}, "")
		for j := range r.Blocks { // the fragment of a link differs with the quote
			r.Blocks[j].Text = fragment.ReplaceAllString(r.Blocks[j].Text, "")
		}
		return r
	}
	b := &bot{options: Options{}.withDefaults()}
	return []shape{
		{"question", func(t testing.TB, s string) *render.Reply {
			return answered(t, info(), render.Clip(render.Clean(s), render.MaxQuestion), "Text.", "P.", nil)
		}},
		{"quote", func(t testing.TB, s string) *render.Reply { return answered(t, info(), "q", s, "P.", nil) }},
		{"prose", func(t testing.TB, s string) *render.Reply { return answered(t, info(), "q", "Text.", s, nil) }},
		{"note", func(t testing.TB, s string) *render.Reply {
			return answered(t, info(), "q", "Text.", "P.", []string{s})
		}},
		{"title", func(t testing.TB, s string) *render.Reply {
			i := info()
			i.Title = s
			return answered(t, i, "q", "Text.", "P.", nil)
		}},
		{"title without address", func(t testing.TB, s string) *render.Reply {
			i := info()
			i.Title, i.URL = s, ""
			return answered(t, i, "q", "Text.", "P.", nil)
		}},
		{"outlet", func(t testing.TB, s string) *render.Reply {
			i := info()
			i.Outlet = s
			return answered(t, i, "q", "Text.", "P.", nil)
		}},
		{"source", func(t testing.TB, s string) *render.Reply {
			i := info()
			i.Outlet, i.Source = "", s
			return answered(t, i, "q", "Text.", "P.", nil)
		}},
		{"refusal", func(t testing.TB, s string) *render.Reply {
			return render.Answer("q", &answer.Answer{Status: answer.StatusNoEvidence, Text: s}, render.Scope{}, "")
		}},
		{"scope", func(t testing.TB, s string) *render.Reply {
			return &render.Reply{Blocks: limited(render.Scope{Outlet: s}, nil)}
		}},
		{"settings", func(t testing.TB, s string) *render.Reply { return b.show(settings.Server{Outlets: []string{s}}, nil) }},
	}
}

var fragment = regexp.MustCompile(`#:~:text=[^>]*`)

func TestHostileAddressIsNoLink(t *testing.T) {
	for _, u := range []string{
		"javascript:alert(1)", "data:text/html,x", "https://user:pass@evil.example", "//evil.example", "ftp://example.org", "https://",
		"https://exämple.org/", "discord://x", "not an address", "https://example.org/" + strings.Repeat("a", 600), "http://\u202egro.live/",
	} {
		if got := render.WebLink(u, "quote"); got != "" {
			t.Errorf("%q became the link %q", u, got)
		}
	}
	for _, u := range []string{
		"https://example.org/a)b", "https://example.org/<x>", "https://example.org/a b", "https://example.org/[x](https://evil.example)", "https://example.org/a`b||c",
		"https://example.org/?q=>%20\n\nx", "https://example.org/#top",
	} {
		got := render.WebLink(u, `He said: "no, never" - twice`)
		if strings.ContainsAny(got, " ()<>[]`|\n") || got != "" && !strings.Contains(got, ":~:text=He%20said%3A%20%22no%2C%20never%22%20%2D%20twice") {
			t.Errorf("%q became the link %q", u, got)
		}
	}
}

func TestSplitKeepsWordsAndMarks(t *testing.T) {
	text := render.Escape(strings.Repeat("The border guard said that 1,037 soldiers crossed it [1]. ", 200))
	rep := &render.Reply{Asked: "q", Blocks: []render.Block{{Text: text, Soft: true}}}
	out := render.Pack(rep, true)
	if len(out) != 1 || out[0].File == nil || !strings.Contains(out[0].Content, render.InFile) {
		t.Fatalf("%d messages, file %v", len(out), out[0].File != nil)
	}
	text = render.Escape(strings.Repeat("The border guard said that 1,037 soldiers crossed it [1]. ", 60))
	out = render.Pack(&render.Reply{Asked: "q", Blocks: []render.Block{{Text: text, Soft: true}}}, true)
	var all []string
	for _, o := range out {
		all = append(all, strings.Fields(strings.TrimPrefix(o.Content, "**q**\n"))...)
		if !strings.HasSuffix(o.Content, "].") {
			t.Errorf("cut inside a sentence: …%s", o.Content[len(o.Content)-40:])
		}
	}
	if diff := cmp.Diff(strings.Fields(text), all); diff != "" {
		t.Error(diff)
	}
	if len(out) < 2 {
		t.Errorf("%d messages", len(out))
	}
}

func TestQuoteIsNeverCut(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 1000))
	short := strings.TrimSpace(strings.Repeat("said ", 300))
	a := &answer.Answer{Status: answer.StatusAnswered, Mode: answer.ModeModel, Text: "P."}
	for _, text := range []string{short, long, short, short, short} {
		a.Quotes = append(a.Quotes, renderedQuote(t, corpus.Info{ID: "abcdefghij", Source: "s"}, text))
	}
	for _, plain := range []bool{true, false} {
		out := render.Pack(render.Answer("q", a, render.Scope{}, ""), plain)
		all, last := "", out[len(out)-1]
		for _, o := range out {
			all += formatted(o)
		}
		if n := strings.Count(all, "> "+short); n != 1 {
			t.Errorf("%d whole quotes", n)
		}
		if last.File == nil || !strings.Contains(string(last.File.Data), long) || !strings.Contains(all, "attached file") {
			t.Errorf("a quote that does not fit is not in a file: %+v", last)
		}
	}
}

// FuzzPack renders answers of any length and content.
func FuzzPack(f *testing.F) {
	for _, s := range nasty(f) {
		f.Add(s, s, s, 3)
	}
	f.Add("q", strings.Repeat("x", 5000), strings.Repeat("a b. ", 1500), 5)
	f.Add("q", strings.Repeat("\\*", 999), strings.Repeat("𝕏", 1990), 9)
	f.Fuzz(func(t *testing.T, question, text, title string, n int) {
		text, title = strings.ToValidUTF8(text, "?"), strings.ToValidUTF8(title, "?")
		a := &answer.Answer{Status: answer.StatusAnswered, Mode: answer.ModeModel, Text: text + " " + title, Notes: []string{title, text}}
		for i := range uint(n) % 12 {
			body := strings.Repeat(text+"\n", int(i)+1)
			a.Quotes = append(a.Quotes, renderedQuote(t, corpus.Info{ID: "abcdefghij", Source: text, Title: title, Outlet: title, URL: "https://example.org/" + title}, body))
		}
		if question = render.Clip(render.Clean(question), render.MaxQuestion); question == "" {
			return // the desk refuses it
		}
		for _, plain := range []bool{true, false} {
			out := render.Pack(render.Answer(question, a, render.Scope{Outlet: title}, ""), plain)
			if why := wrong(out); why != "" {
				t.Fatalf("%s in %q", why, sent(out[0]))
			}
			if len(out) > render.MaxMessages {
				t.Errorf("%d messages", len(out))
			}
			for _, o := range out {
				for _, m := range live(formatted(o)) {
					ours := m == "**" || m == "> " || m == "-# " || strings.HasSuffix(m, ">)") && strings.Contains(m, "](<https://example.org/")
					if !ours && m != "*" {
						t.Errorf("live mark %q in\n%s", m, formatted(o))
					}
				}
				if stray := backslashed.ReplaceAllString(formatted(o), ""); strings.Contains(stray, "\\") {
					t.Errorf("cut inside an escape: %q", formatted(o))
				}
			}
		}
	})
}

func golden(t *testing.T, name string, got any) {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	check(t, enc.Encode(got))
	path := filepath.Join("testdata", name+".json")
	if *update {
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(path, []byte(b.String()), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	check(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s (rewrite with -update): %s", path, diff)
	}
}

func TestTextFragmentKeepsToBlocks(t *testing.T) {
	for quote, want := range map[string]string{
		"He fled.\r\n\r\nThe governor of the province said on Sunday that he had.": ":~:text=He%20fled.,on%20Sunday%20that%20he%20had.",
		"He said so twice.\n \nYes.": ":~:text=He%20said%20so%20twice.,Yes.",
		"He said\nso.":               ":~:text=He,so.",
		"One.":                       ":~:text=One.",
		" \n\n ":                     "",
	} {
		if got := render.TextFragment(quote); got != want {
			t.Errorf("%q: %s, want %s", quote, got, want)
		}
	}
}

func at(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return ' '
	}
	return runes[i]
}
