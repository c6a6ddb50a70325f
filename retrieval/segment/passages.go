package segment

import (
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// Sizes of passages.
const (
	// PassageWords is about how many words (runs of non-space) a passage has.
	PassageWords = 130
	// minRest is the size below which the rest of a run joins the passage
	// before it.
	minRest = 40
	// maxUnit is the size above which a sentence is cut between words: such a
	// one is a table or text without full stops.
	maxUnit = 200
	// wordBytes counts text without spaces: so many bytes are a word at least.
	wordBytes = 12
)

// Passages cuts what marks leave of body into passages of whole sentences of
// about PassageWords words. A passage is one unbroken span between two marks;
// two neighbours between the same marks share one sentence. Together they
// hold every byte that is neither white space nor furniture.
func Passages(body string, marks []corpus.Mark) []corpus.Span {
	out := make([]corpus.Span, 0, len(body)/600+2)
	var units []unit
	layout := words.NewLayout(body)
	for run := range runs(body, marks) {
		units = appendUnits(units[:0], body, layout, run)
		out = pack(out, units)
	}
	return out
}

// unit is a sentence, or a part of one that is too long, with its size.
type unit struct {
	corpus.Span
	size int
}

// size returns the number of words of text, where text without spaces counts
// by its length.
func size(text string) int { return max(words.Count(text), len(text)/wordBytes) }

func appendUnits(units []unit, body string, layout *words.Layout, run corpus.Span) []unit {
	for _, s := range layout.Sentences(run.Start, run.End) {
		span := corpus.Span(s)
		n := size(body[span.Start:span.End])
		for n > maxUnit {
			cut := cutAfter(body, span)
			if cut >= span.End {
				break
			}
			part := corpus.Span{Start: span.Start, End: trimEnd(body, span.Start, cut)}
			units = append(units, unit{part, size(body[part.Start:part.End])})
			span.Start = trimStart(body, cut, span.End)
			n -= units[len(units)-1].size
		}
		units = append(units, unit{span, max(n, 1)})
	}
	return units
}

// cutAfter returns where to cut a sentence that is too long: at the last
// space before PassageWords words, or between two characters where there is
// none.
func cutAfter(body string, s corpus.Span) int {
	limit := min(s.End, s.Start+PassageWords*wordBytes)
	space, count, in := 0, 0, false
	for i := s.Start; i < limit; {
		r, n := utf8.DecodeRuneInString(body[i:])
		if unicode.IsSpace(r) {
			if in {
				count++
				space = i
			}
			in = false
			if count == PassageWords {
				return space
			}
		} else {
			in = true
		}
		i += n
	}
	if limit == s.End {
		return limit
	}
	if space > s.Start+(limit-s.Start)/2 {
		return space
	}
	for !utf8.RuneStart(body[limit]) {
		limit--
	}
	return limit
}

// pack joins the units of one run into passages.
func pack(out []corpus.Span, units []unit) []corpus.Span {
	rest := 0
	for _, u := range units {
		rest += u.size
	}
	for first := 0; first < len(units); {
		last, n := first, units[first].size
		left := rest - n
		for last+1 < len(units) && (n+units[last+1].size <= PassageWords || n < PassageWords/2 || left <= minRest) {
			last++
			n += units[last].size
			left -= units[last].size
		}
		out = append(out, corpus.Span{Start: units[first].Start, End: units[last].End})
		if last+1 == len(units) {
			break
		}
		// The last sentence is shared, unless it is all that the passage has.
		next := last
		if last == first || units[last].size > PassageWords/2 && units[last].size+units[last+1].size > 2*PassageWords {
			next = last + 1
		}
		rest = left
		for i := next; i <= last; i++ {
			rest += units[i].size
		}
		first = next
	}
	return out
}
