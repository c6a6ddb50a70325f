package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// apostrophe reports whether r is an apostrophe, or looks like one between
// letters: the letters of Hawaiian, Arabic and Hebrew names, accents that
// stand alone, single quotation marks.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '`', '´', 'ʹ', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', 'ˈ', 'ˋ', '‘', '’', '‛', '′', '‵', '＇', 'ꞌ', 'Ꞌ', '՚', '׳':
		return true
	}
	return false
}

// double reports whether r is a double quotation mark or looks like one.
func double(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '‟', '«', '»', '″', '‶', '＂', '״', '〝', '〞':
		return true
	}
	return false
}

// hyphen reports whether r is a hyphen or a dash of any length.
func hyphen(r rune) bool { return r == '-' || r == '−' || r == '⁃' || unicode.Is(unicode.Pd, r) }

// invisible reports whether r has no width: a soft hyphen, a joiner, a
// byte-order mark.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u200e', '\u200f':
		return true
	}
	return false
}

// letter returns how a letter is folded that has no decomposition: "ss" for
// "ß". ok is false for all others.
func letter(r rune) (folded string, ok bool) {
	switch r {
	case 'ı':
		return "i", true
	case 'ł', 'Ł':
		return "l", true
	case 'ø', 'Ø':
		return "o", true
	case 'đ', 'Đ', 'ð', 'Ð', 'ɖ':
		return "d", true
	case 'ß', 'ẞ':
		return "ss", true
	case 'æ', 'Æ':
		return "ae", true
	case 'œ', 'Œ':
		return "oe", true
	case 'þ', 'Þ':
		return "th", true
	case 'ħ', 'Ħ':
		return "h", true
	case 'ŧ', 'Ŧ':
		return "t", true
	case 'ə', 'Ə':
		return "e", true
	}
	return "", false
}

// Fold returns s in lower case, in compatibility form, without diacritics,
// and with the letters that have no decomposition spelled out. Its length may
// differ from that of s.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if folded, ok := letter(r); ok {
			b.WriteString(folded)
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Alike is a text folded so that what looks the same on a page is equal, with
// the way back to the bytes of the text.
type Alike struct {
	Text   string
	starts []int // for each byte of Text, where the characters begin that it came from
	ends   []int // and where they end
}

// Span returns the bytes of the original text that Text[start:end] came from.
func (a *Alike) Span(start, end int) Range { return Range{a.starts[start], a.ends[end-1]} }

// FoldAlike folds s: lower case, composed letters, ligatures taken apart, each
// run of white space as one space, apostrophes and quotation marks as ' and ",
// hyphens and dashes as one -, an ellipsis as three dots, without soft hyphens
// and other characters of no width. A word that is broken at the end of a line
// is joined: without its hyphen, or with it if hyphens is set.
func FoldAlike(s string, hyphens bool) *Alike {
	f := &folder{s: s, hyphens: hyphens, Alike: &Alike{starts: make([]int, 0, len(s)), ends: make([]int, 0, len(s))}}
	f.b.Grow(len(s))
	for i := 0; i < len(s); {
		end := i + 1
		if s[i] >= utf8.RuneSelf || end < len(s) && s[end] >= utf8.RuneSelf {
			end = i + norm.NFKC.NextBoundaryInString(s[i:], true)
		}
		if i >= f.skip {
			f.segment(norm.NFKC.AppendString(f.form[:0], s[i:end]), i, end)
		}
		i = end
	}
	f.Text = f.b.String()
	return f.Alike
}

// folder is a text on its way to being folded.
type folder struct {
	*Alike
	s       string
	hyphens bool
	b       strings.Builder
	form    []byte // reused
	last    rune   // that was written
	before  rune   // and the one before it
	skip    int    // bytes of s before this offset are folded already
}

// segment folds the normal form of the characters of s from start to end.
func (f *folder) segment(form []byte, start, end int) {
	for len(form) > 0 {
		r, size := utf8.DecodeRune(form)
		form = form[size:]
		switch {
		case hyphen(r) || r == '\u00ad':
			if at := afterBreak(f.s, end); at > 0 && unicode.IsLetter(f.last) {
				if f.skip = at; f.hyphens && r != '\u00ad' {
					f.write('-', start, at)
				}
				return
			}
			if r != '\u00ad' && f.last != '-' {
				f.write('-', start, end)
			}
		case invisible(r):
		case unicode.IsSpace(r):
			if f.last != ' ' && f.last != 0 {
				f.write(' ', start, end)
			}
		case r == '.' && f.last == ' ' && f.before == '.':
			f.unwrite()
			f.write('.', start, end)
		case apostrophe(r):
			f.write('\'', start, end)
		case double(r):
			f.write('"', start, end)
		case r == 'ß' || r == 'ẞ':
			f.write('s', start, end)
			f.write('s', start, end)
		default:
			f.write(unicode.ToLower(r), start, end)
		}
	}
}

func (f *folder) write(r rune, start, end int) {
	n := f.b.Len()
	f.b.WriteRune(r)
	for range f.b.Len() - n {
		f.starts, f.ends = append(f.starts, start), append(f.ends, end)
	}
	f.before, f.last = f.last, r
}

// unwrite takes back a space.
func (f *folder) unwrite() {
	text := f.b.String()
	f.b.Reset()
	f.b.WriteString(text[:len(text)-1])
	f.starts, f.ends = f.starts[:len(f.starts)-1], f.ends[:len(f.ends)-1]
	f.last = '.'
}

// afterBreak returns where the letter in lower case stands that goes on after
// a line break at i, with white space around the break; 0 if there is none.
func afterBreak(s string, i int) int {
	breaks := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n', r == '\r' && (i+1 == len(s) || s[i+1] != '\n'):
			breaks++
		case !unicode.IsSpace(r):
			if breaks == 1 && unicode.IsLower(r) {
				return i
			}
			return 0
		}
		i += size
	}
	return 0
}
