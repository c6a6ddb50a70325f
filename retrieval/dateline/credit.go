package dateline

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// agencyName returns the usual name of the news agency that s names; ok is
// false where s names none.
func agencyName(s string) (name string, ok bool) {
	s = strings.Trim(s, " .,;:()[]/|-–—")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "The "), "the ")
	fields := strings.Fields(strings.ToLower(s))
	word := func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	}
	if n, shown := english.Agencies.Match(word); n > 0 && n == len(fields) {
		return shown, true
	}
	switch n := english.AgenciesAsIs.Match(word); {
	case n > 0 && n == len(fields):
		return titled(s), true
	case strings.EqualFold(s, "pa media"):
		return "PA Media", true
	case english.AgencyAcronyms.Has(strings.ToLower(s)) && (s == "dpa" || s == strings.ToUpper(s)):
		return s, true
	}
	return "", false
}

func titled(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// agencyLine reads a line that holds little but an agency, with the place of
// the story before it: "Kabul, Afghanistan | AFP", "By AFP", "Source: Reuters".
func agencyLine(line string) (place, agency string, ok bool) {
	if words.Count(line) > 8 {
		return "", "", false
	}
	for _, prefix := range []string{"By ", "Source: ", "Source - ", "Agency: ", "Via ", "From "} {
		if rest, cut := strings.CutPrefix(line, prefix); cut {
			agency, ok = agencyName(rest)
			return "", agency, ok
		}
	}
	if agency, ok = agencyName(line); ok {
		return "", agency, true
	}
	at := strings.LastIndexAny(line, "|–—")
	if slash := strings.LastIndex(line, " / "); slash > at {
		at = slash + 1
	}
	if at < 0 {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(line[at:])
	agency, ok = agencyName(line[at+size:])
	place = strings.TrimSpace(line[:at])
	if !ok || !isPlace(place) {
		return "", "", false
	}
	return place, agency, true
}

// isPlace reports whether s reads like the place of a dateline.
func isPlace(s string) bool {
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 5 || len(s) > 60 {
		return false
	}
	for _, f := range fields {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(f, "(["))
		if !unicode.IsUpper(first) && f != "of" && f != "de" && f != "the" && f != "and" {
			return false
		}
	}
	return true
}

// byline reads a line that names who wrote the story: "By Jane Doe".
func byline(line string) (author string, ok bool) {
	rest, ok := strings.CutPrefix(line, "By ")
	if !ok {
		if rest, ok = strings.CutPrefix(line, "BY "); !ok {
			return "", false
		}
	}
	fields := strings.Fields(rest)
	if len(fields) == 0 || len(fields) > 12 || strings.ContainsAny(rest, ":;?!") || words.Ended(rest) {
		return "", false
	}
	capital := 0
	for _, f := range fields {
		first, _ := utf8.DecodeRuneInString(f)
		switch {
		case unicode.IsUpper(first):
			capital++
		case f != "and" && f != "|" && f != "for" && f != "of" && f != "the" && f != "&" && f != "in" && f != "-":
			return "", false
		}
	}
	author, _, _ = strings.Cut(strings.TrimSpace(rest), "|")
	author, _, _ = strings.Cut(author, ",")
	return strings.TrimSpace(author), capital > 0 && !monthName(fields[0]) && !weekdayName(fields[0])
}

// endRE matches what may be an agency's credit behind a sentence.
var endRE = regexp.MustCompile(`[.!?”"’'…]\s*(\((?:[Ww]ith (?:inputs|agency inputs)[^()]{0,20} )?([^()]{2,30})\)|[-–—]{1,2}\s?([A-Z][A-Za-z ]{1,20}))\.?$`)

// endCredit returns where the agency's credit behind the last sentence of a
// paragraph begins, 0 where there is none.
func endCredit(text string) (at int, agency string) {
	tail := text
	if len(tail) > 80 {
		tail = tail[len(tail)-80:]
		for len(tail) > 0 && !utf8.RuneStart(tail[0]) {
			tail = tail[1:]
		}
	}
	m := endRE.FindStringSubmatchIndex(tail)
	if m == nil {
		return 0, ""
	}
	name := ""
	if m[4] >= 0 {
		name = tail[m[4]:m[5]]
	} else {
		name = tail[m[6]:m[7]]
	}
	agency, ok := agencyName(strings.TrimPrefix(name, "from "))
	if !ok {
		return 0, ""
	}
	return len(text) - len(tail) + m[2], agency
}
