package guard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval/corpus"
)

// date is a day, month or weekday named in a text; 0 is an unnamed part.
// Indices are of words, [from, to).
type date struct {
	from, to         int
	year, month, day int
	weekday          int // 1 is Sunday
}

// readDates finds the dates of p. It comes before the figures, so that the
// day of a month does not count as one.
func (p *parsedText) readDates() {
	for i := 0; i < len(p.words); i++ {
		d, ok := p.date(i)
		if !ok {
			continue
		}
		for k := d.from; k < d.to; k++ {
			p.words[k].figure = true
		}
		p.dates = append(p.dates, d)
		i = d.to - 1
	}
}

// date reads the date that begins at word i.
func (p *parsedText) date(i int) (date, bool) {
	lex := lexicon()
	w := &p.words[i]
	d := date{from: i, to: i + 1}
	if n, ok := lex.weekday[strings.TrimSuffix(w.text, "s")]; ok && w.capital {
		d.weekday = n + 1
		return d, true
	}
	if m := p.monthAt(i); m != 0 {
		d.month = m
		if n := p.dayAt(i + 1); n != 0 && p.spaced(i+1) {
			d.day, d.to = n, i+2
		}
	} else if n := p.dayAt(i); n != 0 {
		at := i + 1
		if at < len(p.words) && p.words[at].text == "of" {
			at++
		}
		m := p.monthAt(at)
		if m == 0 || !p.spaced(at) {
			return d, false
		}
		d.day, d.month, d.to = n, m, at+1
	} else if iso, err := time.Parse(time.DateOnly, isoText(p, i)); err == nil {
		return date{from: i, to: i + 3, year: iso.Year(), month: int(iso.Month()), day: iso.Day()}, true
	} else {
		return d, false
	}
	if y := p.yearAt(d.to); y != 0 {
		d.year, d.to = y, d.to+1
	}
	return d, true
}

func isoText(p *parsedText, i int) string {
	if i+2 >= len(p.words) || p.words[i+2].End-p.words[i].Start != len(time.DateOnly) {
		return ""
	}
	return p.text[p.words[i].Start:p.words[i+2].End]
}

// monthAt returns the month that word i names, or 0. "May" and "March" alone
// are words; they are months beside a day or a year, or after a preposition.
func (p *parsedText) monthAt(i int) int {
	if i < 0 || i >= len(p.words) || !p.words[i].capital {
		return 0
	}
	m := lexicon().month[p.words[i].text]
	if m != 0 && p.words[i].first && (m == 5 || m == 3) && p.dayAt(i+1) == 0 && p.yearAt(i+1) == 0 {
		return 0
	}
	return m
}

func (p *parsedText) dayAt(i int) int {
	if i < 0 || i >= len(p.words) {
		return 0
	}
	digits := strings.TrimRight(p.words[i].text, "stndrh")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 31 || len(digits) > 2 {
		return 0
	}
	return n
}

func (p *parsedText) yearAt(i int) int {
	if i < 0 || i >= len(p.words) || len(p.words[i].text) != 4 {
		return 0
	}
	n, err := strconv.Atoi(p.words[i].text)
	if err != nil || n < 1900 || n >= 2100 {
		return 0
	}
	return n
}

func (p *parsedText) spaced(i int) bool { return strings.Trim(p.gap(i), " \u00a0\t.") == "" }

// refuseDates refuses a date that is not in the quotes. A weekday in a quote
// stands for its date too, counted back from the day of publication, and a
// date for its weekday.
func refuseDates(point *parsedText, e *evidence) string {
	known := e.known()
	published := slices.ContainsFunc(point.words, func(w word) bool {
		return w.text == "published" || w.text == "article" || isReporting(w.stem) && e.speaks(point)
	})
	for _, d := range point.dates {
		ok := slices.ContainsFunc(known, func(k date) bool { return agrees(d, k) })
		if !ok && published {
			ok = slices.ContainsFunc(e.published, func(p corpus.Date) bool { t, dated := p.Time(); return dated && agrees(d, dateOf(t)) })
		}
		if !ok {
			return fmt.Sprintf("the date %q is not in its sentences", point.text[point.words[d.from].Start:point.words[d.to-1].End])
		}
	}
	return ""
}

// speaks reports whether point names the outlet of a quote.
func (e *evidence) speaks(point *parsedText) bool {
	for _, s := range e.speakers {
		for _, w := range s.words {
			if w.content && slices.ContainsFunc(point.words, func(v word) bool { return v.text == w.text }) {
				return true
			}
		}
	}
	return false
}

// agrees reports whether every part that d names is so in k.
func agrees(d, k date) bool {
	return (d.weekday == 0 || d.weekday == k.weekday) && (d.month == 0 || d.month == k.month) &&
		(d.day == 0 || d.day == k.day) && (d.year == 0 || d.year == k.year)
}

func dateOf(t time.Time) date {
	return date{year: t.Year(), month: int(t.Month()), day: t.Day(), weekday: int(t.Weekday()) + 1}
}

// known returns the dates that the quotes name, completed where the day of
// publication tells the rest.
func (e *evidence) known() []date {
	var out []date
	for i, q := range e.quotes {
		published, dated := e.published[i].Time()
		for _, d := range q.dates {
			out = append(out, d)
			if dated {
				out = append(out, complete(d, published)...)
			}
		}
		for _, w := range q.words {
			switch {
			case !dated:
			case w.text == "today" || w.text == "tonight":
				out = append(out, dateOf(published))
			case w.text == "yesterday":
				out = append(out, dateOf(published.AddDate(0, 0, -1)))
			}
		}
	}
	return merged(out)
}

// merged adds, for a weekday that stands right before a date ("Sunday, July
// 04"), the two as one.
func merged(dates []date) []date {
	for i := 1; i < len(dates); i++ {
		a, b := dates[i-1], dates[i]
		if a.weekday != 0 && a.month == 0 && b.month != 0 && b.weekday == 0 && b.from == a.to {
			b.weekday = a.weekday
			dates = append(dates, b)
		}
	}
	return dates
}

func complete(d date, published time.Time) []date {
	switch {
	case d.weekday != 0 && d.month == 0:
		back := (int(published.Weekday()) - (d.weekday - 1) + 7) % 7
		return []date{dateOf(published.AddDate(0, 0, -back))}
	case d.month != 0 && d.day != 0:
		year := d.year
		if year == 0 {
			year = published.Year()
		}
		return []date{dateOf(time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC))}
	case d.month != 0 && d.year == 0:
		return []date{{month: d.month, year: published.Year()}}
	}
	return nil
}
