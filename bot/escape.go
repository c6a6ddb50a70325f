package bot

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"verbatim/internal/safetext"
)

// escape returns text as Discord prints it unchanged, on one line.
func escape(text string) string { return safetext.Markdown(text) }

// unescape undoes escape, to read back what the bot wrote.
func unescape(text string) string { return safetext.Unmarkdown(text) }

// clean returns what a user typed without what cannot be seen, on one line.
func clean(text string) string { return safetext.Clean(text) }

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
