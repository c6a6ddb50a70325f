package dateline

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// headLine is what one of the short lines around a story says.
type headLine struct {
	published corpus.Date
	span      words.Range // of the date, in the line
	later     bool        // the date is that of a change
	outlet    string
	agency    string
	author    string
}

// clockRE matches what may stand beside a date: times, zones and weekdays.
var clockRE = regexp.MustCompile(`(?i)\b\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?|\bT\d{2}:\d{2}\S*` +
	`|\b(?:[A-Z]{1,4}T|UTC|GMT|local time|hrs?|hours)\b|[+-]\d{2}:?\d{2}\b` +
	`|\b(?:` + weekdays + `|mon|tues?|wed|thurs?|fri|sat|sun)\b\.?`)

var (
	laterRE   = regexp.MustCompile(`(?i)\b(?:updated?|modified|amended|corrected)\b`)
	publishRE = regexp.MustCompile(`(?i)\b(?:published?|posted|filed|aired|issued|first published|created|broadcast)\b`)
	postedRE  = regexp.MustCompile(`(?i)^(?:posted|published|written|filed|reported|story)?\s*by\s+`)
	// stampRE matches the time stamp of an embedded post.
	stampRE = regexp.MustCompile(`(?i)^\d{1,2}:\d{2}\s*[ap]\.?m\.?\s*[·•|-]`)
	partRE  = regexp.MustCompile(`\s*[|·•—–/;()\[\],\n]+\s*|\s+-+\s+|\s{3,}`)
	// labelRE matches a short label before a colon: "Interview: ".
	labelRE = regexp.MustCompile(`^([A-Za-z][A-Za-z &-]{1,24}):\s*`)
)

// readHeadLine reads a short line that says who published a story, and when.
// ok is false if it says something else too.
func readHeadLine(line string) (h headLine, ok bool) {
	if len(line) > maxHeadLine || words.Ended(line) && !endsShort(line) {
		return h, false
	}
	rest, from := "", 0
	for _, f := range findDates(line) {
		full, valid := f.full()
		if !valid {
			continue
		}
		if h.published == "" {
			h.published, h.span = full, words.Range{Start: f.start, End: f.end}
		}
		rest += line[from:f.start] + " | "
		from = f.end
	}
	if h.published == "" && strings.ContainsAny(line, "0123456789") {
		return h, false
	}
	rest += line[from:]
	if h.published != "" {
		if event(rest) || stampRE.MatchString(line) {
			return headLine{}, false
		}
		rest = clockRE.ReplaceAllString(rest, " | ")
	}
	h.later = laterRE.MatchString(line)
	unknown := 0
	for _, part := range partRE.Split(rest, -1) {
		part = strings.Trim(part, " \t\u00a0.:,*#-–—|")
		if part == "" {
			continue
		}
		known, fits := h.part(part)
		if !fits {
			return headLine{}, false
		}
		if !known {
			unknown++
		}
	}
	return h, h.published != "" && unknown <= 3 || unknown == 0 && (h.outlet != "" || h.agency != "" || h.author != "")
}

// endsShort reports whether line ends with the full stop of an abbreviation,
// a clock time or a date rather than that of a sentence.
func endsShort(line string) bool {
	last := line[strings.LastIndexByte(line, ' ')+1:]
	return strings.ContainsAny(strings.TrimRight(last, "."), ".0123456789") || len(last) <= 4
}

// event reports whether a line that holds a day is about an event of that
// day.
func event(line string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }), english.EventWords.Has)
}

