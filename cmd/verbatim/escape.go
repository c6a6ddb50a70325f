package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text of articles, questions and models may hold escape sequences of a
// terminal or controls that reorder what is shown. What follows decides, once,
// which characters are never written as they are.

// hostile reports whether r changes how other characters are shown: controls,
// bidirectional controls, and the invisible ones that hide text.
func hostile(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x180e, r >= 0x200b && r <= 0x200f, r == 0x2028, r == 0x2029,
		r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff,
		r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return !joiner(r)
	}
	return false
}

// joiner reports whether r is one of the two joiners, which several scripts
// and many emoji need inside a word.
func joiner(r rune) bool { return r == 0x200c || r == 0x200d }

// printable returns text for a terminal or a pipe: line breaks and tabs stay,
// every other control and bidirectional character becomes \uXXXX, a byte that
// is no character \xXX.
func printable(text string) string {
	clean := true
	for _, r := range text {
		if r == utf8.RuneError || hostile(r) && r != '\n' && r != '\t' {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + hexDigits(rune(text[i]), 2))
		case r != '\n' && r != '\t' && hostile(r):
			b.WriteString(escapeRune(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// line is printable on one line.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(printable(text), breaks), " ")
}

func breaks(r rune) bool { return r == '\n' || r == '\t' }

// escapeRune writes r as JSON does.
func escapeRune(r rune) string {
	if r <= 0xffff {
		return `\u` + hexDigits(r, 4)
	}
	r -= 0x10000
	return `\u` + hexDigits(0xd800+(r>>10), 4) + `\u` + hexDigits(0xdc00+(r&0x3ff), 4)
}

// hexDigits writes the lowest digits*4 bits of r.
func hexDigits(r rune, digits int) string {
	const chars = "0123456789abcdef"
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = chars[r&0xf]
		r >>= 4
	}
	return string(out)
}

// blank reports whether text shows nothing.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !hostile(r) }) < 0
}
