package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// document reports whether r holds one JSON document rather than an object a
// line: a list, or an object whose first line is not whole. It reads nothing.
func document(r *bufio.Reader) bool {
	head, _ := r.Peek(r.Size() / 2)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	first, rest, _ := bytes.Cut(head, []byte("\n"))
	first = bytes.TrimSpace(first)
	switch {
	case len(first) == 0:
		return false
	case first[0] == '[':
		return !json.Valid(first) || len(bytes.TrimSpace(rest)) == 0
	}
	return len(first) == 1 && first[0] == '{'
}

// document reads a JSON document: a list of articles, or articles one after
// the other, each over several lines. What is wrong with the document as a
// whole is reported once.
func (f *folder) document(ctx context.Context, name string, r io.Reader) bool {
	limited := &io.LimitedReader{R: r, N: f.o.maxBytes() + 1}
	br := bufio.NewReader(limited)
	d := json.NewDecoder(br)
	var err error
	list := startsList(br)
	if list {
		_, err = d.Token()
	}
	for n := 1; err == nil && ctx.Err() == nil && (!list || d.More()); n++ {
		var raw json.RawMessage
		if err = d.Decode(&raw); err != nil {
			break
		}
		at := fmt.Sprintf("%s#%d", name, n)
		item, why := parseLine(bytes.Clone(raw), f.source(at))
		if why == "" && !f.emit(item, nil) || why != "" && !f.refuse(at, why) {
			return false
		}
	}
	switch {
	case limited.N <= 0:
		return f.refuse(name, fmt.Sprintf("it is one JSON document of more than %.1f MB; write it as JSON Lines, an object a line", float64(f.o.maxBytes())/1e6))
	case err == nil || errors.Is(err, io.EOF):
		return true
	}
	return f.refuse(name, "it is not valid JSON: "+err.Error())
}

// startsList reports whether a JSON document is a list, and passes over a
// byte-order mark.
func startsList(r *bufio.Reader) bool {
	if head, err := r.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3) // they are in the buffer
	}
	head, _ := r.Peek(r.Size() / 2)
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("["))
}

// table reads CSV with a header, one article a row.
func (f *folder) table(ctx context.Context, name string, r io.Reader) bool {
	limited := &io.LimitedReader{R: r, N: f.o.maxBytes() + 1}
	c := csv.NewReader(limited)
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	header, err := c.Read()
	if err != nil || len(header) < 2 {
		return f.refuse(name, "it is not a table with a header of keys such as title, date and text")
	}
	for i, key := range header {
		header[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(key, "\ufeff")))
	}
	if !holdsText(header) {
		return f.refuse(name, "its header has no column named text, content or body; its columns are "+strings.Join(header, ", "))
	}
	for n := 1; ctx.Err() == nil; n++ {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		at := fmt.Sprintf("%s#%d", name, n)
		if err != nil {
			return f.refuse(at, "it is not a row of CSV: "+err.Error())
		}
		object := make(map[string]string)
		for i, value := range row {
			if i < len(header) && strings.ToValidUTF8(value, "\ufffd") != "" {
				object[header[i]] = value
			}
		}
		raw, err := json.Marshal(object)
		if err != nil {
			return f.refuse(at, why(err))
		}
		item, why := parseLine(raw, f.source(at))
		if why == "" && !f.emit(item, nil) || why != "" && !f.refuse(at, why) {
			return false
		}
	}
	if limited.N <= 0 {
		return f.refuse(name, tooLarge(f.o.maxBytes()+1, f.o.maxBytes())+"; what is beyond it was not read")
	}
	return true
}

// holdsText reports whether a header has a key of an article's text.
func holdsText(header []string) bool {
	for _, key := range keys()["text"] {
		for _, h := range header {
			if h == key {
				return true
			}
		}
	}
	return false
}
