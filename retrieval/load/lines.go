package load

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// record is one line of JSON Lines.
type record struct {
	ID        text    `json:"id"`
	URL       string  `json:"url"`
	Title     string  `json:"title"`
	Outlet    string  `json:"outlet"`
	Agency    string  `json:"agency"`
	Published string  `json:"published"`
	Author    string  `json:"author"`
	Language  string  `json:"language"`
	Text      *string `json:"text"`
	HTML      *string `json:"html"`
}

// text is a JSON string, or a number as it is written.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && (data[0] == '-' || data[0] >= '0' && data[0] <= '9') {
		*t = text(data)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// lines reads a file of JSON Lines, one article a line, holding one line at a
// time, and reports whether to go on.
func (f *folder) lines(ctx context.Context, name string, r io.Reader, zipped bool) bool {
	if zipped {
		z, err := gzip.NewReader(bufio.NewReader(r))
		if err != nil {
			return f.refuse(name, "it is no gzip data")
		}
		defer z.Close()
		r = z
	}
	lr := &lineReader{r: bufio.NewReaderSize(r, 1<<16), max: f.o.maxBytes()}
	for ctx.Err() == nil {
		line, err := lr.next()
		at := fmt.Sprintf("%s#%d", name, lr.n)
		switch {
		case err == io.EOF:
			return true
		case errors.Is(err, errLong):
			if !f.refuse(at, tooLarge(lr.size, lr.max)) {
				return false
			}
			continue
		case err != nil:
			return f.refuse(name, broken(err, lr.n))
		}
		item, why := parseLine(line, f.source(at))
		if why == "" {
			if !f.emit(item, nil) {
				return false
			}
		} else if why != blank && !f.refuse(at, why) {
			return false
		}
	}
	return true
}

// broken says in plain words why a file ends before its end.
func broken(err error, line int) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("its gzip data is cut off in or after line %d", line)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return fmt.Sprintf("its gzip data is damaged in or after line %d", line)
	}
	return why(err) + fmt.Sprintf(" (after line %d)", line)
}

var errLong = errors.New("line over the limit")

// lineReader reads lines of at most max bytes, and passes over longer ones
// without holding them.
type lineReader struct {
	r    *bufio.Reader
	max  int64
	n    int   // number of the line that was read last, from 1
	size int64 // bytes of that line without its line break
}

// next returns the next line without its line break. The slice is the
// caller's own. A line that an error cuts off is dropped with that error.
func (l *lineReader) next() ([]byte, error) {
	l.n++
	l.size = 0
	var line []byte
	for {
		part, err := l.r.ReadSlice('\n')
		l.size += int64(len(part))
		if l.size <= l.max+2 {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && (err != io.EOF || l.size == 0):
			return nil, err
		}
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if l.size > l.max+2 || int64(len(line)) > l.max {
			return nil, errLong
		}
		return line, nil
	}
}

// blank is the reason for an empty line, which is no error.
const blank = "blank"

// parseLine makes an item of one line, or says why there is none. source is
// what the article is called where the line gives neither id nor url.
func parseLine(line []byte, source string) (item retrieval.Item, why string) {
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(line)) == 0 {
		return item, blank
	}
	if !utf8.Valid(line) {
		return item, "the line is not UTF-8"
	}
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return item, jsonError(err)
	}
	switch {
	case rec.Text == nil && rec.HTML != nil:
		return item, "it has only html, which is not read yet"
	case rec.Text == nil || strings.TrimSpace(*rec.Text) == "":
		return item, "it has no text"
	}
	item = retrieval.Item{Source: source, Raw: line, Body: rec.Text, Given: corpus.Given{
		Title: rec.Title, Outlet: rec.Outlet, Agency: rec.Agency, URL: rec.URL, Author: rec.Author, Language: rec.Language,
	}}
	if s := strings.TrimSpace(string(rec.ID)); s != "" {
		item.Source = s
	} else if s := strings.TrimSpace(rec.URL); s != "" {
		item.Source = s
	}
	if rec.Published != "" {
		d, err := published(rec.Published)
		if err != nil {
			return item, "published: " + err.Error()
		}
		item.Given.Published = d
	}
	return item, ""
}

// jsonError says in plain words what is wrong with a line.
func jsonError(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		if kind.Field == "" {
			return "it is no JSON object but a JSON " + kind.Value
		}
		return fmt.Sprintf("%s must be a text, not a JSON %s", kind.Field, kind.Value)
	}
	return "it is no JSON: " + err.Error()
}

// published reads the day of a date or a time as feeds and pages write it.
func published(s string) (corpus.Date, error) {
	s = strings.TrimSpace(s)
	d, err := corpus.ParseDate(s)
	if err == nil {
		return d, nil
	}
	for _, layout := range []string{time.RFC1123, time.RFC1123Z, time.RFC822, time.RFC822Z, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return corpus.DateOf(t), nil
		}
	}
	return "", err
}
