package dateline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// Limits of a headline.
const (
	minTitleWords = 2
	maxTitleWords = 35
	maxTitleBytes = 300
)

// title finds the headline and its repetitions. Where none is given it is
// the first line, if that reads like one.
func (r *reader) title(given string) {
	first := 0
	for first < len(r.lines) && first < 3 && r.masthead(first) {
		first++
	}
	r.facts.Title = given
	want := given
	if given == "" {
		first = r.skipHead(first)
		if first >= len(r.lines)-1 || !headline(r.text(first)) || !r.story(first+1) {
			return
		}
		r.facts.Title = r.text(first)
		want = r.facts.Title
	}
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

// fold makes two spellings of a headline equal.
func fold(s string) string { return strings.Join(strings.Fields(words.Fold(s)), " ") }

// skipHead passes over the short lines that may stand above a headline.
func (r *reader) skipHead(i int) int {
	for i < len(r.lines) && i < 4 {
		text := r.text(i)
		if len(text) > maxHeadLine {
			return i
		}
		_, _, dated := dateLine(text)
		_, _, credited := agencyLine(text)
		_, by := byline(text)
		if !dated && !credited && !by {
			return i
		}
		i++
	}
	return i
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
	if !isMasthead(text) || i+2 >= len(r.lines) {
		return false
	}
	if r.facts.Outlet == "" {
		r.facts.Outlet = text
	}
	r.take(i, corpus.ReasonOther)
	return true
}

// isMasthead reports whether text is of at most five capitalised words, one
// of them of the kind that newspapers are called by.
func isMasthead(text string) bool {
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
		paper = paper || newspaperWord(strings.ToLower(f))
	}
	if len(fields) == 1 {
		switch strings.ToUpper(text) {
		case "CNN", "BBC", "NPR", "CBS", "NBC", "CNBC", "DAWN", "POLITICO", "AXIOS", "VOX", "SKY", "RT", "DW":
			return true
		}
		return false
	}
	return paper
}

// newspaperWord reports whether word is one that newspapers are called by and
// headlines of five words hardly hold.
func newspaperWord(word string) bool {
	switch word {
	case "times", "news", "post", "herald", "tribune", "guardian", "gazette", "journal", "chronicle", "telegraph",
		"observer", "courier", "inquirer", "examiner", "bulletin", "broadcasting", "newspaper", "magazine":
		return true
	}
	return false
}
