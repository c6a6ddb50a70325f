package guard

import (
	"fmt"
	"slices"
	"time"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// refuseDates refuses a date that is not in the quotes. A weekday in a quote
// stands for its date too, counted back from the day of publication, and a
// date for its weekday.
func refuseDates(point *parsedText, e *evidence) string {
	known := e.known()
	published := slices.ContainsFunc(point.words, func(w word) bool {
		return w.Text == "published" || w.Text == "article" || w.Is(words.IsReporting) && e.speaks(point)
	})
	for _, d := range point.Dates {
		if d.Relative {
			continue
		}
		ok := slices.ContainsFunc(known, func(k facts.Date) bool { return d.Agrees(k) })
		if !ok && published {
			ok = slices.ContainsFunc(e.published, func(p corpus.Date) bool { t, dated := p.Time(); return dated && d.Agrees(facts.DateOf(t)) })
		}
		if !ok {
			return fmt.Sprintf("the date %q is not in its sentences", point.Span(d.From, d.To))
		}
	}
	return ""
}

// speaks reports whether point names the outlet of a quote.
func (e *evidence) speaks(point *parsedText) bool {
	for _, s := range e.speakers {
		for _, w := range s.words {
			if w.content && slices.ContainsFunc(point.words, func(v word) bool { return v.Text == w.Text }) {
				return true
			}
		}
	}
	return false
}

// known returns the dates that the quotes name, completed if the day of
// publication tells the rest.
func (e *evidence) known() []facts.Date {
	var out []facts.Date
	for i, q := range e.quotes {
		published, dated := e.published[i].Time()
		for _, d := range q.Dates {
			if !d.Relative {
				out = append(out, d)
			}
			if dated {
				out = append(out, complete(d, published)...)
			}
		}
	}
	return merged(out)
}

// merged adds, for a weekday that stands right before a date ("Sunday, July
// 04"), the two as one.
func merged(dates []facts.Date) []facts.Date {
	for i := 1; i < len(dates); i++ {
		a, b := dates[i-1], dates[i]
		if a.Weekday != 0 && a.Month == 0 && b.Month != 0 && b.Weekday == 0 && b.From == a.To {
			b.Weekday = a.Weekday
			dates = append(dates, b)
		}
	}
	return dates
}

func complete(d facts.Date, published time.Time) []facts.Date {
	switch {
	case d.Relative:
		return []facts.Date{facts.DateOf(published.AddDate(0, 0, d.Days))}
	case d.Weekday != 0 && d.Month == 0:
		back := (int(published.Weekday()) - (d.Weekday - 1) + 7) % 7
		return []facts.Date{facts.DateOf(published.AddDate(0, 0, -back))}
	case d.Month != 0 && d.Day != 0:
		year := d.Year
		if year == 0 {
			year = published.Year()
		}
		return []facts.Date{facts.DateOf(time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC))}
	case d.Month != 0 && d.Year == 0:
		return []facts.Date{{Month: d.Month, Year: published.Year()}}
	}
	return nil
}
