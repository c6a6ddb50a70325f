// Package words decides what a token, a stem and a sentence are. Indexing,
// ranking and quoting all ask it, so that they agree.
package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Range is a half-open range of bytes of the text that it was made from.
type Range struct {
	Start, End int
}

// Term is a word or a figure of a text, folded, and where it stands.
type Term struct {
	Start, End int    // bytes of the text, the end exclusive
	Text       string // folded
}

// Tokens yields the words and figures of text in order: runs of letters,
// marks and digits. An apostrophe or a full stop between letters and a comma
// or a full stop between digits belong to the token ("don't", "U.S.",
// "1,037"); a possessive 's does not.
func Tokens(text string) iter.Seq[Term] {
	return func(yield func(Term) bool) {
		for i := 0; i < len(text); {
			start, end, plain := next(text, i)
			if start == end || !yield(Term{Start: start, End: end, Text: foldToken(text[start:end], plain)}) {
				return
			}
			i = possessive(text, end)
		}
	}
}

// next returns the first token at or after i, and whether it is plain as scan
// says; it is empty if there is none.
func next(text string, i int) (start, end int, plain bool) {
	for i < len(text) {
		if end, plain = scan(text, i); end > i {
			return i, end, plain
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return len(text), len(text), false
}

// scan returns the end of the token that starts at i, or i where none does.
// plain is true where the token is lower-case ASCII letters only, or digits.
func scan(text string, i int) (end int, plain bool) {
	end, plain = i, true
	for j := i; j < len(text); {
		c := text[j]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			j++
			end = j
			continue
		case c >= 'A' && c <= 'Z':
			plain = false
			j++
			end = j
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[j:])
		}
		switch {
		case !apostrophe(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && j > i):
			if wide(r) && j > i {
				return end, plain
			}
			if plain = false; wide(r) {
				return j + size, false
			}
			j += size
			end = j
		default:
			if j == i {
				return end, plain
			}
			if j = held(text, i, j, end, r, size); j == 0 {
				return end, plain
			}
			plain = false
		}
	}
	return end, plain
}

// held returns the offset behind the character r at j if it holds together
// the token from i on, whose last letter ends at end; 0 if it does not.
func held(text string, i, j, end int, r rune, size int) int {
	switch {
	case apostrophe(r):
		if joins(text, j, size, '\'') {
			return j + size
		}
		return 0
	case r == '-' || r == '\u2010' || r == '\u00ad':
		if at := broken(text, j, size); at > 0 && j == end {
			return at
		}
		if r == '\u00ad' {
			return j + size
		}
		return 0
	case r < utf8.RuneSelf && joins(text, j, size, r), r != '\ufeff' && invisible(r), thousands(text, i, j, size, r):
		return j + size
	}
	return 0
}

// broken returns where a word goes on that a hyphen at j, of so many bytes,
// breaks at the end of a line; 0 if it breaks none. Parts of less than two
// letters, figures and names are no broken words.
func broken(text string, j, size int) int {
	before, n := utf8.DecodeLastRuneInString(text[:j])
	if !unicode.IsLetter(before) {
		return 0
	}
	if again, _ := utf8.DecodeLastRuneInString(text[:j-n]); !unicode.IsLetter(again) {
		return 0
	}
	return afterBreak(text, j+size)
}

// thousands reports whether the space r at j, which breaks no line, groups
// the figure from i on: "1 037".
func thousands(text string, i, j, size int, r rune) bool {
	if r != '\u00a0' && r != '\u202f' && r != '\u2009' && r != '\u2007' {
		return false
	}
	for n, group := range strings.Split(text[i:j], string(r)) {
		if len(group) > 3 || n > 0 && len(group) < 3 || strings.Trim(group, "0123456789") != "" {
			return false
		}
	}
	return threeDigits(text[j+size:])
}

// wide reports whether r is written without spaces between words, so that
// each character is a token.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// joins reports whether the punctuation c at j holds its neighbours together.
func joins(text string, j, size int, c rune) bool {
	if j+size >= len(text) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:j])
	after, n := utf8.DecodeRuneInString(text[j+size:])
	switch c {
	case ',':
		return isDigit(before) && isDigit(after) && threeDigits(text[j+size:])
	case '.':
		if isDigit(before) && isDigit(after) {
			return true
		}
		if !unicode.IsLetter(before) || !unicode.IsLetter(after) {
			return false
		}
		// Letters joined by full stops one by one: "U.S", "a.m".
		next, _ := utf8.DecodeRuneInString(text[j+size+n:])
		return single(text[:j]) && (next == '.' || !unicode.IsLetter(next))
	case '\'':
		if !unicode.IsLetter(before) || !unicode.IsLetter(after) {
			return false
		}
		rest := text[j+size+n:]
		next, _ := utf8.DecodeRuneInString(rest)
		return !((after == 's' || after == 'S') && !unicode.IsLetter(next))
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func threeDigits(s string) bool {
	return len(s) >= 3 && isDigit(rune(s[0])) && isDigit(rune(s[1])) && isDigit(rune(s[2])) &&
		(len(s) == 3 || !isDigit(rune(s[3])))
}

// single reports whether the last letter of s stands alone.
func single(s string) bool {
	_, size := utf8.DecodeLastRuneInString(s)
	before, _ := utf8.DecodeLastRuneInString(s[:len(s)-size])
	return len(s) == size || !unicode.IsLetter(before) && !isDigit(before)
}

// possessive returns the end of a possessive 's at i, or i.
func possessive(text string, i int) int {
	r, size := utf8.DecodeRuneInString(text[i:])
	if !apostrophe(r) || i+size >= len(text) || text[i+size] != 's' && text[i+size] != 'S' {
		return i
	}
	if after, _ := utf8.DecodeRuneInString(text[i+size+1:]); unicode.IsLetter(after) || unicode.IsDigit(after) {
		return i
	}
	return i + size + 1
}

func foldToken(s string, plain bool) string {
	if plain {
		return s
	}
	if isASCII(s) {
		if strings.IndexByte(s, '.') >= 0 && (s[0] < '0' || s[0] > '9') {
			s = strings.ReplaceAll(s, ".", "")
		}
		if strings.IndexByte(s, ',') >= 0 {
			s = strings.ReplaceAll(s, ",", "")
		}
		if at := strings.IndexAny(s, "-\n\r"); at >= 0 { // broken at the end of a line
			s = strings.NewReplacer("-", "", "\n", "", "\r", "", " ", "", "\t", "").Replace(s)
		}
		return dropApostrophe(strings.ToLower(strings.ReplaceAll(s, "`", "'")))
	}
	return dropApostrophe(Fold(strings.Map(func(r rune) rune {
		switch {
		case apostrophe(r):
			return '\''
		case r == '.' || r == ',' || hyphen(r) || invisible(r) || unicode.IsSpace(r):
			return -1
		}
		return r
	}, s)))
}

// dropApostrophe takes the apostrophes out of a folded token, so that
// "Hawai'i" and "Hawaii", "O'Hara" and "Ohara" are equal, but not that of a
// contraction ("don't").
func dropApostrophe(token string) string {
	at := strings.IndexByte(token, '\'')
	if at < 0 {
		return token
	}
	switch token[at+1:] {
	case "t", "re", "ve", "ll", "d", "m", "s", "clock":
		return token
	}
	return strings.ReplaceAll(token, "'", "")
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
