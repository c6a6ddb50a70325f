package openai

import (
	"unicode"
	"unicode/utf8"
)

// EstimateTokens returns about how many tokens a model reads text as: a word
// of up to six letters is one, each six more another, and so are three digits,
// a mark, and a letter outside of the Latin script. For English news this comes
// near to the rule of thumb of four characters a token; for other languages it
// errs on the high side.
func EstimateTokens(text string) int {
	total, letters, digits := 0, 0, 0
	flush := func() {
		if letters > 0 {
			total += 1 + (letters-1)/6
		}
		total += (digits + 2) / 3
		letters, digits = 0, 0
	}
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && unicode.IsLetter(r), unicode.Is(unicode.Latin, r):
			if digits > 0 {
				flush()
			}
			letters++
		case unicode.IsDigit(r):
			if letters > 0 {
				flush()
			}
			digits++
		case unicode.IsSpace(r):
			flush()
		default:
			flush()
			total++
		}
	}
	flush()
	return total
}
