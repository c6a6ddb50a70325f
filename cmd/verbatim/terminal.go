package main

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/term"

	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

// Results go to standard output, everything else (notices, logs, progress,
// errors) to standard error. Lines are wrapped, and color is used, only if
// standard output is a terminal. All text of articles, users and models goes
// through safetext on its way, on a terminal and in a pipe.

const (
	minWidth = 30  // columns; narrower terminals are written as if they had so many
	maxWidth = 100 // columns; longer lines are hard to read
)

// screen is where a command prints for people.
type screen struct {
	w     io.Writer
	width int // columns to wrap at, 0 for no wrapping
	err   error

	plain, bold, faint, accent, warn lipgloss.Style
}

// terminalWidth returns the columns of the terminal that w is, or false if it is
// not a terminal.
func terminalWidth(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80, true
	}
	return width, true
}

// newScreen returns the screen of w.
func (p *program) newScreen(w io.Writer) *screen {
	width, tty := p.terminal(w)
	colour := tty && !p.flags.noColor && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if colour {
		r.SetColorProfile(termenv.ANSI)
	}
	if tty {
		width = min(max(width, minWidth), maxWidth)
	}
	return &screen{
		w: p.destination(w), width: width,
		plain:  r.NewStyle(),
		bold:   r.NewStyle().Bold(true),
		faint:  r.NewStyle().Faint(true),
		accent: r.NewStyle().Foreground(lipgloss.Color("6")),
		warn:   r.NewStyle().Foreground(lipgloss.Color("3")),
	}
}

// print writes text as it is; the first error is kept.
func (s *screen) print(text string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, text)
	}
}

// para writes text, escaped and wrapped, its first line after first and the
// others after as many spaces. A break inside text stays a break.
func (s *screen) para(first, text string, style lipgloss.Style) {
	indent := strings.Repeat(" ", lipgloss.Width(first))
	lead := first
	for _, l := range wrap(safetext.Terminal(text), s.room(len(indent))) {
		if l == "" {
			s.print(strings.TrimRight(lead, " ") + "\n")
		} else {
			s.print(lead + paint(style, l) + "\n")
		}
		lead = indent
	}
}

// room returns the columns that are left beside an indent, 0 for no limit.
func (s *screen) room(indent int) int {
	if s.width == 0 {
		return 0
	}
	return max(s.width-indent, minWidth/2)
}

// margin comes before each line of article text. The text cannot forge it: a
// line of the program's own never begins with it.
const margin = "│ "

// markOn and markOff stand around bold words while a text is wrapped. They are
// controls, which escaped text never holds, and have no width.
const markOn, markOff = "\x01", "\x02"

// article writes text of an article, whose marks are byte spans of it, with a
// margin before each line. The first line comes after first.
func (s *screen) article(first, text string, marks []corpus.Span) {
	var b strings.Builder
	at := 0
	for _, m := range marks {
		if m.Start < at || m.End > len(text) || m.Empty() {
			continue
		}
		b.WriteString(safetext.Terminal(text[at:m.Start]) + markOn + safetext.Terminal(text[m.Start:m.End]) + markOff)
		at = m.End
	}
	b.WriteString(safetext.Terminal(text[at:]))
	indent := strings.Repeat(" ", lipgloss.Width(first))
	lead, bold := first, false
	for _, l := range wrap(b.String(), s.room(len(indent)+lipgloss.Width(margin))) {
		var line string
		line, bold = s.embolden(l, bold)
		s.print(strings.TrimRight(lead+s.faint.Render(strings.TrimRight(margin, " "))+" "+line, " ") + "\n")
		lead = indent
	}
}

// embolden returns one line of marked text with its marked words bold, and
// whether the line ends inside a mark; bold says whether it begins inside one.
func (s *screen) embolden(l string, bold bool) (string, bool) {
	var b strings.Builder
	for l != "" {
		end := strings.IndexAny(l, markOn+markOff)
		if end < 0 {
			end = len(l)
		}
		if end > 0 && bold {
			b.WriteString(paint(s.bold, l[:end]))
		} else {
			b.WriteString(l[:end])
		}
		if end == len(l) {
			break
		}
		bold = l[end:end+1] == markOn
		l = l[end+1:]
	}
	return b.String(), bold
}

// paint styles one line. Lipgloss turns tabs into spaces and pads what is of
// several lines, so plain text goes around it.
func paint(style lipgloss.Style, l string) string {
	return style.TabWidth(lipgloss.NoTabConversion).Render(l)
}

// wrap breaks text into lines of at most width columns, at spaces and at its
// own breaks; a word longer than a line is broken between characters. With
// width 0 only its own breaks count. Nothing but spaces at breaks is lost.
func wrap(text string, width int) []string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if width <= 0 || lipgloss.Width(l) <= width {
			out = append(out, l)
			continue
		}
		out = append(out, wrapLine(l, width)...)
	}
	return out
}

func wrapLine(l string, width int) []string {
	var out []string
	var cur strings.Builder
	used := 0
	flush := func() {
		out = append(out, strings.TrimRight(cur.String(), " "))
		cur.Reset()
		used = 0
	}
	for word := range strings.SplitAfterSeq(l, " ") {
		n := lipgloss.Width(strings.TrimRight(word, " "))
		if used > 0 && used+n > width {
			flush()
		}
		for n > width {
			head := cut(word, width)
			cur.WriteString(head)
			flush()
			word = word[len(head):]
			n = lipgloss.Width(strings.TrimRight(word, " "))
		}
		cur.WriteString(word)
		used += lipgloss.Width(word)
	}
	if cur.Len() > 0 {
		flush()
	}
	return out
}

// cut returns the longest start of word that is at most width columns wide,
// and at least one character.
func cut(word string, width int) string {
	end := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if i > 0 && lipgloss.Width(word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// plural returns "1 article" or "2 articles".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + one + "s"
}

// itoa writes n with commas between thousands.
func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 1000 {
		return digits(n)
	}
	rest := digits(n % 1000)
	return itoa(n/1000) + "," + strings.Repeat("0", 3-len(rest)) + rest
}
