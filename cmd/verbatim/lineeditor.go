package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// input gives the lines of a chat, one after the other.
type input interface {
	// next returns the next line, io.EOF at the end, or the error of ctx.
	next(ctx context.Context) (textLine, error)
}

// lineEditor reads lines that are typed into a terminal: with arrow keys, a
// history of the lines before, and Tab for commands.
type lineEditor struct {
	terminal *term.Terminal
	// raw lets single keys through while a line is read, and returns what ends that.
	raw  func() (restore func(), err error)
	size func() (columns, rows int)
}

// newLineEditor returns an editor over the terminal that in and out are.
func newLineEditor(in, out *os.File, prompt string, size func() (columns, rows int)) *lineEditor {
	e := &lineEditor{
		terminal: term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{in, out}, prompt),
		size: size,
		raw: func() (func(), error) {
			state, err := term.MakeRaw(int(in.Fd()))
			if err != nil {
				return nil, fmt.Errorf("read single keys: %w", err)
			}
			return func() { _ = term.Restore(int(in.Fd()), state) }, nil // only a closed terminal makes it fail
		},
	}
	e.terminal.AutoCompleteCallback = completeCommand
	return e
}

// next implements input. A read of a terminal cannot be interrupted, so it is
// left behind when ctx is done.
func (e *lineEditor) next(ctx context.Context) (textLine, error) {
	restore, err := e.raw()
	if err != nil {
		return textLine{}, err
	}
	defer restore()
	if columns, rows := e.size(); columns > 0 {
		if err := e.terminal.SetSize(columns, rows); err != nil {
			return textLine{}, fmt.Errorf("set the size of the line editor: %w", err)
		}
	}
	type read struct {
		line string
		err  error
	}
	ch := make(chan read, 1)
	go func() {
		line, err := e.terminal.ReadLine()
		ch <- read{line, err}
	}()
	select {
	case <-ctx.Done():
		return textLine{}, ctx.Err()
	case r := <-ch:
		if errors.Is(r.err, term.ErrPasteIndicator) {
			r.err = nil
		}
		if len(r.line) > maxLine {
			return textLine{long: true}, r.err
		}
		return textLine{data: []byte(r.line)}, r.err
	}
}

// completeCommand completes the start of a command when Tab is pressed.
func completeCommand(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' || pos != len(line) || !strings.HasPrefix(line, "/") {
		return "", 0, false
	}
	var found []string
	for _, c := range chatCommands {
		if strings.HasPrefix(c.name, line) {
			found = append(found, c.name)
		}
	}
	if len(found) != 1 {
		return "", 0, false
	}
	return found[0] + " ", len(found[0]) + 1, true
}

// pipedLines gives the lines of a pipe or a file.
type pipedLines struct{ ch chan textLine }

// newPipedLines starts to read r. It ends with ctx, but for a read that waits.
func newPipedLines(ctx context.Context, r io.Reader) *pipedLines {
	p := &pipedLines{ch: make(chan textLine)}
	go func() {
		defer close(p.ch)
		for _, l := range lines(r) {
			select {
			case p.ch <- l:
			case <-ctx.Done():
				return
			}
		}
	}()
	return p
}

// next implements input.
func (p *pipedLines) next(ctx context.Context) (textLine, error) {
	select {
	case l, ok := <-p.ch:
		if !ok {
			return textLine{}, io.EOF
		}
		return l, l.err
	case <-ctx.Done():
		return textLine{}, ctx.Err()
	}
}
