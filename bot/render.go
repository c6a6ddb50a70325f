package bot

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

const (
	maxQuestion = 500  // runes; it has to fit into the answer whole
	maxReason   = 1000 // runes
	maxTitle    = 150  // runes
	maxName     = 60   // runes
	maxNotes    = 5
	maxNote     = 300 // runes
	maxURL      = 512 // bytes
)

// heading is the first line of what the bot says to a question. The question
// can be read back from it.
func heading(kind, text string) string {
	if kind != "" {
		kind += ": "
	}
	return kind + "**" + escape(text) + "**"
}

var headed = regexp.MustCompile(`^(?:[A-Z][A-Za-z ]*: )?\*\*(.+)\*\*$`)

// asked reads back the text of a heading from a message of the bot.
func asked(content string) (text string, ok bool) {
	line, _, _ := strings.Cut(content, "\n")
	m := headed.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	return unescape(m[1]), true
}

// answered is what a message of the bot says below its heading, for the
// history of a conversation.
func answered(content string) string {
	_, rest, _ := strings.Cut(content, "\n")
	var lines []string
	for _, line := range strings.Split(rest, "\n") {
		if !strings.HasPrefix(line, "-# ") {
			lines = append(lines, strings.TrimPrefix(line, "> "))
		}
	}
	return unescape(markdown.ReplaceAllString(strings.Join(lines, "\n"), ""))
}

// renderAnswer shows an answer with its quotes, or a refusal with what came
// nearest.
func renderAnswer(question string, a *answer.Answer, s scope, kind string) *reply {
	r := &reply{head: heading(kind, question)}
	quotes := a.Quotes
	if a.Status != answer.StatusAnswered {
		r.blocks = append(r.blocks, block{text: prose(a.Text), soft: true})
		quotes = a.Nearest
		if len(quotes) > 0 {
			r.blocks = append(r.blocks, block{text: "What came nearest:"})
		}
	} else if a.Mode == answer.ModeModel {
		r.blocks = append(r.blocks, block{text: prose(a.Text), soft: true})
	}
	var context []button
	for i, q := range quotes {
		n := q.N
		if n == 0 {
			n = i + 1
		}
		r.blocks = append(r.blocks, quoteBlock(fmt.Sprintf("[%d]", n), q.Quote))
		context = append(context, button{label: fmt.Sprintf("Context of %d", n), id: makeID(verbContext, q.Ref().String())})
	}
	r.blocks = append(r.blocks, small(summary(a)))
	r.blocks = append(r.blocks, notes(a.Notes, a.Dropped)...)
	r.rows = [][]button{context, {
		{label: "More sources", id: s.id(verbMore)},
		{label: "Follow up", id: s.id(verbFollow), style: loud},
		{label: "Right", id: makeID(verbRight, "")},
		{label: "Wrong", id: makeID(verbWrong, "")},
	}}
	return r
}

var numberMark = regexp.MustCompile(`\\\[(\d{1,2}(?:, ?\d{1,2})*)\\\]`)

// prose escapes a text with marks like [1], which need no backslash: no
// parenthesis follows that could make a link of one.
func prose(text string) string { return numberMark.ReplaceAllString(escape(text), "[$1]") }

// summary is the line that says what an answer stands on.
func summary(a *answer.Answer) string {
	var parts []string
	if a.Status == answer.StatusAnswered {
		parts = append(parts, fmt.Sprintf("%s, %d independent", count(a.Sources.Articles, "article"), a.Sources.Independent))
	}
	parts = append(parts, searched(a.Searched))
	if a.AsOf != "" {
		parts = append(parts, "as of "+string(a.AsOf))
	}
	return strings.Join(parts, " · ")
}

