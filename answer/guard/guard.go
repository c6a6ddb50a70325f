// Package guard checks the points that a language model writes against the
// sentences that it names for them. A point may be printed only if what it
// says stands in those sentences: its figures, dates, names, quotations,
// negations and the speakers of its claims. What a text says of these is read
// by package facts; the checks compare what was read. A paraphrase is
// recognised by groups of near synonyms (package english) and by WordNet. The
// checks read words, not meaning: they stop inventions, not every wrong
// reading.
package guard

import (
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// Sentence is a sentence of an article that a point may stand on.
type Sentence struct {
	Text      string
	Speaker   string // outlet, else agency, else source
	Published corpus.Date
}

// Point is one sentence of prose with the numbers (from 1) of the sentences
// that it claims to stand on.
type Point struct {
	Text      string
	Sentences []int
}

// Check decides whether a point of a model may be printed: whether what it
// says stands in the sentences that it names by number (from 1). If not,
// reason says in one line what the model has to fix.
//
// A point is refused if it
//   - names no sentence, or one that is not there;
//   - holds a link, mention, markup, code, a question, an instruction or an
//     address to the reader;
//   - holds quotation marks around words that are not verbatim in its quotes,
//     a mark like those of citations, or letters, digits and symbols of another
//     script than its quotes;
//   - holds a figure, date, unit or name that is not in its quotes, a bound
//     that is not theirs ("more than" over "nearly"), or a figure that they give
//     of somebody else. A name of the question counts if a quote has only a
//     pronoun;
//   - negates what its quotes affirm, or the reverse, or gives as the reason
//     what they say was none;
//   - states as fact what its quotes give as somebody's claim, or as somebody
//     else's;
//   - states as done what its quotes say may or will be;
//   - says "all", "most", "only" or "because" and they do not, "the largest"
//     over "the third largest", or lets somebody do what in them somebody else
//     does;
//   - says for the most part what its quotes do not.
//
// It reads words, not meaning: it stops inventions, not every false reading.
func Check(question string, p Point, sentences []Sentence) (ok bool, reason string) {
	if reason := refuseForm(p.Text); reason != "" {
		return false, reason
	}
	cited, reason := citedOf(p, sentences)
	if reason != "" {
		return false, reason
	}
	e := newEvidence(question, cited)
	point := parse(p.Text)
	for _, check := range []func(*parsedText, *evidence) string{
		refuseStrange, refuseQuoted, refuseFigures, refuseDates, refuseNames,
		refusePolarity, refuseCause, refuseModality, refuseScope, refuseWeighty, refuseRank, refuseLoose, refuseSuperlative, refuseRoles, refuseTurned, refuseClaims, refuseUnsupported,
	} {
		if reason := check(point, e); reason != "" {
			return false, reason
		}
	}
	return true, ""
}

// citedOf returns the sentences that p names.
func citedOf(p Point, sentences []Sentence) ([]Sentence, string) {
	if len(p.Sentences) == 0 {
		return nil, "it names no sentence"
	}
	var cited []Sentence
	for i, n := range p.Sentences {
		if n < 1 || n > len(sentences) {
			return nil, fmt.Sprintf("it names sentence %d, which is not there", n)
		}
		if !slices.Contains(p.Sentences[:i], n) {
			cited = append(cited, sentences[n-1])
		}
	}
	return cited, ""
}

// evidence is what a point is held against: its own quotes and the question.
type evidence struct {
	quotes    []*parsedText
	question  *parsedText
	speakers  []*parsedText
	published []corpus.Date
	stems     map[string]bool // of all quotes, canonical
	lemmas    map[string]bool // of all quotes, made when asked for
	pronoun   bool            // a quote refers to someone by a pronoun
}

func newEvidence(question string, cited []Sentence) *evidence {
	e := &evidence{question: parse(question), stems: map[string]bool{}}
	for _, s := range cited {
		q := parse(s.Text)
		e.quotes = append(e.quotes, q)
		e.speakers = append(e.speakers, parse(s.Speaker))
		e.published = append(e.published, s.Published)
		for _, w := range q.words {
			e.stems[w.canon] = true
			e.stems[w.Base] = true
			e.pronoun = e.pronoun || !w.quoted && (w.Is(words.IsPronoun) || w.Is(words.IsStandIn))
		}
	}
	return e
}

// has reports whether a quote holds w in some form or near synonym.
func (e *evidence) has(w *word) bool {
	if e.stems[w.Base] || e.stems[w.canon] {
		return true
	}
	for _, q := range e.quotes {
		if slices.ContainsFunc(q.words, func(v word) bool { return v.Cap && sameName(w.Text, v.Text) }) {
			return true
		}
	}
	return false
}

// refuseUnsupported refuses a point whose words are mostly not in its quotes,
// or that has with them only related words in common, no word, name or figure:
// relations in WordNet reach far. Names and figures have been checked before and
// do not count otherwise.
func refuseUnsupported(point *parsedText, e *evidence) string {
	const least = 0.5
	total, found, common := 0, 0, 0
	for _, c := range point.Clauses() {
		here, hit, checked := 0, 0, 0
		var missing []string
		for i := c.From; i < c.To; i++ {
			w := &point.words[i]
			if w.name || w.figure {
				checked++
				common++
			}
			if !w.content || w.figure || w.name || w.Is(words.IsReporting) {
				continue
			}
			here++
			if e.has(w) {
				common++
			}
			if e.supports(w) {
				hit++
			} else {
				missing = append(missing, w.Text)
			}
		}
		if here >= 2 && hit+checked == 0 || here >= 3 && 3*(hit+checked) <= here+checked {
			return fmt.Sprintf("its sentences do not say %q", strings.Join(missing, " "))
		}
		total, found = total+here, found+hit
	}
	if total > 0 && (common == 0 || float64(found) < least*float64(total)) {
		return "its sentences do not say most of this"
	}
	return ""
}
