package main

import (
	"io"

	"verbatim/answer"
)

// status shows on one line of a terminal how far a model's answer has come. It
// is gone when the answer is printed.
type status struct {
	w     io.Writer // nil: nothing is shown
	shown bool
}

// newStatus returns the status line of an answer in mode. Without a model an
// answer is there too soon for one.
func (p *program) newStatus(w *workspace, mode answer.Mode) *status {
	if _, tty := p.terminal(p.stderr); !tty || p.flags.quiet || w.model == nil || mode == answer.ModeExtractive {
		return &status{}
	}
	return &status{w: p.stderr}
}

// clearLine goes to the start of a terminal's line and clears it.
const clearLine = "\r\x1b[K"

func (s *status) update(at answer.Progress) {
	switch {
	case at.Searched != nil:
		s.show("Searched " + searchedText(*at.Searched) + "; the model is reading ...")
	case len(at.Quotes) > 0:
		s.show(plural(len(at.Quotes), "quote") + " chosen ...")
	}
}

func (s *status) show(text string) {
	if s.w != nil {
		s.shown = true
		_, _ = io.WriteString(s.w, clearLine+text) // only a closed terminal makes it fail
	}
}

func (s *status) end() {
	if s.shown {
		_, _ = io.WriteString(s.w, clearLine)
	}
}
