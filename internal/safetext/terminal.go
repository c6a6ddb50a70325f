package safetext

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Terminal returns text for a terminal or a pipe: line breaks and tabs stay,
// a hidden character and a combining mark too many become \uXXXX, and a byte
// that is not UTF-8 becomes \xXX. CR LF is one line break.
func Terminal(text string) string {
	if plain(text) {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for c := range characters(text) {
		switch {
		case c.invalid():
			fmt.Fprintf(&b, `\x%02x`, c.text[0])
		case c.r != '\n' && c.r != '\t' && (c.hidden || c.excess):
			b.WriteString(escapeRune(c.r))
		default:
			b.WriteString(c.text)
		}
	}
	return b.String()
}

// Line returns text as Terminal does, on one line.
func Line(text string) string {
	return strings.Join(strings.FieldsFunc(Terminal(text), func(r rune) bool { return r == '\n' || r == '\t' }), " ")
}

// Separator stands between the fields of a line of origin: outlet, date and
// title.
const Separator = " · "

// Field returns text as Line does, for one field of a line of origin: a middle
// dot in it is escaped, so that the text cannot pretend to be two fields.
func Field(text string) string {
	return strings.ReplaceAll(Line(text), "·", escapeRune('·'))
}

// escapeRune writes r as JSON does, in UTF-16.
func escapeRune(r rune) string {
	if r <= 0xffff {
		return fmt.Sprintf(`\u%04x`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Sprintf(`\u%04x\u%04x`, high, low)
}
