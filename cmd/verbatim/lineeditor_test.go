package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/term"
)

// typing returns an editor into which keys are typed, and what it shows.
func typing(keys string) (*lineEditor, *strings.Builder) {
	var shown strings.Builder
	e := &lineEditor{
		terminal: term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{strings.NewReader(keys), &shown}, "? "),
		raw:  func() (func(), error) { return func() {}, nil },
		size: func() (int, int) { return 40, 10 },
	}
	e.terminal.AutoCompleteCallback = completeCommand
	return e, &shown
}

func TestLineEditor(t *testing.T) {
	const up, left = "\x1b[A", "\x1b[D"
	e, shown := typing("first?\r" + up + "\r" + "ac" + left + "b\r" + up + up + "\r/so\tafp\r/\t\r\x04")
	for _, want := range []string{"first?", "first?", "abc", "first?", "/sources afp", "/"} {
		l, err := e.next(t.Context())
		if err != nil || string(l.data) != want {
			t.Errorf("line %q, %v, want %q", l.data, err, want)
		}
	}
	if l, err := e.next(t.Context()); err != io.EOF {
		t.Errorf("after Ctrl-D: %q, %v", l.data, err)
	}
	if !strings.HasPrefix(shown.String(), "? first?") {
		t.Errorf("it shows %q", shown.String())
	}
}

func TestLineEditorIsLeft(t *testing.T) {
	e, _ := typing("")
	r, w := io.Pipe()
	defer w.Close()
	e.terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{r, io.Discard}, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
