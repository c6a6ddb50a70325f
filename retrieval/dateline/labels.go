package dateline

import (
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// labelLines is how many lines above and below a story may carry labels.
const labelLines = 20

// labels reads the labelled lines of a head and a foot: "Title: …", "Source:
// The Harrow Gazette", "LOAD-DATE: July 7, 2021".
func (r *reader) labels() {
	announced := r.announcement()
	for i := range r.lines {
		if i >= labelLines && i < len(r.lines)-labelLines {
			continue
		}
		text := r.text(i)
		n := words.Label(text)
		if n < 3 || len(text) > 2*maxHeadLine {
			continue
		}
		key := strings.ToLower(text[:n-1])
		value := strings.TrimSpace(text[n:])
		if !words.IsPhrase(english.HeadLabels, key) || strings.ContainsAny(value, ".!?") && words.Ended(value) && words.Count(value) > 12 {
			continue
		}
		if i >= labelLines/2 && strings.ToUpper(text[:n]) != text[:n] && r.proseBefore(i) {
			continue // a line of the story
		}
		if strings.Contains(value, "|") {
			continue // several things on one line, which head reads
		}
		r.label(i, key, value, announced)
	}
}

// proseBefore reports whether a paragraph of a story stands above line i.
func (r *reader) proseBefore(i int) bool {
	for j := range i {
		if !r.taken[j] && words.Ended(r.text(j)) && words.Count(r.text(j)) >= 8 {
			return true
		}
	}
	return false
}

// announcement reports whether the text announces an event, or tells of
// several, whose "Date:" is not that of publication.
func (r *reader) announcement() bool {
	dates := 0
	for i := range r.lines {
		key, _, ok := strings.Cut(r.text(i), ":")
		if !ok || len(key) > maxHeadLine {
			continue
		}
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case english.EventLabels.Has(key):
			return true
		case key == "date":
			dates++
		}
	}
	return dates > 1
}

// label takes what one labelled line says. value is its end.
func (r *reader) label(i int, key, value string, announced bool) {
	at := r.lines[i].End - len(value)
	reason := corpus.ReasonOther
	switch key {
	case "title", "headline":
		if r.facts.Title == "" && value != "" {
			r.facts.Title = strings.Join(strings.Fields(value), " ")
		}
		reason = corpus.ReasonTitle
	case "source", "publication", "publication title", "newspaper", "outlet", "publisher":
		if agency, ok := agencyName(value); ok {
			r.setAgency(agency)
		} else if words.Count(value) <= 8 && (i < headLines || IsMasthead(value)) {
			r.setOutlet(value)
		}
		reason = corpus.ReasonCredit
	case "author", "authors", "byline", "by":
		if n := len("by "); len(value) > n && strings.EqualFold(value[:n], "by ") {
			value = value[n:]
		}
		r.setAuthor(value)
		reason = corpus.ReasonCredit
	case "date", "published", "publication date", "publish date", "date published", "posted", "updated", "last updated":
		if announced || event(value) {
			r.chronicle[i] = true
			return
		}
		for _, f := range findDates(value) {
			if full, ok := f.full(); ok {
				r.publishHead(full, words.Range{Start: at + f.start, End: at + f.end}, laterRE.MatchString(key))
				break
			}
		}
		reason = corpus.ReasonDateline
	case "dateline":
		r.setPlace(value)
		reason = corpus.ReasonDateline
	case "url", "link", "web":
		if strings.HasPrefix(value, "http") && r.facts.URL == "" {
			r.facts.URL = value
		}
	case "body", "text":
		if value != "" {
			r.mark(r.lines[i].Start, at, corpus.ReasonOther)
			return
		}
	}
	r.take(i, reason)
}

// chronology finds the date lines that are headings, each with its own text
// below it. None of them is the day of publication.
func (r *reader) chronology() {
	var dated []int
	var days []corpus.Date
	for i := range r.lines {
		text := r.text(i)
		if r.taken[i] || len(text) > 60 || !strings.ContainsAny(text, "0123456789") || publishRE.MatchString(text) || laterRE.MatchString(text) || stampRE.MatchString(text) {
			continue
		}
		h, ok := readHeadLine(text)
		if !ok || h.published == "" || h.outlet != "" || h.author != "" || h.agency != "" || i+1 >= len(r.lines) {
			continue
		}
		dated, days = append(dated, i), append(days, h.published)
	}
	followed := 0
	for n, i := range dated {
		if next := i + 1; isProse(r.text(next)) && (n+1 == len(dated) || dated[n+1] > next) {
			followed++
		}
	}
	if followed < 2 || followed == 2 && len(days) == 2 && days[0] > days[1] {
		return
	}
	for _, i := range dated {
		r.chronicle[i] = true
	}
}
