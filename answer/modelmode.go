package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"verbatim/answer/draft"
	"verbatim/answer/rank"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
)

// modelSentences is how many of the best sentences a model is shown.
const modelSentences = 24

// write makes the answer: of the model's points where there is a model and
// they stand, of the chosen sentences otherwise.
func (an *Answerer) write(ctx context.Context, r Request, a *Answer, f *rank.Selection) error {
	if !an.mayUseModel(ctx, r, a) {
		return an.extractive(r, a, f)
	}
	shown := f.Ranked[:min(modelSentences, len(f.Ranked))]
	quotes, err := an.quotesFor(shown, r)
	if err != nil {
		return err
	}
	if err := an.reportFound(r, f); err != nil {
		return err
	}
	const share = .9
	limited, cancel := within(ctx, share)
	defer cancel()
	written, err := draft.Write(limited, an.complete(r, a), draft.Brief{Question: r.Question, AsOf: r.AsOf}, spansOf(quotes), draft.Options{
		Quotes: r.Quotes, Order: orderOf(f.Question(), shown), OnPoints: reportPoints(r, quotes),
	})
	a.Dropped = written.Dropped
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		an.log.Log(ctx, levelOf(err), "answer by model", "err", err)
		a.Notes = append(a.Notes, draft.ReaderLine(err))
		if written.Withdrawn > 0 {
			a.Notes = append(a.Notes, withdrawn(written.Withdrawn))
		}
		return an.extractive(r, a, f)
	}
	a.Mode, a.Notes = ModeModel, append(a.Notes, written.Notes...)
	if !written.Answers {
		a.Notes = append(a.Notes, "The language model found no answer in the passages that came nearest.")
		an.refuse(a, f, r)
		return nil
	}
	a.Status, a.Points = StatusAnswered, written.Points
	a.Quotes, a.Text = pick(quotes, written.Chosen), Prose(written.Points)
	return nil
}

// withdrawn tells of points that may have been seen and are not in the answer.
func withdrawn(n int) string {
	what := "One statement that it had already made is"
	if n > 1 {
		what = fmt.Sprintf("%d statements that it had already made are", n)
	}
	return what + " withdrawn: half an answer can mislead."
}

// Prose joins points, each with the marks of its quotes, as Answer.Text does.
func Prose(points []Point) string {
	var text strings.Builder
	for i, p := range points {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(p.Text)
		for _, n := range p.Quotes {
			fmt.Fprintf(&text, " [%d]", n)
		}
	}
	return text.String()
}

// quotesFor returns the quotes of sentences, checked, without numbers.
func (an *Answerer) quotesFor(sentences []*rank.Sentence, r Request) ([]Quote, error) {
	quotes := make([]Quote, len(sentences))
	for i, s := range sentences {
		quotes[i] = an.quote(s, 0, r)
		if err := verbatim(quotes[i]); err != nil {
			return nil, err
		}
	}
	return quotes, nil
}

// pick returns those of quotes that were chosen, numbered from 1.
func pick(quotes []Quote, chosen []int) []Quote {
	out := make([]Quote, len(chosen))
	for i, n := range chosen {
		out[i] = quotes[n]
		out[i].N = i + 1
	}
	return out
}

// reportFound passes on what the answer would be without a model.
func (an *Answerer) reportFound(r Request, f *rank.Selection) error {
	if r.Progress == nil {
		return nil
	}
	found, err := an.quotesFor(f.Chosen, r)
	if err != nil {
		return err
	}
	r.Progress(Progress{Found: found})
	return nil
}

// reportPoints passes on what stands as the model's answer is checked.
func reportPoints(r Request, quotes []Quote) func([]Point, []int) {
	if r.Progress == nil {
		return nil
	}
	return func(points []Point, chosen []int) { r.Progress(Progress{Points: points, Quotes: pick(quotes, chosen)}) }
}

// orderOf orders indices in shown as an answer without a model orders its
// quotes.
func orderOf(q *query.Question, shown []*rank.Sentence) func(chosen []int) {
	return func(chosen []int) {
		quoted := make([]*rank.Sentence, len(chosen))
		for i, n := range chosen {
			quoted[i] = shown[n]
		}
		rank.Order(q, quoted)
		for i, s := range quoted {
			chosen[i] = slices.Index(shown, s)
		}
	}
}

func spansOf(quotes []Quote) []corpus.Quote {
	out := make([]corpus.Quote, len(quotes))
	for i, q := range quotes {
		out[i] = q.Quote
	}
	return out
}
