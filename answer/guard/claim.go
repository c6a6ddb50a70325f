package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attribution is a place of a text where something is given as a claim.
type attribution struct {
	at      int
	speaker []*word // empty where nobody is named
	pronoun bool    // the speaker is a pronoun
	from    int     // the words of the claim, [from, to)
	to      int
}

// hearsay are the words that give their own clause as a claim.
func hearsay(token string) bool {
	switch token {
	case "reportedly", "allegedly", "purportedly", "supposedly", "apparently", "alleged", "purported", "so-called", "unconfirmed", "rumoured", "rumored":
		return true
	}
	return false
}

// rumoured reports whether a verb in the passive gives its clause as a claim
// of nobody by name: "is said", "was reported".
func rumoured(stem string) bool {
	switch stem {
	case "say", "report", "believ", "think", "alleg", "claim", "estim", "rumour", "rumor", "told", "tell":
		return true
	}
	return false
}

// attributions finds where p gives something as somebody's claim.
func (p *parsedText) attributions() []attribution {
	lex := lexicon()
	var out []attribution
	for i := range p.words {
		w := &p.words[i]
		next := ""
		if i+1 < len(p.words) {
			next = p.words[i+1].text
		}
		switch {
		case w.quoted:
		case hearsay(w.text) || w.text == "said" && next == "to" || (w.text == "appear" || w.text == "appears" || w.text == "seems") && next == "to":
			c := p.clauses[p.clauseOf(i)]
			if from, to := p.sentenceOf(i); p.opinion(to-1) && c.from > from {
				c.from = from // "it may fall, analysts reportedly expect"
			}
			out = append(out, attribution{at: i, from: c.from, to: c.to})
		case w.text == "according" && next == "to":
			out = append(out, p.accordingTo(i))
		case lex.claimNoun[w.stem] && (next == "that" || next == "suggest" || next == "suggests" || next == "of" && p.thereAre(i)):
			_, end := p.sentenceOf(i)
			out = append(out, attribution{at: i, from: i + 1, to: end})
		case i > 0 && isBe(p.words[i-1].text):
			if rumoured(w.stem) {
				c := p.clauses[p.clauseOf(i)]
				out = append(out, attribution{at: i, from: c.from, to: c.to})
			}
		case lex.reporting[w.stem] && p.isVerb(i) && !(w.stem == "tell" && p.isOrder(i)):
			out = append(out, p.said(i))
		}
	}
	return out
}

// opinion reports whether word i is a verb of thinking, which at the end of a
// sentence gives all of it as a claim.
func (p *parsedText) opinion(i int) bool {
	switch p.words[i].stem {
	case "expect", "predict", "forecast", "believ", "think", "fear", "hope", "estim", "reckon", "suspect":
		return true
	}
	return false
}

func (p *parsedText) thereAre(i int) bool { return i >= 2 && p.words[i-2].text == "there" }

// isOrder reports whether the verb at word i tells somebody to do something.
func (p *parsedText) isOrder(i int) bool {
	for k := i + 1; k < len(p.words) && k < i+5 && p.words[k].text != "that"; k++ {
		if p.words[k].text == "to" {
			return true
		}
	}
	return false
}

// isVerb tells a verb of reporting from the noun or participle spelled alike:
// "the reports", "a statement", "the largest confirmed".
func (p *parsedText) isVerb(i int) bool {
	w := &p.words[i]
	if i > 0 {
		switch before := p.words[i-1].text; before {
		case "the", "a", "an", "these", "those", "this", "its", "his", "her", "their", "no", "any", "media", "news", "of", "largest", "first", "widely":
			return false
		}
		if strings.HasPrefix(p.gap(i), "-") {
			return false
		}
	}
	return !w.capital || w.first
}

// sentenceOf returns the words of the sentence that holds word i, [from, to).
func (p *parsedText) sentenceOf(i int) (from, to int) {
	from, to = i, i+1
	for from > 0 && p.words[from-1].sentence == p.words[i].sentence {
		from--
	}
	for to < len(p.words) && p.words[to].sentence == p.words[i].sentence {
		to++
	}
	return from, to
}

// accordingTo reads "according to X": X up to the next comma or the end, and
// the whole sentence is X's claim.
func (p *parsedText) accordingTo(i int) attribution {
	a := attribution{at: i}
	a.from, a.to = p.sentenceOf(i)
	for k := i + 2; k < a.to && k < i+14; k++ {
		if k > i+2 && strings.ContainsAny(p.gap(k), ",;:()–—") {
			break
		}
		if w := &p.words[k]; w.text == "who" || w.text == "which" {
			break
		}
		a.speaker = append(a.speaker, &p.words[k])
	}
	a.pronoun = len(a.speaker) == 1 && isPronoun(a.speaker[0].text)
	return a
}

