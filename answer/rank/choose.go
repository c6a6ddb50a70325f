package rank

import (
	"math"
	"slices"
	"strconv"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// perArticle is the most quotes from one article.
const perArticle = 2

// margin is how far below the best one, in log odds, a sentence may score and
// still be quoted. The more, the more often some quote answers, and the more
// quotes are beside the point: the curve is in docs/reading.md.
const margin = 2

// freshWorth is what it costs a sentence that the words in it which may be the
// answer stand in chosen quotes already. On questions of news anything from .3
// to .6 finds one answer in a hundred more than 0 does.
const freshWorth = .4

// choose takes the sentences to be quoted from ranked ones: at most n, at
// most two from an article, the second only for another figure, date or name
// of the kind that the question asks for, and none that is far worse than the
// best. After the best one, each next is the one that scores most, less where
// its words that may be the answer are quoted already (after Carbonell and
// Goldstein 1998, maximal marginal relevance), but not of figures or
// where outlets are compared: that another gives the same matters. join may
// extend a chosen sentence by its neighbours. Then they are put in order.
func choose(q *query.Question, ranked []*Sentence, n int, join func(s *Sentence, chosen []*Sentence) *Sentence) []*Sentence {
	var out []*Sentence
	covered := make(map[*candidate]bool)
	worth := freshWorth
	if q.Kind == query.KindHowMany || q.Kind == query.KindCompare {
		worth = 0
	}
	left := slices.DeleteFunc(slices.Clone(ranked), func(s *Sentence) bool { return s.score < ranked[0].score-margin })
	for len(out) < n && len(left) > 0 {
		best, at := math.Inf(-1), 0
		for i, s := range left {
			if v := s.score + worth*freshness(s, covered); v > best {
				best, at = v, i
			}
		}
		s := left[at]
		left = slices.Delete(left, at, at+1)
		if !admissible(q, out, s) {
			continue
		}
		s = join(s, out)
		out = append(out, s)
		for _, c := range s.words {
			covered[c] = true
		}
	}
	slices.SortStableFunc(out, compare)
	Order(q, out)
	return out
}

// freshness returns the logarithm of how much of the probability that s holds
// is not covered: 0 where all of it is fresh.
func freshness(s *Sentence, covered map[*candidate]bool) float64 {
	all, fresh := 1e-3, 1e-3
	for _, c := range s.words {
		all += c.share
		if !covered[c] {
			fresh += c.share
		}
	}
	return math.Log(fresh / all)
}

// admissible reports whether s may stand beside the chosen ones.
func admissible(q *query.Question, chosen []*Sentence, s *Sentence) bool {
	bare, _ := corpus.SplitID(s.article.ID)
	same := 0
	for _, c := range chosen {
		if b, _ := corpus.SplitID(c.article.ID); b != bare {
			if c.article.BodyHash == s.article.BodyHash || c.view.Text == s.view.Text {
				return false
			}
			continue
		}
		same++
		if c.span.Overlaps(s.span) || !brings(s, c) {
			return false
		}
	}
	return same < perArticle
}

// brings reports whether s holds a fact that c does not.
func brings(s, c *Sentence) bool {
	return slices.ContainsFunc(s.facts, func(f string) bool {
		return !slices.Contains(c.facts, f)
	})
}

// Order puts the newest quote that is not later than "now" first, where the
// question asks how things stand; the others keep their order by score.
func Order(q *query.Question, chosen []*Sentence) {
	if !q.Latest || q.AsOf == "" {
		return
	}
	newest := -1
	for i, s := range chosen {
		if p := s.article.Published; p != "" && p <= q.AsOf && (newest < 0 || p > chosen[newest].article.Published) {
			newest = i
		}
	}
	if newest > 0 {
		first := chosen[newest]
		copy(chosen[1:newest+1], chosen[:newest])
		chosen[0] = first
	}
}

// factsOf returns the folded figures, dates or names of s, of the kind that
// the question asks for, that the question does not hold itself.
func factsOf(m *query.Matcher, q *query.Question, s *Sentence) []string {
	var out []string
	add := func(f string) {
		if !slices.Contains(out, f) && !q.Has(f) {
			out = append(out, f)
		}
	}
	for i, t := range s.view.Tokens {
		name := t.Cap && !t.Is(words.IsStop) && !s.view.Begins(i)
		figure, isFigure := number(t.Word)
		switch q.Kind {
		case query.KindHowMany:
			if isFigure {
				add(figure)
			}
		case query.KindWhen:
			if isFigure || t.Is(words.IsWeekday|words.IsRelativeDay|words.IsPeriod) || t.Is(words.IsMonth) && t.Cap {
				add(t.Text)
			}
		case query.KindWho, query.KindWhere:
			if name {
				add(t.Text)
			}
		default:
			// What is asked for may be any thing: whatever is new counts.
			if isFigure {
				add(figure)
			} else if m.Fresh(t.Word) {
				add(t.Text)
			}
		}
	}
	return out
}

// number returns the figure that a word stands for: "ten" is "10".
func number(w *words.Word) (string, bool) {
	switch {
	case w.Is(words.IsFigure), w.Is(words.IsVague), w.Text == "half":
		return w.Text, true
	case w.Is(words.IsCardinal) && w.Text != "one": // more often a pronoun
		v, _ := english.Cardinals.Get(w.Text)
		return strconv.Itoa(int(v)), true
	}
	return "", false
}
