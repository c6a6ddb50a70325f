package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"verbatim/answer"
	"verbatim/internal/app"
	"verbatim/retrieval/corpus"
)

// status shows how far a model's answer has come: on a terminal the parts
// of the answer so far, and if only standard error is a terminal, one line. It is
// removed when the answer is printed.
type status struct {
	program *program
	live    bool      // the answer is shown as it comes
	line    io.Writer // of the one line; nil: it is not shown
	shown   bool      // the line is

	understood string
	searched   string
	found      []answer.Quote
	points     []answer.Point
	quotes     []answer.Quote // of points
}

// newStatus returns the status of an answer in mode. Without a model an answer
// comes too soon for one.
func (p *program) newStatus(w *app.Workspace, mode answer.Mode) *status {
	s := &status{program: p}
	if p.flags.quiet || !w.HasModel() || mode == answer.ModeExtractive || p.getenv("TERM") == "dumb" {
		return s
	}
	if width, tty := p.terminal(p.stdout); tty && !p.flags.json {
		s.live = width >= minWidth // lines are longer than a narrower one is wide
		return s
	}
	if _, tty := p.terminal(p.stderr); tty {
		s.line = p.stderr
	}
	return s
}

// update takes what has come.
func (s *status) update(at answer.Progress) {
	if !s.live && s.line == nil {
		return
	}
	switch {
	case at.Understood != "":
		s.understood = at.Understood
		if !s.live {
			return // the answer says so itself
		}
	case at.Searched != nil:
		s.searched = "Searched " + searchedText(*at.Searched)
	case at.Found != nil:
		s.found = at.Found
	case at.Points != nil:
		s.points, s.quotes = at.Points, at.Quotes
	default:
		return // the whole answer follows
	}
	if s.live {
		s.program.region.show(s.whole())
		return
	}
	s.shown = true
	_, _ = io.WriteString(s.line, clearLine+wrapOff+s.state()+wrapOn) // only a closed terminal makes it fail
}

// end takes away what is shown.
func (s *status) end() {
	if s.live {
		s.program.region.show(nil)
	}
	if s.shown {
		_, _ = io.WriteString(s.line, clearLine)
	}
}

// state says what is going on.
func (s *status) state() string {
	switch {
	case s.searched == "":
		return "Searching ..."
	case len(s.points) > 0:
		return s.searched + "; " + plural(len(s.points), "statement") + " checked, the model is still at work ..."
	case len(s.found) > 0:
		return s.searched + "; the model is reading ..."
	}
	return s.searched + " ..."
}

// whole returns the lines of what has come, as printAnswer prints it, with the
// quotes that no point needs so far, and what is going on. There are no more
// than the terminal has room for, since what scrolls away cannot be taken
// back: of the quotes only those that fit whole.
func (s *status) whole() []string {
	p := s.program
	state := p.linesOf(func(sc *screen) { sc.para("", s.state(), sc.faint) })
	room := max(0, p.terminalRows(p.stdout)-1-len(state))
	lines := p.linesOf(func(sc *screen) {
		if s.understood != "" {
			sc.understood(s.understood)
		}
		if len(s.points) > 0 {
			sc.para("", answer.Prose(s.points), sc.bold)
			sc.print("\n")
		}
	})
	lines = lines[:min(len(lines), room)]
	needed := map[corpus.Ref]bool{}
	quote := func(mark string, q answer.Quote) {
		if more := p.linesOf(func(sc *screen) { sc.quote(mark, q, false) }); len(lines)+len(more) <= room {
			lines = append(lines, more...)
		}
	}
	for _, q := range s.quotes {
		needed[q.Ref()] = true
		quote(fmt.Sprintf("[%d]", q.N), q)
	}
	for _, q := range s.found {
		if !needed[q.Ref()] {
			quote(" - ", q)
		}
	}
	return append(lines, state...)
}

// linesOf returns what is printed for standard output, as lines.
func (p *program) linesOf(print func(*screen)) []string {
	var b strings.Builder
	s := p.newScreen(p.stdout)
	s.w = &b
	print(s)
	return slices.Collect(strings.Lines(b.String()))
}
