package answer

import (
	"context"
	"slices"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/rank"
)

// Probe is what the desk would decide on, before it decides: for training.
type Probe struct {
	finding *finding
	quotes  int
}

// Probed is a candidate sentence with its features.
type Probed struct {
	Quote    corpus.Quote
	Features rank.Features
	Score    float64
	// Own is the sentence without what was joined to make it stand alone.
	// Before and After are the sentences of the article on either side of it;
	// empty if there are none.
	Own, Before, After corpus.Span
	Index              int // of the sentence in its article, from 0
	Passage            int // rank of its passage, from 0
}

// ProbedWord is a word that may be the answer, with its features.
type ProbedWord struct {
	Text     string         // folded
	In       []corpus.Quote // sentences that hold it
	Features rank.Features
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
	return &Probe{finding: f, quotes: r.Quotes}, nil
}

// Question returns the question as it was parsed.
func (p *Probe) Question() *query.Question { return p.finding.result.Question }

// Sure returns the certainty that Ask would report.
func (p *Probe) Sure() float64 { return p.finding.sure }

// Ranked returns the candidate sentences as Ask ranks them, the best first.
func (p *Probe) Ranked() []Probed { return p.probed(p.finding) }

// RankedWords returns the words that may be the answer as Ask ranks them, the
// likeliest first.
func (p *Probe) RankedWords() []ProbedWord { return p.words(p.finding) }

// Certainty returns the features of the certainty that Ask reports.
func (p *Probe) Certainty() rank.Features { return p.finding.silence(p.finding.result) }

// Sentences returns the candidate sentences as w scores them, the best first.
func (p *Probe) Sentences(w *rank.Weights) []Probed { return p.probed(p.under(w)) }

func (p *Probe) probed(f *finding) []Probed {
	var out []Probed
	for _, s := range f.ranked {
		q, err := corpus.NewQuote(s.article, s.span)
		if err != nil {
			continue
		}
		x := Probed{Quote: q, Features: s.features, Score: s.score, Own: s.own, Passage: s.hit}
		spans := p.finding.reader.articles[s.article.ID].spans
		x.Index = slices.Index(spans, s.own)
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
func (p *Probe) Words(w *rank.Weights) []ProbedWord { return p.words(p.under(w)) }

func (p *Probe) words(f *finding) []ProbedWord {
	var quotes []corpus.Quote
	if f.reader != nil {
		for _, s := range f.reader.all {
			q, _ := corpus.NewQuote(s.article, s.span)
			quotes = append(quotes, q)
		}
	}
	var out []ProbedWord
	for _, c := range f.words {
		word := ProbedWord{Text: c.word.Text, Features: rank.Features{Names: wordFeatureNames, Values: c.values}}
		for _, i := range c.in {
			word.In = append(word.In, quotes[i])
		}
		out = append(out, word)
	}
	return out
}

// Silence returns the features of the certainty that the articles say.
func (p *Probe) Silence(w *rank.Weights) rank.Features {
	f := p.chosen(w)
	return f.silence(f.result)
}

// Choose returns the quotes that would be chosen.
func (p *Probe) Choose(w *rank.Weights) []corpus.Quote {
	var out []corpus.Quote
	for _, s := range p.chosen(w).chosen {
		if q, err := corpus.NewQuote(s.article, s.span); err == nil {
			out = append(out, q)
		}
	}
	return out
}

// under returns what would be ranked under other weights of sentences and
// words.
func (p *Probe) under(w *rank.Weights) *finding {
	f := *p.finding
	if f.reader != nil {
		f.ranked, f.words = f.reader.rank(w)
	}
	return &f
}

// chosen is under with the quotes chosen.
func (p *Probe) chosen(w *rank.Weights) *finding {
	f := p.under(w)
	f.chosen = choose(f.result.Question, f.ranked, p.quotes)
	return f
}

// SentenceFeatures returns the names of the features of a sentence, in the
// order of their values.
func SentenceFeatures() []string { return slices.Clone(sentenceFeatureNames[:]) }

// FirstLookFeatures returns the names of those features of a sentence that
// need no words that may be the answer, in the order of their values.
func FirstLookFeatures() []string { return slices.Clone(sentenceFeatureNames[:wordless]) }

// WordFeatures returns the names of the features of a word that may be the
// answer, in the order of their values.
func WordFeatures() []string { return slices.Clone(wordFeatureNames) }

// SilenceFeatures returns the names of what the certainty of an answer is
// made of, in the order of their values.
func SilenceFeatures() []string { return slices.Clone(silenceFeatureNames[:]) }
