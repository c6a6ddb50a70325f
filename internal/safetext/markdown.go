package safetext

import (
	"fmt"
	"regexp"
	"strings"
)

// special are the characters that have a meaning in Discord's Markdown, in
// mentions, time stamps and custom emoji wherever they stand. Discord prints any
// of them as it is behind a backslash.
const special = "\\*_~|`<>"

// Markdown returns text so that Discord prints it unchanged but for line
// breaks: on one line, with no markup, link or mention. A hidden character and
// a combining mark too many are named, as in ⟨U+202E⟩.
func Markdown(text string) string {
	text = strings.TrimSpace(Flatten(text))
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	word, at := 0, 0 // where in text a word and a character begin
	for c := range characters(text) {
		rest := text[at+len(c.text):]
		switch {
		case c.hidden, c.excess:
			name(&b, c.r)
		case c.r == '@' && addressesAll(rest):
			b.WriteString("\\@\u200b") // the one case in which a backslash is not enough
		case strings.ContainsRune(special, c.r) || meaningful(c.r, text[word:at], rest):
			b.WriteByte('\\')
			b.WriteRune(c.r)
		default:
			b.WriteRune(c.r)
		}
		at += len(c.text)
		if c.r == ' ' { // a message may be cut here and go on at the beginning of a line
			word = at
		}
	}
	return b.String()
}

var emoji = regexp.MustCompile(`^\w+:`)

// meaningful reports whether a character has a meaning for Discord between the
// beginning of its word and what follows: in the mark of a list or a heading, a
// link, an address, an invitation, or the name of an emoji.
func meaningful(r rune, before, after string) bool {
	ends := after == "" || after[0] == ' '
	switch r {
	case '#':
		return before == ""
	case '-', '+':
		return before == "" && (ends || after[0] == '#')
	case '.':
		return before != "" && strings.Trim(before, "0123456789") == "" && ends
	case ']':
		return strings.HasPrefix(after, "(")
	case ':':
		return strings.HasPrefix(after, "/") || emoji.MatchString(after)
	case '/':
		return strings.Contains(strings.ToLower(before), "discord")
	}
	return false
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
