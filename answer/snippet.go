package answer

import (
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// snippetWords is how many words of a passage are shown besides the sentence
// that matches best.
const snippetWords = 40

// matched returns where the words of the question stand in the passage q.
func matched(q corpus.Quote, question *query.Question) []corpus.Span {
	stems := make(map[string]bool, len(question.Terms))
	for _, t := range question.Terms {
		stems[t.Stem] = true
	}
	var out []corpus.Span
	for t := range words.Tokens(q.Text()) {
		if stems[words.Stem(t.Text)] {
			out = append(out, corpus.Span{Start: q.Span().Start + t.Start, End: q.Span().Start + t.End})
		}
	}
	return out
}

// snippet returns the sentences of the passage q that are worth showing: the
// one with the most different words of the question, the first of several, and
// what follows it up to snippetWords words. It is q itself if q is one sentence.
func snippet(q corpus.Quote, marks []corpus.Span) corpus.Quote {
	a := q.Article()
	var inside []corpus.Span
	for _, s := range words.Sentences(q.Text()) {
		inside = append(inside, corpus.Span{Start: q.Span().Start + s.Start, End: q.Span().Start + s.End})
	}
	best, most := 0, -1
	for i, s := range inside {
		found := make(map[string]bool)
		for _, m := range marks {
			if s.Contains(m) {
				found[words.Stem(words.Fold(a.Body[m.Start:m.End]))] = true
			}
		}
		if len(found) > most {
			best, most = i, len(found)
		}
	}
	if len(inside) == 0 {
		return q
	}
	shown := inside[best]
	for _, s := range inside[best+1:] {
		if words.Count(a.Body[shown.Start:s.End]) > snippetWords {
			break
		}
		shown.End = s.End
	}
	out, err := corpus.NewQuote(a, shown)
	if err != nil {
		return q
	}
	return out
}
