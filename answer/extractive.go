package answer

import (
	"fmt"
	"strings"

	"verbatim/answer/rank"
	"verbatim/retrieval/corpus"
)

// nearestQuotes is how many quotes a refusal shows as the nearest.
const nearestQuotes = 3

// refuse says that the articles do not say, with what came nearest.
func (an *Answerer) refuse(a *Answer, f *rank.Selection, r Request) {
	a.Status = StatusNoEvidence
	a.Points, a.Quotes = nil, nil
	a.Text = Refusal(a.Searched)
	if name := f.Unmentioned(); name != "" && a.Searched.Articles > 0 {
		a.Text = "No article mentions " + name + ". " + searchedWithout(a.Searched)
	}
	for _, s := range f.Chosen[:min(nearestQuotes, len(f.Chosen))] {
		a.Nearest = append(a.Nearest, an.quote(f, s, len(a.Nearest)+1, r))
	}
}

// UnsureText stands above quotes that may not answer.
const UnsureText = "The articles may not answer this. The nearest passages:"

// unsure prints quotes without saying that they answer.
func unsure(a *Answer, quotes []Quote) {
	a.Status, a.Text = StatusUnsure, UnsureText
	a.Points, a.Quotes, a.Nearest = nil, quotes, nil
}

// Refusal returns the sentence that says that the searched articles do not
// say.
func Refusal(s Searched) string {
	if s.Articles == 0 {
		return "The articles do not say: no article was there to search."
	}
	rest := searchedWithout(s)
	return "The articles do not say: " + strings.ToLower(rest[:1]) + rest[1:]
}

// searchedWithout says what was searched without finding an answer.
func searchedWithout(s Searched) string {
	if s.Articles == 1 {
		return "The 1 article searched" + period(s) + " holds no answer to this question."
	}
	return fmt.Sprintf("None of the %d articles searched%s holds an answer to this question.", s.Articles, period(s))
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
func (an *Answerer) quote(f *rank.Selection, s *rank.Sentence, n int, r Request) Quote {
	q, err := s.Quote()
	if err != nil {
		an.log.Error("quote", "err", err)
	}
	out := Quote{Quote: q, N: n, Score: s.Score(), Marks: f.Marks(s)}
	for _, span := range s.Context() {
		if c, err := corpus.NewQuote(q.Article(), span); err == nil {
			out.Context = append(out.Context, c)
		}
	}
	if s.Corrected() {
		out.CorrectedBy = q.Article().ID
	}
	if r.Explain {
		out.Features = s.Explain()
	}
	return out
}

// extractive makes the answer of the chosen sentences: each a point of its own.
func (an *Answerer) extractive(r Request, a *Answer, f *rank.Selection) error {
	a.Status, a.Mode = StatusAnswered, ModeExtractive
	var text strings.Builder
	for i, s := range f.Chosen {
		q := an.quote(f, s, i+1, r)
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
// an error if they differ or the quote touches furniture.
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
