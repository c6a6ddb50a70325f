package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"verbatim/retrieval/corpus"
)

// batchLine is one question of a batch file.
type batchLine struct {
	ID       json.RawMessage `json:"id"`
	Question string          `json:"question"`
	Asked    string          `json:"asked"`
}

// batchError is written for a question that failed.
type batchError struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// batch answers the lines of a file (- is standard input) in order and writes
// one object per line. The day of a question is its day of asking, else
// given, which may be "". A question that fails does not end the batch.
func (p *program) batch(ctx context.Context, path string, given corpus.Date,
	do func(id json.RawMessage, question string, asOf corpus.Date) (any, error)) error {
	in := p.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return usagef("read the batch: %w", err)
		}
		defer f.Close()
		in = f
	}
	p.printed = true
	out := bufio.NewWriter(p.stdout)
	for n, text := range linesUntil(ctx, in) {
		if text.err != nil {
			return errors.Join(fmt.Errorf("read the batch: %w", text.err), out.Flush())
		}
		if !text.long && len(bytes.TrimSpace(text.data)) == 0 {
			continue
		}
		answer := answerLine(n, text, given, do)
		if ctx.Err() != nil { // it failed because of that
			return errors.Join(ctx.Err(), out.Flush())
		}
		if err := writeJSON(out, answer); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("write the batch: %w", err)
		}
	}
	return nil
}

// answerLine returns the object for line n of a batch.
func answerLine(n int, text textLine, given corpus.Date,
	do func(id json.RawMessage, question string, asOf corpus.Date) (any, error)) any {
	q := batchLine{ID: json.RawMessage(strconv.Quote(strconv.Itoa(n)))}
	fallback := q.ID
	if text.long {
		return batchError{q.ID, fmt.Sprintf("line %d has more than %d bytes", n, maxLine)}
	}
	data := bytes.ToValidUTF8(bytes.TrimPrefix(text.data, []byte("\ufeff")), []byte("\uFFFD"))
	err := json.Unmarshal(data, &q)
	if len(q.ID) == 0 || string(q.ID) == "null" {
		q.ID = fallback
	}
	if err != nil {
		return batchError{q.ID, fmt.Sprintf("line %d is not a JSON object with a question: %s", n, plainJSON(err))}
	}
	asOf := given
	if q.Asked != "" {
		if asOf, err = corpus.ParseDate(q.Asked); err != nil {
			return batchError{q.ID, "asked: " + err.Error()}
		}
	}
	result, err := do(q.ID, q.Question, asOf)
	if err != nil {
		return batchError{q.ID, err.Error()}
	}
	return result
}

// plainJSON says what is wrong with a line in the words of JSON, not of Go.
func plainJSON(err error) string {
	t, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return err.Error()
	case t.Field == "":
		return "it is a JSON " + t.Value
	}
	return fmt.Sprintf("%q is a JSON %s", t.Field, t.Value)
}

// maxLine is the longest line that is read, in bytes: a device may have no end.
const maxLine = 1 << 20

// textLine is one line of input, or the error that ended it. Of one that is
// too long the data is missing.
type textLine struct {
	data []byte
	long bool
	err  error
}

// lines yields the lines of r, numbered from 1. One longer than maxLine is
// yielded as soon as that is seen.
func lines(r io.Reader) func(yield func(int, textLine) bool) {
	return func(yield func(int, textLine) bool) {
		br := bufio.NewReader(r)
		for n := 1; ; n++ {
			var l textLine
			part, err := br.ReadSlice('\n')
			for l.data = bytes.Clone(part); err == bufio.ErrBufferFull; {
				part, err = br.ReadSlice('\n')
				if !l.long {
					l.data = append(l.data, part...)
				}
				if !l.long && len(l.data) > maxLine {
					l = textLine{long: true}
					if !yield(n, l) {
						return
					}
				}
			}
			if len(l.data) > 0 && !yield(n, l) {
				return
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(n, textLine{err: err})
				return
			}
		}
	}
}

// linesUntil is lines, but ends with ctx: a read of a terminal cannot be
// interrupted, so it is left behind.
func linesUntil(ctx context.Context, r io.Reader) func(yield func(int, textLine) bool) {
	return func(yield func(int, textLine) bool) {
		type numbered struct {
			n int
			l textLine
		}
		ch, stop := make(chan numbered), make(chan struct{})
		defer close(stop)
		go func() {
			defer close(ch)
			for n, l := range lines(r) {
				select {
				case ch <- numbered{n, l}:
				case <-stop:
					return
				}
			}
		}()
		for {
			select {
			case x, ok := <-ch:
				if !ok || !yield(x.n, x.l) {
					return
				}
			case <-ctx.Done():
				yield(0, textLine{err: ctx.Err()})
				return
			}
		}
	}
}
