package dateline

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Limits of a headline.
const (
	minTitleWords = 2
	maxTitleWords = 35
	maxTitleBytes = 300
)

// maxAbove is how many lines may stand above a headline.
const maxAbove = 8

// title finds the headline and its repetitions. If none is given it is the
// first line that does not stand above one, if that reads like a headline.
func (r *reader) title(given string) {
	if given != "" {
		r.facts.Title = given
	}
	if r.facts.Title == "" {
		first := 0
		for first < len(r.lines) && first < maxAbove && r.above(first) {
			first++
		}
		if first >= len(r.lines)-1 || first == maxAbove || r.chronicle[first] || !headline(r.text(first)) || !r.story(first+1) {
			return
		}
		r.facts.Title = strings.Join(strings.Fields(r.text(first)), " ")
		r.titleDate(first)
	} else {
		for i := 0; i < len(r.lines) && i < 3 && r.masthead(i); i++ {
		}
	}
	want := r.facts.Title
	folded := fold(want)
	cut := strings.TrimRight(folded, " .…")
	for i := range r.lines {
		text := r.text(i)
		if r.taken[i] || len(text) > 2*len(want)+80 || len(text) < len(cut)/2 {
			continue
		}
		if same := fold(text); same == folded || cut != folded && len(cut) > 20 && i < headLines && strings.HasPrefix(same, cut) {
			r.take(i, corpus.ReasonTitle)
		}
	}
}

// titleDate takes the day that a headline ends with behind a comma, a colon or
// a dash, or that it begins with: "Budget debate live, Sunday 13 October
// 2024". The day of a meeting or the like is none.
func (r *reader) titleDate(i int) {
	text := r.text(i)
	if event(text) {
		return
	}
	for _, f := range findDates(text) {
		full, ok := f.full()
		before := strings.TrimSpace(clockRE.ReplaceAllString(text[:f.start], ""))
		after := strings.Trim(clockRE.ReplaceAllString(text[f.end:], ""), " .)]")
		behind := before == "" && strings.IndexAny(after, ":|-–—,") == 0
		if ok && (behind || strings.ContainsRune(",:|-–—([", lastRune(before)) && headParts(after)) {
			r.publish(full, corpus.BasisBody, words.Range{Start: r.lines[i].Start + f.start, End: r.lines[i].Start + f.end})
			if name := outletIn(text); name != "" && r.facts.Outlet == "" {
				r.facts.Outlet = name
			}
			return
		}
	}
}

// headParts reports whether text is of nothing but parts of a head line.
func headParts(text string) bool {
	h := headLine{published: "0"}
	for _, part := range partRE.Split(text, -1) {
		if part = strings.Trim(part, " .:|"); part != "" {
			if _, fits := h.part(part); !fits {
				return false
			}
		}
	}
	return true
}

// outletIn returns the part of a line that is the name of a newspaper.
func outletIn(text string) string {
	for _, part := range partRE.Split(text, -1) {
		if part = strings.Trim(part, " :.|"); IsMasthead(part) || isNewspaper(part) && strings.HasPrefix(part, "The ") {
			return part
		}
	}
	return ""
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// fold makes two spellings of a headline equal.
func fold(s string) string { return strings.Join(strings.Fields(words.Fold(s)), " ") }

// above reports whether line i may stand above a headline and is none: a
// masthead, a date, navigation, a kicker such as "Correction Appended".
func (r *reader) above(i int) bool {
	text := r.text(i)
	if r.taken[i] {
		return true
	}
	if len(text) > maxHeadLine {
		return false
	}
	lower := strings.ToLower(strings.Trim(text, " :.-–—*|[]()!"))
	switch {
	case countRE.MatchString(text), navigation(text):
		r.take(i, corpus.ReasonOther)
		return true
	case words.IsPhrase(english.Kickers, lower), words.IsPhrase(english.Editions, lower):
		r.take(i, corpus.ReasonOther)
		return true
	case r.masthead(i):
		return true
	}
	h, ok := readHeadLine(text)
	_, _, credited := agencyLine(text)
	_, by := byline(text)
	return ok && (h.published != "" || h.agency != "") && !r.titled(text) || credited || by
}

// countRE matches the number of an article among several in a file.
var countRE = regexp.MustCompile(`(?i)^(?:\d+ of \d+ documents?|document \d+ of \d+|page \d+(?: of \d+)?)$`)

// titled reports whether a line with a date at its end reads like a headline
// all the same: it holds a word that no byline or date line does.
func (r *reader) titled(text string) bool {
	dates := findDates(text)
	if len(dates) == 0 {
		return false
	}
	lower := 0
	for word := range strings.FieldsSeq(text[:dates[0].start]) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsLower(first) && !english.HeadWords.Has(word) {
			lower++
		}
	}
	return lower > 0
}

// story reports whether a paragraph of a story stands at line i or later.
func (r *reader) story(i int) bool {
	for ; i < len(r.lines); i++ {
		if isProse(r.text(i)) {
			return true
		}
	}
	return false
}

// headline reports whether text reads like a headline: no sentence that ends
// with a full stop, and short.
func headline(text string) bool {
	if len(text) > maxTitleBytes {
		return false
	}
	n := words.Count(text)
	if n < minTitleWords || n > maxTitleWords {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	if line := parse(text); unicode.IsLower(first) || line.credit != "" || line.date.month != 0 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”’)"))
	if strings.HasSuffix(text, "...") {
		return true
	}
	if last == '.' && len(words.Sentences(text+" The end.")) == 1 {
		return true // ends with an abbreviation
	}
	return last != '.' && last != ':' && last != ','
}

// masthead reads line i as the name of a newspaper that stands alone above
// the headline.
func (r *reader) masthead(i int) bool {
	text := r.text(i)
	if !IsMasthead(text) && !(strings.HasPrefix(text, "The ") && isNewspaper(text)) || i+2 >= len(r.lines) {
		return false
	}
	if r.facts.Outlet == "" {
		r.facts.Outlet = text
	}
	r.take(i, corpus.ReasonOther)
	return true
}
