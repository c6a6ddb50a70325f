package rank

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// maxQuoteWords is the most words (runs of non-space) of a quote.
const maxQuoteWords = 60

// maxJoinedWords is the most words of a quote with all that is joined.
const maxJoinedWords = 90

// quoted returns the span that is quoted for sentence i: what quoteSpan says,
// with what the sentence may not be quoted without. ok is false if no span
// will do.
func (art *articleView) quoted(i int, focus func(text string) float64) (s corpus.Span, ok bool) {
	a, needs := art.article, &art.needs[i]
	s, ok = quoteSpan(a, art.spans, i, focus)
	if !ok {
		return s, false
	}
	if needs.Listed() && s.Contains(needs.Span) {
		s = needs.Span
	}
	if needs.With == needs.Span {
		return s, true
	}
	s.Start, s.End = min(s.Start, needs.With.Start), max(s.End, needs.With.End)
	return s, words.Count(a.Body[s.Start:s.End]) <= maxJoinedWords && !a.Marked(s)
}

// Context returns the spans that are shown above the quote of s, in the order
// of the text.
func (s *Sentence) Context() []corpus.Span {
	if s.needs == nil {
		return nil
	}
	out := slices.DeleteFunc(slices.Clone(s.needs.Context), s.span.Overlaps)
	if !s.needs.Corrected { // a correction stays before what it corrects
		slices.SortFunc(out, func(a, b corpus.Span) int { return a.Start - b.Start })
	}
	return out
}

// Corrected reports whether the article itself corrects the quote of s.
func (s *Sentence) Corrected() bool { return s.needs != nil && s.needs.Corrected }

// quoteSpan returns the span that is quoted for sentence i of all, the quotable
// sentences of a: the sentence itself; with the one before it, where it
// cannot stand alone; cut at clauses, where it is too long. focus is what
// the quote must hold if it is cut. ok is false where no span will do.
func quoteSpan(a *corpus.Article, all []corpus.Span, i int, focus func(text string) float64) (s corpus.Span, ok bool) {
	s = all[i]
	text := a.Body[s.Start:s.End]
	n := len(strings.Fields(text))
	if n > maxQuoteWords {
		return cut(a.Body, s, focus)
	}
	if !needsAntecedent(text) && !nameless(text) {
		return s, true
	}
	if i == 0 {
		return s, true
	}
	before := all[i-1]
	if n+len(strings.Fields(a.Body[before.Start:before.End])) > maxQuoteWords || !adjoin(a.Body, before, s) {
		return s, true
	}
	joined := corpus.Span{Start: before.Start, End: s.End}
	if a.Marked(joined) {
		return s, true
	}
	return joined, true
}

// adjoin reports whether only space lies between two spans, with at most one
// blank line in it.
func adjoin(body string, s, t corpus.Span) bool {
	gap := body[s.End:t.Start]
	return strings.TrimSpace(gap) == "" && strings.Count(gap, "\n") <= 2
}

// needsAntecedent reports whether a sentence cannot stand alone, because a word stands
// for something said before: "It added …", "In 2015, she left".
func needsAntecedent(text string) bool {
	prev, named := "", false
	i := 0
	for t := range words.Tokens(text) {
		c := text[t.Start]
		switch {
		case english.Pronouns.Has(t.Text):
			return !named
		case t.Text == "these" || t.Text == "those":
			return i <= 1
		case demonstrative(t.Text):
			if i > 1 {
				return false
			}
		case joining(t.Text):
		case english.Subjects.Has(t.Text):
			named = true
		case demonstrative(prev) && (english.Verbals.Has(t.Text) || t.Text == "of"):
			return true // "This comes …" does, "This week …" does not
		case i == 0 && c >= 'a' && c <= 'z':
			return true
		default:
			named = named || i > 0 && (c >= 'A' && c <= 'Z') || i == 0 && !words.Stop(t.Text) && !english.Adverbials.Has(t.Text)
		}
		if i++; i > 12 {
			return false
		}
		prev = t.Text
	}
	return false
}

