package rank

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

//go:embed weights.json
var weightsFile []byte

// Weights are what `verbatim eval --train` fits: one weight a named feature.
// Scores are sums of weight times feature.
type Weights struct {
	// Passage ranks passages. FirstLook finds the sentences of the best ones in
	// which words may be the answer, Word tells how likely each of these words
	// is, and Sentence ranks the sentences. Answerability tells how likely it is
	// that the best of them answer.
	Passage   map[string]float64 `json:"passage"`
	FirstLook map[string]float64 `json:"first_look"`
	Word      map[string]float64 `json:"word"`
	Sentence  map[string]float64 `json:"sentence"`
	// SentenceLarge takes the place of Sentence in large collections (see
	// SentenceFor); empty means Sentence.
	SentenceLarge map[string]float64 `json:"sentence_large"`

	Answerability Forest `json:"answerability"`
}

// DefaultWeights returns the weights in the binary.
func DefaultWeights() (*Weights, error) { return ParseWeights(weightsFile) }

// ParseWeights reads weights as JSON.
func ParseWeights(data []byte) (*Weights, error) {
	w := new(Weights)
	if err := json.Unmarshal(data, w); err != nil {
		return nil, fmt.Errorf("read ranking weights: %w", err)
	}
	for _, part := range [...]struct {
		name    string
		weights map[string]float64
	}{{"passage", w.Passage}, {"first_look", w.FirstLook}, {"word", w.Word}, {"sentence", w.Sentence}} {
		if len(part.weights) == 0 {
			return nil, fmt.Errorf("read ranking weights: there are none of %s", part.name)
		}
	}
	if err := w.Answerability.check(); err != nil {
		return nil, fmt.Errorf("read ranking weights: answerability: %w", err)
	}
	return w, nil
}

// The numbers of passages up to which a collection is small, and from which it
// is large. In a small one nearly every passage is about the story that is
// asked about and the meaning of single words decides; in a large one it is
// rarer that a passage shares many words with the question.
const smallCollection, largeCollection = 1000, 10000

// SentenceFor returns the weights of sentences for a collection of so many
// passages: Sentence for a small one, SentenceLarge for a large one, a mean of
// both, by the logarithm of the number, between them.
func (w *Weights) SentenceFor(passages int) map[string]float64 {
	large := math.Log(float64(max(1, passages))/smallCollection) / math.Log(largeCollection/smallCollection)
	switch {
	case len(w.SentenceLarge) == 0 || large <= 0:
		return w.Sentence
	case large >= 1:
		return w.SentenceLarge
	}
	out := make(map[string]float64, len(w.Sentence))
	for name, x := range w.Sentence {
		out[name] = (1 - large) * x
	}
	for name, x := range w.SentenceLarge {
		out[name] += large * x
	}
	return out
}

// Features are the named parts of a score. Each is named where it is computed
// (Add), so that no two of them can be exchanged unnoticed.
type Features struct {
	Names  []string
	Values []float64
}

// Add appends a feature.
func (f *Features) Add(name string, value float64) {
	f.Names, f.Values = append(f.Names, name), append(f.Values, value)
}

// Score returns the weighted sum of f.
func (f Features) Score(weights map[string]float64) float64 {
	sum := 0.0
	for i, n := range f.Names {
		sum += weights[n] * f.Values[i]
	}
	return sum
}

// Get returns the value of the feature with the name, 0 if there is none.
func (f Features) Get(name string) float64 {
	for i, n := range f.Names {
		if n == name {
			return f.Values[i]
		}
	}
	return 0
}

// least is the size from which a part of a score is worth telling.
const least = 1e-6

// Explain returns what each feature adds to the weighted sum of f, without
// those that add next to nothing.
func (f Features) Explain(weights map[string]float64) map[string]float64 {
	out := make(map[string]float64)
	for i, n := range f.Names {
		if c := weights[n] * f.Values[i]; math.Abs(c) >= least {
			out[n] = c
		}
	}
	return out
}
