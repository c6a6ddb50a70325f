package rank

import (
	"math"

	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// redundancy tells for each word and fact in how much of what was found it stands:
// answers are said more than once (Brill et al. 2001, data-intensive question
// answering). Values are shares, from 0 to 1.
type redundancy struct {
	facts map[string]float64
	words map[*words.Word]float64
}

// redundancy counts each sentence by how much of the question it and its
// neighbours hold; a word counts once an article, by its best sentence there.
func (r *sentenceSet) redundancy() *redundancy {
	v := &redundancy{facts: make(map[string]float64), words: make(map[*words.Word]float64)}
	byArticle := make(map[string]map[*words.Word]float64)
	var order []string // of byArticle, so that sums are the same in every run
	sum, articles := 0.0, make(map[string]float64)
	for i, s := range r.all {
		w := r.around[i].Coverage * r.around[i].Coverage
		sum += w
		for _, f := range s.facts {
			v.facts[f] += w
		}
		seen := byArticle[s.article.ID]
		if seen == nil {
			seen = make(map[*words.Word]float64)
			byArticle[s.article.ID] = seen
			order = append(order, s.article.ID)
		}
		articles[s.article.ID] = max(articles[s.article.ID], w)
		for _, t := range s.view.Tokens {
			if r.asker.Fresh(t.Word) {
				seen[t.Word] = max(seen[t.Word], w)
			}
		}
	}
	all := 0.0
	for _, id := range order {
		all += articles[id]
	}
	for f := range v.facts {
		v.facts[f] /= max(sum, 1e-9)
	}
	lexicon := r.lexicon
	for _, id := range order {
		for word, w := range byArticle[id] {
			v.words[word] += w / max(all, 1e-9)
		}
	}
	for word := range v.words {
		if lexicon == nil {
			break
		}
		if rare, ok := lexicon.Weight(word.Text); ok {
			v.words[word] *= rare
		}
	}
	return v
}

// candidate returns how good the best candidate for an answer in s is, and
// how near it stands to a word of the question, both from 0 to 1.
func (v *redundancy) candidate(a *query.Matcher, q *query.Question, s *Sentence) (best, near float64) {
	at := -1
	for i, t := range s.view.Tokens {
		if !a.Fresh(t.Word) {
			continue
		}
		c := v.words[t.Word] * fits(a, q, s, i, t)
		if c > best {
			best, at = c, i
		}
	}
	if at < 0 {
		return 0, 0
	}
	for i, t := range s.view.Tokens {
		if a.Known(t.Word) {
			near = max(near, 1/(1+math.Abs(float64(i-at))))
		}
	}
	return best, near
}

// fits returns how well a word fits what is asked for, from 0 to 1.
func fits(a *query.Matcher, q *query.Question, s *Sentence, i int, t words.Token) float64 {
	name := t.Cap && !s.view.Begins(i)
	switch q.Kind {
	case query.KindWho:
		return indicator(name)
	case query.KindHowMany:
		return indicator(t.Is(words.IsFigure | words.IsQuantity))
	case query.KindWhen:
		return indicator(t.Is(words.IsFigure | words.IsMonth | words.IsWeekday))
	case query.KindWhere:
		return max(.5*indicator(name), a.TypeSimilarity(t.Word))
	}
	if len(q.Type) == 0 {
		return .3 + .7*indicator(name)
	}
	return max(.3*indicator(name), a.TypeSimilarity(t.Word))
}

// central returns the share of the title's own words that s holds, and how
// much s speaks of what its article speaks of.
func (v *redundancy) central(a *query.Matcher, art *articleView, s *Sentence) (title, central float64) {
	n := 0.0
	found := make(map[*words.Word]bool)
	for _, t := range s.view.Tokens {
		if !a.Fresh(t.Word) || found[t.Word] {
			continue
		}
		found[t.Word] = true
		n++
		if art.topic[t.Word] {
			title++
		}
		central += math.Log(float64(art.often[t.Word]))
	}
	if n > 0 {
		central /= n
	}
	return title / float64(max(1, len(art.topic))), central
}