// nameless reports whether a sentence speaks of something by a common noun
// that only the sentence before names: "The company said …", without a name
// or a figure of its own.
func nameless(text string) bool {
	i, definite := 0, false
	for t := range words.Tokens(text) {
		c := text[t.Start]
		switch {
		case i == 0:
			definite = t.Text == "the" || t.Text == "this" || t.Text == "these" || t.Text == "those" || t.Text == "such"
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			return false
		}
		i++
	}
	return definite
}

// demonstrative reports words that point to what was said before, if a verb
// follows.
func demonstrative(token string) bool {
	switch token {
	case "this", "that", "such", "both", "neither", "either":
		return true
	}
	return false
}

// joining reports words that join a sentence to the one before.
func joining(token string) bool {
	switch token {
	case "but", "and", "so", "yet", "then", "however", "still", "also":
		return true
	}
	return false
}

// cut returns the clauses of s that hold most of what focus wants in at most
// maxQuoteWords words. A cut never leaves out a negation or the attribution
// of what it keeps; where none can be made, ok is false. focus must not fall
// as a text grows.
func cut(body string, s corpus.Span, focus func(text string) float64) (best corpus.Span, ok bool) {
	text := body[s.Start:s.End]
	bounds := clauses(text)
	var kept []corpus.Span // words that a cut must keep
	for t := range words.Tokens(text) {
		if binding(t.Text) {
			kept = append(kept, corpus.Span{Start: t.Start, End: t.End})
		}
	}
	top := -1.0
	for i := range len(bounds) - 1 {
		// The longest cut from i on that will do holds what the shorter ones do.
		for j := reach(text, bounds, i); j > i; j-- {
			c := trim(text, corpus.Span{Start: bounds[i], End: bounds[j]})
			n := words.Count(text[c.Start:c.End])
			if n > maxQuoteWords || n < 6 || !containsAll(c, kept) || !balanced(text[c.Start:c.End]) {
				continue
			}
			score := focus(text[c.Start:c.End]) + float64(n)/1000
			if i == 0 {
				score += .1 // a cut from the beginning has its subject
			}
			if score > top {
				top, best, ok = score, corpus.Span{Start: s.Start + c.Start, End: s.Start + c.End}, true
			}
			break
		}
	}
	return best, ok
}

// reach returns the last of bounds up to which a cut from bounds[i] on has at
// most maxQuoteWords words.
func reach(text string, bounds []int, i int) int {
	j := i + 1
	for ; j+1 < len(bounds); j++ {
		if c := trim(text, corpus.Span{Start: bounds[i], End: bounds[j+1]}); words.Count(text[c.Start:c.End]) > maxQuoteWords {
			break
		}
	}
	return j
}

// clauses returns the offsets at which text may be cut, its ends included.
func clauses(text string) []int {
	out := []int{0}
	for i, r := range text {
		switch {
		case (r == ',' || r == ';' || r == ':') && i+1 < len(text) && text[i+1] == ' ',
			(r == '–' || r == '—') && i > 0 && text[i-1] == ' ':
			out = append(out, i+utf8.RuneLen(r))
		case r == '-' && strings.HasPrefix(text[i:], "-- "):
			out = append(out, i+2)
		}
	}
	return append(out, len(text))
}

// trim leaves out the space and the joining punctuation at both ends of s.
func trim(text string, s corpus.Span) corpus.Span {
	joins := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-", r) }
	inner := strings.TrimLeftFunc(text[s.Start:s.End], joins)
	s.Start = s.End - len(inner)
	s.End = s.Start + len(strings.TrimRightFunc(inner, joins))
	return s
}

// binding reports words without which what is left may say something else.
func binding(token string) bool {
	return english.Binding.Has(token) || strings.HasSuffix(token, "n't")
}

func containsAll(s corpus.Span, all []corpus.Span) bool {
	for _, t := range all {
		if !s.Contains(t) {
			return false
		}
	}
	return true
}

// balanced reports whether every quotation mark and bracket of text is closed.
func balanced(text string) bool {
	return strings.Count(text, "“") == strings.Count(text, "”") && strings.Count(text, "\"")%2 == 0 &&
		strings.Count(text, "(") == strings.Count(text, ")")
}