// said reads the verb of reporting at word i. "X said that Y" makes Y the
// claim, "Y, X said" and "Y, said X" what stands before.
func (p *parsedText) said(i int) attribution {
	from, to := p.sentenceOf(i)
	a := attribution{at: i}
	if p.inverted(i) {
		a.from, a.to = from, i
		for k := i + 1; k < to && k < i+8; k++ {
			if strings.ContainsAny(p.gap(k), ",;:()") {
				break
			}
			a.speaker = append(a.speaker, &p.words[k])
		}
		return a
	}
	start := p.subject(i)
	for k := start; k < i; k++ {
		a.speaker = append(a.speaker, &p.words[k])
	}
	a.pronoun = slices.ContainsFunc(a.speaker, func(w *word) bool { return isPronoun(w.text) }) && len(a.speaker) <= 2
	if p.complement(i, to) {
		a.from, a.to = i+1, to
	} else {
		a.from, a.to = from, start
	}
	return a
}

// inverted reports whether the speaker follows the verb at word i: "…,’ said
// Mohammad Musa", "… , said the minister".
func (p *parsedText) inverted(i int) bool {
	if p.words[i].text == "told" { // who follows is told: "the mayor, Ann Lee, told Reuters"
		return false
	}
	if i == 0 || i+1 >= len(p.words) || !strings.ContainsAny(p.gap(i), ",’”\"'?!") {
		return false
	}
	next := &p.words[i+1]
	return strings.TrimSpace(p.gap(i+1)) == "" && (next.capital || next.text == "the" || next.text == "a" || next.text == "an")
}

// subject returns where the subject of the verb at word i begins: after the
// last mark or conjunction before it, over a title set off by commas.
func (p *parsedText) subject(i int) int {
	lex := lexicon()
	k := i
	for k > 0 && i-k < 16 && p.words[k-1].sentence == p.words[i].sentence {
		// The gap before the verb itself may close an apposition.
		if strings.ContainsAny(p.gap(k), ";:()”’\"–—") && !strings.Contains(p.gap(k), "s ") || lex.conjunction[p.words[k-1].text] && p.words[k-1].text != "and" {
			break
		}
		if strings.Contains(p.gap(k), ",") && !p.apposition(k, i) {
			break
		}
		k--
	}
	return k
}

// apposition reports whether the comma before word k sets off a title between
// a name and its verb at i: "Samim, Badakhshan governor, however, assured".
func (p *parsedText) apposition(k, i int) bool {
	if k == i {
		return true
	}
	if first := p.words[k].text; (first == "a" || first == "an" || first == "the") && p.words[k-1].capital {
		return true
	}
	if strings.Contains(p.gap(i), ",") && p.words[k].capital && p.described(k) {
		return true // "the mayor, Ann Lee, told"
	}
	commas := 0
	for j := k; j <= i; j++ {
		if strings.Contains(p.gap(j), ",") {
			commas++
		}
	}
	return commas >= 2 && p.words[k-1].capital && strings.Contains(p.gap(i)+p.gap(max(k, i-1)), ",")
}

// described reports whether a short description with an article stands before
// the comma before word k.
func (p *parsedText) described(k int) bool {
	for j := k - 1; j >= 0 && j >= k-5; j-- {
		switch p.words[j].text {
		case "the", "a", "an", "its", "his", "her", "their":
			return true
		}
		if strings.ContainsAny(p.gap(j), ",;:.") {
			return false
		}
	}
	return false
}

// complement reports whether what is said follows the verb at word i.
func (p *parsedText) complement(i, end int) bool {
	if i+1 >= end {
		return false
	}
	gap := p.gap(i + 1)
	if strings.ContainsAny(gap, "“‘\"«:") {
		return true
	}
	if strings.ContainsAny(gap, ",;.") {
		return false
	}
	rest, saw := 0, false
	for k := i + 1; k < end; k++ {
		w := &p.words[k]
		saw = saw || w.text == "that" || lexicon().hedge[w.text]
		if w.content && !w.figure && !w.name {
			rest++
		}
	}
	before := 0
	from, _ := p.sentenceOf(i)
	for k := from; k < p.subject(i); k++ {
		if p.words[k].content {
			before++
		}
	}
	return saw || rest >= 3 || before < 2 && rest > 0
}

