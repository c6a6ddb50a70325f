package render

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

const maxURL = 512 // bytes

// PlainByline is who published an article and when, not escaped.
func PlainByline(i *corpus.Info) string {
	date := string(i.Published)
	switch {
	case date == "":
		date = "no date"
	case i.Basis == corpus.BasisInferred:
		date += " (inferred)"
	}
	return Clip(safetext.Flatten(i.Name()), MaxName) + ", " + date
}

// Byline is PlainByline escaped.
func Byline(i *corpus.Info) string { return Escape(PlainByline(i)) }

// TitleOf is the title of an article on one line, clipped and not escaped.
func TitleOf(i *corpus.Info) string {
	return Clip(strings.TrimSpace(safetext.Flatten(i.Title)), MaxTitle)
}

// linked is a title as a link that jumps to the quote in the publisher's
// page, or plain if the article has no address on the web.
func linked(title, address, quote string) string {
	u := WebLink(address, quote)
	if u == "" {
		return Escape(title)
	}
	// A bracket ends the words of a link, even behind a backslash.
	title = strings.NewReplacer("[", "(", "]", ")").Replace(title)
	return "[" + Escape(title) + "](<" + u + ">)"
}

// WebLink returns an address as it may stand in a Markdown link, with a text
// fragment for the quote, or "" if it is not one of the web. See
// https://wicg.github.io/scroll-to-text-fragment/.
func WebLink(address, quote string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !ascii(u.Host) {
		return ""
	}
	base := bare.Replace(u.String())
	if len(base) > maxURL || strings.ContainsFunc(base, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return ""
	}
	fragment := TextFragment(quote)
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

// TextFragment is the part of an address that makes a browser show a quote.
func TextFragment(quote string) string {
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
