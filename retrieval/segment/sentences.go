package segment

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// runs yields the spans of body between marks, without the white space at
// their ends and without empty ones. Marks must be in order.
func runs(body string, marks []corpus.Mark) iter.Seq[corpus.Span] {
	return func(yield func(corpus.Span) bool) {
		at := 0
		for i := 0; i <= len(marks); i++ {
			end, next := len(body), len(body)
			if i < len(marks) {
				end, next = marks[i].Start, marks[i].End
			}
			if at < end {
				end = trimEnd(body, at, end)
				if start := trimStart(body, at, end); start < end && !yield(corpus.Span{Start: start, End: end}) {
					return
				}
			}
			at = max(at, next)
		}
	}
}

// The greatest numbers of words of a heading without the mark that ends a
// sentence: of any line, and of one that blank lines set apart.
const (
	maxHeading      = 12
	maxApartHeading = 20
)

// quotable reports whether the sentence at span is no heading. A line of its
// own without an end mark is one, unless it is long; above the story it may
// be a caption or a standfirst.
func quotable(body string, span corpus.Span, text string, story bool) bool {
	if !strings.ContainsFunc(text, isWord) {
		return false
	}
	alone := startsLine(body, span.Start) && endsLine(body, span.End)
	n := words.Count(text)
	if !words.Ended(text) {
		if crossHead(text) {
			return false
		}
		switch {
		case n > maxApartHeading, closedQuote(text) && n > 5:
			return true
		case alone && story && blankAround(body, span):
			return listItem(text) && n > 4 || n > maxHeading && attributes(text)
		}
		return n > maxHeading || !alone && n > 3 || !story && n >= 6 && !blankAround(body, span)
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”’)"))
	return !(alone && last == '?' && n <= maxHeading)
}

// crossHead reports whether text stands between dashes: "- Trying our best -".
func crossHead(text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return size < len(text) && dash(first) && dash(last)
}

func dash(r rune) bool {
	return r == '-' || r == '–' || r == '—' || r == '−' || r == '*' || r == '='
}

// attributes reports whether text says who said it, as a sentence does and a
// headline hardly: headlines stand in the present.
func attributes(text string) bool {
	for _, w := range []string{" said", " told ", " reported", " according to ", " citing "} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// listItem reports whether text is an item of a list: "• Five dead in Kabul".
func listItem(text string) bool {
	marker, _, _ := strings.Cut(text, " ")
	if strings.ContainsAny(marker, "•·▪►‣*") {
		return true
	}
	figure := strings.TrimRight(marker, ".)")
	return figure != marker && len(figure) < 3 && strings.Trim(figure, "0123456789") == ""
}

// closedQuote reports whether text ends with a quotation: a sentence whose
// full stop was left out.
func closedQuote(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return (last == '"' || last == '”') && !strings.HasPrefix(text, "\"") && !strings.HasPrefix(text, "“")
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// startsLine reports whether only spaces stand between i and the beginning
// of its line.
func startsLine(body string, i int) bool {
	text := strings.TrimRight(body[:i], " \t\u00a0")
	return text == "" || text[len(text)-1] == '\n' || text[len(text)-1] == '\r'
}

// endsLine reports whether only spaces stand between i and the end of its
// line.
func endsLine(body string, i int) bool {
	text := strings.TrimLeft(body[i:], " \t\u00a0")
	return text == "" || text[0] == '\n' || text[0] == '\r'
}

// blankAround reports whether blank lines, or an end of the body, stand on
// both sides of span.
func blankAround(body string, span corpus.Span) bool {
	before, after := 0, 0
	for i := span.Start; i > 0; i-- {
		if breaksLine(body, i-1) {
			before++
		} else if c := body[i-1]; c != '\r' && c != ' ' && c != '\t' {
			break
		}
	}
	for i := span.End; i < len(body); i++ {
		if breaksLine(body, i) {
			after++
		} else if c := body[i]; c != '\r' && c != ' ' && c != '\t' {
			break
		}
	}
	return (before > 1 || before == span.Start) && (after > 1 || span.End+after == len(body))
}

// breaksLine reports whether a line ends with the byte at i: with LF, or with
// a CR that stands alone.
func breaksLine(body string, i int) bool {
	return body[i] == '\n' || body[i] == '\r' && (i+1 == len(body) || body[i+1] != '\n')
}

func trimStart(body string, from, to int) int {
	return to - len(strings.TrimLeftFunc(body[from:to], unicode.IsSpace))
}

func trimEnd(body string, from, to int) int {
	return from + len(strings.TrimRightFunc(body[from:to], unicode.IsSpace))
}
