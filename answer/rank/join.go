package rank

import (
	"strings"

	"verbatim/retrieval/corpus"
)

// joinMargin is how far below a sentence, in log odds, the one before or after
// it may score and still be joined to it. The answer often stands in the
// neighbour of the sentence that repeats the question: "The deadline is …".
const joinMargin = 1.5

// joiner joins neighbours to sentences that are quoted.
type joiner struct {
	set   *sentenceSet
	byOwn map[corpus.Ref]*Sentence
}

func newJoiner(set *sentenceSet, ranked []*Sentence) *joiner {
	j := &joiner{set: set, byOwn: make(map[corpus.Ref]*Sentence, len(ranked))}
	for _, s := range ranked {
		j.byOwn[corpus.Ref{Article: s.article.ID, Span: s.own}] = s
	}
	return j
}

// join returns s with at most one sentence on each side, where that scores
// about as well, stands right beside it and is not quoted by one of chosen.
func (j *joiner) join(s *Sentence, chosen []*Sentence) *Sentence {
	if s.span.End != s.own.End || s.span.Start > s.own.Start {
		return s // cut
	}
	all := j.set.articles[s.article.ID].spans
	out := *s
	if k := s.index + 1; k < len(all) && adjoin(s.article.Body, s.own, all[k]) {
		j.extend(&out, all[k], chosen)
	}
	if k := s.index - 1; k >= 0 && s.span.Start == s.own.Start && adjoin(s.article.Body, all[k], s.own) {
		j.extend(&out, all[k], chosen)
	}
	return &out
}

// joinable reports whether two neighbours may be one quote: neither is an item
// of a list or a row of a table, and none has a correction of its own.
func joinable(s, n *Sentence) bool {
	if s.needs == nil || n.needs == nil {
		return true
	}
	return !s.needs.Listed() && !n.needs.Listed() && !n.needs.Corrected
}

// extend joins the neighbour to s if it may.
func (j *joiner) extend(s *Sentence, neighbour corpus.Span, chosen []*Sentence) {
	n := j.byOwn[corpus.Ref{Article: s.article.ID, Span: neighbour}]
	if n == nil || n.score < s.score-joinMargin || !n.span.Contains(neighbour) || !joinable(s, n) {
		return
	}
	// With the neighbour comes what it may not be quoted without.
	joined := corpus.Span{Start: min(s.span.Start, n.span.Start), End: max(s.span.End, n.span.End)}
	if len(strings.Fields(s.article.Body[joined.Start:joined.End])) > maxJoinedWords || s.article.Marked(joined) {
		return
	}
	for _, c := range chosen {
		if c.article.ID == s.article.ID && c.span.Overlaps(joined) {
			return
		}
	}
	s.span, s.joined = joined, true
	s.words = append(s.words[:len(s.words):len(s.words)], n.words...)
	s.facts = append(s.facts[:len(s.facts):len(s.facts)], n.facts...)
}
