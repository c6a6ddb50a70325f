package dateline

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"verbatim/retrieval/english"
)

// dateline is what stands before the first sentence of a story.
type dateline struct {
	end    int // bytes of the line that it takes up with the space behind it; 0: none
	place  string
	credit string // agency or outlet as given
	date   date
}

const (
	capital = `[\p{Lu}][\p{L}\p{M}.'’-]*`
	place   = capital + `(?:(?: |, ?| ?/ ?)(?:` + capital + `|of|de|del|la|al|and)){0,5}`
	credits = `CNN ?Business|CNN Underscored|CNN|AFP|AP|Reuters|ANI|PTI|IANS`
)

// lineRE matches a place, what may stand in brackets behind it, a date, a
// credit and the mark that ends a dateline.
var lineRE = sync.OnceValue(func() *regexp.Regexp {
	day := `(?:` + months() + `\.? \d{1,2}|\d{1,2} ` + months() + `\.?|\d{1,2}\.? (?:de )?` + foreignMonths() + `)(?:,? (?:de )?\d{4})?`
	return regexp.MustCompile(`^(?:(` + place + `)(?: ?[(\[]([^()\[\]]{2,40})[)\]])?)?,? ?((?i:` + day + `))?[,.]? ?` +
		`(?:\(([^()]{2,40})\)|/([A-Z]{2,10})/|(` + credits + `)\b)?\.?(\s*(?:—|–|--|:|\|)\s*|\s+-\s+|\s*$)`)
})

// bareRE matches a bracketed credit that needs no mark behind it: "(CNN)The",
// "New York (CNN Business) The".
var bareRE = regexp.MustCompile(`^(?:(` + place + `) ?)?\(([A-Z][A-Za-z ]{1,25})\)(?: ?[-–—]+\s*| ?([\p{Lu}"“‘']))`)

// parse reads the dateline at the beginning of a line. One without a credit
// or a date has to be a place in capitals.
func parse(line string) dateline {
	head := line
	if len(head) > 140 {
		head = head[:140]
	}
	if m := bareRE.FindStringSubmatchIndex(head); m != nil {
		d := dateline{end: m[1], credit: head[m[4]:m[5]]}
		if m[2] >= 0 {
			d.place = head[m[2]:m[3]]
		}
		if m[6] >= 0 {
			d.end = m[6] // the first letter of the sentence
		}
		if _, ok := agencyName(d.credit); ok || IsMasthead(d.credit) || strings.HasPrefix(d.credit, "CNN") {
			return d
		}
	}
	m := lineRE().FindStringSubmatchIndex(head)
	if m == nil || m[1] == 0 {
		return dateline{}
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return head[m[2*i]:m[2*i+1]]
	}
	mark := strings.TrimSpace(part(7))
	d := dateline{end: m[1], place: part(1), credit: part(4) + part(5) + part(6)}
	if dates := findDates(part(3)); len(dates) > 0 {
		d.date = dates[0].date
	}
	if in := part(2); in != "" && d.credit == "" {
		if _, ok := agencyName(in); ok || IsMasthead(in) {
			d.credit = in
		}
	}
	d.splitCredit()
	return d.valid(mark, len(line) == m[1])
}

// splitCredit takes a credit that the pattern read as the end of the place:
// "London CNN —".
func (d *dateline) splitCredit() {
	if d.credit != "" {
		return
	}
	for _, c := range strings.Split(strings.Replace(credits, " ?", " ", 1)+"|CNNBusiness", "|") {
		if d.place == c {
			d.place, d.credit = "", c
			return
		}
		if rest, ok := strings.CutSuffix(d.place, " "+c); ok {
			d.place, d.credit = rest, c
			return
		}
	}
}

// valid returns d, or none where it may be anything else before that mark.
func (d dateline) valid(mark string, whole bool) dateline {
	known := d.credit != "" && len(strings.Fields(d.credit)) <= 5
	dated := d.date.month != 0
	switch {
	case mark == "" && !(known && whole && d.place == ""):
	case known && (d.place != "" || mark != "" || dated):
		return d
	case dated && d.place != "" && !label(d.place):
		return d
	case d.place != "" && capitals(d.place) && !label(d.place):
		return d
	}
	return dateline{}
}

// capitals reports whether the first word of a place is in capitals.
func capitals(place string) bool {
	first, _, _ := strings.Cut(place, ",")
	letters := 0
	for _, r := range first {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 4
}

// label reports whether s is a word in capitals that stands before a colon
// and is no place.
func label(s string) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s, "’", "'")), " ")
	return english.NoPlace.Has(first)
}
