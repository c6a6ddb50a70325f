package rank

import (
	"math"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
)

// answerabilityFeatureNames are the features of answerability. None of them is
// about the day of asking: an old corpus answers old questions.
var answerabilityFeatureNames = [...]string{
	"bias", "gap", "coverage_anywhere", "names", "no_names", "named_unknown", "similarity", "vector", "type", "candidate", "vote", "not_counted",
	"sentence", "bigrams", "terms",
}

// confidence returns how likely it is that the chosen sentences answer the
// question: a logistic model over the evidence of the first ones.
func (f *Selection) confidence(w *passagerank.Weights) float64 {
	z := f.answerability().Score(w.Silence)
	p := 1 / (1 + math.Exp(-z))
	if f.offTopic() {
		return p * doubtful
	}
	return p
}

// doubtful is what is left of the confidence if the quotes are about
// something else than what is asked for, however many words they share.
const doubtful = .3

// alike is how like a counted thing must be to the one that is asked for.
const alike = .62

// leastOwn and leastAround are what share of the question's terms some quote
// must hold: itself, and with its neighbours. A question of more than
// longQuestion terms tells a story of which no quote need hold so much, but
// leastLong of it.
const (
	leastOwn     = .2
	leastAround  = .33
	longQuestion = 9
	leastLong    = .6
)

// offTopic reports whether the quotes hold hardly a word of the question, or a
// question for somebody's words found no words of theirs, or one for a number
// of things found no such things: "9 terrorists were killed" does not tell how
// many civilians were.
func (f *Selection) offTopic() bool {
	q := f.result.Question
	enough := min(1, max(leastLong, longQuestion/float64(max(1, len(q.Terms)))))
	switch {
	case len(f.Chosen) == 0:
		return false
	case !slices.ContainsFunc(f.Chosen, func(s *Sentence) bool {
		return s.match.Terms >= leastOwn*enough && s.around >= leastAround*enough
	}):
		return true
	case len(q.Speaker) > 0:
		return !slices.ContainsFunc(f.Chosen, func(s *Sentence) bool { return s.speaks >= speakerShare })
	case q.Counted != "":
		return !slices.ContainsFunc(f.Chosen, func(s *Sentence) bool { return s.counts > 0 || s.match.Counted >= alike })
	}
	return false
}

// answerability returns the features of which the confidence is made.
func (f *Selection) answerability() passagerank.Features {
	list := newFeatureList(answerabilityFeatureNames[:])
	list.add("bias", 1)
	if len(f.Chosen) == 0 {
		return list.features()
	}
	res := f.result
	q := res.Question
	best := func(name string) float64 {
		v := 0.0
		for _, s := range f.Chosen {
			v = max(v, s.features.Get(name))
		}
		return v
	}
	passage := func(name string, first int) float64 {
		v := 0.0
		for _, h := range res.Hits[:min(first, len(res.Hits))] {
			v = max(v, h.Features.Get(name))
		}
		return v
	}
	score, tenth := f.Ranked[0].score, f.Ranked[min(10, len(f.Ranked)-1)].score
	list.add("gap", score-tenth)
	list.add("coverage_anywhere", passage("coverage", len(res.Hits)))
	list.add("names", best("names"))
	list.add("no_names", indicator(len(q.Names) == 0))
	list.add("named_unknown", namedUnknown(res))
	list.add("similarity", best("similarity"))
	list.add("vector", passage("vector", 5))
	list.add("type", best("type"))
	list.add("candidate", best("candidate"))
	list.add("vote", best("vote"))
	list.add("not_counted", indicator(q.Kind == query.KindHowMany && best("counted") < .6))
	list.add("sentence", passage("sentence", 5))
	list.add("bigrams", passage("bigrams", 5))
	list.add("terms", math.Log1p(float64(len(q.Terms))))
	return list.features()
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
