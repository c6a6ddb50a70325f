package guard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
)

// refuseFigures refuses a figure that is not in the quotes, or that has
// another unit, bound or subject there.
func refuseFigures(point *parsedText, e *evidence) string {
	for _, f := range point.Figures {
		if point.YearLike(f) && e.year(f) {
			continue
		}
		var found []located
		for _, q := range e.quotes {
			for _, g := range q.Figures {
				if f.Same(g) && f.Ordinal == g.Ordinal {
					found = append(found, located{q, g})
				}
			}
		}
		if len(found) == 0 && (point.one(f) || f.Value == 2 && f.Unit == "" && e.says(english.Two)) {
			continue
		}
		if len(found) == 0 {
			return fmt.Sprintf("the figure %q is not in its sentences", point.Span(f.From, f.To))
		}
		if reason := mismatched(point, f, found, e); reason != "" {
			return reason
		}
	}
	if reason := refuseMerged(point, e); reason != "" {
		return reason
	}
	for i := range point.words {
		w := &point.words[i]
		if !w.figure && !w.name && strings.ContainsFunc(w.Text, unicode.IsDigit) && !e.has(w) {
			return fmt.Sprintf("%q is not in its sentences", point.Text[w.Start:w.End])
		}
	}
	return ""
}

// refuseMerged refuses a figure beside a name if the quotes with that figure
// are about others, and the name stands in another quote.
func refuseMerged(point *parsedText, e *evidence) string {
	if len(e.quotes) < 2 {
		return ""
	}
	for _, f := range point.Figures {
		if f.Ordinal || f.Vague != "" || point.YearLike(f) || point.one(f) {
			continue
		}
		about := point.namesBeside(f)
		mine, others, elsewhere := false, false, false
		for _, q := range e.quotes {
			holds := slices.ContainsFunc(q.Figures, func(g facts.Figure) bool { return f.Same(g) && f.Unit == g.Unit })
			named := slices.ContainsFunc(about, func(n *word) bool {
				return slices.ContainsFunc(q.words, func(v word) bool { return v.Cap && sameName(n.Text, v.Text) })
			})
			mine = mine || holds && named
			others = others || holds && !named && len(q.namesBeside(q.figureLike(f))) > 0
			elsewhere = elsewhere || !holds && named
		}
		if others && elsewhere && !mine {
			return fmt.Sprintf("in its sentences %q is said of somebody else", point.Span(f.From, f.To))
		}
	}
	return ""
}

// figureLike returns the first figure of p with the value of f.
func (p *parsedText) figureLike(f facts.Figure) facts.Figure {
	for _, g := range p.Figures {
		if f.Same(g) {
			return g
		}
	}
	return facts.Figure{}
}

// namesBeside returns the words of the nearest names before f in its sentence,
// else of those behind it: who or what the figure is most likely said of.
func (p *parsedText) namesBeside(f facts.Figure) []*word {
	s := p.SentenceOf(f.From)
	var before, behind []*word
	for _, n := range p.Names {
		switch {
		case n.From < s.From || n.To > s.To || n.Kind&facts.KindNationality != 0:
		case n.To <= f.From:
			before = append(before, p.in(facts.Range{From: n.From, To: n.To})...)
		case n.From >= f.To:
			behind = append(behind, p.in(facts.Range{From: n.From, To: n.To})...)
		}
	}
	if len(before) > 0 {
		return before
	}
	return behind
}

// says reports whether a quote holds a word of set.
func (e *evidence) says(set english.Set) bool {
	return slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
		return slices.ContainsFunc(q.words, func(w word) bool { return set.Has(w.Text) })
	})
}

// one reports whether f may stand for "a": "one bus", but not "1e9" and not
// "1 percent".
func (p *parsedText) one(f facts.Figure) bool {
	digits := p.Raw(f.From)
	return f.Value == 1 && f.Vague == "" && !english.EssentialUnits.Has(f.Unit) && (digits == "1" || digits[0] < '0' || digits[0] > '9')
}

// located is a figure with the text that it stands in.
type located struct {
	*parsedText
	figure facts.Figure
}

