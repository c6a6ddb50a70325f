package answer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
	"verbatim/retrieval/rank"
)

// silenceFeatureNames are what the certainty of an answer is made of. None of
// them is about the day of asking: an old corpus answers old questions.
var silenceFeatureNames = [...]string{
	"bias", "gap", "coverage_anywhere", "names", "no_names", "named_unknown", "similarity", "vector", "type", "candidate", "vote", "not_counted",
	"sentence", "bigrams", "terms",
}

// certainty returns how likely it is that the best sentences answer the
// question: a logistic model over the evidence of the first ones.
func (d *Desk) certainty(res *retrieval.Result, f *finding) float64 {
	z := f.silence(res).Score(d.engine.Weights().Silence)
	sure := 1 / (1 + math.Exp(-z))
	if f.beside(res.Question) {
		return sure * doubtful
	}
	return sure
}

// doubtful is what is left of the certainty where the quotes are about
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

// beside reports whether the quotes hold hardly a word of the question, or a
// question for somebody's words found no words of theirs, or one for a number
// of things found no such things: "9 terrorists were killed" does not tell how
// many civilians were.
func (f *finding) beside(q *query.Question) bool {
	enough := min(1, max(leastLong, longQuestion/float64(max(1, len(q.Terms)))))
	switch {
	case len(f.chosen) == 0:
		return false
	case !slices.ContainsFunc(f.chosen, func(s *sentence) bool {
		return s.match.Terms >= leastOwn*enough && s.around >= leastAround*enough
	}):
		return true
	case len(q.Speaker) > 0:
		return !slices.ContainsFunc(f.chosen, func(s *sentence) bool { return s.speaks >= speakerShare })
	case q.Counted != "":
		return !slices.ContainsFunc(f.chosen, func(s *sentence) bool { return s.counts > 0 || s.match.Counted >= alike })
	}
	return false
}

func (f *finding) silence(res *retrieval.Result) rank.Features {
	values := make([]float64, len(silenceFeatureNames))
	out := rank.Features{Names: silenceFeatureNames[:], Values: values}
	values[0] = 1
	if len(f.chosen) == 0 {
		return out
	}
	q := res.Question
	best := func(name string) float64 {
		v := 0.0
		for _, s := range f.chosen {
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
	score, tenth := f.ranked[0].score, f.ranked[min(10, len(f.ranked)-1)].score
	copy(values[1:], []float64{
		score - tenth, passage("coverage", len(res.Hits)), best("names"), flag(len(q.Names) == 0), namedUnknown(res),
		best("similarity"), passage("vector", 5), best("type"), best("candidate"), best("vote"),
		flag(q.Kind == query.KindHowMany && best("counted") < .6), passage("sentence", 5), passage("bigrams", 5), math.Log1p(float64(len(q.Terms))),
	})
	return out
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
		if b := s.bonus(); b != 0 {
			out.Features["said"] = b
		}
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
