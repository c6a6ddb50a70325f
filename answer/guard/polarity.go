package guard

import (
	"fmt"
	"slices"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// negation is a word that reverses what it governs, with the content words of
// its scope, as facts.Denial has them by their places.
type negation struct {
	at                  int
	soft                bool
	word                *word
	after, before, that []*word
}

// negations returns the negations of p.
func (p *parsedText) negations() []negation {
	var out []negation
	for _, d := range p.Denials() {
		out = append(out, negation{at: d.At, soft: d.Soft, word: &p.words[d.At], after: p.at(d.After), before: p.at(d.Before), that: p.at(d.That)})
	}
	return out
}

// scope is what n governs: what follows it, or else what precedes it.
func (n negation) scope() []*word {
	if len(n.after) > 0 {
		return n.after
	}
	return n.before
}

// meets reports whether two negations are about the same.
func (n negation) meets(m negation) bool {
	return shares(n.all(), m.all())
}

// common counts the content words of n that m is about too.
func (n negation) common(m negation) int {
	count := 0
	for _, w := range n.all() {
		if shares([]*word{w}, m.all()) {
			count++
		}
	}
	return count
}

// all returns the content words that n is about.
func (n negation) all() []*word { return slices.Concat(n.after, n.before, n.that) }

// echoes reports whether n says what m says: the word that one of them governs
// first is near the other.
func (n negation) echoes(m negation) bool {
	first := func(x negation) []*word {
		scope := x.scope()
		if len(x.that) > 0 {
			scope = x.that
		}
		return scope[:min(1, len(scope))]
	}
	return shares(first(n), m.all()) || shares(first(m), n.all()) || n.common(m) >= 2
}

// refusePolarity refuses a point that negates what its quotes affirm, that
// affirms what they negate, or that says a word where they have its opposite.
func refusePolarity(point *parsedText, e *evidence) string {
	mine := point.negations()
	var theirs []negation
	for _, q := range e.quotes {
		theirs = append(theirs, q.negations()...)
	}
	for _, n := range mine {
		if w := &point.words[n.at]; english.NegatingVerbs.Has(w.Text) && e.has(w) {
			continue // "dismissed" over "fired"
		}
		if !n.soft && !(len(n.after) == 0 && len(theirs) > 0) && !slices.ContainsFunc(theirs, n.echoes) && !e.prefixed(n) {
			return fmt.Sprintf("its sentences do not say %q of this", point.words[n.at].Text)
		}
	}
	for _, m := range theirs {
		if m.affirmed(point, mine) && !affirmedElsewhere(m, e.quotes) {
			return "it affirms what its sentences deny"
		}
	}
	if reason := e.refusePrefix(point, mine); reason != "" {
		return reason
	}
	return e.refuseOpposite(point, mine)
}

// affirmed reports whether point says most of what m negates, without a
// negation.
func (m negation) affirmed(point *parsedText, mine []negation) bool {
	const most = 0.6
	scope := m.scope()
	if len(scope) == 0 || slices.ContainsFunc(mine, m.meets) || m.soft && point.hasStem("befor") {
		return false
	}
	if slices.ContainsFunc(point.words, func(w word) bool { return english.Lacking.Has(w.Text) }) {
		return false
	}
	if english.NegatingVerbs.Has(m.word.Text) && point.says(m.word) {
		return false // "fired" over "dismissed"
	}
	says := func(w *word) bool {
		return slices.ContainsFunc(point.words, func(v word) bool { return v.content && (v.Base == w.Base || v.canon == w.canon) })
	}
	said := func(list []*word) float64 {
		n := 0.0
		for _, w := range list {
			if says(w) {
				n++
			}
		}
		return n / float64(len(list))
	}
	if few := float64(3); !m.soft && len(scope) > 3 && says(scope[0]) && said(scope)*float64(len(scope)) >= few {
		return true // one of several things that the verb is denied of
	}
	return said(scope) >= most || len(m.that) > 1 && said(m.that) == 1
}

// says reports whether p says the negating word, or a synonym, and negates
// nothing besides.
func (p *parsedText) says(negating *word) bool {
	said := false
	for i := range p.words {
		w := &p.words[i]
		switch alike := w.content && synonyms(negating, w); {
		case alike:
			said = true
		case w.Is(words.IsNegator):
			return false
		}
	}
	return said
}

// affirmedElsewhere reports whether a quote says what m negates in a clause
// that no negation governs.
func affirmedElsewhere(m negation, quotes []*parsedText) bool {
	scope := m.scope()
	if len(scope) < 2 {
		return false
	}
	for _, q := range quotes {
		for c := range q.Clauses() {
			hit := 0
			for _, w := range scope {
				for k := q.Clauses()[c].From; k < q.Clauses()[c].To; k++ {
					if v := &q.words[k]; v != w && v.canon == w.canon && !slices.ContainsFunc(q.negations(), func(n negation) bool { return slices.Contains(n.after, v) }) {
						hit++
						break
					}
				}
			}
			if hit == len(scope) {
				return true
			}
		}
	}
	return false
}

// opposed reports whether one of two stems is the other with a prefix that
// turns it into its opposite.
func opposed(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	prefixes := [...]string{"un", "in", "im", "ir", "il", "dis", "non"}
	return len(b) >= 4 && slices.ContainsFunc(prefixes[:], func(p string) bool { return a == p+b })
}

// prefixed reports whether a quote has, for "not conclusive", "inconclusive".
func (e *evidence) prefixed(n negation) bool {
	for s := range e.stems {
		if slices.ContainsFunc(n.after, func(w *word) bool { return opposed(w.Base, s) }) {
			return true
		}
	}
	return false
}

// refusePrefix refuses "conclusive" for "inconclusive", and the reverse.
func (e *evidence) refusePrefix(point *parsedText, mine []negation) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.content || e.stems[w.Base] {
			continue
		}
		negated := slices.ContainsFunc(mine, func(n negation) bool { return slices.Contains(n.after, w) })
		for s := range e.stems {
			if !negated && opposed(w.Base, s) && !e.negates(s) {
				return fmt.Sprintf("its sentences say the opposite of %q", w.Text)
			}
		}
	}
	return ""
}

