package guard

import (
	"fmt"
	"slices"
	"strings"
)

// negation is a word that reverses what it governs, with the content words of
// its scope.
type negation struct {
	at     int
	soft   bool    // "before" with a verb: not yet so
	after  []*word // what it governs
	before []*word // what stands before it in its clause
	that   []*word // what is said not to be shown: "no evidence that it fell"
}

// maxScope is how many content words a negation governs.
const maxScope = 6

// negations finds the negations of p. Two that stand together cancel out
// ("not without", "has not ceased").
func (p *parsedText) negations() []negation {
	lex := lexicon()
	var out []negation
	for i := range p.words {
		w := &p.words[i]
		soft := w.text == "before" && i+1 < len(p.words) && strings.HasSuffix(p.words[i+1].text, "ing")
		off := w.text == "off" && i > 0 && p.words[i-1].stem == "call"
		if !soft && !off && !lex.negator[w.text] && !lex.negator[w.stem] && !strings.HasSuffix(w.text, "n't") || w.text == "no" && p.positiveNo(i) {
			continue
		}
		if last := len(out) - 1; last >= 0 && i-out[last].at <= 3 && p.clauseOf(i) == p.clauseOf(out[last].at) {
			out = out[:last]
			continue
		}
		n := p.negation(i)
		n.soft = soft
		out = append(out, n)
	}
	return out
}

// positiveNo reports whether "no" at word i denies nothing: "no fewer than".
func (p *parsedText) positiveNo(i int) bool {
	if i+1 >= len(p.words) {
		return false
	}
	switch p.words[i+1].text {
	case "fewer", "less", "doubt":
		return true
	}
	return false
}

func (p *parsedText) negation(i int) negation {
	n := negation{at: i}
	lex := lexicon()
	for k := i + 1; k < len(p.words) && len(n.after) < maxScope; k++ {
		w := &p.words[k]
		if w.sentence != p.words[i].sentence || strings.ContainsAny(p.gap(k), ",;:()–—") || k > i+1 && lex.conjunction[w.text] && w.text != "or" {
			break
		}
		if w.content && !lex.negator[w.text] {
			n.after = append(n.after, w)
		}
	}
	n.that = p.unproven(i)
	from := p.clauses[p.clauseOf(i)].from
	for k := i - 1; k >= from && len(n.before) < 4; k-- {
		if w := &p.words[k]; w.content && !lex.negator[w.text] {
			n.before = append(n.before, w)
		}
	}
	return n
}

// unproven returns the content words behind the "that" of what the negation at
// word i says nobody has shown, or nil.
func (p *parsedText) unproven(i int) (out []*word) {
	that := -1
	for k := i + 1; k < len(p.words) && p.words[k].sentence == p.words[i].sentence; k++ {
		if k > i+1 && strings.ContainsAny(p.gap(k), ",;:()–—") {
			break
		}
		switch w := &p.words[k]; {
		case that >= 0 && len(out) == maxScope:
			return out
		case that >= 0 && w.content:
			out = append(out, w)
		case w.text == "that":
			if k > i+6 || !isProof(p.words[k-1].stem) {
				return nil
			}
			that = k
		}
	}
	return out
}

// isProof reports whether a stem is of a word for showing or believing.
func isProof(stem string) bool {
	switch stem {
	case "evid", "proof", "sign", "indic", "confirm", "believ", "think", "prove", "suggest", "show", "conclud", "clear", "certain":
		return true
	}
	return false
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
	return shares(slices.Concat(n.after, n.before), slices.Concat(m.after, m.before))
}

