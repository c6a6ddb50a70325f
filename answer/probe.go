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
	desk      *Desk
	finding   *finding
	quotes    int
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
	p := &Probe{desk: d, finding: f, quotes: r.Quotes}
	for _, s := range f.ranked {
		q, err := corpus.NewQuote(s.article, s.span)
		if err != nil {
			return nil, err
		}
		p.Sentences = append(p.Sentences, Probed{Quote: q, Features: s.features})
	}
	return p, nil
}

// Silence returns the features of the certainty that the articles say, as
// they would be under other weights of the sentences.
func (p *Probe) Silence(sentence map[string]float64) retrieval.Features {
	f := *p.finding
	if len(f.ranked) == 0 {
		return f.silence(f.result)
	}
	f.ranked = p.rescored(sentence)
	f.chosen = choose(f.result.Question, f.ranked, p.quotes)
	return f.silence(f.result)
}

// SentenceFeatures returns the names of the features of a sentence, in the
// order of their values.
func SentenceFeatures() []string { return slices.Clone(sentenceFeatureNames[:]) }

// SilenceFeatures returns the names of what the certainty of an answer is
// made of, in the order of their values.
func SilenceFeatures() []string { return slices.Clone(silenceFeatureNames[:]) }

// Choose returns the quotes that would be chosen under other weights of the
// sentences.
func (p *Probe) Choose(sentence map[string]float64) []corpus.Quote {
	var out []corpus.Quote
	for _, s := range choose(p.finding.result.Question, p.rescored(sentence), p.quotes) {
		if q, err := corpus.NewQuote(s.article, s.span); err == nil {
			out = append(out, q)
		}
	}
	return out
}

func (p *Probe) rescored(weights map[string]float64) []*sentence {
	out := make([]*sentence, len(p.finding.ranked))
	for i, s := range p.finding.ranked {
		again := *s
		again.score = s.features.Score(weights) + s.bonus()
		out[i] = &again
	}
	slices.SortStableFunc(out, compare)
	return out
}