// negates reports whether a quote negates the word of this stem.
func (e *evidence) negates(stem string) bool {
	for _, q := range e.quotes {
		for _, n := range q.negations() {
			if slices.ContainsFunc(n.after, func(w *word) bool { return w.Base == stem }) {
				return true
			}
		}
	}
	return false
}

// refuseOpposite refuses a word whose opposite is in the quotes, and which
// itself is not.
func (e *evidence) refuseOpposite(point *parsedText, mine []negation) string {
	lex := lexicon()
	for i := range point.words {
		w := &point.words[i]
		negated := slices.ContainsFunc(mine, func(n negation) bool { return slices.Contains(n.after, w) })
		if w.quoted || w.figure || negated || e.stems[w.Base] {
			continue
		}
		for _, o := range lex.antonym[w.Base] {
			if e.stems[o] && !e.negates(o) && !point.hasStem(o) && !e.synonymBeside(w, o) {
				return fmt.Sprintf("it says %q where its sentences say the opposite", w.Text)
			}
		}
	}
	return ""
}

// synonymBeside reports whether the quotes have a near synonym of w besides
// its opposite o.
func (e *evidence) synonymBeside(w *word, o string) bool {
	for _, q := range e.quotes {
		if slices.ContainsFunc(q.words, func(v word) bool { return v.content && v.Base != o && synonyms(w, &v) }) {
			return true
		}
	}
	return false
}

func (p *parsedText) hasStem(stem string) bool {
	return slices.ContainsFunc(p.words, func(w word) bool { return w.Base == stem })
}

// refuseModality refuses a point that states as done what the quotes say may
// or will be.
func refuseModality(point *parsedText, e *evidence) string {
	if w := point.doneUndone(e); w != "" {
		return fmt.Sprintf("its sentences do not say that %q has been done", w)
	}
	if point.holds("will", "shall") && !slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
		return slices.ContainsFunc(q.words, func(w word) bool { return !w.quoted && english.ToCome.Has(w.Text) })
	}) &&
		slices.ContainsFunc(e.quotes, func(q *parsedText) bool { return q.holds("may", "might", "could", "possibly", "perhaps") }) {
		return "it says \"will\" where its sentences say may or could"
	}
	if slices.ContainsFunc(point.words, func(w word) bool { return w.Is(words.IsHedge | words.IsReporting) }) {
		return ""
	}
	for _, c := range point.Clauses() {
		best, hedged := 0, false
		total := 0
		for i := c.From; i < c.To; i++ {
			if point.words[i].content {
				total++
			}
		}
		for _, q := range e.quotes {
			for _, d := range q.Clauses() {
				n := 0
				for i := c.From; i < c.To; i++ {
					if w := &point.words[i]; w.content && slices.ContainsFunc(q.words[d.From:d.To], func(v word) bool { return v.canon == w.canon }) {
						n++
					}
				}
				h := q.modal(d)
				if n > best || n == best && hedged && !h {
					best, hedged = n, h
				}
			}
		}
		if hedged && best >= 2 && 2*best >= total {
			return "it states as done what its sentences say may or will be"
		}
	}
	return ""
}

// holds reports whether p holds one of the tokens outside of quotation marks.
func (p *parsedText) holds(tokens ...string) bool {
	return slices.ContainsFunc(p.words, func(w word) bool { return !w.quoted && slices.Contains(tokens, w.Text) })
}

// doneUndone returns a verb that point has in the past and that the quotes only
// have as something to do ("pressure to provide"), or "". What one is forced,
// able or beginning to do is done.
func (p *parsedText) doneUndone(e *evidence) string {
	for i := range p.words {
		w := &p.words[i]
		if !w.content || w.quoted || w.name || !facts.PastTense(w.Word) || i > 0 && p.words[i-1].Is(words.IsBe) {
			continue
		}
		undone := false
		for _, q := range e.quotes {
			for k := range q.words {
				if q.words[k].Base != w.Base {
					continue
				}
				if undone = q.toDo(k); !undone {
					break
				}
			}
			if !undone && slices.ContainsFunc(q.words, func(v word) bool { return v.canon == w.canon }) {
				break
			}
		}
		if undone {
			return w.Text
		}
	}
	return ""
}

// toDo reports whether word k of p is an infinitive of something not done.
func (p *parsedText) toDo(k int) bool {
	if k == 0 || p.words[k].quoted || facts.PastTense(p.words[k].Word) {
		return false
	}
	if p.words[k-1].Is(words.IsModal) || english.ToCome.Has(p.words[k-1].Text) {
		return true
	}
	if p.words[k-1].Text != "to" {
		return false
	}
	for j := k - 2; j >= 0 && j >= k-6; j-- {
		if english.Begun.Has(p.words[j].Text) {
			return false
		}
	}
	return true
}

// modal reports whether a clause of p is in the future or in doubt; "could not"
// is neither.
func (p *parsedText) modal(c facts.Clause) bool {
	for i := c.From; i < c.To; i++ {
		if p.words[i].Is(words.IsModal) && !(i+1 < len(p.words) && (p.words[i+1].Text == "not" || p.words[i+1].Text == "like")) {
			return true
		}
	}
	return false
}
