package guard

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// refuseLoose refuses a figure that the point gives as exact or as passed if
// its quotes only bound it, and one with another period: "a month" for "a year".
func refuseLoose(point *parsedText, e *evidence) string {
	for _, f := range point.Figures {
		if f.Ordinal {
			continue
		}
		exactly, passed, period := point.qualified(f, english.Exactly), point.qualified(f, english.Beyond), point.period(f)
		found, exact, beyond, same := false, false, false, period == ""
		for _, q := range e.quotes {
			for _, g := range q.Figures {
				if !f.Same(g) {
					continue
				}
				theirs := q.period(g)
				found = true
				exact = exact || g.Bound == facts.Exact
				beyond = beyond || !q.qualified(g, english.AtLeast)
				same = same || theirs == "" || theirs == period
			}
		}
		text := point.Span(f.From, f.To)
		switch {
		case !found:
		case exactly && !exact:
			return fmt.Sprintf("its sentences do not say that %q is exact", text)
		case passed && !beyond:
			return fmt.Sprintf("its sentences say \"at least\" of %q", text)
		case !same:
			return fmt.Sprintf("%q is of another period in its sentences", text)
		}
	}
	return ""
}

// qualified reports whether a word of set stands within three words before f.
func (p *parsedText) qualified(f facts.Figure, set english.Set) bool {
	for k := f.From - 1; k >= 0 && k >= f.From-3 && p.words[k].sentence == p.words[f.From].sentence; k-- {
		if set.Has(p.words[k].Text) {
			return true
		}
	}
	return false
}

// period returns the unit of time of "a year" or "per hour" within six words
// behind f, or "".
func (p *parsedText) period(f facts.Figure) string {
	if f.Per != "" {
		return f.Per
	}
	for k := f.To; k+1 < len(p.words) && k < f.To+6 && !p.words[k].figure; k++ {
		if strings.ContainsAny(p.Gap(k), ",;:.()–—") {
			return ""
		}
		if w := p.words[k].Text; (p.words[k].Is(words.IsArticle) && w != "the" || english.Each.Has(w)) && english.Rates.Has(p.words[k+1].Text) {
			return p.words[k+1].Text
		}
	}
	return ""
}

// refuseSuperlative refuses a superlative that is not in the quotes, and one
// that reaches farther than theirs: without the nationality or the place that
// bounds it there, or over an exception.
func refuseSuperlative(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.Is(words.IsSuperlative) || w.quoted || w.Is(words.IsOrdinal) || english.Quantities.Has(w.Text) || w.Text == "most" || w.Text == "least" {
			continue
		}
		at, q := e.superlative(w)
		if q == nil {
			return fmt.Sprintf("its sentences do not say %q", w.Text)
		}
		for k := at + 1; k < len(q.words) && k <= at+12 && q.words[k].sentence == q.words[at].sentence && !strings.ContainsAny(q.Gap(k), ",;:()“”\"–—"); k++ {
			v := &q.words[k]
			if v.Is(words.IsReporting) || v.Is(words.IsConjunction) {
				break
			}
			if v.name && !v.figure && !slices.ContainsFunc(point.words, func(x word) bool { return x.Cap && sameName(x.Text, v.Text) || x.Base == v.Base }) {
				return fmt.Sprintf("in its sentences %q is said of %s only", w.Text, v.Text)
			}
		}
	}
	for i := range point.words {
		if w := &point.words[i]; english.Farthest.Has(w.Text) && !w.quoted && !slices.ContainsFunc(e.quotes, func(q *parsedText) bool { return q.reaches(w.Text) }) &&
			slices.ContainsFunc(point.words, func(x word) bool { return x.Is(words.IsSuperlative) }) {
			return fmt.Sprintf("its sentences do not say %q", w.Text)
		}
	}
	return refuseException(point, e)
}

// superlative returns the place of w in a quote, or of a synonym.
func (e *evidence) superlative(w *word) (int, *parsedText) {
	for _, q := range e.quotes {
		for k := range q.words {
			if v := &q.words[k]; v.Base == w.Base || v.Text == w.Text || v.canon == w.canon || v.Is(words.IsSuperlative) && synonyms(v, w) {
				return k, q
			}
		}
	}
	return 0, nil
}

