package answer

import (
	"context"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Probe is what the desk would decide on, before it decides: for training.
type Probe struct {
	Sentences []Probed
	// Silence are the features of the certainty that the articles say.
	Silence retrieval.Features
	// Sure is that certainty, as a probability.
	Sure float64
}

// Probed is a candidate sentence with its features.
type Probed struct {
	Quote    corpus.Quote
	Features retrieval.Features
}

// Probe returns what Ask would choose from and decide by.
func (d *Desk) Probe(ctx context.Context, r Request) (*Probe, error) {
	text, err := checkQuestion(r.Question)
	if err != nil {
		return nil, err
	}
	r.Question, r.Quotes = text, MaxQuotes
	f, err := d.find(ctx, r, new(Answer))
	if err != nil {
		return nil, err
	}
	p := &Probe{Sure: f.sure, Silence: f.silence(f.result)}
	for _, s := range f.ranked {
		q, err := corpus.NewQuote(s.article, s.span)
		if err != nil {
			return nil, err
		}
		p.Sentences = append(p.Sentences, Probed{Quote: q, Features: s.features})
	}
	return p, nil
}

// SentenceFeatures returns the names of the features of a sentence, in the
// order of their values.
func SentenceFeatures() []string { return slices.Clone(sentenceFeatureNames[:]) }

// SilenceFeatures returns the names of what the certainty of an answer is
// made of, in the order of their values.
func SilenceFeatures() []string { return slices.Clone(silenceFeatureNames[:]) }
