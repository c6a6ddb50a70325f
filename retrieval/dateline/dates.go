package dateline

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"verbatim/retrieval/corpus"
)

const (
	months   = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
	weekdays = `(?:mon|tues|wednes|thurs|fri|satur|sun)day`
)

// dateRE matches a day with its month, and a year where there is one: by
// name, month or day first, or in figures, year first.
var dateRE = regexp.MustCompile(`(?i)\b(?:(` + months + `)\b\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4})\b)?` +
	`|(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(` + months + `)\b\.?(?:,?[\s-]+(\d{4})\b)?` +
	`|(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b)`)

// date is a day as a text gives it; year is 0 where it gives none, and month
// is 0 where there is no day at all.
type date struct {
	year  int
	month time.Month
	day   int
}

// full returns d where it has a year and is a day of the calendar.
func (d date) full() (corpus.Date, bool) {
	if d.year < 1500 || d.month == 0 {
		return "", false
	}
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
	return corpus.DateOf(t), t.Day() == d.day
}

// found is a date with where it stands.
type found struct {
	date
	start, end int
}

// findDates returns the dates of text in order.
func findDates(text string) []found {
	var out []found
	for _, m := range dateRE.FindAllStringSubmatchIndex(text, -1) {
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
		default:
			d = numeric(atoi(part(10)), atoi(part(11)), atoi(part(12)))
		}
		if d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 {
			out = append(out, found{d, m[0], m[1]})
		}
	}
	return out
}

// numeric reads a date in figures with the year last. Which of the first two
// is the day is known only where one is greater than 12, or both are equal.
func numeric(a, b, year int) date {
	switch {
	case a > 12 || a == b:
		return date{year, time.Month(b), a}
	case b > 12:
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
	if len(s) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String()[:3], s[:3]) {
			return m
		}
	}
	return 0
}

func monthName(s string) bool {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), s) {
			return true
		}
	}
	return false
}

func weekdayName(s string) bool {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), s) {
			return true
		}
	}
	return false
}

// weekdayOf returns the weekday that s names or abbreviates.
func weekdayOf(s string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String()[:3], s[:3]) {
			return d
		}
	}
	return time.Sunday
}

// little matches what may stand beside a date in a line of its own: times,
// zones, weekdays, and the words that say whose date it is.
var little = regexp.MustCompile(`(?i)\b\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?|\bT\d{2}:\d{2}\S*` +
	`|\b(?:[A-Z]{1,4}T|UTC|GMT|local time|hrs?|hours)\b|[+-]\d{2}:?\d{2}\b` +
	`|\b(?:` + weekdays + `|mon|tues?|wed|thurs?|fri|sat|sun)\b` +
	`|\b(?:first |last |originally )?(?:published|publish date|posted|updated|modified|created|date|issued|on|at|by|web desk)\b`)

var laterRE = regexp.MustCompile(`(?i)\b(?:updated|modified)\b`)

// dateLine reads a line that holds little but a full date; later is set
// where it says when the text was changed.
func dateLine(line string) (d corpus.Date, later, ok bool) {
	if !strings.ContainsAny(line, "0123456789") {
		return "", false, false
	}
	dates := findDates(line)
	rest, from := "", 0
	for _, f := range dates {
		if full, valid := f.full(); valid && d == "" {
			d = full
		}
		rest += line[from:f.start] + " "
		from = f.end
	}
	if d == "" {
		return "", false, false
	}
	rest = little.ReplaceAllString(rest+line[from:], " ")
	kept := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\u00a0|,.:;·•-–—/()[]", r) })
	if len(kept) > 2 || len(strings.Join(kept, "")) > 16 {
		return "", false, false
	}
	return d, laterRE.MatchString(line), true
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
// weekday right beside them: "Sunday, July 04", "4 July (Sunday)".
func besideWeekday(text string) []corpus.WeekdayDate {
	if !strings.Contains(text, "day") && !strings.Contains(text, "DAY") || !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var out []corpus.WeekdayDate
	for _, f := range findDates(text) {
		if f.year != 0 {
			continue
		}
		m := beforeRE.FindStringSubmatch(text[max(0, f.start-40):f.start])
		if m == nil {
			m = afterRE.FindStringSubmatch(text[f.end:min(len(text), f.end+40)])
		}
		if m != nil {
			out = append(out, corpus.WeekdayDate{Weekday: weekdayOf(m[1]), Month: f.month, Day: f.day})
		}
	}
	return out
}
