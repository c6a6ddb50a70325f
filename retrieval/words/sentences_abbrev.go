package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
)

// abbreviationEnds decides on the full stop after word where a word that is
// not in lower case follows at next.
func (s *splitter) abbreviationEnds(word string, next, end int) bool {
	if word == "" {
		return true
	}
	after := s.wordAfter(next, end)
	if s.ordinal(word, after, next) || len(word) == 1 && len(after) == 1 && unicode.IsLower(rune0(word)) { // "z. B."
		return false
	}
	figure := after != "" && after[0] >= '0' && after[0] <= '9'
	switch kindOf(word) {
	case abbrTitle:
		return false
	case abbrNumber:
		return !figure && !roman(after)
	case abbrMonth:
		return !figure && starter(after)
	case abbrClock:
		return !clockWord(after)
	case abbrCompany:
		lower := strings.ToLower(after)
		return after != "" && !english.Offices.Has(lower) && !english.Titles.Has(lower) && !clockWord(after)
	case abbrOpen:
		return starter(after) || after == "" || figure && len(word) > 1
	}
	return true
}

// ordinal reports whether word, a figure before a full stop, is an ordinal as
// German, Nordic and Slavic languages write it: before a month ("3. Juli") or
// behind an article ("der 2. Bürgermeister").
func (s *splitter) ordinal(word, after string, next int) bool {
	if len(word) > 2 || strings.Trim(word, "0123456789") != "" || after == "" {
		return false
	}
	if english.ForeignMonth.Has(strings.ToLower(after)) {
		return true
	}
	before := strings.TrimRightFunc(s.text[:next], unicode.IsSpace)
	before = strings.TrimRightFunc(before[:len(before)-1-len(word)], unicode.IsSpace)
	article := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
	return english.OrdinalArticle.Has(article)
}

// wordAfter returns the letters and digits at i, behind opening marks.
func (s *splitter) wordAfter(i, end int) string {
	for i < end {
		r, size := utf8.DecodeRuneInString(s.text[i:end])
		if !opener(r) {
			break
		}
		i += size
	}
	start := i
	for i < end && i-start < maxWord {
		r, size := utf8.DecodeRuneInString(s.text[i:end])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i += size
	}
	return s.text[start:i]
}

type abbreviation int

const (
	abbrNone    abbreviation = iota
	abbrTitle                // always before its word: "Mr.", "vs."
	abbrNumber               // before a figure: "No.", "p."
	abbrMonth                // before a day: "Jan."
	abbrClock                // "a.m."
	abbrCompany              // may end a sentence, but not before an office: "Inc."
	abbrOpen                 // may end a sentence: "U.S.", initials
)

// kindOf returns what the full stop after word may be.
func kindOf(word string) abbreviation {
	// Of "30-Aug" and "Mon.-Fri" the last part counts.
	if at := strings.LastIndexAny(word, "-/"); at >= 0 && at+1 < len(word) {
		if kind := kindOf(word[at+1:]); kind != abbrNone {
			return kind
		}
	}
	switch kind, _ := english.Abbreviation.Get(word); kind {
	case "title":
		return abbrTitle
	case "number":
		return abbrNumber
	case "month":
		return abbrMonth
	case "clock":
		return abbrClock
	case "company":
		return abbrCompany
	case "open":
		return abbrOpen
	}
	if acronym(word) {
		return abbrOpen
	}
	// A transcript has its titles in capitals: "GOV. LENA VOSS".
	if len(word) > 1 && strings.ToUpper(word) == word {
		if kind, _ := english.Abbreviation.Get(word[:1] + strings.ToLower(word[1:])); kind == "title" {
			return abbrTitle
		}
	}
	return abbrNone
}

// roman reports whether word is a Roman numeral.
func roman(word string) bool {
	return word != "" && word != "I" && strings.Trim(word, "IVXLCDM") == ""
}

// acronym reports whether word is an initial, or initials with full stops
// between them ("J", "U.S", "Ph.D", "R-Ky.S").
func acronym(word string) bool {
	run, letters, dots := 0, 0, 0
	for i, r := range word {
		switch {
		case r == '.':
			if run == 0 || run > 2 {
				return false
			}
			run = 0
			dots++
		case r == '-' && i > 0:
			run = 0
		case unicode.IsLetter(r):
			if run == 0 && !unicode.IsUpper(r) && dots == 0 && len(word) < 3 {
				return false
			}
			run++
			letters++
		default:
			return false
		}
	}
	return letters > 0 && run > 0 && run <= 2 && (dots > 0 || letters == 1)
}

// listMarker reports whether word before a full stop numbers an item.
func listMarker(word string) bool {
	if len(word) == 0 || len(word) > 3 {
		return false
	}
	for i := 0; i < len(word); i++ {
		if word[i] < '0' || word[i] > '9' {
			return len(word) == 1 && (word[0] >= 'a' && word[0] <= 'h' || (word[0] >= 'A' && word[0] <= 'H' || word[0] == 'Q'))
		}
	}
	return true
}

// starter reports whether an English sentence often begins with word, which a
// name hardly does.
func starter(word string) bool { return english.Starter.Has(word) }

// clockWord reports whether word goes on after "a.m.".
func clockWord(word string) bool {
	if lower := strings.ToLower(word); english.ClockWord.Has(word) || lower != word &&
		(english.Weekdays.Has(lower) || english.ShortWeekdays.Has(lower) || english.Months.Has(lower) || english.ShortMonths.Has(lower)) {
		return true
	}
	if len(word) < 2 || len(word) > 4 {
		return false
	}
	for i := 0; i < len(word); i++ {
		if word[i] < 'A' || word[i] > 'Z' {
			return false
		}
	}
	return true
}

// lowerWord reports whether word is of lower-case letters but for its first.
func lowerWord(word string) bool {
	for i, r := range word {
		if !unicode.IsLetter(r) || i > 0 && !unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// domain reports whether word is the last part of an address or file name.
func domain(word string) bool { return english.DomainEnding.Has(word) }

// says reports whether word is a verb of saying.
func says(word string) bool { return english.Says.Has(word) }

// nameWord reports whether word may stand in a name before a verb of saying.
func nameWord(word string) bool {
	return english.NameParticle.Has(word) || english.Connectors.Has(word) || unicode.IsUpper(rune0(word))
}
