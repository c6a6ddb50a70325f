package answer

import (
	"fmt"
	"math"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// silenceFeatureNames are what the certainty of an answer is made of.
var silenceFeatureNames = [...]string{
	"bias", "top_passage", "top_coverage", "top_context", "best_rare", "best_names", "no_names", "unknown", "top_similarity", "best_vector",
	"kind_met", "kind_missed", "type", "votes", "gap", "terms", "score", "title",
}

// certainty returns how likely it is that the best sentences answer the
// question: a logistic model over the evidence of the first ones.
func (d *Desk) certainty(res *retrieval.Result, f *finding) float64 {
	z := f.silence(res).Score(d.engine.Weights().Silence)
	return 1 / (1 + math.Exp(-z))
}

func (f *finding) silence(res *retrieval.Result) retrieval.Features {
	values := make([]float64, len(silenceFeatureNames))
	out := retrieval.Features{Names: silenceFeatureNames[:], Values: values}
	values[0] = 1
	if len(f.chosen) == 0 {
		return out
	}
	q, first := res.Question, f.ranked[0]
	get := func(s *sentence, name string) float64 {
		for i, n := range sentenceFeatureNames {
			if n == name {
				return s.features.Values[i]
			}
		}
		return 0
	}
	best := func(name string) float64 {
		v := 0.0
		for _, s := range f.chosen {
			v = max(v, get(s, name))
		}
		return v
	}
	top := res.Hits[0].Features
	passage := func(name string) float64 {
		for i, n := range top.Names {
			if n == name {
				return top.Values[i]
			}
		}
		return 0
	}
	met := len(first.facts) > 0
	gap := first.score
	if n := len(f.ranked); n > 10 {
		gap -= f.ranked[10].score
	}
	copy(values[1:], []float64{
		res.Hits[0].Score, best("coverage"), best("context"), best("rare"), best("names"), flag(len(q.Names) == 0),
		unknown(res), best("similarity"), passage("vector"), flag(met), flag(!met), best("type"), best("vote"), gap,
		math.Log1p(float64(len(q.Terms))), first.score, passage("title"),
	})
	return out
}

// unknown returns the share of the question's terms that no passage holds.
func unknown(res *retrieval.Result) float64 {
	n := 0
	for _, t := range res.Question.Terms {
		if res.Terms.Frequency[t.Stem] == 0 {
			n++
		}
	}
	return float64(n) / float64(max(1, len(res.Question.Terms)))
}

// nearestQuotes is how many quotes a refusal shows as the nearest.
const nearestQuotes = 3

// refuse says that the articles do not say, with what came nearest.
func (d *Desk) refuse(a *Answer, f *finding, r Request) {
	a.Status = StatusNoEvidence
	a.Points, a.Quotes = nil, nil
	a.Text = Refusal(a.Searched)
	for _, s := range f.chosen[:min(nearestQuotes, len(f.chosen))] {
		a.Nearest = append(a.Nearest, d.quote(s, len(a.Nearest)+1, r))
	}
}

// Refusal returns the sentence that says that the searched articles do not
// say.
func Refusal(s Searched) string {
	switch s.Articles {
	case 0:
		return "The articles do not say: no article was there to search."
	case 1:
		return "The articles do not say: the 1 article searched" + period(s) + " holds no answer to this question."
	}
	return fmt.Sprintf("The articles do not say: none of the %d articles searched%s holds an answer to this question.", s.Articles, period(s))
}

// period returns the dates of the searched articles with a comma before, or "".
func period(s Searched) string {
	switch {
	case s.From == "":
		return ""
	case s.From == s.To:
		return ", of " + string(s.From) + ","
	}
	return ", of " + string(s.From) + " to " + string(s.To) + ","
}

// quote returns s as it is printed. Its features are what each added.
func (d *Desk) quote(s *sentence, n int, r Request) Quote {
	q, err := corpus.NewQuote(s.article, s.span)
	if err != nil {
		d.log.Error("quote", "err", err)
	}
	out := Quote{Quote: q, N: n, Score: s.score}
	if r.Explain {
		out.Features = s.features.Explain(d.engine.Weights().Sentence)
	}
	return out
}

// extractive makes the answer of the chosen sentences: each a point of its own.
func (d *Desk) extractive(r Request, a *Answer, f *finding) error {
	a.Status, a.Mode = StatusAnswered, ModeExtractive
	var text strings.Builder
	for i, s := range f.chosen {
		q := d.quote(s, i+1, r)
		if err := verbatim(q); err != nil {
			return err
		}
		a.Quotes = append(a.Quotes, q)
		a.Points = append(a.Points, Point{Text: q.Text(), Quotes: []int{i + 1}})
		if i > 0 {
			text.WriteByte(' ')
		}
		fmt.Fprintf(&text, "%s [%d]", q.Text(), i+1)
	}
	a.Text = text.String()
	if r.Progress != nil {
		r.Progress(Progress{Quotes: a.Quotes})
	}
	return nil
}

// verbatim compares a quote with the body that it was cut from, and returns
// an error where they differ or the quote touches furniture.
func verbatim(q Quote) error {
	a, s := q.Article(), q.Span()
	if a == nil {
		return fmt.Errorf("quote %d: %w", q.N, corpus.ErrSpan)
	}
	body, err := a.Text(s)
	if err != nil {
		return fmt.Errorf("quote %d: %w", q.N, err)
	}
	if body != q.Text() || body == "" || a.Marked(s) {
		return fmt.Errorf("quote %d is not what article %s says at %s: %w", q.N, a.ID, q.Ref(), corpus.ErrSpan)
	}
	return nil
}
