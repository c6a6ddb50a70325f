package safetext

import (
	"fmt"
	"regexp"
	"strings"
)

// special are the characters with a meaning in Discord's Markdown, in
// mentions, time stamps, custom emoji and links. Discord prints any of them
// as it is behind a backslash, and finds no mention, link or invite that a
// backslash stands in.
const special = "\\*_~|`<>[]()#:/@"

// Markdown returns text so that Discord prints it unchanged but for line
// breaks: on one line, with no markup, link or mention. A hidden character and
// a combining mark too many are named, as in ⟨U+202E⟩.
func Markdown(text string) string {
	text = strings.TrimSpace(Flatten(text))
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	begins, numbered := true, true // a word begins here; it has only digits so far, as in "1."
	rest := text
	for c := range characters(text) {
		rest = rest[len(c.text):]
		switch {
		case c.hidden, c.excess:
			name(&b, c.r)
		case c.r == '@' && addressesAll(rest):
			b.WriteString("\\@\u200b") // the one case in which a backslash is not enough
		case strings.ContainsRune(special, c.r),
			(c.r == '-' || c.r == '+') && begins,
			c.r == '.' && numbered && !begins:
			b.WriteByte('\\')
			b.WriteRune(c.r)
		default:
			b.WriteRune(c.r)
		}
		numbered = numbered && c.r >= '0' && c.r <= '9'
		if begins = c.r == ' '; begins { // a message may be cut here and go on at the beginning of a line
			numbered = true
		}
	}
	return b.String()
}

func name(b *strings.Builder, r rune) { fmt.Fprintf(b, "⟨U+%04X⟩", r) }

// addressesAll reports whether "@" before rest mentions everybody.
func addressesAll(rest string) bool {
	for _, w := range []string{"everyone", "here"} {
		if len(rest) >= len(w) && strings.EqualFold(rest[:len(w)], w) {
			return true
		}
	}
	return false
}

var escaped = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)

// Unmarkdown undoes Markdown, to read back what was printed. Named characters
// stay named.
func Unmarkdown(s string) string {
	return escaped.ReplaceAllString(strings.ReplaceAll(s, "@\u200b", "@"), "$1")
}

// Named returns text with its hidden characters named as Markdown names them,
// for a plain text file. Its layout and all else stay.
func Named(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for c := range characters(text) {
		if c.hidden && c.r != '\n' && c.r != '\r' && c.r != '\t' {
			name(&b, c.r)
		} else {
			b.WriteString(c.text)
		}
	}
	return b.String()
}
