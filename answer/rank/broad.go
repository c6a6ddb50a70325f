package rank

import (
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/query"
)

// broadConfidence is the least confidence of a question about a subject that
// the articles mention: any passage about it answers.
const broadConfidence = .6

// broadTerms is how many terms the subject of a broad question has at most.
const broadTerms = 4

// broad reports whether the question asks for nothing in particular about a
// subject that the articles mention: "tell me about Bagram".
func (f *Selection) broad() bool {
	q := f.result.Question
	switch q.Kind {
	case query.KindWhat, query.KindWhich, query.KindYesNo, query.KindHow:
	default:
		return false
	}
	asks, subject := false, 0
	for _, t := range q.Terms {
		if english.AskBroad.Has(t.Text) {
			asks = true
			continue
		}
		if subject++; f.result.Terms.Frequency[t.Stem] == 0 {
			return false
		}
	}
	return subject > 0 && subject <= broadTerms && (asks || strings.Contains(strings.ToLower(q.Text), " about "))
}

// Unmentioned returns a name of the question, as it is written there, of which
// no article has a word: neither as it is spelt, nor in another spelling or
// form. It returns "" if there is none.
func (f *Selection) Unmentioned() string {
	q := f.result.Question
	for _, name := range q.Names {
		if slices.ContainsFunc(name, f.mentioned) {
			continue
		}
		if text := written(q.Text, name); text != "" {
			return text
		}
	}
	return ""
}

// mentioned reports whether a passage that was found, or the corpus's index,
// has the folded word, a form of it or another spelling.
func (f *Selection) mentioned(word string) bool {
	q := f.result.Question
	for _, t := range q.Terms {
		if t.Text == word && f.result.Terms.Frequency[t.Stem] > 0 {
			return true
		}
	}
	if slices.ContainsFunc(q.Variants, func(v query.Variant) bool { return v.Term >= 0 && q.Terms[v.Term].Text == word }) {
		return true
	}
	if f.set == nil {
		return false
	}
	g := f.set.group
	for i, t := range g.Question.Tokens {
		if t.Text == word && slices.ContainsFunc(g.Lexical[i], func(x float32) bool { return x > 0 }) {
			return true
		}
	}
	return false
}

// written returns the words of a name as they stand in text, or "".
func written(text string, name []string) string {
	lower := strings.ToLower(text)
	from := strings.Index(lower, name[0])
	if from < 0 || len(lower) != len(text) {
		return ""
	}
	last := name[len(name)-1]
	to := strings.Index(lower[from:], last)
	if to < 0 {
		return ""
	}
	return text[from : from+to+len(last)]
}
