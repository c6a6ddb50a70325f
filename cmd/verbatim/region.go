package main

import (
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// region is the last lines of a terminal, which are written again when they
// change. It may be used from many goroutines.
type region struct {
	w    io.Writer
	size func() (columns, rows int) // of the terminal, now

	mu            sync.Mutex
	lines         []string // that stand there, each with its end
	columns, rows int      // of the terminal, when they were written
}

const (
	// clearLine goes to the start of a terminal's line and clears it.
	clearLine = "\r\x1b[K"
	// lineUp goes a line up. Lines are cleared one by one, because some terminals
	// keep what is cleared as a whole screen among what has scrolled away.
	lineUp  = "\x1b[A"
	wrapOff = "\x1b[?7l" // so that each line takes one row, however wide its characters are
	wrapOn  = "\x1b[?7h"
)

// show puts lines into the place of what is shown.
func (r *region) show(lines []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.away()
	r.lines = lines
	r.write(text + r.back())
}

// aside takes the region away, lets do write where it was, and puts it back
// below that.
func (r *region) aside(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(r.away())
	do()
	r.write(r.back())
}

// away is what takes the region away; back is what puts it there.
func (r *region) away() string {
	if len(r.lines) == 0 {
		return ""
	}
	if columns, rows := r.size(); columns < r.columns || rows < r.rows {
		// Where its lines are now depends on the terminal.
		return clearLine + "(The window has become smaller: what is above is not the whole answer, which follows.)\n"
	}
	return clearLine + strings.Repeat(lineUp+clearLine, len(r.lines))
}

func (r *region) back() string {
	if len(r.lines) == 0 {
		return ""
	}
	r.columns, r.rows = r.size()
	return wrapOff + strings.Join(r.lines, "") + wrapOn
}

func (r *region) write(text string) {
	if text != "" {
		_, _ = io.WriteString(r.w, text) // only a closed terminal makes it fail
	}
}

// beside returns a writer to w for what may be written at any time, such as
// the log.
func (r *region) beside(w io.Writer) io.Writer { return &besideRegion{r, w} }

type besideRegion struct {
	region *region
	w      io.Writer
}

// Write implements io.Writer.
func (b *besideRegion) Write(data []byte) (n int, err error) {
	b.region.aside(func() { n, err = b.w.Write(data) })
	return n, err
}

// terminalRows returns how many rows the terminal that w is has.
func (p *program) terminalRows(w io.Writer) int {
	const usual = 24
	if p.rows > 0 {
		return p.rows
	}
	if f, ok := w.(*os.File); ok {
		if _, rows, err := term.GetSize(int(f.Fd())); err == nil && rows > 0 {
			return rows
		}
	}
	return usual
}
