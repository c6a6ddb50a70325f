package words

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
)

// Layout says which lines of a text belong together.
//
// A text is either wrapped at a width, so that most line breaks lie inside of
// sentences, or it has a paragraph a line. Layout measures which: a line
// break is a wrap if the line was too full to take the first word of the next
// one. The width and the slack are taken from the text's own lines, above all
// from those whose next line begins in lower case, which are surely wrapped.
// Headings, list items, table rows and labelled lines begin a paragraph of
// their own, and so does an indented line.
type Layout struct {
	text    string
	lines   []textLine
	wrapped bool
	sure    int // wraps that are certain: the next line begins in lower case
	full    int // columns that a line with the next one's first word must exceed to be a wrap
	widest  int // columns of the widest line that does not end its paragraph
}

// textLine is a line of a text.
type textLine struct {
	Range       // without the white space around
	next    int // where the next line begins
	columns int // characters from the line's beginning, indent included
	indent  int // characters
	kind    LineKind
	ended   bool
	join    joint // to the line before
}

// LineKind says what a line is by itself.
type LineKind uint8

// The kinds of lines.
const (
	LinePlain    LineKind = iota
	LineBlank             // nothing but white space
	LineItem              // of a list: "- Unemployment: 4.4%", "3) Osk"
	LineRow               // of a table
	LineLabelled          // "Source: The Harrow Gazette", "MARLOW: Good evening."
	LineCapitals          // a heading in capitals
)

// joint says how a line goes on with the one before.
type joint uint8

const (
	jointNone joint = iota
	jointSoft       // its first word is in lower case
	jointWrap       // the line before was full, or its last word is broken
)

// NewLayout reads the lines of text.
func NewLayout(text string) *Layout {
	l := &Layout{text: text, lines: make([]textLine, 0, strings.Count(text, "\n")+1)}
	for i := 0; i < len(text); {
		end, next := lineEnd(text, i)
		from, to := trim(text, i, end)
		line := textLine{Range: Range{from, to}, next: next, kind: LineBlank}
		if from < to {
			line.indent = columns(text[i:from])
			line.columns = line.indent + utf8.RuneCountInString(text[from:to])
			line.ended = Ended(text[from:to])
			line.kind = kindOfLine(text[from:to])
		}
		l.lines = append(l.lines, line)
		i = next
	}
	l.measure()
	for i := 1; i < len(l.lines); i++ {
		l.lines[i].join = l.joint(i)
	}
	return l
}

// columns returns the width of white space; a tab counts as four.
func columns(space string) int { return utf8.RuneCountInString(space) + 3*strings.Count(space, "\t") }

// Wrapped reports whether the text is wrapped at a width.
func (l *Layout) Wrapped() bool { return l.wrapped }

// Paragraphs yields the paragraphs of the text in order, a wrapped one as
// one range and every other line by itself; a blank line is an empty range.
func (l *Layout) Paragraphs() iter.Seq[Range] {
	return func(yield func(Range) bool) {
		for i := 0; i < len(l.lines); {
			r := l.lines[i].Range
			for i++; i < len(l.lines) && l.lines[i].join == jointWrap; i++ {
				r.End = l.lines[i].End
			}
			if !yield(r) {
				return
			}
		}
	}
}

// KindAt returns the kind of the line that holds offset at.
func (l *Layout) KindAt(at int) LineKind {
	if i := l.lineOf(at); i < len(l.lines) {
		return l.lines[i].kind
	}
	return LineBlank
}

// lineOf returns the index of the line that holds offset at.
func (l *Layout) lineOf(at int) int {
	i, _ := slices.BinarySearchFunc(l.lines, at, func(line textLine, at int) int {
		if line.next <= at {
			return -1
		}
		return 1
	})
	return i
}

// blockEnd returns the end of the lines from the one at offset at on that
// belong together, at most limit.
func (l *Layout) blockEnd(at, limit int) int {
	i := l.lineOf(at)
	for i+1 < len(l.lines) && l.lines[i].next < limit && l.lines[i+1].join != jointNone {
		i++
	}
	if i >= len(l.lines) {
		return limit
	}
	return min(l.lines[i].next, limit)
}

// Limits of measuring.
const (
	minWrap    = 28  // columns: a narrower text is not taken for wrapped
	usualWrap  = 130 // columns: a wider one needs more evidence
	fewWraps   = 3   // with fewer sure wraps the slack is a share of the width
	looseSlack = 5   // that share is one fifth
)

