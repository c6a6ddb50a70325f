package words

import (
	"strings"
	"unicode"
)

// attribution reports whether "Smith said." or the like stands at i.
func (s *splitter) attribution(i, end int) bool {
	verb := -1
	for n := 0; n < 8 && i < end; n++ {
		word, mark, next := s.attributionWord(i, end)
		if verb < 0 && says(word) && n > 0 {
			verb = n
		}
		if verb >= 0 && (mark != 0 || next == end) {
			return n-verb <= 4
		}
		if verb < 0 && (mark != 0 || !nameWord(word)) {
			return false
		}
		i = next
	}
	return false
}

// maxApposition is the greatest number of words that tell who a speaker is.
const maxApposition = 25

// longAttribution reports whether the speaker of the quotation before it
// stands at i, with what tells who that is or with where it was said: "Osric
// Tamm, the mate of the ferry, told the Osk Observer". A sentence that gives
// words of its own ("Tamm said that", "Tamm told them: “No.”") is none.
func (s *splitter) longAttribution(i, end int) bool {
	i, comma := s.attributionName(i, end)
	if i < 0 {
		return false
	}
	for n := 0; comma; n++ {
		word, mark, next := s.attributionWord(i, end)
		if n > maxApposition || next >= end || mark != 0 && mark != ',' && !s.initial(word) {
			return false
		}
		i = next
		if after, _, _ := s.attributionWord(next, end); mark == ',' && says(after) {
			break
		}
	}
	if verb, _, _ := s.attributionWord(i, end); !says(verb) {
		return false
	}
	for n := 0; n < maxApposition && i < end; n++ {
		word, mark, next := s.attributionWord(i, end)
		switch {
		case word == "that" || mark == ':' || strings.ContainsFunc(word, quotation):
			return false
		case mark == '.' && !s.initial(word) || mark == '!' || mark == '?':
			return true
		}
		i = next
	}
	return i >= end
}

// attributionName returns where the name at i ends, and whether a comma
// stands behind it; -1 if no name stands there.
func (s *splitter) attributionName(i, end int) (next int, comma bool) {
	for n := 0; n < 7 && i < end; n++ {
		word, mark, next := s.attributionWord(i, end)
		switch {
		case n > 0 && says(word):
			return i, false
		case !nameWord(word) || starter(word) && word != "The", mark != 0 && mark != ',' && !s.initial(word):
			return -1, false
		case mark == ',':
			return next, true
		}
		i = next
	}
	return -1, false
}

func (s *splitter) initial(word string) bool { return len(word) == 1 || kindOf(word) != abbrNone }

// attributionWord returns the word at i without the mark behind it, that
// mark, and where the next word begins.
func (s *splitter) attributionWord(i, end int) (word string, mark byte, next int) {
	start := i
	for i < end && i-start < 2*maxWord && !unicode.IsSpace(rune(s.text[i])) {
		i++
	}
	word = s.text[start:i]
	if word != "" {
		switch c := word[len(word)-1]; c {
		case '.', ',', ':', '!', '?':
			word, mark = word[:len(word)-1], c
		}
	}
	next, _ = trim(s.text, i, end)
	if i == start {
		next = i + 1
	}
	return word, mark, next
}
