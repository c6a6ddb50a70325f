// Package safetext makes text of articles, users and models safe to print.
//
// Such text may hold escape sequences of a terminal, controls that reverse the
// direction of writing, characters that nobody can see, or stacks of combining
// marks that cover the lines above and below. Hidden decides, in one place,
// which characters are never printed as they are; Terminal, Markdown and JSON
// write them in the way of their medium. Everything here is safe for
// concurrent use.
package safetext

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMarks is the greatest number of combining marks on one letter that are
// printed as they are. More would run over the lines above and below.
const MaxMarks = 4

// unseen holds the characters outside the Unicode categories of controls that
// print nothing: fillers, selectors and tags.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034f, Hi: 0x034f, Stride: 1}, // combining grapheme joiner
		{Lo: 0x115f, Hi: 0x1160, Stride: 1}, // Hangul fillers
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1}, // Khmer inherent vowels
		{Lo: 0x180b, Hi: 0x180f, Stride: 1}, // Mongolian selectors
		{Lo: 0x2028, Hi: 0x2029, Stride: 1}, // line and paragraph separators
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // blank Braille pattern
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // Hangul filler
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}, // variation selectors
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1}, // half-width Hangul filler
		{Lo: 0xfff0, Hi: 0xfff8, Stride: 1}, // unassigned, ignored by renderers
		{Lo: 0xfffc, Hi: 0xfffc, Stride: 1}, // object replacement
	},
	R32: []unicode.Range32{{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}}, // tags and selectors
}

// Hidden reports whether a reader cannot see r between prev and next, or r
// changes how its neighbors are shown. Joiners and the two common variation
// selectors are parts of letters and emoji outside ASCII, so they are hidden
// only beside ASCII. A line break or a tab is hidden too: callers that keep
// the layout of a text ask for it first.
func Hidden(r, prev, next rune) bool {
	switch r {
	case '\u200c', '\u200d':
		return prev < utf8.RuneSelf || next < utf8.RuneSelf
	case '\ufe0e', '\ufe0f':
		return prev < utf8.RuneSelf && next != '\u20e3' // 20e3 makes a keycap of a digit
	}
	if unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false // the only format characters with a shape of their own
	}
	return unicode.Is(unseen, r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co)
}

// character is one character of a text and what may be done with it.
type character struct {
	text   string // its bytes
	r      rune   // utf8.RuneError of one byte if the byte is not UTF-8
	hidden bool
	excess bool // a combining mark after MaxMarks others
}

func (c character) invalid() bool { return c.r == utf8.RuneError && len(c.text) == 1 }

// characters yields the characters of text in order.
func characters(text string) iter.Seq[character] {
	return func(yield func(character) bool) {
		prev, marks := ' ', 0
		for i := 0; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if i+size == len(text) {
				next = ' '
			}
			if unicode.In(r, unicode.Mn, unicode.Me) {
				marks++
			} else {
				marks = 0
			}
			c := character{text: text[i : i+size], r: r, hidden: Hidden(r, prev, next), excess: marks > MaxMarks}
			if !yield(c) {
				return
			}
			prev, i = r, i+size
		}
	}
}

// plain reports whether text is printable ASCII, which needs no look at its
// characters. Most text is.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' && text[i] != '\n' && text[i] != '\t' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Blank reports whether text shows nothing.
func Blank(text string) bool {
	for c := range characters(text) {
		if !c.hidden && !unicode.IsSpace(c.r) {
			return false
		}
	}
	return true
}

// Clean returns what a user typed on one line, without what cannot be seen.
func Clean(text string) string {
	var b strings.Builder
	for c := range characters(strings.ToValidUTF8(Flatten(text), "")) {
		if !c.hidden && !c.excess {
			b.WriteRune(c.r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var layout = regexp.MustCompile(`[ \x{a0}]*[\t\n\v\f\r\x{85}\x{2028}\x{2029}][\s\x{85}\x{a0}\x{2028}\x{2029}]*`)

// Flatten returns text with one space for each run of white space that holds
// a line break, a tab or another control character of layout.
func Flatten(text string) string { return layout.ReplaceAllString(text, " ") }
