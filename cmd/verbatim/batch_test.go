package main

import (
	"io"
	"strings"
	"testing"
)

// endless is a line that never ends.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+1)
	whole := strings.Repeat("y", maxLine-1) + "\n"
	var got []string
	for n, l := range lines(strings.NewReader("a\n" + long + "\n\n" + whole + "b")) {
		switch {
		case l.err != nil:
			t.Fatal(l.err)
		case l.long:
			got = append(got, digits(n)+" long")
		case len(l.data) > 10:
			got = append(got, digits(n)+" whole: "+digits(len(l.data)))
		default:
			got = append(got, digits(n)+" "+string(l.data))
		}
	}
	want := "1 a\n|2 long|3 \n|4 whole: 1048576|5 b"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("lines are %q, want %q", s, want)
	}
}

func TestLinesOfSomethingEndless(t *testing.T) {
	in := &endless{}
	for _, l := range lines(in) {
		if !l.long {
			t.Error("the line is not said to be too long")
		}
		break
	}
	if in.read > 2*maxLine {
		t.Errorf("%d bytes were read", in.read)
	}
}

func TestLinesThatFail(t *testing.T) {
	in := io.MultiReader(strings.NewReader("a"), &failing{})
	var last textLine
	for _, l := range lines(in) {
		last = l
	}
	if last.err != io.ErrClosedPipe {
		t.Errorf("error %v, want %v", last.err, io.ErrClosedPipe)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestBatchErrors(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"list", `[]`, `{"id":"1","error":"line 1 is not a JSON object with a question: it is a JSON array"}`},
		{"question is a number", `{"id":"x","question":5}`, `{"id":"x","error":"line 1 is not a JSON object with a question: \"question\" is a JSON number"}`},
		{"long", `{"question":"` + strings.Repeat("x", maxLine) + `"}`, `{"id":"1","error":"line 1 has more than 1048576 bytes"}`},
		{"id is not UTF-8", "{\"id\":\"\xff\",\"question\":\" \"}", `{"id":"�","error":"no question"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := runProgram(t, surroundings{stdin: tt.line + "\n"}, "--quiet", "ask", "--batch", "-")
			wellBehaved(t, r, false)
			if r.code != exitDone || r.stdout != tt.want+"\n" {
				t.Errorf("exit %d, %.200s, want %s", r.code, r.stdout, tt.want)
			}
		})
	}
	r := runProgram(t, surroundings{stdin: strings.Repeat("x", maxLine+1) + "\nWho fled to Tajikistan?\n"}, "--quiet", "chat")
	if !strings.HasPrefix(r.stdout, "The line has more than 1048576 bytes.\n") || !strings.Contains(r.stdout, "[1]") {
		t.Errorf("chat prints %.300q", r.stdout)
	}
}
