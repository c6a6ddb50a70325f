package render

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"verbatim/internal/safetext"
)

// Escape returns text as Discord prints it unchanged, on one line.
func Escape(text string) string { return safetext.Markdown(text) }

// Unescape undoes escape, to read back what the bot wrote.
func Unescape(text string) string { return safetext.Unmarkdown(text) }

// Clean returns what a user typed without what cannot be seen, on one line.
func Clean(text string) string { return safetext.Clean(text) }

// Units is the length of s as Discord counts at most: UTF-16 code units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Clip returns s, or its first words with an ellipsis if it has more than
// n runes. It is for titles and names, never for quotes.
func Clip(s string, n int) string {
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
