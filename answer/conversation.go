package answer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
)

// keptTurns is how many earlier turns a follow-up is read against.
const keptTurns = 6

// standAlone rewrites a follow-up into a question that stands alone: by the
// model where there is one, by rules where not or where it does not work.
func (d *Desk) standAlone(ctx context.Context, r *Request, a *Answer) {
	if len(r.History) > keptTurns {
		r.History = slices.Clone(r.History[len(r.History)-keptTurns:])
	}
	if len(r.History) == 0 {
		return
	}
	rewritten := ""
	if d.mayUseModel(ctx, *r, a) {
		text, tokens, err := d.rewrite(ctx, *r)
		d.spend(ctx, *r, a, tokens)
		if err != nil {
			d.log.Debug("rewrite a follow-up", "err", err) // the model has warned already
		} else {
			rewritten = strings.TrimSpace(text)
		}
	}
	if rewritten == "" || utf8.RuneCountInString(rewritten) > MaxQuestion {
		text, ok := RewriteRules(r.Question, r.History)
		if !ok {
			return
		}
		rewritten = text
	}
	if rewritten == r.Question {
		return
	}
	a.Asked, a.Question, r.Question = r.Question, rewritten, rewritten
	a.Notes = append(a.Notes, "Understood as: "+rewritten)
	if r.Progress != nil {
		r.Progress(Progress{Understood: rewritten})
	}
}

// rewrite lets the model rewrite r's question. It leaves time for the rest.
func (d *Desk) rewrite(ctx context.Context, r Request) (string, Tokens, error) {
	const share = .4
	ctx, cancel := within(ctx, share)
	defer cancel()
	return d.model.Rewrite(ctx, r.Question, r.History)
}

// within returns a context with a share of the time that is left in ctx, so
// that a slow model does not use up all of it: what the model does not answer
// is answered without it.
func within(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(share*float64(time.Until(deadline))))
}

// mayUseModel reports whether r is to be answered by the model now. A note
// says so where only the budget, or that it cannot be read, is against it.
func (d *Desk) mayUseModel(ctx context.Context, r Request, a *Answer) bool {
	if d.model == nil || r.Mode == ModeExtractive {
		return false
	}
	err := d.allowed(ctx, r)
	if err == nil {
		return true
	}
	note := ReaderLine(err)
	if errors.Is(err, errUsedUp) {
		note = "Today's allowance for the language model is used up, so this answer was put together without it."
	}
	if !slices.Contains(a.Notes, note) {
		a.Notes = append(a.Notes, note)
	}
	return false
}

var errUsedUp = errors.New("the token budget is used up")

// allowed returns nil where the budget allows one more call.
func (d *Desk) allowed(ctx context.Context, r Request) error {
	if d.budget == nil {
		return nil
	}
	ok, err := d.budget.Allow(ctx, r.Filter.Scope.Server)
	switch {
	case err != nil:
		d.log.Warn("read the token budget", "err", err)
		return fmt.Errorf("read the token budget: %w", err)
	case !ok:
		return errUsedUp
	}
	return nil
}

// metered is the desk's model on one question: each of its drafts is allowed
// by the budget and counted.
type metered struct {
	Model
	desk    *Desk
	request Request
	answer  *Answer
}

// Draft implements Model.
func (m *metered) Draft(ctx context.Context, b Brief) (Draft, error) {
	return m.count(ctx, func() (Draft, error) { return m.Model.Draft(ctx, b) })
}

// DraftStream implements Streamer.
func (m *metered) DraftStream(ctx context.Context, b Brief, point func(DraftPoint)) (Draft, error) {
	streamer, ok := m.Model.(Streamer)
	if !ok {
		return m.Draft(ctx, b)
	}
	return m.count(ctx, func() (Draft, error) { return streamer.DraftStream(ctx, b, point) })
}

func (m *metered) count(ctx context.Context, draft func() (Draft, error)) (Draft, error) {
	if err := m.desk.allowed(ctx, m.request); err != nil {
		return Draft{}, err
	}
	d, err := draft()
	m.desk.spend(ctx, m.request, m.answer, d.Tokens)
	return d, err
}

func (d *Desk) spend(ctx context.Context, r Request, a *Answer, t Tokens) {
	a.Tokens.In += t.In
	a.Tokens.Out += t.Out
	if d.budget == nil || t == (Tokens{}) {
		return
	}
	if err := d.budget.Spend(context.WithoutCancel(ctx), r.Filter.Scope.Server, r.id, t); err != nil {
		d.log.Warn("count tokens", "err", err)
	}
}

// modelSentences is how many of the best sentences a model is shown.
const modelSentences = 24

// write makes the answer: of the model's points where there is a model and
// they stand, of the chosen sentences otherwise.
func (d *Desk) write(ctx context.Context, r Request, a *Answer, f *finding) error {
	if !d.mayUseModel(ctx, r, a) {
		return d.extractive(r, a, f)
	}
	shown := f.ranked[:min(modelSentences, len(f.ranked))]
	quotes, err := d.quotesFor(shown, r)
	if err != nil {
		return err
	}
	if err := d.reportFound(r, f); err != nil {
		return err
	}
	const share = .9
	limited, cancel := within(ctx, share)
	defer cancel()
	draft, err := WithModel(limited, &metered{d.model, d, r, a}, Brief{Question: r.Question, AsOf: r.AsOf}, spansOf(quotes), ModelOptions{
		Quotes: r.Quotes, Order: orderOf(f.result.Question, shown), OnPoints: reportPoints(r, quotes),
	})
	a.Dropped = draft.Dropped
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		level := slog.LevelDebug // the model has warned already
		if errors.Is(err, ErrNothingLeft) || errors.Is(err, errContradiction) {
			level = slog.LevelWarn
		}
		d.log.Log(ctx, level, "answer by model", "model", d.model.Name(), "err", err)
		a.Notes = append(a.Notes, ReaderLine(err))
		if draft.Withdrawn > 0 {
			a.Notes = append(a.Notes, withdrawn(draft.Withdrawn))
		}
		return d.extractive(r, a, f)
	}
	a.Mode, a.Notes = ModeModel, append(a.Notes, draft.Notes...)
	if !draft.Answers {
		a.Notes = append(a.Notes, "The language model found no answer in the passages that came nearest.")
		d.refuse(a, f, r)
		return nil
	}
	a.Status, a.Points = StatusAnswered, draft.Points
	a.Quotes, a.Text = pick(quotes, draft.Chosen), Prose(draft.Points)
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
func (d *Desk) quotesFor(sentences []*sentence, r Request) ([]Quote, error) {
	quotes := make([]Quote, len(sentences))
	for i, s := range sentences {
		quotes[i] = d.quote(s, 0, r)
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
func (d *Desk) reportFound(r Request, f *finding) error {
	if r.Progress == nil {
		return nil
	}
	found, err := d.quotesFor(f.chosen, r)
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
func orderOf(q *query.Question, shown []*sentence) func(chosen []int) {
	return func(chosen []int) {
		quoted := make([]*sentence, len(chosen))
		for i, n := range chosen {
			quoted[i] = shown[n]
		}
		order(q, quoted)
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