// refuseException refuses a comparison with all others whose quote has an
// exception that the point leaves out: "than in any other capital except
// Dublin".
func refuseException(point *parsedText, e *evidence) string {
	if !slices.ContainsFunc(point.words, func(w word) bool {
		return w.Text == "any" || w.Text == "every" || w.Text == "all" || w.Is(words.IsSuperlative)
	}) {
		return ""
	}
	for _, q := range e.quotes {
		for i := range q.words {
			if !english.Exceptions.Has(q.words[i].Text) {
				continue
			}
			for k := i + 1; k < len(q.words) && k <= i+3; k++ {
				if v := &q.words[k]; v.name && !slices.ContainsFunc(point.words, func(x word) bool { return x.Cap && sameName(x.Text, v.Text) }) {
					return fmt.Sprintf("its sentences except %s", v.Text)
				}
			}
		}
	}
	return ""
}

// refuseTurned refuses a point that turns a sentence around: what stands before
// the verb in one stands behind it in the other, and the reverse. In the
// passive, what follows "by" counts as standing before.
func refuseTurned(point *parsedText, e *evidence) string {
	for i := range point.words {
		w := &point.words[i]
		if !point.acts(i) || lexicon().reciprocal[w.Base] {
			continue
		}
		doers, doneTo := point.sides(i)
		for _, q := range e.quotes {
			for k := range q.words {
				v := &q.words[k]
				if !q.acts(k) || v.Base != w.Base && v.canon != w.canon && !synonyms(w, v) {
					continue
				}
				theirs, theirsTo := q.sides(k)
				if onlyShared(doers, theirsTo, theirs) && onlyShared(theirs, doneTo, theirsTo) && !sharesWord(doers, theirs) {
					return fmt.Sprintf("in its sentences %q is turned around", w.Text)
				}
			}
		}
	}
	return ""
}

// acts reports whether word i is a verb that somebody does something by.
func (p *parsedText) acts(i int) bool {
	w := &p.words[i]
	if !w.content || w.name || w.figure || w.quoted || w.Is(words.IsReporting) || w.Is(words.IsOpinion) {
		return false
	}
	if facts.PastTense(w.Word) || strings.HasSuffix(w.Text, "ing") && i > 0 && strings.Contains(p.Gap(i), ",") {
		return true
	}
	return i > 0 && (p.words[i-1].Is(words.IsModal) || p.words[i-1].Text == "will" || p.words[i-1].Text == "to")
}

// sides returns the content words of who does what the verb at word i says, and
// of what it is done to, within its sentence and up to ";" or ":".
func (p *parsedText) sides(i int) (doers, doneTo []*word) {
	s := p.SentenceOf(i)
	var before, behind, agent []*word
	for k := s.From; k < i; k++ {
		if w := &p.words[k]; w.content && !p.acts(k) {
			before = append(before, w)
		}
	}
	by := -1
	for k := i + 1; k < s.To && !strings.ContainsAny(p.Gap(k), ";:"); k++ {
		w := &p.words[k]
		if w.Text == "by" && by < 0 && k <= i+maxAgent {
			by = k
			continue
		}
		switch {
		case !w.content || w.Is(words.IsReporting):
		case by >= 0 && k <= by+maxAgent && len(agent) < 4 && !strings.ContainsAny(p.Gap(k), ","):
			agent = append(agent, w)
		default:
			behind = append(behind, w)
		}
	}
	if i > 0 && p.words[i-1].Is(words.IsBe) {
		return agent, before
	}
	return before, append(behind, agent...)
}

// onlyShared reports whether a name or noun of list stands in other and not in
// own.
func onlyShared(list, other, own []*word) bool {
	return slices.ContainsFunc(list, func(w *word) bool {
		return !w.figure && sharesWord([]*word{w}, other) && !sharesWord([]*word{w}, own)
	})
}

func sharesWord(a, b []*word) bool {
	return slices.ContainsFunc(a, func(v *word) bool {
		return slices.ContainsFunc(b, func(w *word) bool {
			return v.Base == w.Base || v.Cap && w.Cap && sameName(v.Text, w.Text)
		})
	})
}
