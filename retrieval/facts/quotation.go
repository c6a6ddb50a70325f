package facts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/words"
)

// Quotations returns the bytes of text between quotation marks, the marks
// left out. A single mark between letters, or after one and not closing any,
// is an apostrophe. A quotation that is not closed ends with the text.
func Quotations(text string) []words.Range { return appendQuotations(nil, text) }

func appendQuotations(out []words.Range, text string) []words.Range {
	if !strings.ContainsAny(text, "\"'“”„«‘’") {
		return out
	}
	open, closer := -1, rune(0)
	prev := ' '
	for i, r := range text {
		if r < utf8.RuneSelf && r != '"' && r != '\'' {
			prev = r
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case open < 0:
			closer = opens(r, prev, next)
			if closer != 0 {
				open = i + size
			}
		case closes(r, closer, prev, next):
			out = append(out, words.Range{Start: open, End: i})
			open = -1
		}
		prev = r
	}
	if open >= 0 {
		out = append(out, words.Range{Start: open, End: len(text)})
	}
	return out
}

// opens returns the mark that closes what r opens, or 0.
func opens(r, prev, next rune) rune {
	switch r {
	case '"':
		return '"'
	case '“', '„':
		return '”'
	case '«':
		return '»'
	case '‘', '\'', '’':
		boundary := !unicode.IsLetter(prev) && !unicode.IsDigit(prev)
		if boundary && !unicode.IsSpace(next) && (unicode.IsLetter(next) || next == '.' || next == '…') {
			return '’'
		}
	}
	return 0
}

func closes(r, closer, prev, next rune) bool {
	switch closer {
	case '"':
		return r == '"' || r == '”'
	case '”':
		return r == '”' || r == '"' || r == '“'
	case '’':
		return (r == '’' || r == '\'') && !unicode.IsSpace(prev) && !unicode.IsLetter(next) && !unicode.IsDigit(next)
	}
	return r == closer
}

// opensQuotation reports whether a gap ends with a mark that opens a
// quotation.
func opensQuotation(gap string) bool {
	r, size := utf8.DecodeLastRuneInString(gap)
	switch r {
	case '“', '„', '«', '‘':
		return true
	case '"', '\'':
		before, _ := utf8.DecodeLastRuneInString(gap[:len(gap)-size])
		return before == ' ' || before == '(' || before == '\n'
	}
	return false
}
