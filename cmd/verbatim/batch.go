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
// one object a line. "Now" of a question is its day of asking, else given,
// else newest. A question that fails does not end the batch.
func (p *program) batch(ctx context.Context, path string, given, newest corpus.Date,
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
	if given == "" {
		given = newest
	}
	p.printed = true
	out := bufio.NewWriter(p.stdout)
	for n, text := range lines(in) {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), out.Flush())
		}
		if text.err != nil {
			return errors.Join(fmt.Errorf("read the batch: %w", text.err), out.Flush())
		}
		if len(bytes.TrimSpace(text.data)) == 0 {
			continue
		}
		if err := writeJSON(out, answerLine(n, text.data, given, do)); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("write the batch: %w", err)
		}
	}
	return nil
}

// answerLine returns the object for line n of a batch.
func answerLine(n int, data []byte, given corpus.Date,
	do func(id json.RawMessage, question string, asOf corpus.Date) (any, error)) any {
	q := batchLine{ID: json.RawMessage(strconv.Quote(strconv.Itoa(n)))}
	fallback := q.ID
	err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &q)
	if len(q.ID) == 0 || string(q.ID) == "null" {
		q.ID = fallback
	}
	if err != nil {
		return batchError{q.ID, fmt.Sprintf("line %d is no JSON object with a question: %v", n, err)}
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

type textLine struct {
	data []byte
	err  error
}

// lines yields the lines of r, numbered from 1, of any length.
func lines(r io.Reader) func(yield func(int, textLine) bool) {
	return func(yield func(int, textLine) bool) {
		br := bufio.NewReader(r)
		for n := 1; ; n++ {
			data, err := br.ReadBytes('\n')
			if len(data) > 0 && !yield(n, textLine{data: data}) {
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