// refuseClaims refuses a point that states as fact what its quotes only give
// as a claim, and one that gives it as the claim of somebody else.
func refuseClaims(point *parsedText, e *evidence) string {
	mine := point.attributions()
	if len(mine) == 0 && !point.attributive() {
		if !e.states(point) {
			return "its sentences give this as somebody's claim, and it does not say whose"
		}
		return ""
	}
	var speakers []*word
	pronoun, claims := false, 0
	for _, q := range e.quotes {
		for _, a := range q.attributions() {
			speakers, pronoun = append(speakers, a.speaker...), pronoun || a.pronoun
			claims++
		}
		speakers = append(speakers, q.tellers()...)
	}
	for _, s := range e.speakers {
		for i := range s.words {
			speakers = append(speakers, &s.words[i])
		}
	}
	for _, a := range mine {
		if claims == 0 || len(a.speaker) == 0 || a.pronoun {
			continue
		}
		if !sharesSpeaker(a.speaker, speakers) && !(pronoun && e.mentions(a.speaker)) {
			return "its sentences give this as the claim of somebody else"
		}
	}
	return ""
}

// attributive reports whether p has other wording for a claim: "a tweet",
// "the reports", "the claims".
func (p *parsedText) attributive() bool {
	lex := lexicon()
	return slices.ContainsFunc(p.words, func(w word) bool {
		return !w.quoted && (lex.claimNoun[w.stem] || lex.reporting[w.stem] || w.stem == "call")
	})
}

// tellers returns the words of p that may speak though no verb of reporting
// has them as its subject: those that were told, and names before nouns for a
// claim ("a Kremlin statement").
func (p *parsedText) tellers() []*word {
	lex := lexicon()
	var out []*word
	for i := range p.words {
		switch w := &p.words[i]; {
		case w.text == "told" || w.text == "to" && i > 0 && lex.reporting[p.words[i-1].stem]:
			for k := i + 1; k < len(p.words) && k < i+4; k++ {
				out = append(out, &p.words[k])
			}
		case lex.claimNoun[w.stem] || w.stem == "cite":
			for k := max(0, i-3); k < min(len(p.words), i+10); k++ {
				out = append(out, &p.words[k])
			}
		}
	}
	return out
}

func sharesSpeaker(a, b []*word) bool {
	generic := func(w *word) bool {
		return !w.content || lexicon().reporting[w.stem] || lexicon().claimNoun[w.stem]
	}
	named := false
	for _, v := range a {
		if generic(v) {
			continue
		}
		named = true
		if slices.ContainsFunc(b, func(w *word) bool { return !generic(w) && (v.canon == w.canon || sameName(v.text, w.text)) }) {
			return true
		}
	}
	if !named {
		return true
	}
	return acronymShared(a, b)
}

// acronymShared reports whether one list holds the initials of the other
// ("AP", "the Associated Press").
func acronymShared(a, b []*word) bool {
	for _, pair := range [][2][]*word{{a, b}, {b, a}} {
		initials := ""
		for _, w := range pair[1] {
			if r, _ := utf8.DecodeRuneInString(w.text); w.capital && unicode.IsLetter(r) {
				initials += string(r)
			}
		}
		if slices.ContainsFunc(pair[0], func(w *word) bool {
			return len(w.text) > 1 && len(w.text) < 6 && w.capital && strings.Contains(initials, w.text)
		}) {
			return true
		}
	}
	return false
}

// mentions reports whether a quote or the question names one of the words.
func (e *evidence) mentions(list []*word) bool {
	for _, p := range append(slices.Clone(e.quotes), e.question) {
		for _, v := range list {
			if v.content && slices.ContainsFunc(p.words, func(w word) bool { return w.canon == v.canon || w.capital && sameName(w.text, v.text) }) {
				return true
			}
		}
	}
	return false
}

// states reports whether the quotes say what p says in their own voice,
// outside of what they give as claims.
func (e *evidence) states(p *parsedText) bool {
	const most = 0.6
	own := map[string]bool{}
	var figures []figure
	var ownWords []*word
	for _, q := range e.quotes {
		claimed := make([]bool, len(q.words))
		for _, a := range q.attributions() {
			for k := a.from; k < a.to; k++ {
				claimed[k] = true
			}
		}
		for k := range q.words {
			if !claimed[k] && !q.words[k].quoted {
				own[q.words[k].canon] = true
				ownWords = append(ownWords, &q.words[k])
			}
		}
		for _, f := range q.figures {
			if !claimed[f.from] {
				figures = append(figures, f)
			}
		}
	}
	for _, f := range p.figures {
		if !slices.ContainsFunc(figures, func(g figure) bool { return sameValue(f, g) }) && !(f.value == 1 || f.dateLike(p)) {
			return false
		}
	}
	total, found := 0, 0
	for i := range p.words {
		w := &p.words[i]
		if !w.content || w.figure || !e.has(w) {
			continue
		}
		total++
		if own[w.canon] || slices.ContainsFunc(ownWords, func(v *word) bool { return v.capital && sameName(v.text, w.text) }) {
			found++
		}
	}
	return float64(found) >= most*float64(total)
}
