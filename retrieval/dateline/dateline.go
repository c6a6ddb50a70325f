// Package dateline reads what an article's text says of itself: its title,
// outlet, agency, author, place and date, and where each stands.
package dateline

import (
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// Facts are what a body says of its article; unknown ones are empty.
type Facts struct {
	Title     string
	Outlet    string // of a masthead
	Agency    string // credited in a dateline, an agency line or a credit
	Author    string
	Place     string
	URL       string      // of a labelled head
	Published corpus.Date // a full date
	Basis     corpus.Basis
	// PublishedSpan is where Published was read, empty if it is unknown.
	PublishedSpan corpus.Span
	Days          []corpus.WeekdayDate // days without a year beside a weekday
	// Marks are the spans that these stand in, in order: title lines, date
	// lines, datelines and credits.
	Marks []corpus.Mark
}

// Limits of where the text speaks of itself, in lines that are not blank.
const (
	headLines = 10
	tailLines = 6
	// prosePars is how many paragraphs of the story are read for a day beside
	// its weekday.
	prosePars = 3
)

// Read reads the body of an article whose title is given, or "" where the
// text has to tell it.
func Read(body, title string) Facts {
	r := reader{body: body}
	r.readLines()
	r.labels()
	r.chronology()
	r.title(title)
	r.head()
	r.tail()
	slices.SortFunc(r.facts.Marks, func(a, b corpus.Mark) int { return a.Start - b.Start })
	return r.facts
}

// reader holds the lines of a body that are not blank.
type reader struct {
	body  string
	lines []words.Range
	taken []bool // lines that are known to be no part of the story
	// chronicle are the lines whose date is not that of publication: headings
	// of a chronology, and the date of an event.
	chronicle []bool
	updated   bool // the date taken is that of a change
	facts     Facts
}

func (r *reader) readLines() {
	r.lines = make([]words.Range, 0, len(r.body)/200+4)
	for line := range words.NewLayout(r.body).Paragraphs() {
		if line.Start < line.End {
			r.lines = append(r.lines, line)
		}
	}
	r.taken, r.chronicle = make([]bool, len(r.lines)), make([]bool, len(r.lines))
}

func (r *reader) text(i int) string { return r.body[r.lines[i].Start:r.lines[i].End] }

func (r *reader) mark(start, end int, reason corpus.Reason) {
	r.facts.Marks = append(r.facts.Marks, corpus.Mark{Span: corpus.Span{Start: start, End: end}, Reason: reason})
}

// take marks the whole line i.
func (r *reader) take(i int, reason corpus.Reason) {
	r.taken[i] = true
	r.mark(r.lines[i].Start, r.lines[i].End, reason)
}

// head reads the first lines: mastheads, date lines, agency lines, bylines,
// and then the dateline and the days of the first paragraphs.
func (r *reader) head() {
	prose, paragraphs, begun := 0, 0, false
	for i := range r.lines {
		if i >= headLines+prosePars || prose == prosePars {
			return
		}
		if r.taken[i] {
			continue
		}
		text := r.text(i)
		if i < headLines && !r.chronicle[i] && r.headLine(i, text, paragraphs) {
			continue
		}
		line := parse(text)
		whole := line.end == len(text)
		if whole && line.credit != "" || !begun {
			r.dateline(i, line)
		} else {
			line = dateline{}
		}
		if whole || !isProse(text) {
			continue
		}
		paragraphs++
		if words.Ended(text) {
			begun = true
			prose++
		}
		r.days(text, line)
	}
}

// headLine reads line i as one of the short lines around the beginning of a
// story, of which so many paragraphs stand above it, and reports whether it
// is one.
func (r *reader) headLine(i int, text string, paragraphs int) bool {
	if len(text) > maxHeadLine {
		return false
	}
	if place, agency, ok := agencyLine(text); ok {
		r.setAgency(agency)
		r.setPlace(place)
		r.take(i, corpus.ReasonCredit)
		return true
	}
	if author, ok := byline(text); ok && len(findDates(text)) == 0 {
		r.setAuthor(author)
		if name := outletIn(text); name != "" {
			r.setOutlet(name)
		}
		r.take(i, corpus.ReasonCredit)
		return true
	}
	h, ok := readHeadLine(text)
	if !ok || paragraphs > 0 && !r.stacked(i, paragraphs) {
		return false
	}
	reason := corpus.ReasonCredit
	if h.published != "" {
		reason = corpus.ReasonDateline
		at := r.lines[i].Start
		r.publishHead(h.published, words.Range{Start: at + h.span.Start, End: at + h.span.End}, h.later)
	}
	r.setAgency(h.agency)
	r.setAuthor(h.author)
	r.setOutlet(h.outlet)
	r.take(i, reason)
	return true
}

// stacked reports whether line i, which stands below a paragraph, belongs to
// the head all the same: below a standfirst, and right above or below another
// short line.
func (r *reader) stacked(i, paragraphs int) bool {
	if paragraphs > 1 {
		return false
	}
	short := func(j int) bool { return j > 0 && j < len(r.lines) && (r.taken[j] || !isProse(r.text(j))) }
	return short(i-1) && r.adjacent(i-1) || short(i+1) && r.adjacent(i) || i > 1 && r.taken[i-1] && !isProse(r.text(i-1))
}

// adjacent reports whether no blank line stands between line i and the next.
func (r *reader) adjacent(i int) bool {
	between := r.body[r.lines[i].End:r.lines[i+1].Start]
	return strings.Count(strings.ReplaceAll(between, "\r\n", "\n"), "\n")+strings.Count(strings.ReplaceAll(between, "\r\n", ""), "\r") <= 1
}

// publishHead takes a date of the head: the first one, but that of a
// publication before that of a change.
func (r *reader) publishHead(date corpus.Date, span words.Range, later bool) {
	if r.facts.Basis == corpus.BasisNone || r.updated && !later && r.facts.Basis == corpus.BasisBody {
		r.facts.Published = ""
		r.publish(date, corpus.BasisBody, span)
		r.updated = later
	}
}

// publish takes a date of publication unless there is one.
func (r *reader) publish(date corpus.Date, basis corpus.Basis, span words.Range) {
	if r.facts.Published == "" {
		r.facts.Published, r.facts.Basis, r.facts.PublishedSpan = date, basis, corpus.Span(span)
	}
}

// maxHeadLine is the greatest length in bytes of a date line, an agency line
// or a byline.
const maxHeadLine = 160

func (r *reader) dateline(i int, line dateline) {
	if line.end == 0 || r.transcript() && line.credit == "" && line.date.month == 0 {
		return
	}
	at := r.lines[i].Start
	r.mark(at, at+line.end, corpus.ReasonDateline)
	r.setPlace(line.place)
	switch name, isAgency := agencyName(line.credit); {
	case isAgency:
		r.setAgency(name)
	default:
		r.setOutlet(line.credit)
	}
	if d, ok := line.date.full(); ok {
		r.facts.Published = ""
		r.publish(d, corpus.BasisDateline, words.Range{Start: at, End: at + line.end})
	}
}

// transcript reports whether at least two lines begin with a speaker in
// capitals, as those of a transcript do.
func (r *reader) transcript() bool {
	n := 0
	for i := range r.lines {
		text := r.text(i)
		if at := words.Label(text); at > 2 && words.SpeakerLabel(text[:at-1]) {
			n++
		}
	}
	return n > 1
}

// maxParagraph is how much of a paragraph is read for days, in bytes.
const maxParagraph = 5000

// days adds the days of one paragraph that have their weekday beside them,
// and the dateline's day where the first sentence names one weekday.
func (r *reader) days(text string, line dateline) {
	text = strings.ToValidUTF8(text[:min(len(text), maxParagraph)], "")
	if line.date.month != 0 && line.date.year == 0 {
		first := text[line.end:]
		if ss := words.Sentences(first); len(ss) > 0 {
			first = first[ss[0].Start:ss[0].End]
		}
		if w, ok := onlyWeekday(first); ok {
			r.facts.Days = append(r.facts.Days, corpus.WeekdayDate{Weekday: w, Month: line.date.month, Day: line.date.day})
		}
	}
	r.facts.Days = append(r.facts.Days, besideWeekday(text)...)
}

// tail reads the credit after the last sentence: "(ANI)", "— AFP".
func (r *reader) tail() {
	seen := 0
	for i := len(r.lines) - 1; i >= 0 && seen < tailLines; i-- {
		if r.taken[i] {
			continue
		}
		seen++
		text := r.text(i)
		if len(text) < maxHeadLine {
			if _, agency, ok := agencyLine(text); ok && i > 0 {
				r.setAgency(agency)
				r.take(i, corpus.ReasonCredit)
				continue
			}
		}
		if at, agency := endCredit(text); at > 0 {
			r.setAgency(agency)
			r.mark(r.lines[i].Start+at, r.lines[i].End, corpus.ReasonCredit)
		}
	}
}

func (r *reader) setAgency(name string) {
	if r.facts.Agency == "" {
		r.facts.Agency = name
	}
}

func (r *reader) setOutlet(name string) {
	if r.facts.Outlet == "" {
		r.facts.Outlet = name
	}
}

func (r *reader) setAuthor(name string) {
	if r.facts.Author == "" {
		r.facts.Author = name
	}
}

func (r *reader) setPlace(place string) {
	if r.facts.Place == "" {
		r.facts.Place = strings.TrimSpace(place)
	}
}

// isProse reports whether text is a paragraph of a story and no heading.
func isProse(text string) bool {
	n := words.Count(text)
	return n >= 13 || n >= 5 && words.Ended(text)
}
