package facts

import (
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Date is a day, a month or a weekday that a text names; 0 is a part that it
// does not name.
type Date struct {
	From, To         int // tokens
	Year, Month, Day int
	Weekday          int // 1 is Sunday
	// Relative is true for a day named from the day of writing; Days is how
	// many days after it, as -1 for "yesterday".
	Relative bool
	Days     int
}

// Agrees reports whether every part that d names is so in e.
func (d Date) Agrees(e Date) bool {
	return (d.Weekday == 0 || d.Weekday == e.Weekday) && (d.Month == 0 || d.Month == e.Month) &&
		(d.Day == 0 || d.Day == e.Day) && (d.Year == 0 || d.Year == e.Year)
}

// DateOf returns the date of t in t's own zone, with all parts.
func DateOf(t time.Time) Date {
	return Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Weekday: int(t.Weekday()) + 1}
}

// readDates finds the dates. It comes before the figures, so that the day of a
// month does not count as one.
func (f *Facts) readDates() {
	const dated = words.IsMonth | words.IsShortMonth | words.IsWeekday | words.IsFigure | words.IsRelativeDay
	for i := 0; i < len(f.Tokens); i++ {
		t := &f.Tokens[i]
		if t.Class&dated == 0 && !(t.Cap && strings.HasSuffix(t.Text, "days")) {
			continue
		}
		d, ok := f.date(i)
		if !ok {
			continue
		}
		f.Dates = append(f.Dates, d)
		kind := KindDate
		switch {
		case d.Relative:
		case d.Weekday != 0 && d.Month == 0:
			kind |= KindWeekday
		case d.Year != 0:
			kind |= KindYear
		}
		f.add(kind, d.From, d.To)
		if !d.Relative {
			for k := d.From; k < d.To; k++ {
				f.marks[k].flags |= inFigure
			}
		}
		i = d.To - 1
	}
}

// date reads the date that begins at token i.
func (f *Facts) date(i int) (Date, bool) {
	t := &f.Tokens[i]
	d := Date{From: i, To: i + 1}
	if n, ok := english.RelativeDays.Get(t.Text); ok {
		d.Relative, d.Days = true, int(n)
		return d, true
	}
	if n, ok := english.Weekdays.Get(strings.TrimSuffix(t.Text, "s")); ok && t.Cap && !english.NamedDays.Has(f.text(i-1)) {
		d.Weekday = int(n) + 1
		return d, true
	}
	if m := f.monthAt(i); m != 0 {
		d.Month = m
		if n := f.dayAt(i + 1); n != 0 && f.marks[i+1].gap&gapSpaced != 0 {
			d.Day, d.To = n, i+2
		}
	} else if n := f.dayAt(i); n != 0 {
		at := i + 1
		if f.text(at) == "of" {
			at++
		}
		m := f.monthAt(at)
		if m == 0 || f.marks[at].gap&gapSpaced == 0 {
			return d, false
		}
		d.Day, d.Month, d.To = n, m, at+1
	} else if iso, ok := f.isoAt(i); ok {
		return Date{From: i, To: i + 3, Year: iso.Year(), Month: int(iso.Month()), Day: iso.Day()}, true
	} else {
		return d, false
	}
	if y := f.yearAt(d.To); y != 0 {
		d.Year, d.To = y, d.To+1
	}
	return d, true
}

// isoAt reads "2021-07-04" at token i.
func (f *Facts) isoAt(i int) (time.Time, bool) {
	if !f.is(i, words.IsYear) || i+2 >= len(f.Tokens) || f.Tokens[i+2].End-f.Tokens[i].Start != len(time.DateOnly) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, f.Span(i, i+3))
	return t, err == nil
}

// monthAt returns the month that token i names, or 0. "May" and "March" at the
// beginning of a sentence are words, unless a day or a year follows.
func (f *Facts) monthAt(i int) int {
	if !f.is(i, words.IsMonth|words.IsShortMonth) || !f.Tokens[i].Cap {
		return 0
	}
	m, ok := english.Months.Get(f.text(i))
	if !ok {
		m, _ = english.ShortMonths.Get(f.text(i))
	}
	if f.First(i) && (m == 5 || m == 3) && f.dayAt(i+1) == 0 && f.yearAt(i+1) == 0 {
		return 0
	}
	return int(m)
}

// dayAt returns the day of a month that token i can be, "4" or "4th", or 0.
func (f *Facts) dayAt(i int) int {
	if !f.is(i, words.IsFigure) {
		return 0
	}
	digits := strings.TrimRight(f.text(i), "stndrh")
	if len(digits) > 2 {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 31 {
		return 0
	}
	return n
}

// yearAt returns the year that token i can be, or 0.
func (f *Facts) yearAt(i int) int {
	if !f.is(i, words.IsYear) {
		return 0
	}
	n, err := strconv.Atoi(f.text(i))
	if err != nil {
		return 0
	}
	return n
}
