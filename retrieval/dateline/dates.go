package dateline

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

const weekdays = `(?:mon|tues|wednes|thurs|fri|satur|sun)day`

// months matches the name of a month, abbreviated or not.
var months = sync.OnceValue(func() string {
	names := slices.Collect(maps.Keys(english.Months.All()))
	names = slices.AppendSeq(names, maps.Keys(english.ShortMonths.All()))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return `(?:` + strings.Join(names, "|") + `)`
})

// foreignMonths matches the name of a month in another language.
var foreignMonths = sync.OnceValue(func() string {
	names := slices.Collect(maps.Keys(english.ForeignMonth.All()))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return `(?:` + strings.Join(names, "|") + `)`
})

// dateRE matches a day with its month, and a year if there is one: by name,
// month or day first, or in figures, year first. A month of another language
// stands behind its day and before its year.
var dateRE = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:(` + months() + `)\b\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4})\b)?` +
		`|(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(` + months() + `)\b\.?(?:,?[\s-]+(\d{4})\b)?` +
		`|(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T\d{2}:\d{2}\S*|\b)|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b` +
		`|(\d{1,2})(?:\.|º|er)?\s+(?:de\s+)?(` + foreignMonths() + `)\.?\s+(?:de\s+)?(\d{4})\b)`)
})

// date is a day as a text gives it; year is 0 where it gives none, and month
// is 0 where there is no day at all.
type date struct {
	year  int
	month time.Month
	day   int
}

// FirstYear is the first year that news are dated with. What is older is the
// zero of a program or a slip, and so is the first day of 1970.
const FirstYear = 1700

// full returns d where it has a year and is a day of the calendar.
func (d date) full() (corpus.Date, bool) {
	if d.year < FirstYear || d.month == 0 || d == (date{1970, time.January, 1}) {
		return "", false
	}
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
	return corpus.DateOf(t), t.Day() == d.day
}

// FullDate returns the first full date that text holds.
func FullDate(text string) (corpus.Date, bool) {
	for _, f := range findDates(text) {
		if d, ok := f.full(); ok {
			return d, true
		}
	}
	return "", false
}

// found is a date with where it stands.
type found struct {
	date
	start, end int
}

// findDates returns the dates of text in order.
func findDates(text string) []found {
	var out []found
	for _, m := range dateRE().FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		d := date{}
		switch {
		case m[2] >= 0:
			d = date{atoi(part(3)), monthOf(part(1)), atoi(part(2))}
		case m[8] >= 0:
			d = date{atoi(part(6)), monthOf(part(5)), atoi(part(4))}
		case m[14] >= 0:
			d = date{atoi(part(7)), time.Month(atoi(part(8))), atoi(part(9))}
		case m[26] >= 0:
			n, _ := english.ForeignMonth.Get(strings.ToLower(part(14)))
			d = date{atoi(part(15)), time.Month(n), atoi(part(13))}
		default:
			d = numeric(text, atoi(part(10)), atoi(part(11)), atoi(part(12)))
		}
		if d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 {
			out = append(out, found{d, m[0], m[1]})
		}
	}
	return out
}

// numeric reads a date in figures with the year last. Which of the first two
// is the day is known if one is greater than 12, if both are equal, or if text
// names the weekday.
func numeric(text string, a, b, year int) date {
	switch {
	case a > 12 || a == b:
		return date{year, time.Month(b), a}
	case b > 12:
		return date{year, time.Month(a), b}
	}
	w, ok := onlyWeekday(text)
	if !ok {
		return date{}
	}
	dayFirst := time.Date(year, time.Month(b), a, 0, 0, 0, 0, time.UTC).Weekday() == w
	monthFirst := time.Date(year, time.Month(a), b, 0, 0, 0, 0, time.UTC).Weekday() == w
	switch {
	case dayFirst && !monthFirst:
		return date{year, time.Month(b), a}
	case monthFirst && !dayFirst:
		return date{year, time.Month(a), b}
	}
	return date{}
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// monthOf returns the month that s names or abbreviates.
func monthOf(s string) time.Month {
	s = strings.ToLower(s)
	n, ok := english.Months.Get(s)
	if !ok {
		n, _ = english.ShortMonths.Get(s)
	}
	return time.Month(n)
}

func monthName(s string) bool { return english.Months.Has(strings.ToLower(s)) }

func weekdayName(s string) bool { return english.Weekdays.Has(strings.ToLower(s)) }

// weekdayOf returns the weekday that s names or abbreviates.
func weekdayOf(s string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String()[:3], s[:3]) {
			return d
		}
	}
	return time.Sunday
}

var weekdayRE = regexp.MustCompile(`(?i)\b(` + weekdays + `)\b(['’]s)?`)

// onlyWeekday returns the weekday of text where it names one and no other; a
// possessive ("Sunday's retreats") names no day of its own.
func onlyWeekday(text string) (w time.Weekday, ok bool) {
	for _, m := range weekdayRE.FindAllStringSubmatchIndex(text, -1) {
		d := weekdayOf(text[m[2]:m[3]])
		if m[4] >= 0 {
			continue
		}
		if ok && d != w {
			return 0, false
		}
		w, ok = d, true
	}
	return w, ok
}

var (
	beforeRE = regexp.MustCompile(`(?i)\b(` + weekdays + `)(?:\s+(?:morning|afternoon|evening|night))?\s*(?:,|\(|,\s+the|\s+the)?\s*$`)
	afterRE  = regexp.MustCompile(`(?i)^\s*(?:,|\()?\s*(?:a\s+|which was a\s+)?(` + weekdays + `)\b`)
)

// besideWeekday returns the days without a year in text that have their
// weekday right beside them: "Sunday, July 04", "4 July (Sunday)". A day that
// is still to come when the sentence is written is left out.
func besideWeekday(text string) []corpus.WeekdayDate {
	if !strings.Contains(text, "day") && !strings.Contains(text, "DAY") || !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var out []corpus.WeekdayDate
	for _, s := range words.Sentences(text) {
		sentence := text[s.Start:s.End]
		for _, f := range findDates(sentence) {
			if f.year != 0 {
				continue
			}
			before := sentence[max(0, f.start-40):f.start]
			start := f.start
			m := beforeRE.FindStringSubmatchIndex(before)
			if m != nil {
				start += m[0] - len(before)
				m = []int{m[2] + f.start - len(before), m[3] + f.start - len(before)}
			} else if m = afterRE.FindStringSubmatchIndex(sentence[f.end:min(len(sentence), f.end+40)]); m != nil {
				m = []int{m[2] + f.end, m[3] + f.end}
			}
			if m != nil && !toCome(sentence, start) {
				out = append(out, corpus.WeekdayDate{Weekday: weekdayOf(sentence[m[0]:m[1]]), Month: f.month, Day: f.day})
			}
		}
	}
	return out
}

// toCome reports whether the day at offset at of a sentence is likely still
// to come when the sentence is written: a word like "will" or "agreed to"
// stands in the sentence, and no verb of saying right before the day.
func toCome(sentence string, at int) bool {
	before := strings.Fields(sentence[:at])
	for i := len(before) - 1; i >= 0 && i >= len(before)-4; i-- {
		word := strings.ToLower(strings.Trim(before[i], ",.;:\"'“”"))
		if english.Says.Has(word) || english.ReportingVerbs.Has(strings.TrimSuffix(word, "ed")) || english.ReportingVerbs.Has(strings.TrimSuffix(word, "d")) {
			return false
		}
	}
	for _, word := range strings.Fields(sentence) {
		if english.FutureWords.Has(strings.ToLower(strings.Trim(word, ",.;:\"'“”"))) {
			return true
		}
	}
	return false
}
