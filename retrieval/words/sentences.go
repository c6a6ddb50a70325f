package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// QuoteWords is the number of words (runs of non-space) up to which several
// sentences inside one pair of quotation marks, with their attribution, are
// one sentence.
const QuoteWords = 60

// Sentences returns the sentences of text in order, without the white space
// around them: ranges do not overlap and together hold every byte that is not
// white space.
//
// A blank line always ends a sentence, and so does a line break, unless the
// next line goes on with the sentence of the one before it (it begins in
// lower case, or Layout finds that the line is wrapped). Within a line the
// rules are those of Unicode Standard Annex 29, section 5, with abbreviations,
// initials, list numbers, figures, ellipses, note marks, names with marks and
// attributions taken into account, and with a full stop whose following space
// is missing.
func Sentences(text string) []Range { return NewLayout(text).Sentences(0, len(text)) }

// Sentences returns the sentences of the part of the text from start to end,
// as the function Sentences does, with ranges of the whole text.
func (l *Layout) Sentences(start, end int) []Range {
	s := splitter{text: l.text, out: make([]Range, 0, (end-start)/120+1)}
	for at := start; at < end; {
		stop := l.blockEnd(at, end)
		s.sentences(at, stop)
		at = stop
	}
	return s.out
}

// Count returns the number of words, as runs of non-space, of text.
func Count(text string) int {
	n, in := 0, false
	for i := 0; i < len(text); {
		c := text[i]
		size, space := 1, c == ' ' || c >= '\t' && c <= '\r'
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			space = unicode.IsSpace(r)
		}
		if !space && !in {
			n++
		}
		in = !space
		i += size
	}
	return n
}

// splitter holds the text and what is reused from block to block.
type splitter struct {
	text   string
	out    []Range
	ends   []int   // ends of the sentences of a block, in order
	quotes []Range // quotations of a block, from mark to mark
}

// sentences adds the sentences of the block from start to end.
func (s *splitter) sentences(start, end int) {
	start, end = trim(s.text, start, end)
	if start == end {
		return
	}
	s.ends = s.ends[:0]
	quoted := s.findEnds(start, end)
	if quoted && len(s.ends) > 0 {
		s.joinQuotations(start, end)
	}
	for _, e := range append(s.ends, end) {
		from, to := trim(s.text, start, e)
		if from < to {
			s.out = append(s.out, Range{from, to})
		}
		start = e
	}
}

// lineEnd returns the end of the line that begins at i, and the beginning of
// the next one. Lines end with LF, CR LF or CR.
func lineEnd(text string, i int) (end, next int) {
	n := strings.IndexAny(text[i:], "\r\n")
	if n < 0 {
		return len(text), len(text)
	}
	end, next = i+n, i+n+1
	if text[end] == '\r' && next < len(text) && text[next] == '\n' {
		next++
	}
	return end, next
}

// trim moves start and end inwards over white space.
func trim(text string, start, end int) (int, int) {
	for start < end {
		r, size := rune(text[start]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[start:end])
		}
		if !unicode.IsSpace(r) {
			break
		}
		start += size
	}
	for start < end {
		r, size := rune(text[end-1]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeLastRuneInString(text[start:end])
		}
		if !unicode.IsSpace(r) {
			break
		}
		end -= size
	}
	return start, end
}

// Lines yields the lines of text in order without the white space around
// them; a blank line is an empty range.
func Lines(text string) iter.Seq[Range] {
	return func(yield func(Range) bool) {
		for i := 0; i < len(text); {
			end, next := lineEnd(text, i)
			from, to := trim(text, i, end)
			if !yield(Range{from, to}) {
				return
			}
			i = next
		}
	}
}

// Ended reports whether text ends as a sentence does: with a terminator,
// whatever closing marks stand behind it.
func Ended(text string) bool {
	for text != "" {
		r, size := utf8.DecodeLastRuneInString(text)
		if terminator(r) {
			return true
		}
		if !closer(r) && !unicode.IsSpace(r) {
			return false
		}
		text = text[:len(text)-size]
	}
	return false
}