// measure finds out whether the text is wrapped, and at which width.
func (l *Layout) measure() {
	var widths, sure []int
	breaks, evidence, plain, first := 0, 0, 0, true
	for i, line := range l.lines {
		if line.kind == LinePlain {
			plain++
		}
		if i == 0 || line.kind != LinePlain || l.lines[i-1].kind != LinePlain {
			continue
		}
		prev := l.lines[i-1]
		if prev.ended || line.indent > prev.indent+1 {
			continue
		}
		breaks++
		sureWrap := l.lower(line) || l.unfinished(prev)
		if first && !sureWrap {
			first = false
			breaks--
			continue // it may be the title
		}
		first = false
		widths = append(widths, prev.columns)
		if sureWrap {
			evidence++
			sure = append(sure, l.fit(i))
		}
	}
	if len(widths) == 0 {
		return
	}
	slices.Sort(widths)
	width := widths[(len(widths)*9+9)/10-1]
	l.widest = widths[len(widths)-1]
	l.sure = evidence
	l.full = width - width/looseSlack
	if evidence >= fewWraps {
		slices.Sort(sure)
		l.full = max(min(width, sure[len(sure)/10])-1, width*6/10)
	}
	l.wrapped = l.decide(width, breaks, evidence, plain)
}

// decide weighs what measure found.
func (l *Layout) decide(width, breaks, evidence, plain int) bool {
	if width < minWrap {
		return false
	}
	long, full := 0, 0
	for i, line := range l.lines {
		if line.kind != LinePlain {
			continue
		}
		if line.columns > width+width/looseSlack+5 && strings.ContainsRune(l.text[line.Start:line.End], ' ') {
			long++
		}
		if i > 0 && l.lines[i-1].kind == LinePlain && !l.lines[i-1].ended && line.indent <= l.lines[i-1].indent+1 && l.fit(i) > l.full {
			full++
		}
	}
	switch {
	case long > plain/12 || full*10 < breaks*6:
		return false
	case width > usualWrap:
		return evidence >= 2 && evidence*3 >= breaks
	case evidence == 0:
		return breaks < fewWraps
	}
	return evidence*4 >= breaks
}

// fit returns how many columns the line before line i would have had with
// the first word of line i.
func (l *Layout) fit(i int) int {
	line := l.lines[i]
	word := l.text[line.Start:line.End]
	if at := strings.IndexFunc(word, unicode.IsSpace); at >= 0 {
		word = word[:at]
	}
	return l.lines[i-1].columns + 1 + utf8.RuneCountInString(word)
}

func (l *Layout) lower(line textLine) bool {
	r, _ := utf8.DecodeRuneInString(l.text[line.Start:line.End])
	return unicode.IsLower(r)
}

// unfinished reports whether line ends as no sentence and no heading does:
// with a comma or with a word like "that".
func (l *Layout) unfinished(line textLine) bool {
	return Unfinished(l.text[line.Start:line.End])
}

// Unfinished reports whether text ends as no sentence and hardly a heading
// does: with a comma, or with a word like "that" or "the".
func Unfinished(text string) bool {
	if strings.HasSuffix(text, ",") {
		return true
	}
	word := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return len(word) < len(text) && english.Unfinished.Has(word)
}

// joint decides how line i goes on with the one before.
func (l *Layout) joint(i int) joint {
	prev, line := l.lines[i-1], l.lines[i]
	if prev.kind == LineBlank || line.kind == LineBlank || line.kind == LineRow {
		return jointNone
	}
	text := l.text[prev.Start:prev.End]
	lower := l.lower(line)
	if lower && brokenWord(text) {
		return jointWrap
	}
	if lower && line.kind == LinePlain && prev.kind != LineRow && continues(text) {
		if l.wrapped {
			return jointWrap
		}
		return jointSoft
	}
	if !l.wrapped || line.kind != LinePlain || prev.kind == LineRow || prev.kind == LineCapitals || l.fit(i) <= l.full {
		return jointNone
	}
	if prev.kind == LineLabelled && prev.join == jointNone && prev.columns < l.widest-l.widest/looseSlack {
		return jointNone
	}
	if line.indent > prev.indent+1 && prev.kind != LineItem {
		return jointNone
	}
	if !prev.ended && !l.unfinished(prev) && l.heading(i-1) {
		return jointNone
	}
	return jointWrap
}

// heading reports whether the unfinished line i, which is not followed by
// one in lower case, is rather a heading: the first line of the text unless it
// fills the width wholly, and in a text without a sure wrap a short or a
// titled line.
func (l *Layout) heading(i int) bool {
	first := !slices.ContainsFunc(l.lines[:i], func(line textLine) bool { return line.kind != LineBlank })
	if first {
		return l.fit(i+1) <= l.widest || l.lines[i].columns > l.widest
	}
	text := l.text[l.lines[i].Start:l.lines[i].End]
	return l.sure == 0 && (Count(text) < 7 || titled(text))
}

// titled reports whether all long words of text begin with a capital, as in
// some headings.
func titled(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLower(r) && len(word) > 4 {
			return false
		}
	}
	return true
}

// brokenWord reports whether line ends with the first half of a word.
func brokenWord(line string) bool {
	r, size := utf8.DecodeLastRuneInString(line)
	if r != '-' && r != '\u00ad' && r != '\u2010' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(line[:len(line)-size])
	return unicode.IsLetter(before)
}

// continues reports whether a line may go on in one that begins in lower
// case.
func continues(line string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	return !terminator(last) && last != ':' && !closer(last)
}
