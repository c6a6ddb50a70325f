package segment

import (
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// tokens returns the folded words and figures of text.
func tokens(text string) []string {
	var out []string
	for t := range words.Tokens(text) {
		out = append(out, t.Text)
	}
	return out
}

// holds reports whether one of phrases stands in list, beginning among its
// first so many words.
func holds(phrases english.Phrases, list []string, first int) bool {
	for i := range min(len(list), first) {
		if phrases.Match(func(k int) string {
			if i+k < len(list) {
				return list[i+k]
			}
			return ""
		}) > 0 {
			return true
		}
	}
	return false
}

// anywhere is a number of words that no sentence has.
const anywhere = 1 << 20

// announces reports whether a sentence, by its tokens, gives what the sentence behind it takes
// back: "Earlier we said that …".
func announces(list []string) bool { return holds(english.Announces, list, 4) }

// retracts reports whether a sentence, by its tokens, takes back, denies or qualifies what stands
// before it: "That was wrong.", "He denied the allegation.", "It is not
// possible to verify these claims."
func retracts(list []string) bool {
	if holds(english.Retracts, list, 3) || holds(english.RetractsWithin, list, anywhere) {
		return true
	}
	if len(list) > 25 {
		return false
	}
	for i, word := range list {
		if english.DenyingVerbs.Has(word) && slices.ContainsFunc(list[i+1:min(len(list), i+4)], english.DeniedThings.Has) {
			return true
		}
	}
	return false
}

// corrects reports whether text gives what is right beside what is not: "The
// ferry carried 88 people, not 188 as an earlier version said."
func corrects(text string) bool {
	return strings.Contains(text, ", not ") || strings.Contains(text, " rather than ") || strings.Contains(text, " instead of ")
}

// correcting is a sentence of an article that corrects it.
type correcting struct {
	span  corpus.Span
	piece int
	wrong []string // figures that are withdrawn
	about []string // other words of it
}

// findCorrections collects the sentences that withdraw a figure of the same
// article.
func (r *needs) findCorrections() {
	for i := range r.list {
		p := &r.list[i]
		list := r.tokens[i]
		if !holds(english.Corrects, list, anywhere) {
			continue
		}
		c := correcting{span: p.Span, piece: i}
		right := list
		switch {
		case corrects(p.text):
			at := max(strings.Index(p.text, ", not "), strings.Index(p.text, " rather than "), strings.Index(p.text, " instead of "))
			c.wrong = figures(tokens(p.text[at:]))
			right = tokens(p.text[:at])
		case announces(list):
			c.wrong = figures(list)
			right = nil
			if i+1 < len(r.list) {
				if span, ok := r.joined(i, i+1, maxJoined); ok {
					c.span = span
					right = r.tokens[i+1]
				}
			}
		}
		c.wrong = slices.DeleteFunc(c.wrong, func(f string) bool { return slices.Contains(right, f) })
		for _, word := range list {
			if len(word) > 3 && !words.Stop(word) {
				c.about = append(c.about, word)
			}
		}
		if len(c.wrong) > 0 && r.list[i].ok {
			r.corrections = append(r.corrections, c)
		}
	}
}

// figures returns the tokens that hold a digit and are no years.
func figures(list []string) []string {
	var out []string
	for _, t := range list {
		if strings.ContainsAny(t, "0123456789") && !(len(t) == 4 && (strings.HasPrefix(t, "19") || strings.HasPrefix(t, "20"))) {
			out = append(out, t)
		}
	}
	return out
}

// correction puts the sentence that withdraws a figure of piece i before it.
func (r *needs) correction(i int, s *Sentence) {
	for _, c := range r.corrections {
		if c.piece == i || c.span.Overlaps(s.With) {
			continue
		}
		list := r.tokens[i]
		if !slices.ContainsFunc(c.wrong, func(f string) bool { return slices.Contains(list, f) }) ||
			!slices.ContainsFunc(c.about, func(w string) bool { return slices.Contains(list, w) }) {
			continue
		}
		s.Context = append([]corpus.Span{c.span}, s.Context[:min(len(s.Context), maxContext-1)]...)
		s.Corrected = true
		return
	}
}