func searched(s answer.Searched) string {
	out := "searched " + count(s.Articles, "article")
	switch {
	case s.From != "" && s.From == s.To:
		out += " of " + string(s.From)
	case s.From != "":
		out += " of " + string(s.From) + " to " + string(s.To)
	}
	return out
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// small is a line in small print.
func small(text string) block { return block{text: "-# " + escape(text)} }

func notes(all []string, dropped int) []block {
	var out []block
	if dropped > 0 {
		all = append([]string{count(dropped, "statement") + " of the model did not stand on the quotes and was left out."}, all...)
		if dropped > 1 {
			all[0] = strings.Replace(all[0], " was ", " were ", 1)
		}
	}
	for i, n := range all {
		if i == maxNotes {
			break
		}
		out = append(out, small(clip(n, maxNote)))
	}
	return out
}

// quoteBlock shows a quote whole, with who says it, when and where.
func quoteBlock(mark string, q corpus.Quote) block {
	info := &q.Article().Info
	text := q.Text()
	line := "**" + mark + "** " + byline(info)
	if title := titleOf(info); title != "" {
		line += " · " + linked(title, info.URL, text)
	}
	plain := strings.TrimSpace(mark + " " + plainByline(info) + " · " + info.Title)
	if info.URL != "" {
		plain += "\n" + info.URL
	}
	return block{text: line + "\n> " + escape(text), plain: safetext.Named(plain) + "\n" + safetext.Named(text)}
}

func plainByline(i *corpus.Info) string {
	date := string(i.Published)
	switch {
	case date == "":
		date = "no date"
	case i.Basis == corpus.BasisInferred:
		date += " (inferred)"
	}
	return clip(safetext.Flatten(i.Name()), maxName) + ", " + date
}

func byline(i *corpus.Info) string { return escape(plainByline(i)) }

func titleOf(i *corpus.Info) string {
	return clip(strings.TrimSpace(safetext.Flatten(i.Title)), maxTitle)
}

// linked is a title as a link that jumps to the quote in the publisher's
// page, or plain where the article has no address on the web.
func linked(title, address, quote string) string {
	u := webLink(address, quote)
	if u == "" {
		return escape(title)
	}
	// A bracket ends the words of a link, even behind a backslash.
	title = strings.NewReplacer("[", "(", "]", ")").Replace(title)
	return "[" + escape(title) + "](<" + u + ">)"
}

// webLink returns an address as it may stand in a Markdown link, with a text
// fragment for the quote, or "" where it is none of the web. See
// https://wicg.github.io/scroll-to-text-fragment/.
func webLink(address, quote string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !ascii(u.Host) {
		return ""
	}
	base := bare.Replace(u.String())
	if len(base) > maxURL || strings.ContainsFunc(base, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return ""
	}
	fragment := textFragment(quote)
	if fragment == "" {
		return base
	}
	mark := "#"
	if strings.Contains(base, "#") {
		mark = ""
	}
	if full := base + mark + fragment; len(full) <= maxURL {
		return full
	}
	return base
}

var bare = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "`", "%60", "|", "%7C",
	"*", "%2A", "[", "%5B", "]", "%5D", "\\", "%5C", "~", "%7E", "@", "%40")

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// fragmentWords are how many words at each end name a quote.
const fragmentWords = 5

var blankLine = regexp.MustCompile(`\r?\n[ \t]*\r?\n\s*`)

func textFragment(quote string) string {
	words := strings.Fields(quote)
	if len(words) == 0 {
		return ""
	}
	const directive = ":~:text="
	// Each end of a text directive is looked for inside of one block of the page.
	if blocks := blankLine.Split(strings.TrimSpace(quote), -1); len(blocks) > 1 {
		first, last := strings.Fields(blocks[0]), strings.Fields(blocks[len(blocks)-1])
		first, last = first[:min(fragmentWords, len(first))], last[max(0, len(last)-fragmentWords):]
		return directive + percent(strings.Join(first, " ")) + "," + percent(strings.Join(last, " "))
	}
	if len(words) <= 2*fragmentWords && !strings.Contains(quote, "\n") {
		return directive + percent(strings.Join(words, " "))
	}
	n := min(fragmentWords, len(words)/2)
	if n == 0 {
		return directive + percent(words[0])
	}
	return directive + percent(strings.Join(words[:n], " ")) + "," + percent(strings.Join(words[len(words)-n:], " "))
}

// percent encodes all but letters and digits: "-" and "," mean something in a
// text fragment.
func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || c == '.') {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