// echoes reports whether n says what m says: the word that one of them governs
// first is near the other.
func (n negation) echoes(m negation) bool {
	first := func(x negation) []*word { return x.scope()[:min(1, len(x.scope()))] }
	return shares(first(n), slices.Concat(m.after, m.before)) || shares(first(m), slices.Concat(n.after, n.before))
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
		if !n.soft && !(len(n.after) == 0 && len(theirs) > 0) && !slices.ContainsFunc(theirs, n.echoes) && !e.prefixed(n) {
			return fmt.Sprintf("its sentences do not say %q of this", point.words[n.at].text)
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
	said := func(list []*word) float64 {
		n := 0.0
		for _, w := range list {
			if slices.ContainsFunc(point.words, func(v word) bool { return v.content && (v.stem == w.stem || v.canon == w.canon) }) {
				n++
			}
		}
		return n / float64(len(list))
	}
	return said(scope) >= most || len(m.that) > 1 && said(m.that) == 1
}

// affirmedElsewhere reports whether a quote says what m negates in a clause
// that no negation governs.
func affirmedElsewhere(m negation, quotes []*parsedText) bool {
	scope := m.scope()
	if len(scope) < 2 {
		return false
	}
	for _, q := range quotes {
		for c := range q.clauses {
			hit := 0
			for _, w := range scope {
				for k := q.clauses[c].from; k < q.clauses[c].to; k++ {
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
		if slices.ContainsFunc(n.after, func(w *word) bool { return opposed(w.stem, s) }) {
			return true
		}
	}
	return false
}

// refusePrefix refuses "conclusive" for "inconclusive", and the reverse.
func (e *evidence) refusePrefix(point *parsedText, mine []negation) string {
	for i := range point.words {
		w := &point.words[i]
		if !w.content || e.stems[w.stem] {
			continue
		}
		negated := slices.ContainsFunc(mine, func(n negation) bool { return slices.Contains(n.after, w) })
		for s := range e.stems {
			if !negated && opposed(w.stem, s) && !e.negates(s) {
				return fmt.Sprintf("its sentences say the opposite of %q", w.text)
			}
		}
	}
	return ""
}

// negates reports whether a quote negates the word of this stem.
func (e *evidence) negates(stem string) bool {
	for _, q := range e.quotes {
		for _, n := range q.negations() {
			if slices.ContainsFunc(n.after, func(w *word) bool { return w.stem == stem }) {
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
		if w.quoted || w.figure || negated || e.stems[w.stem] {
			continue
		}
		for _, o := range lex.antonym[w.stem] {
			if e.stems[o] && !e.negates(o) && !point.hasStem(o) && !e.synonymBeside(w, o) {
				return fmt.Sprintf("it says %q where its sentences say the opposite", w.text)
			}
		}
	}
	return ""
}

// synonymBeside reports whether the quotes have a near synonym of w besides
// its opposite o.
func (e *evidence) synonymBeside(w *word, o string) bool {
	lex := lexicon()
	if lex.canon[w.stem] == "" {
		return false
	}
	for _, q := range e.quotes {
		if slices.ContainsFunc(q.words, func(v word) bool { return v.canon == w.canon && v.stem != o }) {
			return true
		}
	}
	return false
}

func (p *parsedText) hasStem(stem string) bool {
	return slices.ContainsFunc(p.words, func(w word) bool { return w.stem == stem })
}

// refuseModality refuses a point that states as done what the quotes say may
// or will be.
func refuseModality(point *parsedText, e *evidence) string {
	if w := point.doneUndone(e); w != "" {
		return fmt.Sprintf("its sentences do not say that %q has been done", w)
	}
	if point.says("will", "shall") && !slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
		return q.says("will", "shall", "would", "plans", "set", "vowed", "due", "scheduled", "to")
	}) &&
		slices.ContainsFunc(e.quotes, func(q *parsedText) bool { return q.says("may", "might", "could", "possibly", "perhaps") }) {
		return "it says \"will\" where its sentences say may or could"
	}
	lex := lexicon()
	if slices.ContainsFunc(point.words, func(w word) bool { return lex.hedge[w.text] || isReporting(w.stem) }) {
		return ""
	}
	for _, c := range point.clauses {
		best, hedged := 0, false
		total := 0
		for i := c.from; i < c.to; i++ {
			if point.words[i].content {
				total++
			}
		}
		for _, q := range e.quotes {
			for _, d := range q.clauses {
				n := 0
				for i := c.from; i < c.to; i++ {
					if w := &point.words[i]; w.content && slices.ContainsFunc(q.words[d.from:d.to], func(v word) bool { return v.canon == w.canon }) {
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

// says reports whether p holds one of the tokens outside of quotation marks.
func (p *parsedText) says(tokens ...string) bool {
	return slices.ContainsFunc(p.words, func(w word) bool { return !w.quoted && slices.Contains(tokens, w.text) })
}

// doneUndone returns a verb that point has in the past and that the quotes only
// have as something to do ("pressure to provide"), or "". What one is forced,
// able or beginning to do is done.
func (p *parsedText) doneUndone(e *evidence) string {
	for i := range p.words {
		w := &p.words[i]
		if !w.content || w.quoted || w.name || !pastTense(w.text) || i > 0 && isBe(p.words[i-1].text) {
			continue
		}
		undone := false
		for _, q := range e.quotes {
			for k := range q.words {
				if q.words[k].stem != w.stem {
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
			return w.text
		}
	}
	return ""
}

// toDo reports whether word k of p is an infinitive of something not done.
func (p *parsedText) toDo(k int) bool {
	if k == 0 || p.words[k].quoted || p.words[k-1].text != "to" || pastTense(p.words[k].text) {
		return false
	}
	for j := k - 2; j >= 0 && j >= k-6; j-- {
		switch p.words[j].stem {
		case "forc", "manag", "abl", "help", "begin", "start", "continu", "have", "had", "use", "go", "caus", "lead", "prompt", "allow", "come", "get", "enabl", "tend", "oblig", "compel", "led":
			return false
		}
	}
	return true
}

func isBe(token string) bool {
	switch token {
	case "is", "are", "was", "were", "be", "been", "being":
		return true
	}
	return false
}

// modal reports whether a clause of p is in the future or in doubt; "could not"
// is neither.
func (p *parsedText) modal(c clause) bool {
	for i := c.from; i < c.to; i++ {
		if isModal(p.words[i].text) && !(i+1 < len(p.words) && (p.words[i+1].text == "not" || p.words[i+1].text == "like")) {
			return true
		}
	}
	return false
}

// isModal reports whether a token by itself puts its clause in the future or
// in doubt.
func isModal(token string) bool {
	switch token {
	case "will", "would", "could", "may", "might", "possible", "likely", "plans", "intend", "intends", "vowed", "expected", "purportedly", "should":
		return true
	}
	return false
}
