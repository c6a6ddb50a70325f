package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
)

// kindOfLine says what a line is by itself.
func kindOfLine(text string) LineKind {
	switch {
	case ItemMark(text) > 0:
		return LineItem
	case Row(text):
		return LineRow
	case Label(text) > 0:
		return LineLabelled
	case capitals(text):
		return LineCapitals
	}
	return LinePlain
}

// ItemMark returns the length in bytes of the bullet or number, with the space
// behind it, that a list item begins with; 0 if text is none.
func ItemMark(text string) int {
	mark, rest, ok := strings.Cut(text, " ")
	if !ok {
		if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune("•·▪►‣●◦■□✓", r) && size < len(text) {
			return size
		}
		return 0
	}
	n := len(mark) + 1 + len(rest) - len(strings.TrimLeft(rest, " "))
	switch mark {
	case "-", "*", "–", "—", "+", "•", "·", "▪", "►", "‣", "●", "◦", "■", "□", "✓", "o":
		if mark == "o" && !unicode.IsUpper(rune0(text[n:])) {
			return 0
		}
		return n
	}
	if r, size := utf8.DecodeRuneInString(mark); strings.ContainsRune("•·▪►‣●◦■□✓", r) {
		return size
	}
	figure := strings.TrimRight(mark, ".)")
	if figure == mark || len(figure) == 0 || len(figure) > 2 || len(mark)-len(figure) > 1 || strings.Trim(figure, "0123456789") != "" {
		return 0
	}
	// "3. Juli" begins with a day.
	word, _, _ := strings.Cut(rest, " ")
	if english.ForeignMonth.Has(strings.ToLower(strings.TrimRight(word, ".,"))) {
		return 0
	}
	return n
}

// Row reports whether text is a row of a table: cells with a tab, a bar or at
// least three spaces between them.
func Row(text string) bool {
	if strings.Contains(text, "\t") && strings.TrimSpace(text) != "" {
		return true
	}
	if strings.Count(text, "|") > 1 {
		return true
	}
	gap := strings.Index(text, "   ")
	return gap > 0 && !terminator(lastRune(text[:gap]))
}

// maxLabel is the greatest length of a label in bytes.
const maxLabel = 80

// Label returns the length in bytes of the label that a line begins with, its
// colon or full stop included: the key of a head ("Source:"), a speaker in
// capitals ("GOV. LENA VOSS (D), LINDMOOR:"), "Q." or "A."; 0 if there is none.
func Label(text string) int {
	if strings.HasPrefix(text, "Q. ") || strings.HasPrefix(text, "A. ") || strings.HasPrefix(text, "Q: ") || strings.HasPrefix(text, "A: ") {
		return 2
	}
	at := strings.IndexByte(text, ':')
	if at < 2 || at > maxLabel || at+1 < len(text) && text[at+1] != ' ' && text[at+1] != '\t' && text[at+1] != '\n' {
		return 0
	}
	if IsPhrase(english.HeadLabels, strings.ToLower(text[:at])) {
		return at + 1
	}
	if SpeakerLabel(text[:at]) {
		return at + 1
	}
	return 0
}

// SpeakerLabel reports whether label, which stands before a colon, is a
// speaker of a transcript: a name in capitals with what may stand behind it
// ("EDDA QUILL, CORRESPONDENT (voice-over)").
func SpeakerLabel(label string) bool {
	name := label
	if at := strings.IndexByte(name, '('); at > 0 {
		name = name[:at]
	}
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLower(r), unicode.IsDigit(r), strings.ContainsRune("?!\"“”;", r):
			return false
		case unicode.IsUpper(r):
			letters++
		}
	}
	return letters >= 2 && len(strings.Fields(name)) <= 9
}

// capitals reports whether a line is a heading in capitals.
func capitals(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 4 && Count(text) <= 14
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// IsPhrase reports whether text as a whole is one of phrases.
func IsPhrase(phrases english.Phrases, text string) bool {
	fields := strings.Fields(text)
	return len(fields) > 0 && len(fields) == phrases.Match(func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	})
}
