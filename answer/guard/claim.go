package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// refuseClaims refuses a point that states as fact what its quotes only give
// as a claim, and one that gives it as the claim of somebody else.
func refuseClaims(point *parsedText, e *evidence) string {
	mine := point.Claims()
	if len(mine) == 0 && !point.attributive() {
		if !e.states(point) {
			return "its sentences give this as somebody's claim, and it does not say whose"
		}
		return ""
	}
	var speakers []*word
	pronoun, claims := false, 0
	for _, q := range e.quotes {
		for _, a := range q.Claims() {
			speakers, pronoun = append(speakers, q.speaker(a)...), pronoun || a.Pronoun
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
		if a.Speaker.Len() == 0 || a.Pronoun {
			continue
		}
		if claims == 0 {
			if e.spokenOf(point.in(a.Speaker)) {
				return "its sentences do not say who says this"
			}
			continue
		}
		if mine := point.speaker(a); !sharesSpeaker(mine, speakers) && !((pronoun || e.describes()) && e.mentions(mine)) {
			return "its sentences give this as the claim of somebody else"
		}
	}
	return ""
}

// speaker returns the words of who makes a claim. Behind "who" that is the name
// before it: "Tom Reilly, who has a bakery, said".
func (p *parsedText) speaker(a facts.Claim) []*word {
	out := p.in(a.Speaker)
	if from := a.Speaker.From; from > 1 && a.Speaker.Len() > 0 && (p.words[from-1].Text == "who" || p.words[from-1].Text == "which") {
		for k := from - 2; k >= 0 && k >= from-5 && p.words[k].name; k-- {
			out = append(out, &p.words[k])
		}
	}
	return out
}

// describes reports whether a quote has a speaker that only a noun tells of: "the
// airline warned".
func (e *evidence) describes() bool {
	for _, q := range e.quotes {
		for _, a := range q.Claims() {
			speaker := q.in(a.Speaker)
			if len(speaker) > 1 && english.Definite.Has(speaker[0].Text) && !slices.ContainsFunc(speaker, func(w *word) bool { return w.name }) {
				return true
			}
		}
	}
	return false
}

// spokenOf reports whether the quotes name the speaker inside quotation marks
// alone: as somebody that is spoken of.
func (e *evidence) spokenOf(speaker []*word) bool {
	inside, outside := false, false
	for _, p := range append(slices.Clone(e.quotes), e.speakers...) {
		for i := range p.words {
			if w := &p.words[i]; w.name && sharesName(speaker, []*word{w}) {
				inside, outside = inside || w.quoted, outside || !w.quoted
			}
		}
	}
	return inside && !outside
}

// attributive reports whether p has other wording for a claim: "a tweet",
// "the reports", "the claims".
func (p *parsedText) attributive() bool {
	for i := range p.words {
		w := &p.words[i]
		switch {
		case w.quoted:
		case w.Is(words.IsClaim|words.IsReporting|words.IsOpinion) || w.Base == "call":
			return true
		case english.Showing.Has(w.Text) && p.finding(i): // "figures show", "a study in The Lancet found"
			return true
		}
	}
	return false
}

// finding reports whether a noun for what shows something stands before word i
// in its clause.
func (p *parsedText) finding(i int) bool {
	for k := i - 1; k >= 0 && k >= i-6 && p.words[k].sentence == p.words[i].sentence && !strings.ContainsAny(p.Gap(k+1), ",;:()"); k-- {
		if english.Findings.Has(p.words[k].Text) {
			return true
		}
	}
	return false
}

// tellers returns the words of p that may speak though no verb of reporting
// has them as its subject: those that were told, and names before nouns for a
// claim ("a Kremlin statement").
func (p *parsedText) tellers() []*word {
	var out []*word
	for i := range p.words {
		switch w := &p.words[i]; {
		case w.Text == "told" || w.Text == "to" && i > 0 && p.words[i-1].Is(words.IsReporting):
			for k := i + 1; k < len(p.words) && k < i+4; k++ {
				out = append(out, &p.words[k])
			}
		case w.Is(words.IsClaim) || w.Base == "cite":
			for k := max(0, i-3); k < min(len(p.words), i+10); k++ {
				out = append(out, &p.words[k])
			}
		}
	}
	return out
}

func sharesSpeaker(a, b []*word) bool {
	generic := func(w *word) bool {
		return !w.content || w.Is(words.IsReporting) || w.Is(words.IsClaim)
	}
	named := false
	for _, v := range a {
		if generic(v) {
			continue
		}
		named = true
		if slices.ContainsFunc(b, func(w *word) bool { return !generic(w) && (v.canon == w.canon || sameName(v.Text, w.Text)) }) {
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
			if r, _ := utf8.DecodeRuneInString(w.Text); w.Cap && unicode.IsLetter(r) {
				initials += string(r)
			}
		}
		if slices.ContainsFunc(pair[0], func(w *word) bool {
			return len(w.Text) > 1 && len(w.Text) < 6 && w.Cap && strings.Contains(initials, w.Text)
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
			if v.content && slices.ContainsFunc(p.words, func(w word) bool { return w.canon == v.canon || w.Cap && sameName(w.Text, v.Text) }) {
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
	var figures []facts.Figure
	var ownWords []*word
	claims := false
	for _, q := range e.quotes {
		claimed := make([]bool, len(q.words))
		for i := range q.words {
			claimed[i] = q.words[i].quoted && !q.titleOf(i)
		}
		for _, a := range q.Claims() {
			for k := a.Said.From; k < a.Said.To; k++ {
				if k > a.At+1 && english.Contrasts.Has(q.words[k].Text) {
					break // "…, although 63 people have fallen ill" is the text's own
				}
				claimed[k] = true
			}
		}
		for k := range q.words {
			if !claimed[k] {
				own[q.words[k].canon] = true
				ownWords = append(ownWords, &q.words[k])
			}
			claims = claims || claimed[k]
		}
		for _, f := range q.Figures {
			if !claimed[f.From] {
				figures = append(figures, f)
			}
		}
	}
	if !claims {
		return true
	}
	for _, f := range p.Figures {
		if !slices.ContainsFunc(figures, func(g facts.Figure) bool { return f.Same(g) }) && !(f.Value == 1 || p.YearLike(f)) {
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
		if own[w.canon] || slices.ContainsFunc(ownWords, func(v *word) bool { return v.Cap && sameName(v.Text, w.Text) }) {
			found++
		}
	}
	return float64(found) >= most*float64(total)
}

// maxTitle is the most words in quotation marks that are taken for a title or
// a term, which the text uses in its own voice.
const maxTitle = 3

// titleOf reports whether word i stands in a short quotation.
func (p *parsedText) titleOf(i int) bool {
	from, to := i, i+1
	for from > 0 && p.words[from-1].quoted {
		from--
	}
	for to < len(p.words) && p.words[to].quoted {
		to++
	}
	return to-from <= maxTitle
}
