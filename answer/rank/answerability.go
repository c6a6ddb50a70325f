package rank

import (
	"math"
	"slices"

	"verbatim/retrieval"
	passagerank "verbatim/retrieval/rank"
)

// Whether the articles answer is told by a model of boosted trees over
// features of the ranked sentences: how the scores fall off behind the best,
// how well the best ones match the question, and what of the question stands
// nowhere. None of them depends on the question alone (its kind, its length,
// how many names it has): such a feature would say which questions tend to be
// unanswerable, not whether this one is. None is about the day of asking: an
// old corpus answers old questions.

// evidenceFeatureNames are the features of a sentence that answerability looks at: of the
// best sentence, the mean over the best few weighted by how likely each is, and
// the greatest among these.
var evidenceFeatureNames = [...]string{
	"coverage", "context", "rare", "bigrams", "names", "figures", "similarity", "type", "type_word", "vote", "best_context", "candidate",
	"near_candidate", "density", "counted", "word_best", "word_near", "word_sum", "word_score",
	"lexical", "related", "soft", "cosine", "lexical_all", "soft_all", "soft_around", "missing_soft", "missing_around", "missing_anywhere",
	"aligned_share", "name_in", "name_context", "name_missing", "name_missing_anywhere", "other_in", "other_lexical", "other_related",
	"other_context", "other_least", "other_most", "number_missing", "antonym", "focus", "focus_lexical", "order", "window", "adjacent",
	"filler", "filler_near", "filler_focus", "other_name", "novelty", "negation", "match_density", "speaks", "counts", "reader_behind",
}

// evidenceSentences is how many of the best sentences answerability looks at.
const evidenceSentences = 5

// confidence returns how likely it is that the chosen sentences answer.
func (f *Selection) confidence(w *passagerank.Weights) float64 {
	if len(f.Chosen) == 0 {
		return 0
	}
	p := w.Answerability.Probability(f.answerability())
	switch {
	case f.broad():
		return max(p, broadConfidence)
	case f.otherCounted() || f.elsewhere():
		return min(p, doubtful)
	case f.foreign() || f.repeated():
		return max(p, doubtful)
	}
	return p
}

// doubtful is a confidence between the two thresholds. It is the greatest one if
// the quotes count something else than what is asked for ("9 terrorists were
// killed" does not say how many civilians were), and the least one if a quote
// holds the question's own words.
const doubtful = .5

// alike is how like a counted thing must be to the one that is asked for.
const alike = .62

// otherCounted reports whether the question asks for a number of things and no
// chosen sentence counts such things.
func (f *Selection) otherCounted() bool {
	return f.result.Question.Counted != "" &&
		!slices.ContainsFunc(f.Chosen, func(s *Sentence) bool { return s.counts > 0 || s.match.Counted >= alike })
}

// answerability returns the features of which the confidence is made.
func (f *Selection) answerability() passagerank.Features {
	var list passagerank.Features
	if len(f.Ranked) == 0 {
		return list
	}
	p := f.addScores(&list)
	names := f.Ranked[0].features.Names
	least := func(name string) float64 {
		i, v := slices.Index(names, name), math.Inf(1)
		for _, s := range f.Ranked {
			v = min(v, s.features.Values[i])
		}
		return v
	}
	list.Add("least_name_missing", least("name_missing_anywhere"))
	list.Add("least_missing", least("missing_anywhere"))
	best := f.Ranked[:min(evidenceSentences, len(f.Ranked))]
	total := 0.0
	for i := range best {
		total += p[i]
	}
	for _, name := range evidenceFeatureNames {
		i := slices.Index(names, name)
		mean, most := 0.0, math.Inf(-1)
		for k, s := range best {
			mean, most = mean+p[k]/total*s.features.Values[i], max(most, s.features.Values[i])
		}
		list.Add(name+"@1", best[0].features.Values[i])
		list.Add(name+"@w", mean)
		list.Add(name+"@m", most)
	}
	addPassages(&list, f.result)
	return list
}

// addScores adds how the scores of the sentences fall off, and returns the
// softmax of the scores.
func (f *Selection) addScores(list *passagerank.Features) []float64 {
	p := make([]float64, len(f.Ranked))
	top, total, mean := f.Ranked[0].score, 0.0, 0.0
	for i, s := range f.Ranked {
		p[i] = math.Exp(s.score - top)
		total, mean = total+p[i], mean+s.score/float64(len(p))
	}
	entropy, few, spread := 0.0, 0.0, 0.0
	for i, s := range f.Ranked {
		p[i] /= total
		entropy -= p[i] * math.Log(p[i]+1e-12)
		spread += (s.score - mean) * (s.score - mean) / float64(len(p))
		if i < evidenceSentences {
			few += p[i]
		}
	}
	behind := func(k int) float64 { return top - f.Ranked[min(k, len(p)-1)].score }
	list.Add("top", top)
	list.Add("gap1", behind(1))
	list.Add("gap4", behind(4))
	list.Add("gap9", behind(9))
	list.Add("p1", p[0])
	list.Add("p5", few)
	list.Add("entropy", entropy)
	list.Add("spread", math.Sqrt(spread))
	return p
}

// addPassages adds what the best passages have in common with the question.
func addPassages(list *passagerank.Features, res *retrieval.Result) {
	passage := func(name string, first int) float64 {
		v := 0.0
		for _, h := range res.Hits[:min(first, len(res.Hits))] {
			v = max(v, h.Features.Get(name))
		}
		return v
	}
	const first = 5
	list.Add("passage_coverage_anywhere", passage("coverage", len(res.Hits)))
	list.Add("passage_named_unknown", namedUnknown(res))
	list.Add("passage_vector", passage("vector", first))
	list.Add("passage_sentence", passage("sentence", first))
	list.Add("passage_bigrams", passage("bigrams", first))
}

// namedUnknown returns the share of the question's terms in names that no
// passage holds.
func namedUnknown(res *retrieval.Result) float64 {
	n, all := 0, 0
	for _, t := range res.Question.Terms {
		if !t.Name {
			continue
		}
		all++
		if res.Terms.Frequency[t.Stem] == 0 {
			n++
		}
	}
	return float64(n) / float64(max(1, all))
}