func mismatched(point *parsedText, f facts.Figure, found []located, e *evidence) string {
	text := point.Span(f.From, f.To)
	if !slices.ContainsFunc(found, func(g located) bool {
		if f.Per != "" && g.figure.Per != "" && f.Per != g.figure.Per {
			return false // "25 feet per minute" is not "25 feet per hour"
		}
		if f.Kind&g.figure.Kind&facts.KindAge != 0 {
			return true // "aged 59" is "aged 59 years"
		}
		return g.figure.Unit == f.Unit || f.Unit == "" && f.Counts.Len() == 0 && !english.EssentialUnits.Has(g.figure.Unit)
	}) {
		return fmt.Sprintf("%q has another unit in its sentences", text)
	}
	if b := bound(f); b != facts.Exact && !slices.ContainsFunc(found, func(g located) bool { return bound(g.figure) == b }) {
		return fmt.Sprintf("its sentences do not say that %q is a bound of this kind", text)
	}
	things := point.in(f.Counts)
	if f.Unit == "percent" {
		things = point.parts(f)
	}
	if f.Unit != "" && f.Unit != "percent" || len(things) == 0 || f.Ordinal {
		return ""
	}
	if f.Unit == "percent" {
		return swapped(text, f, found, things)
	}
	if len(things) == 1 && things[0].Base == "peopl" {
		return "" // whoever they are called in the sentences
	}
	if !slices.ContainsFunc(things, func(w *word) bool { return e.has(w) }) {
		return fmt.Sprintf("its sentences do not count %q with %q", things[len(things)-1].Text, text)
	}
	return swapped(text, f, found, things)
}

// swapped refuses a figure that in all of its places another figure has the
// things of.
func swapped(text string, f facts.Figure, found []located, things []*word) string {
	for _, g := range found {
		if shares(g.around(g.figure, f.Unit == ""), things) || !g.others(g.figure, things) {
			return ""
		}
	}
	return fmt.Sprintf("in its sentences %q counts something else", text)
}

// parts returns the content words after f over "of" and its like: what a
// percentage is of.
func (p *parsedText) parts(f facts.Figure) []*word {
	var out []*word
	for i := f.To; i < len(p.words) && i < f.To+5 && !p.words[i].figure && !strings.ContainsAny(p.Gap(i), ",;:.–—"); i++ {
		w := &p.words[i]
		if w.Text == "and" || w.Text == "but" {
			break
		}
		if w.content {
			out = append(out, w)
		}
	}
	return out
}

// bound returns how f is bounded: a figure "nearly" reached bounds from above,
// and "about" bounds nothing.
func bound(f facts.Figure) facts.Bound {
	switch f.Bound {
	case facts.Nearly:
		return facts.Less
	case facts.About:
		return facts.Exact
	}
	return f.Bound
}

// around returns the words near f up to punctuation or another figure: what
// follows it, and if before is true what precedes it.
func (p *parsedText) around(f facts.Figure, before bool) []*word {
	var out []*word
	for i := f.To; i < len(p.words) && i < f.To+8 && !p.words[i].figure && !strings.ContainsAny(p.Gap(i), ",;:.()–—"); i++ {
		out = append(out, &p.words[i])
	}
	behind, stops := f.From-6, ",;:.–—"
	if strings.HasSuffix(p.Gap(f.From), "(") { // "the most medals in these games (37)"
		before, behind = true, f.From-9
	}
	for i := f.From - 1; before && i >= 0 && i > behind && !p.words[i].figure && !strings.ContainsAny(p.Gap(i+1), stops); i-- {
		out = append(out, &p.words[i])
	}
	return out
}

// others reports whether another figure of p counts things.
func (p *parsedText) others(f facts.Figure, things []*word) bool {
	return slices.ContainsFunc(p.Figures, func(g facts.Figure) bool {
		return g.From != f.From && g.Unit == f.Unit && !g.Ordinal && shares(p.around(g, false), things)
	})
}

func shares(a, b []*word) bool {
	return slices.ContainsFunc(a, func(v *word) bool {
		return v.content && slices.ContainsFunc(b, func(w *word) bool { return v.canon == w.canon })
	})
}

// year reports whether f is the year of a cited article.
func (e *evidence) year(f facts.Figure) bool {
	return slices.ContainsFunc(e.published, func(d corpus.Date) bool { return len(d) >= 4 && string(d[:4]) == strconv.Itoa(int(f.Value)) })
}
