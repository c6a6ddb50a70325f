// Package segment marks the page furniture of a body and cuts the rest into
// passages and sentences. Everything is a span of the body: nothing is
// deleted, so offsets hold.
package segment

import (
	"slices"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// MarkInput is a body with what is known of it.
type MarkInput struct {
	Body string
	// Title is the title that was given beside the body, "" where the body
	// begins with its title.
	Title string
	// Known are marks that were found before, in order and not overlapping,
	// as dateline.Read finds them.
	Known []corpus.Mark
	// Repeats knows the lines that many articles of the corpus share; nil:
	// nothing is known of other articles.
	Repeats *Repeats
}

// Marks returns the page furniture of a body, in order and not overlapping:
// what is known, and what general rules find in the lines (see furniture.go).
// A doubtful line is left alone: a mark that eats the story is worse than one
// missed.
func Marks(in MarkInput) []corpus.Mark {
	p := newPage(in)
	p.markLines()
	p.markBylines()
	p.markBios()
	p.markTwice()
	p.markBlocks()
	for i := range p.lines {
		l := &p.lines[i]
		switch {
		case l.reason != "":
			p.add(l.Start, l.End, l.reason)
		case !l.known:
			p.markWithin(l)
		}
	}
	return merge(p.marks)
}

// page is a body on its way to being marked.
type page struct {
	body  string
	in    MarkInput
	lines []line
	marks []corpus.Mark
}

// line is a line of a body that is not blank, or a paragraph that is wrapped
// over several.
type line struct {
	words.Range
	text   string
	lower  string // text in lower case, quotation marks made straight
	words  int
	ended  bool          // ends as a sentence does
	apart  bool          // a blank line or the beginning of the body is before it
	known  bool          // wholly inside a known mark
	reason corpus.Reason // why the line is furniture, "" where it is not
}

// prose reports whether l is a paragraph of a story rather than a heading, a
// link or a caption.
func (l *line) prose() bool { return l.ended && l.words >= 8 || l.words >= 30 }

func newPage(in MarkInput) *page {
	p := &page{body: in.Body, in: in, marks: slices.Clone(in.Known), lines: make([]line, 0, len(in.Body)/150+4)}
	apart, next := true, 0
	for r := range words.NewLayout(in.Body).Paragraphs() {
		if r.Start == r.End {
			apart = true
			continue
		}
		text := in.Body[r.Start:r.End]
		l := line{Range: r, text: text, apart: apart, words: words.Count(text), ended: words.Ended(text)}
		for next < len(in.Known) && in.Known[next].End < r.End {
			next++
		}
		l.known = next < len(in.Known) && in.Known[next].Start <= r.Start
		if !l.known && len(text) <= maxFurniture {
			l.lower = lower(text)
		}
		p.lines = append(p.lines, l)
		apart = false
	}
	return p
}

func (p *page) add(start, end int, reason corpus.Reason) {
	if start < end {
		p.marks = append(p.marks, corpus.Mark{Span: corpus.Span{Start: start, End: end}, Reason: reason})
	}
}

// merge puts marks in order and takes out what overlaps an earlier one.
func merge(marks []corpus.Mark) []corpus.Mark {
	slices.SortStableFunc(marks, func(a, b corpus.Mark) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out := marks[:0]
	for _, m := range marks {
		if n := len(out); n > 0 && m.Start < out[n-1].End {
			m.Start = out[n-1].End
		}
		if m.Start < m.End {
			out = append(out, m)
		}
	}
	return out
}

// Gap says how two spans of a body lie to each other.
type Gap int

// The gaps between a span and the next one.
const (
	Apart     Gap = iota // furniture, a heading or more than one blank line lies between
	SameLine             // in one paragraph
	NextLine             // a line break lies between
	BlankLine            // exactly one blank line lies between
)

// Between returns what lies between span a of body and span b behind it.
func Between(body string, a, b corpus.Span) Gap {
	if a.End > b.Start {
		return Apart
	}
	breaks := 0
	between := body[a.End:b.Start]
	for i, r := range between {
		switch {
		case breaksLine(between, i):
			breaks++
		case !isSpace(r):
			return Apart
		}
	}
	switch breaks {
	case 0:
		return SameLine
	case 1:
		return NextLine
	case 2:
		return BlankLine
	}
	return Apart
}
