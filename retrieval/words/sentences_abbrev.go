package words

import (
	"unicode"
	"unicode/utf8"
)

// abbreviationEnds decides on the full stop after word where a word that is
// not in lower case follows at next.
func (s *splitter) abbreviationEnds(word string, next, end int) bool {
	if word == "" {
		return true
	}
	after := s.wordAfter(next, end)
	figure := after != "" && after[0] >= '0' && after[0] <= '9'
	switch kindOf(word) {
	case abbrTitle:
		return false
	case abbrNumber:
		return !figure
	case abbrMonth:
		return !figure && starter(after)
	case abbrClock:
		return !clockWord(after)
	case abbrOpen:
		return starter(after) || after == "" || figure && len(word) > 1
	}
	return true
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
	abbrNone   abbreviation = iota
	abbrTitle               // always before its word: "Mr.", "vs."
	abbrNumber              // before a figure: "No.", "p."
	abbrMonth               // before a day: "Jan."
	abbrClock               // "a.m."
	abbrOpen                // may end a sentence: "Inc.", "U.S.", initials
)

// kindOf returns what the full stop after word may be.
func kindOf(word string) abbreviation {
	switch word {
	case "Mr", "Mrs", "Ms", "Mx", "Messrs", "Mmes", "Dr", "Drs", "Prof", "Gen", "Col", "Lt", "Sgt", "Capt",
		"Cpt", "Cmdr", "Cdr", "Adm", "Maj", "Brig", "Cpl", "Pvt", "Pfc", "Sen", "Sens", "Rep", "Reps", "Gov",
		"Govs", "Rev", "Hon", "Msgr", "Supt", "Insp", "Det", "Atty", "Amb", "Pres", "Fr", "Mme", "Mlle",
		"M.P", "Mt", "Ft", "Sec", "Dep", "Asst", "Lieut", "Comdr", "Ald", "Tpr", "Spc",
		"vs", "e.g", "i.e", "cf", "viz", "eg", "ie", "v", "approx", "ca", "esp", "incl", "resp":
		return abbrTitle
	case "No", "Nos", "no", "nos", "p", "pp", "Fig", "fig", "Figs", "figs", "Art", "art", "Ch", "ch", "Vol",
		"vol", "Vols", "vols", "para", "par", "sec", "Op", "op", "Nr", "Rs", "Ver", "ver", "tel", "Tel", "ext", "Ext", "est", "Est":
		return abbrNumber
	case "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec":
		return abbrMonth
	case "a.m", "p.m", "A.M", "P.M":
		return abbrClock
	case "Inc", "Corp", "Co", "Cos", "Ltd", "LLC", "Bros", "Jr", "Sr", "St", "Ave", "Rd", "Blvd", "Ste",
		"Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Ky", "La", "Md",
		"Minn", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore", "Pa", "Tenn", "Tex", "Vt", "Va", "Wis", "Wyo",
		"Miss", "Mich", "Mass", "Wash", "etc", "al", "Ph.D", "Ph", "Dept", "dept", "Univ", "Assn", "Assoc",
		"Bldg", "Mfg", "Natl", "Intl", "Gov't", "govt", "Govt", "Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs",
		"Fri", "Lib", "Tech", "Mag", "Esq", "ed", "eds", "Ed", "Eds", "trans", "repr", "Mex", "Ont", "Que", "Alta", "Pty":
		return abbrOpen
	}
	if acronym(word) {
		return abbrOpen
	}
	return abbrNone
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
			return len(word) == 1 && (word[0] >= 'a' && word[0] <= 'h' || word[0] >= 'A' && word[0] <= 'H')
		}
	}
	return true
}

// starter reports whether an English sentence often begins with word, which a
// name hardly does.
func starter(word string) bool {
	switch word {
	case "The", "A", "An", "This", "That", "These", "Those", "He", "She", "It", "They", "We", "I", "You",
		"His", "Her", "Its", "Their", "Our", "My", "Your", "In", "On", "At", "By", "For", "From", "To", "With",
		"And", "But", "Or", "So", "Yet", "If", "When", "While", "As", "After", "Before", "Since", "Until",
		"Although", "Though", "Because", "However", "Meanwhile", "Also", "Then", "There", "Here", "Now", "Not",
		"No", "Nor", "What", "Who", "Why", "How", "Where", "Which", "Some", "Many", "Most", "Several", "Both",
		"Each", "Every", "All", "Another", "Other", "Others", "Under", "Over", "During", "Despite", "According",
		"About", "More", "Less", "Even", "Still", "Just", "Only", "Once", "One", "Two", "Three", "Earlier",
		"Later", "Last", "Of", "Between", "Among", "Through", "Nearly", "Almost", "Police", "Officials",
		"Whether", "Like", "Unlike", "Instead", "Previously",
		"Such", "Is", "Are", "Was", "Were", "Do", "Does", "Did", "Has", "Have", "Had", "Will", "Would", "Can", "Could", "Should":
		return true
	}
	return false
}

// clockWord reports whether word goes on after "a.m.".
func clockWord(word string) bool {
	switch word {
	case "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Eastern", "Pacific",
		"Central", "Mountain", "Greenwich", "January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug",
		"Sept", "Sep", "Oct", "Nov", "Dec", "Mon", "Tue", "Tues", "Wed", "Thu", "Thurs", "Fri", "Sat", "Sun":
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
func domain(word string) bool {
	switch word {
	case "Com", "Org", "Net", "Gov", "Edu", "Js", "Io", "Co", "Uk", "Tv", "Info", "Me", "Ai", "App", "Html", "Pdf":
		return true
	}
	return false
}

// says reports whether word is a verb of saying.
func says(word string) bool {
	switch word {
	case "said", "says", "say", "asked", "asks", "added", "adds", "told", "tells", "wrote", "writes", "tweeted",
		"explained", "explains", "shouted", "replied", "recalled", "recalls", "joked", "noted", "continued",
		"insisted", "declared", "exclaimed", "posted", "quipped", "laughed", "cried", "yelled", "warned":
		return true
	}
	return false
}

// nameWord reports whether word may stand in a name before a verb of saying.
func nameWord(word string) bool {
	switch word {
	case "", "of", "the", "de", "al", "bin", "van", "von", "and", "da", "la":
		return word != ""
	}
	return unicode.IsUpper(rune0(word))
}
