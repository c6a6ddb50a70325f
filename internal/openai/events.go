package openai

import (
	"bufio"
	"bytes"
	"io"
)

// maxLine is the longest line of a stream.
const maxLine = 1 << 20

// events cleans a stream of server-sent events for go-openai, which counts
// comments as empty messages and passes over most shapes of error: only data
// lines come through, and what is an error becomes one.
type events struct {
	body  io.ReadCloser
	lines *bufio.Reader
	ready []byte // cleaned, not yet read
	event string // of the event that is being read
	err   error
}

func newEvents(body io.ReadCloser) *events {
	return &events{body: body, lines: bufio.NewReaderSize(body, 64<<10)}
}

// Read implements io.Reader.
func (e *events) Read(p []byte) (int, error) {
	for len(e.ready) == 0 && e.err == nil {
		e.next()
	}
	if len(e.ready) > 0 {
		n := copy(p, e.ready)
		e.ready = e.ready[n:]
		return n, nil
	}
	return 0, e.err
}

// Close implements io.Closer.
func (e *events) Close() error { return e.body.Close() }

// next reads one line.
func (e *events) next() {
	var line []byte
	for {
		part, err := e.lines.ReadSlice('\n')
		line = append(line, part...)
		if err == bufio.ErrBufferFull && len(line) < maxLine {
			continue
		}
		if err == bufio.ErrBufferFull {
			e.err = &callError{kind: KindTooBig, detail: "a line of the stream is too long"}
			return
		}
		if e.err = err; err != nil && err != io.EOF {
			return // what came of the line is no whole event
		}
		break
	}
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
	if err := e.line(line); err != nil {
		e.err = err
	}
}

// line takes one line without its end.
func (e *events) line(line []byte) error {
	switch {
	case len(line) == 0:
		e.event = ""
		return nil
	case line[0] == ':':
		return nil
	case bytes.HasPrefix(line, []byte("event:")):
		e.event = string(bytes.TrimSpace(line[len("event:"):]))
		return nil
	case bytes.HasPrefix(line, []byte("id:")), bytes.HasPrefix(line, []byte("retry:")):
		return nil
	case looksLikePage(line):
		return &callError{kind: KindAnswer, detail: "the server sent a web page into the stream"}
	}
	data, isData := bytes.CutPrefix(line, []byte("data:"))
	data = bytes.TrimSpace(data)
	if text, code, ok := errorText(data); ok || e.event == "error" {
		if text == "" {
			text = string(data)
		}
		kind := statusKind(&statusError{status: statusOf(code), body: text, code: code, retryAfter: saidRetry(string(data))})
		return &callError{kind: kind, detail: "in the middle of the answer: " + text}
	}
	if !isData {
		return &callError{kind: KindAnswer, detail: "the server sent something else than events: " + string(data)}
	}
	e.ready = append(append(append(e.ready, "data: "...), flattened(data)...), "\n\n"...)
	return nil
}
