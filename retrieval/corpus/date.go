package corpus

import (
	"fmt"
	"slices"
	"time"
)

// Date is a day as YYYY-MM-DD, or "" for an unknown one. Dates compare as
// strings.
type Date string

// ParseDate reads a day written YYYY-MM-DD, or the day of an RFC 3339 time.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t), nil
		}
	}
	return "", fmt.Errorf("%q is not a date of the form YYYY-MM-DD", s)
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time returns midnight UTC of d; ok is false if d is unknown.
func (d Date) Time() (t time.Time, ok bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return t, err == nil
}

// Days returns the number of days from e to d, negative if d is earlier;
// ok is false if either is unknown.
func (d Date) Days(e Date) (n int, ok bool) {
	t, ok1 := d.Time()
	u, ok2 := e.Time()
	return int(t.Sub(u).Hours() / 24), ok1 && ok2
}

// Basis says what a publication date rests on.
type Basis string

// The bases, the strongest first. BasisNone goes with an unknown date.
const (
	BasisMetadata Basis = "metadata"
	BasisDateline Basis = "dateline"
	BasisBody     Basis = "body"
	BasisInferred Basis = "inferred"
	BasisNone     Basis = ""
)

// WeekdayDate is a day and a month with the weekday that the text gives it.
type WeekdayDate struct {
	Weekday time.Weekday
	Month   time.Month
	Day     int
}

// inferYears is how far an inferred date may lie from the median date.
const inferYears = 3

// Infer returns the day of w in the year that fits its weekday and lies
// nearest to median, within three years; ok is false if there is none.
func (w WeekdayDate) Infer(median Date) (d Date, ok bool) {
	m, ok := median.Time()
	if !ok {
		return "", false
	}
	best := time.Duration(-1)
	for year := m.Year() - inferYears - 1; year <= m.Year()+inferYears+1; year++ {
		t := time.Date(year, w.Month, w.Day, 0, 0, 0, 0, time.UTC)
		if t.Weekday() != w.Weekday || t.Day() != w.Day {
			continue
		}
		gap := t.Sub(m).Abs()
		if t.Before(m.AddDate(-inferYears, 0, 0)) || t.After(m.AddDate(inferYears, 0, 0)) {
			continue
		}
		if best < 0 || gap < best {
			best, d = gap, DateOf(t)
		}
	}
	return d, best >= 0
}

// MedianDate returns the median of the known dates, the lower one of two.
func MedianDate(dates []Date) Date {
	known := slices.DeleteFunc(slices.Clone(dates), func(d Date) bool { return d == "" })
	if len(known) == 0 {
		return ""
	}
	slices.Sort(known)
	return known[(len(known)-1)/2]
}

// InferDates gives a date to each article of infos that has none of its own
// but names a day with its weekday. The years come from the median of the
// articles with a full date, so the result is derived: it changes with the
// corpus and is no part of an article.
func InferDates(infos []*Info) {
	var full []Date
	for _, i := range infos {
		if i.Basis == BasisInferred {
			i.Published, i.Basis = "", BasisNone
		}
		full = append(full, i.Published)
	}
	median := MedianDate(full)
	for _, i := range infos {
		for _, w := range i.Days {
			if i.Published != "" {
				break
			}
			if d, ok := w.Infer(median); ok {
				i.Published, i.Basis = d, BasisInferred
			}
		}
	}
}
