package load

import (
	_ "embed" // for keys.txt
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/dateline"
)

//go:embed keys.txt
var keysFile string

// keys gives the keys that each field of an article goes by, in their order.
var keys = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string)
	for line := range strings.Lines(keysFile) {
		if field, list, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
			m[field] = strings.Fields(list)
		}
	}
	return m
})

// fields are the values of a JSON object by key.
type fields map[string]json.RawMessage

// take returns the first of keys that holds a text, and that key.
func (f fields) take(keys []string) (value, key string) {
	for _, k := range keys {
		if s := plain(f[k]); strings.TrimSpace(s) != "" {
			return s, k
		}
	}
	return "", ""
}

// plain returns a JSON value as text: a string, a number as it is written,
// the name of an object, a list joined by commas; "" for anything else.
func plain(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return ""
		}
		var parts []string
		for _, x := range list {
			if s := plain(x); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ", ")
	case '{':
		var object fields
		if json.Unmarshal(raw, &object) != nil {
			return ""
		}
		s, _ := object.take([]string{"name", "title"})
		return s
	case 't', 'f', 'n':
		return ""
	}
	return string(raw)
}

// markupRE matches a tag that pages have in their text.
var markupRE = regexp.MustCompile(`(?i)</?(?:p|div|br|span|html|body|a|h[1-6]|ul|ol|li|table|img|strong|em|article)\b[^<>]*>`)

// markup reports whether text is HTML.
func markup(text string) bool { return len(markupRE.FindAllStringIndex(text, 3)) > 2 }

// itemOf makes an item of a JSON object, or says why there is none. source is
// what the article is called if the object gives neither id nor url.
func itemOf(raw []byte, f fields, source string) (item retrieval.Item, why string) {
	used := make(map[string]bool)
	value := make(map[string]string)
	for name, list := range keys() {
		v, key := f.take(list)
		if name == "text" && key != "" && f[key][0] != '"' && f[key][0] != '[' {
			v = "" // a number or an object
		}
		value[name] = v
		used[key] = true
	}
	text := value["text"]
	switch {
	case text != "" && markup(text), text == "" && value["html"] != "":
		return item, "it has only html, which is not read yet"
	case text == "":
		return item, noText(f)
	}
	item = retrieval.Item{Source: source, Raw: raw, Body: &text, Given: corpus.Given{
		Title: value["title"], Outlet: value["outlet"], Agency: value["agency"], URL: value["url"], Author: value["author"], Language: value["language"],
	}}
	if s := strings.TrimSpace(value["id"]); s != "" {
		item.Source = s
	} else if s := strings.TrimSpace(value["url"]); s != "" {
		item.Source = s
	}
	if s := value["published"]; s != "" {
		d, err := published(s)
		if err != nil {
			item.Notes = append(item.Notes, fmt.Sprintf("its date %q cannot be read, so it is undated", shorten(s)))
		}
		item.Given.Published = d
	}
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if !used[key] && plain(f[key]) != "" {
			item.Unused = append(item.Unused, key)
		}
	}
	return item, ""
}

// noText says that an object lacks a text, and what it has.
func noText(f fields) string {
	for _, key := range keys()["text"] {
		if _, ok := f[key]; ok {
			return "its " + key + " is empty or not a text"
		}
	}
	has := slices.Sorted(maps.Keys(f))
	if len(has) == 0 {
		return "it has no text"
	}
	if len(has) > 8 {
		has = append(has[:8], "...")
	}
	return "it has no text; its keys are " + strings.Join(has, ", ")
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// dateLayouts are the forms of dates that feeds, crawlers and programs write.
func dateLayouts() []string {
	return []string{
		time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", time.DateTime,
		"2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02 15:04",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04:05 MST",
		"Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700", "Mon, 2 Jan 2006 15:04 MST",
		"2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 06 15:04:05 MST", "Mon, 02 Jan 06 15:04:05 -0700", time.RFC822, time.RFC822Z, time.RFC850,
		time.ANSIC, time.UnixDate, "20060102", "20060102150405", "20060102T150405Z0700", "20060102T150405", "2006/01/02", "2006/01/02 15:04:05",
	}
}

// published reads the day of a date or a time as feeds, crawlers and pages
// write it: the day in the time's own zone. A zero time gives no day and no
// error.
func published(s string) (corpus.Date, error) {
	s = strings.TrimSpace(s)
	for _, layout := range dateLayouts() {
		if t, err := time.Parse(layout, s); err == nil {
			return known(t), nil
		}
	}
	if t, ok := epoch(s); ok {
		return known(t), nil
	}
	if d, ok := dateline.FullDate(s); ok {
		return d, nil
	}
	return "", fmt.Errorf("%q is not a date that can be read; write it as YYYY-MM-DD", s)
}

// known returns the day of t, or none if t is the zero of a program.
func known(t time.Time) corpus.Date {
	if d := corpus.DateOf(t); t.Year() >= dateline.FirstYear && d != "1970-01-01" {
		return d
	}
	return ""
}

// epoch reads a time in seconds or milliseconds since 1970.
func epoch(s string) (time.Time, bool) {
	n, err := strconv.ParseFloat(s, 64)
	whole, _, _ := strings.Cut(s, ".")
	switch {
	case err != nil || n < 0:
	case n == 0:
		return time.Unix(0, 0).UTC(), true
	case len(whole) == 13:
		return time.UnixMilli(int64(n)).UTC(), true
	case len(whole) == 9, len(whole) == 10:
		return time.Unix(int64(n), 0).UTC(), true
	}
	return time.Time{}, false
}
