package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
)

// findEnds collects the ends of the sentences between start and end, but for
// the last, and reports whether a quotation mark was seen.
func (s *splitter) findEnds(start, end int) (quoted bool) {
	from, open := start, false
	for i := start; i < end; {
		c := s.text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s.text[i:end])
			if !terminator(r) {
				quoted = quoted || quotation(r)
				i += size
				continue
			}
		} else {
			switch c {
			case '"':
				quoted, open = true, !open
				fallthrough
			default:
				i++
				continue
			case '\'':
				quoted = true
				i++
				continue
			case '.', '!', '?':
			}
		}
		stop := s.stop(from, i, end, open)
		if stop.ends {
			s.ends = append(s.ends, stop.close)
			from, _ = trim(s.text, stop.close, end)
		}
		for j := stop.run; j < stop.close; j++ {
			if s.text[j] == '"' {
				open = false
			}
		}
		quoted = quoted || stop.close > stop.run
		i = stop.close
	}
	return quoted
}

// stop is a run of sentence terminators with the closing marks after it.
type stop struct {
	at    int  // first terminator
	run   int  // end of the terminators
	close int  // end of the closing marks
	ends  bool // whether a sentence ends at close
}

// stop reads the terminators at i of a sentence that began at from.
func (s *splitter) stop(from, i, end int, open bool) stop {
	st := stop{at: i, run: i}
	var last rune
	for st.run < end {
		r, size := utf8.DecodeRuneInString(s.text[st.run:end])
		if !terminator(r) {
			break
		}
		last = r
		st.run += size
	}
	if run := s.spacedDots(st.at, st.run, end); run > st.run {
		// Where ". . ." stands for left-out words, what follows goes on.
		st.run, st.close = run, s.closers(run, end, open)
		return st
	}
	st.close = s.noteMarks(s.closers(st.run, end, open), end)
	next, _ := trim(s.text, st.close, end)
	if next == end {
		return st
	}
	dots := st.run - st.at
	switch {
	case last == '…' || last == '.' && dots > 1:
		st.ends = s.ellipsisEnds(st, next, end)
	case last == '.':
		st.ends = s.fullStopEnds(st, from, next, end)
	case last == '!' || last == '?':
		st.ends = s.markEnds(st, next, end)
	default:
		st.ends = true // terminators of other scripts need no space
	}
	return st
}

// spacedDots returns the end of an ellipsis with spaces between its dots that
// begins at the full stop at i, or run.
func (s *splitter) spacedDots(i, run, end int) int {
	dots, stop := run-i, run
	for at := run; at < end; {
		r, size := utf8.DecodeRuneInString(s.text[at:end])
		switch {
		case r == '.':
			dots++
			stop = at + size
		case r != ' ' && r != '\u00a0' && r != '\u202f':
			at = end
			continue
		}
		at += size
	}
	if dots < 3 {
		return run
	}
	return stop
}

// maxNote is the greatest length of a note mark in bytes.
const maxNote = 40

// noteMarks returns the end of the note marks at i, right behind the end of a
// sentence: "[2][3]", "[citation needed]", "¹".
func (s *splitter) noteMarks(i, end int) int {
	for i < end {
		if strings.ContainsRune("¹²³⁴⁵⁶⁷⁸⁹⁰†‡", rune0(s.text[i:end])) {
			_, size := utf8.DecodeRuneInString(s.text[i:end])
			i += size
			continue
		}
		if s.text[i] != '[' {
			return i
		}
		n := strings.IndexByte(s.text[i:min(end, i+maxNote)], ']')
		if n < 2 || strings.ContainsAny(s.text[i:i+n], "\r\n") || unicode.IsUpper(rune0(s.text[i+1:])) {
			return i
		}
		i += n + 1
	}
	return i
}

// closers returns the end of the closing marks at i. A straight quotation
// mark before a letter closes only what is open.
func (s *splitter) closers(i, end int, open bool) int {
	for i < end {
		r, size := utf8.DecodeRuneInString(s.text[i:end])
		switch {
		case r == '"' || r == '\'':
			next, _ := utf8.DecodeRuneInString(s.text[i+1 : end])
			if (unicode.IsLetter(next) || unicode.IsDigit(next)) && !(r == '"' && open) {
				return i
			}
		case r == '\u00a0' || r == '\u202f': // before a French closing mark
			if next, _ := utf8.DecodeRuneInString(s.text[i+size : end]); next != '»' {
				return i
			}
		case !closer(r):
			return i
		}
		i += size
	}
	return i
}

