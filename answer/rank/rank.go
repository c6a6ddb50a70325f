// Package rank scores the sentences of found passages for how well they answer
// a question, chooses those that are quoted, and says how likely it is that
// they answer at all.
//
// Three linear models work one after the other. The first look scores each
// sentence by features of its own (sentences.go). Then the words of the best
// sentences are scored as possible answers: each word has the mean of its
// features over the sentences it stands in, weighted by the softmax of their
// scores, and the softmax of the word scores is the probability that the word
// is the answer (candidates.go). The final score of a sentence adds what its
// words are worth. A logistic model over the evidence of the chosen sentences
// gives the confidence (answerability.go).
package rank

import (
	"slices"

	"verbatim/answer/rank/align"
	"verbatim/answer/rank/reader"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	passagerank "verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// ReadPassages is how many of the best passages are to be searched for.
const ReadPassages = 20

// Selection is what the articles hold on a question.
type Selection struct {
	Ranked []*Sentence // best first
	Chosen []*Sentence // to be quoted, in order
	// Confidence is the calibrated probability, from 0 to 1, that the chosen
	// sentences answer.
	Confidence float64

	result *retrieval.Result
	set    *sentenceSet // nil if nothing was found
	words  []*candidate // that may be the answer, likeliest first
}

// Select ranks the sentences of the passages of res, which must have their
// features, and chooses at most n of them. It fails only if the assets in the
// binary are damaged.
func Select(e *retrieval.Engine, res *retrieval.Result, n int) (*Selection, error) {
	f := &Selection{result: res}
	if len(res.Question.Terms) == 0 || len(res.Hits) == 0 {
		return f, nil
	}
	m, err := loadModels()
	if err != nil {
		return nil, err
	}
	w := e.Weights()
	f.set = newSentenceSet(e, res, m)
	f.Ranked, f.words = f.set.rank(w)
	f.choose(n)
	f.Confidence = f.confidence(w)
	return f, nil
}

// models are what is loaded once.
type models struct {
	aligner *align.Aligner
	reader  *reader.Reader
}

func loadModels() (models, error) {
	aligner, err := align.Default()
	if err != nil {
		return models{}, err
	}
	r, err := reader.Default()
	return models{aligner, r}, err
}

// choose chooses at most n of the ranked sentences.
func (f *Selection) choose(n int) {
	join := func(s *Sentence, _ []*Sentence) *Sentence { return s }
	if f.set != nil {
		join = newJoiner(f.set, f.Ranked).join
	}
	f.Chosen = choose(f.result.Question, f.Ranked, n, join)
}

// Question returns the question as it was understood.
func (f *Selection) Question() *query.Question { return f.result.Question }

// Quote returns s as it is quoted.
func (s *Sentence) Quote() (corpus.Quote, error) { return corpus.NewQuote(s.article, s.span) }

// Score returns what s scores: the more, the better it answers.
func (s *Sentence) Score() float64 { return s.score }

// Explain returns what each feature adds to the score of s.
func (s *Sentence) Explain() map[string]float64 {
	out := s.features.Explain(s.weights)
	if b := s.bonus(); b != 0 {
		out["said"] = b
	}
	return out
}

// SentenceFeatures returns the names of the features of a sentence, in the
// order of their values.
func SentenceFeatures() []string {
	aligner, err := align.Default()
	if err != nil {
		return slices.Clone(sentenceFeatureNames[:]) // Select fails
	}
	g := aligner.Group("", []align.Candidate{{}})
	list := []passagerank.Features{newMeaning(query.Parse("", ""), g).features(g.Candidates[0], words.View{})}
	list[0].Add("speaks", 0)
	list[0].Add("counts", 0)
	addRelative(list)
	return slices.Concat(sentenceFeatureNames[:], list[0].Names, []string{"reader", "reader_behind"})
}

// FirstLookFeatures returns the names of those features of a sentence that
// need no words that may be the answer, in the order of their values.
func FirstLookFeatures() []string { return slices.Clone(sentenceFeatureNames[:wordless]) }

// WordFeatures returns the names of the features of a word that may be the
// answer, in the order of their values.
func WordFeatures() []string { return slices.Clone(wordFeatureNames) }
