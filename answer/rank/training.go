package rank

import (
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
)

// TrainingView is a selection before weights are applied to it: what a model
// of the package is trained on. It may be used from many goroutines.
type TrainingView struct {
	selection *Selection
	quotes    int
}

// NewTrainingView returns a view of f, of which at most n sentences are chosen.
func NewTrainingView(f *Selection, n int) *TrainingView {
	return &TrainingView{selection: f, quotes: n}
}

// TrainingSentence is a candidate sentence with its features.
type TrainingSentence struct {
	Quote    corpus.Quote
	Features passagerank.Features
	Score    float64
	// Own is the sentence without what was joined to make it stand alone.
	// Before and After are the sentences of the article on either side of it;
	// empty if there are none.
	Own, Before, After corpus.Span
	Index              int // of the sentence in its article, from 0
	Passage            int // rank of its passage, from 0
}

// TrainingWord is a word that may be the answer, with its features.
type TrainingWord struct {
	Text     string         // folded
	In       []corpus.Quote // sentences that hold it
	Features passagerank.Features
}

// Question returns the question as it was parsed.
func (v *TrainingView) Question() *query.Question { return v.selection.Question() }

// Confidence returns the confidence that Ask would report.
func (v *TrainingView) Confidence() float64 { return v.selection.Confidence }

// Ranked returns the candidate sentences as Ask ranks them, the best first.
func (v *TrainingView) Ranked() []TrainingSentence { return v.sentences(v.selection) }

// RankedWords returns the words that may be the answer as Ask ranks them, the
// likeliest first.
func (v *TrainingView) RankedWords() []TrainingWord { return v.words(v.selection) }

// Features returns the features of the confidence that Ask reports.
func (v *TrainingView) Features() passagerank.Features { return v.selection.answerability() }

// Sentences returns the candidate sentences as w scores them, the best first.
func (v *TrainingView) Sentences(w *passagerank.Weights) []TrainingSentence {
	return v.sentences(v.rankedBy(w))
}

func (v *TrainingView) sentences(f *Selection) []TrainingSentence {
	var out []TrainingSentence
	for _, s := range f.Ranked {
		q, err := s.Quote()
		if err != nil {
			continue
		}
		x := TrainingSentence{Quote: q, Features: s.features, Score: s.score, Own: s.own, Passage: s.hit}
		spans := f.set.articles[s.article.ID].spans
		x.Index = s.index
		if x.Index > 0 {
			x.Before = spans[x.Index-1]
		}
		if x.Index+1 < len(spans) {
			x.After = spans[x.Index+1]
		}
		out = append(out, x)
	}
	return out
}

// Words returns the words that may be the answer, as the first look of w
// finds them, the likeliest first.
func (v *TrainingView) Words(w *passagerank.Weights) []TrainingWord { return v.words(v.rankedBy(w)) }

func (v *TrainingView) words(f *Selection) []TrainingWord {
	var quotes []corpus.Quote
	if f.set != nil {
		for _, s := range f.set.all {
			q, _ := corpus.NewQuote(s.article, s.span)
			quotes = append(quotes, q)
		}
	}
	var out []TrainingWord
	for _, c := range f.words {
		word := TrainingWord{Text: c.word.Text, Features: passagerank.Features{Names: wordFeatureNames, Values: c.values}}
		for _, i := range c.in {
			word.In = append(word.In, quotes[i])
		}
		out = append(out, word)
	}
	return out
}

// Choose returns the quotes that would be chosen.
func (v *TrainingView) Choose(w *passagerank.Weights) []corpus.Quote {
	var out []corpus.Quote
	for _, s := range v.chosenBy(w).Chosen {
		if q, err := corpus.NewQuote(s.article, s.span); err == nil {
			out = append(out, q)
		}
	}
	return out
}

// rankedBy returns what would be ranked under other weights of sentences and
// words.
func (v *TrainingView) rankedBy(w *passagerank.Weights) *Selection {
	f := *v.selection
	if f.set != nil {
		f.Ranked, f.words = f.set.rank(w)
	}
	return &f
}

// chosenBy is rankedBy with the quotes chosen.
func (v *TrainingView) chosenBy(w *passagerank.Weights) *Selection {
	f := v.rankedBy(w)
	f.choose(v.quotes)
	return f
}
