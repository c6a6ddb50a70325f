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
	"unicode/utf8"

	"verbatim/retrieval"
)

// lines reads a file of JSON Lines, one article a line, holding one line at a
// time, and reports whether to go on.
func (f *folder) lines(ctx context.Context, name string, r io.Reader, zipped bool) bool {
	if zipped {
		u, err := newUnpacker(r, f.o.maxUnpacked())
		if err != nil {
			return f.refuse(name, "it is not gzip data")
		}
		defer u.Close()
		r = u
	}
	br := bufio.NewReaderSize(r, 1<<16)
	if document(br) {
		return f.document(ctx, name, br)
	}
	lr := &lineReader{r: br, max: f.o.maxBytes()}
	for ctx.Err() == nil {
		line, err := lr.next()
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if most := f.o.MaxLines; most > 0 && lr.n > most && err != io.EOF {
			return f.refuse(name, fmt.Sprintf("only its first %d lines were read", most))
		}
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
	var bomb *bombError
	switch {
	case errors.As(err, &bomb):
		return bomb.Error()
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

// blank is the reason for an empty line, which is not an error.
const blank = "blank"

// parseLine makes an item of one line, or says why there is none. source is
// what the article is called if the line gives neither id nor url.
func parseLine(line []byte, source string) (item retrieval.Item, why string) {
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(line)) == 0 {
		return item, blank
	}
	var notes []string
	text := line
	if !utf8.Valid(line) {
		repaired, _, ok := retrieval.StrayBytes(line)
		if !ok {
			return item, "the line is not UTF-8"
		}
		text, notes = repaired, []string{"bytes that are not UTF-8 were read as Windows-1252"}
	}
	var f fields
	if err := json.Unmarshal(text, &f); err != nil {
		return item, jsonError(err)
	}
	item, why = itemOf(line, f, source)
	item.Notes = append(notes, item.Notes...)
	return item, why
}

// jsonError says in plain words what is wrong with a line.
func jsonError(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return "it is not a JSON object but a JSON " + kind.Value
	}
	return "it is not valid JSON: " + err.Error()
}
