package bot

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// special are the characters that mean something in Discord's Markdown, in
// mentions, time stamps, custom emoji and links. Discord prints any of them
// as it is behind a backslash, and finds no mention, link or invite that a
// backslash stands in.
const special = "\\*_~|`<>[]()#:/@"

// maxMarks is the most combining marks on one letter that are printed as
// such: more would run over the lines above and below.
const maxMarks = 4

// escape returns text as Discord prints it unchanged but for line breaks: on
// one line, nothing of it live. Characters that cannot be seen, or that turn
// the direction of writing, are named, as ⟨U+202E⟩.
func escape(text string) string {
	runes := []rune(strings.TrimSpace(flatten(text)))
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	marks, word := 0, 0 // word: where the word began
	numbered := true    // only digits in the word so far, as before "1."
	for i, r := range runes {
		marked := unicode.Is(unicode.Mn, r)
		if marked {
			marks++
		} else {
			marks = 0
		}
		switch {
		case hidden(r, at(runes, i-1), at(runes, i+1)), marked && marks > maxMarks:
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		case r == '@' && pings(runes[i+1:]):
			b.WriteString("\\@\u200b") // the one case where a backslash is not enough
		case strings.ContainsRune(special, r),
			(r == '-' || r == '+') && i == word,
			r == '.' && numbered && i > word:
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		numbered = numbered && r >= '0' && r <= '9'
		if r == ' ' { // a message may be cut here, and go on at the beginning of a line
			word, numbered = i+1, true
		}
	}
	return b.String()
}

func at(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return ' '
	}
	return runes[i]
}

// pings reports whether "@" before these runes addresses all.
func pings(after []rune) bool {
	for _, w := range []string{"everyone", "here"} {
		if len(after) >= len(w) && strings.EqualFold(string(after[:len(w)]), w) {
			return true
		}
	}
	return false
}

// flatten makes one space of every run of white space that holds a line
// break, a tab or another control character of layout.
func flatten(text string) string {
	return layout.ReplaceAllString(text, " ")
}

var layout = regexp.MustCompile(`[ \x{a0}]*[\t\n\v\f\r\x{85}\x{2028}\x{2029}][\s\x{85}\x{a0}\x{2028}\x{2029}]*`)

// hidden reports whether a reader cannot see r, or r turns the direction of
// writing. Joiners and variation selectors between characters outside ASCII
// are parts of letters and emoji.
func hidden(r, prev, next rune) bool {
	switch {
	case r == '\u200c' || r == '\u200d':
		return prev < 0x80 || next < 0x80
	case r == '\ufe0f' || r == '\ufe0e':
		return prev < 0x80 && next != '\u20e3'
	case r == '\u3164', r == '\uffa0', r == '\u115f', r == '\u1160', r == '\u2800', r == '\u034f', r == '\ufffc',
		r == '\u17b4', r == '\u17b5',
		r >= 0x180b && r <= 0x180f, r >= 0xfe00 && r <= 0xfe0d, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co)
}

var escaped = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)

// unescape undoes escape, for reading back what the bot wrote; named
// characters stay named.
func unescape(s string) string {
	return escaped.ReplaceAllString(strings.ReplaceAll(s, "@\u200b", "@"), "$1")
}

// clean returns what a user typed without what cannot be seen, on one line.
func clean(text string) string {
	runes := []rune(strings.ToValidUTF8(flatten(text), ""))
	kept := make([]rune, 0, len(runes))
	marks := 0
	for i, r := range runes {
		if unicode.Is(unicode.Mn, r) {
			marks++
		} else {
			marks = 0
		}
		if marks <= maxMarks && !hidden(r, at(runes, i-1), at(runes, i+1)) {
			kept = append(kept, r)
		}
	}
	return strings.Join(strings.Fields(string(kept)), " ")
}

// units is the length of s as Discord counts at most: UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// clip returns s, or its first words with an ellipsis where it has more than
// n runes. It is for titles and names, never for quotes.
func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := n - 1
	for i := cut; i > 0; i-- {
		if unicode.IsSpace(runes[i]) {
			cut = i
			break
		}
	}
	return strings.TrimRightFunc(string(runes[:cut]), unicode.IsSpace) + "…"
}
