package embed

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// scanner cuts a text into the words of the table: runs of letters and numbers,
// lower-cased, without accents. Everything else separates. What follows an apostrophe
// and has at most two letters is dropped ("Biden's", "they'll"), with the n of n't ("don't"
// is "do"), as the vectors were trained on text that splits these off.
type scanner struct {
	text string
	pos  int
	word []byte // the current word, valid until the next call of next
	hash uint64 // FNV-1a of word
}

// next moves to the next word and reports whether there is one.
func (s *scanner) next() bool {
	for s.pos < len(s.text) {
		if !s.scan() {
			continue
		}
		s.dropClitic()
		if len(s.word) > 0 {
			s.hash = hashWord(s.word)
			return true
		}
	}
	return false
}

// scan reads one run of letters and numbers, or one separator.
func (s *scanner) scan() bool {
	s.word = s.word[:0]
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			s.word = append(s.word, c)
			s.pos++
		case 'A' <= c && c <= 'Z':
			s.word = append(s.word, c+'a'-'A')
			s.pos++
		case c < utf8.RuneSelf:
			if len(s.word) == 0 {
				s.pos++
			}
			return len(s.word) > 0
		default:
			if !s.wide() {
				return len(s.word) > 0
			}
		}
	}
	return len(s.word) > 0
}

// wide reads a rune beyond ASCII and reports whether the word goes on after it.
func (s *scanner) wide() bool {
	r, size := utf8.DecodeRuneInString(s.text[s.pos:])
	switch {
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		base := norm.NFD.PropertiesString(s.text[s.pos : s.pos+size]).Decomposition()
		if base != nil {
			r, _ = utf8.DecodeRune(base)
		}
		s.word = utf8.AppendRune(s.word, unicode.ToLower(r))
	case unicode.Is(unicode.Mn, r) || r == '\u00ad': // accents apart from their letter; soft hyphens
	default:
		if len(s.word) == 0 {
			s.pos += size
		}
		return false
	}
	s.pos += size
	return true
}

// dropClitic skips what an apostrophe appends to the current word.
func (s *scanner) dropClitic() {
	rest := s.text[s.pos:]
	switch {
	case len(rest) > 1 && rest[0] == '\'':
		rest = rest[1:]
	case len(rest) > 3 && rest[:3] == "’":
		rest = rest[3:]
	default:
		return
	}
	n := 0
	for n < len(rest) && n < 3 && isASCIILetter(rest[n]) {
		n++
	}
	if n == 0 || n == 3 || n < len(rest) && (rest[n] >= utf8.RuneSelf && !isSeparator(rest[n:]) || '0' <= rest[n] && rest[n] <= '9') {
		return
	}
	if n == 1 && rest[0]|0x20 == 't' && len(s.word) > 1 && s.word[len(s.word)-1] == 'n' {
		s.word = s.word[:len(s.word)-1]
	}
	s.pos = len(s.text) - len(rest) + n
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isSeparator(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r)
}
