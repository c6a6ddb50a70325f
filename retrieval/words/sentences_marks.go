package words

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// rune0 returns the first rune of text.
func rune0(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// terminator reports whether r ends sentences in some script.
func terminator(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '.' || r == '!' || r == '?'
	}
	if r >= 0xAC00 && r <= 0xD7A3 || r >= 0x4E00 && r <= 0x9FFF || r < 0x589 {
		return false
	}
	return r == '…' || unicode.Is(unicode.Sentence_Terminal, r)
}

// closer reports whether r closes a quotation or a bracket.
func closer(r rune) bool {
	switch r {
	case '"', '\'', ')', ']', '}', '”', '’', '»', '›', '」', '』', '）', '】', '》':
		return true
	}
	return false
}

// opener reports whether r opens a quotation, a bracket or a Spanish question.
func opener(r rune) bool {
	switch r {
	case '"', '\'', '(', '[', '{', '“', '‘', '„', '‚', '«', '‹', '¿', '¡', '「', '『', '（', '《':
		return true
	}
	return false
}

// quotation reports whether r is a quotation mark.
func quotation(r rune) bool {
	switch r {
	case '"', '\'', '“', '”', '‘', '’', '„', '«', '»', '‹', '›', '「', '」', '『', '』':
		return true
	}
	return false
}

// pauses reports whether r goes on with the sentence before it.
func pauses(r rune) bool {
	switch r {
	case ',', ';', ':', ')', ']', '}', '，', '、':
		return true
	}
	return false
}

// maxQuote bounds a joined quotation in bytes, for scripts without spaces.
const maxQuote = 1000

// joinQuotations takes out the ends that lie inside a quotation, where the
// quotation with its attribution has at most QuoteWords words.
func (s *splitter) joinQuotations(start, end int) {
	s.findQuotations(start, end)
	for _, q := range s.quotes {
		first, _ := slices.BinarySearch(s.ends, q.Start+1)
		last, _ := slices.BinarySearch(s.ends, q.End)
		if first == last {
			continue
		}
		from, to := start, end
		if first > 0 {
			from = s.ends[first-1]
		}
		if last < len(s.ends) {
			to = s.ends[last]
		}
		if to-from <= maxQuote && Count(s.text[from:to]) <= QuoteWords {
			s.drop(start, first, last)
		}
	}
	if len(s.quotes) > 0 {
		s.ends = slices.Compact(s.ends)
	}
}

// drop makes the ends from first to last equal to a neighbour, or to the
// block's start, which keeps them in order; the empty sentences that they
// leave are compacted or passed over.
func (s *splitter) drop(start, first, last int) {
	to := start
	if first > 0 {
		to = s.ends[first-1]
	} else if last < len(s.ends) {
		to = s.ends[last]
	}
	for i := first; i < last; i++ {
		s.ends[i] = to
	}
}

// findQuotations collects the quotations of a block that hold an end of a
// sentence, each from its opening to behind its closing mark. Marks without
// their other half are left out. A single mark closes only behind punctuation,
// as the end of several sentences must: elsewhere it may be an apostrophe.
func (s *splitter) findQuotations(start, end int) {
	s.quotes = s.quotes[:0]
	double, single := -1, -1
	prev := ' '
	for i := start; i < end; {
		r, size := rune(s.text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s.text[i:end])
		}
		if !quotation(r) {
			prev = r
			i += size
			continue
		}
		next := ' '
		if i+size < end {
			next, _ = utf8.DecodeRuneInString(s.text[i+size : end])
		}
		starts := !unicode.IsSpace(next) && (unicode.IsSpace(prev) || opener(prev) || prev == '—' || prev == '–' || prev == '-')
		switch r {
		case '“', '„', '«', '「', '『':
			double = i
		case '”', '»', '」', '』':
			s.addQuotation(double, i+size)
			double = -1
		case '"':
			if double >= 0 {
				s.addQuotation(double, i+size)
				double = -1
			} else if starts {
				double = i
			}
		case '‘', '\'', '’', '‹', '›':
			ends := !unicode.IsLetter(next) && (terminator(prev) || prev == ',' || closer(prev))
			switch {
			case single >= 0 && r != '‘' && ends:
				s.addQuotation(single, i+size)
				single = -1
			case r != '’' && starts && !unicode.IsDigit(next):
				single = i
			}
		}
		prev = r
		i += size
	}
}

func (s *splitter) addQuotation(open, end int) {
	if open < 0 {
		return
	}
	if i, _ := slices.BinarySearch(s.ends, open+1); i < len(s.ends) && s.ends[i] < end {
		s.quotes = append(s.quotes, Range{open, end})
	}
}