func (s *splitter) ellipsisEnds(st stop, next, end int) bool {
	if before, _ := utf8.DecodeLastRuneInString(s.text[:st.at]); before == '[' || before == '(' {
		return false
	}
	if next == st.close && st.close == st.run {
		return false
	}
	first, opened := s.first(next, end)
	return unicode.IsUpper(first) || opened && unicode.IsDigit(first)
}

// markEnds decides on "!" and "?".
func (s *splitter) markEnds(st stop, next, end int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[next:end])
	if next == st.close {
		return unicode.IsUpper(r) && s.plain(st.at)
	}
	if pauses(r) || unicode.IsLower(r) && !s.brand(next, end) || s.markedName(st, next, end) {
		return false
	}
	return !(st.close > st.run && (s.attribution(next, end) || s.longAttribution(next, end)))
}

// markedName reports whether the mark at st belongs to a name, as in "Yahoo!
// Finance".
func (s *splitter) markedName(st stop, next, end int) bool {
	return st.close == st.run && st.run == st.at+1 && english.MarkedName.Has(s.wordBefore(st.at, 0)) && !starter(s.wordAfter(next, end))
}

// fullStopEnds decides on one full stop.
func (s *splitter) fullStopEnds(st stop, from, next, end int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[next:end])
	if next == st.close {
		return s.spaceMissing(st, next, end)
	}
	if unicode.IsLower(r) {
		return s.brand(next, end)
	}
	if pauses(r) {
		return false
	}
	if r == '(' || r == '[' {
		if first, _ := s.first(next, end); unicode.IsLower(first) {
			return false
		}
	}
	if st.close > st.run && quotation(rune0(s.text[st.run:end])) {
		return !s.attribution(next, end)
	}
	word := s.wordBefore(st.at, from)
	if st.at-len(word) == from && listMarker(word) {
		return false
	}
	return s.abbreviationEnds(word, next, end)
}

// spaceMissing reports whether a full stop right before next ends a sentence
// whose following space is missing, as in "was closed.The minister".
func (s *splitter) spaceMissing(st stop, next, end int) bool {
	r, size := utf8.DecodeRuneInString(s.text[next:end])
	if st.close > st.run {
		return unicode.IsUpper(r) && quotation(rune0(s.text[st.run:end]))
	}
	before := s.wordBefore(st.at, 0)
	if len(before) < 2 || !s.plain(st.at) || !lowerWord(before) {
		return false
	}
	if r == '“' {
		return true
	}
	if !unicode.IsUpper(r) {
		return false
	}
	i, lower := next+size, true
	for i < end {
		c, n := utf8.DecodeRuneInString(s.text[i:end])
		if !unicode.IsLetter(c) {
			lower = lower && (c == ' ' || c == ',' || c == '\'' || c == '’' || c == '\u00a0')
			break
		}
		lower = lower && unicode.IsLower(c)
		i += n
	}
	return lower && i < end && !domain(s.text[next:i])
}

// first returns the first rune from i on that is no opening mark, and
// whether a mark stood before it.
func (s *splitter) first(i, end int) (r rune, opened bool) {
	for i < end {
		r, size := utf8.DecodeRuneInString(s.text[i:end])
		if !opener(r) {
			return r, opened
		}
		opened = true
		i += size
	}
	return 0, opened
}

// brand reports whether a word at i begins in lower case by its spelling, as
// "iPhone" does.
func (s *splitter) brand(i, end int) bool {
	return i+1 < end && s.text[i] >= 'a' && s.text[i] <= 'z' && s.text[i+1] >= 'A' && s.text[i+1] <= 'Z'
}

// maxWord bounds the look back for the word before a full stop, in bytes.
const maxWord = 24

// wordBefore returns the run of letters, digits, full stops, hyphens and
// apostrophes that ends at i and does not begin before from.
func (s *splitter) wordBefore(i, from int) string {
	start := i
	for start > from && i-start < maxWord {
		r, size := utf8.DecodeLastRuneInString(s.text[from:start])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '-' && r != '’' && r != '\'' {
			break
		}
		start -= size
	}
	return s.text[start:i]
}

// plain reports whether the run of non-space that ends at i is no address.
func (s *splitter) plain(i int) bool {
	for j := i; j > 0 && i-j < 64; j-- {
		switch s.text[j-1] {
		case ' ', '\n', '\r', '\t':
			return true
		case '/', '@', '=', '.', '_', '\\':
			return false
		}
	}
	return true
}