// part reads one part of a head line. known says that it is an agency, an
// outlet or a writer; fits is false for what no head line holds.
func (h *headLine) part(part string) (known, fits bool) {
	if agency, ok := agencyName(part); ok {
		h.agency = agency
		return true, true
	}
	if at := postedRE.FindStringIndex(part); at != nil && at[1] < len(part) {
		name := strings.TrimSuffix(strings.TrimSuffix(part[at[1]:], " on"), " at")
		if agency, ok := agencyName(name); ok {
			h.agency = agency
			return true, true
		}
		if words.Count(name) > 6 {
			return false, false
		}
		h.author = name
		return true, nameWords(name) || words.Count(name) == 1
	}
	if label := labelRE.FindStringSubmatch(part); label != nil {
		switch key := strings.ToLower(label[1]); {
		case words.IsPhrase(english.Kickers, key):
			return false, words.Count(part) <= 10
		case words.IsPhrase(english.HeadLabels, key) || english.HeadWords.Has(key):
			known, fits = h.part(part[len(label[0]):])
			return known, fits || words.Count(part) == 2
		}
	}
	if IsMasthead(part) || h.published != "" && isNewspaper(part) {
		if h.outlet == "" {
			h.outlet = part
		}
		return true, true
	}
	if words.IsPhrase(english.Kickers, strings.ToLower(part)) || words.IsPhrase(english.Editions, strings.ToLower(part)) {
		return false, true
	}
	name, plain := deskOf(part)
	if IsMasthead(name) && h.outlet == "" {
		h.outlet = name
		return true, plain
	}
	return false, plain && words.Count(part) <= 6
}

// deskOf returns the capitalised words that part begins with, and whether the
// others are such as stand in bylines: "Harbour Courier data desk".
func deskOf(part string) (name string, plain bool) {
	var capital []string
	for _, word := range strings.Fields(part) {
		first, _ := utf8.DecodeRuneInString(word)
		lower := strings.ToLower(strings.Trim(word, ".:"))
		switch {
		case english.HeadWords.Has(lower):
		case unicode.IsUpper(first) && (len(capital) == 0 || strings.Contains(part, strings.Join(append(capital, word), " "))):
			capital = append(capital, word)
			continue
		case unicode.IsUpper(first), strings.Trim(word, "0123456789@_.-") == "", strings.HasPrefix(word, "@"):
		default:
			return "", false
		}
	}
	return strings.Join(capital, " "), true
}

// nameWords reports whether every word of text may stand in a name.
func nameWords(text string) bool {
	for _, word := range strings.Fields(text) {
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(first) && !english.NameParticle.Has(word) && !english.Connectors.Has(word) && !english.HeadWords.Has(strings.ToLower(word)) {
			return false
		}
	}
	return text != ""
}

// IsMasthead reports whether text is of at most five capitalised words, one
// of them of the kind that newspapers are called by.
func IsMasthead(text string) bool {
	fields := strings.Fields(text)
	if len(text) > 60 || len(fields) == 0 || len(fields) > 5 {
		return false
	}
	paper := false
	for _, f := range fields {
		first, _ := utf8.DecodeRuneInString(f)
		if !unicode.IsUpper(first) && f != "of" && f != "the" && f != "and" && f != "&" {
			return false
		}
		paper = paper || english.NewspaperWords.Has(strings.ToLower(f))
	}
	if len(fields) == 1 {
		return english.Broadcasters.Has(strings.ToLower(text))
	}
	return paper && !words.IsPhrase(english.Kickers, strings.ToLower(text)) && !navigation(text)
}

// isNewspaper reports whether text, beside a date, reads like the name of a
// newspaper: "The Ellery Review".
func isNewspaper(text string) bool {
	fields := strings.Fields(text)
	if len(fields) < 2 || len(fields) > 5 || !nameWords(text) {
		return false
	}
	return english.NewspaperEnds.Has(strings.ToLower(fields[len(fields)-1]))
}

// navigation reports whether a line is of the navigation of a page: "Home
// News  Sport", "Home > News > Local".
func navigation(line string) bool {
	fields := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("|>›»•·/&,", r)
	})
	if len(fields) < 3 || len(fields) > 30 {
		return false
	}
	known := 0
	for _, f := range fields {
		if english.NavWords.Has(f) {
			known++
		}
	}
	return known == len(fields) || known*3 >= len(fields)*2 && strings.ContainsAny(line, "|>›»•·\t") || known*2 >= len(fields) && strings.Count(line, "   ") >= 2
}
