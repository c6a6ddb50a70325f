package answer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
)

// ErrTooLong says that a brief does not fit into the model's context. A Model
// wraps it, so that WithModel can show it less.
var ErrTooLong = errors.New("context length exceeded")

// ErrNothingLeft says that no point of a model passed the guard.
var ErrNothingLeft = errors.New("no point passed the guard")

// maxPerArticle is how many quotes of one article an answer prints.
const maxPerArticle = 2

// ModelOptions says how WithModel is to answer. The zero value is fit for use.
type ModelOptions struct {
	Quotes int // at most so many; 0 means MaxQuotes
	// OnQuotes, where set, is called once, before the first OnPoint, with the
	// indices in spans of the quotes that will be printed, in order.
	OnQuotes func(chosen []int)
	// OnPoint, where set, is called with each point that stands.
	OnPoint func(Point)
}

// Drafted is what a model's answer comes to after the guard.
type Drafted struct {
	// Answers is false where the model found that the sentences do not answer;
	// then there are no points and no quotes.
	Answers bool
	Points  []Point        // each stands on Quotes, numbered from 1
	Quotes  []corpus.Quote // in the order of spans, the best first
	Chosen  []int          // index in spans of each of Quotes
	Dropped int            // points that did not pass the guard, nor when repaired
	Tokens  Tokens         // of all calls
	Notes   []string       // for the reader
}

// WithModel lets m answer b.Question from spans and returns what stands: each
// point has passed Guard against the sentences that it names, and each quote
// is one of spans. b.Sentences are set from spans, so that a model sees
// nothing that could not be printed. Points that do not pass are given back to
// the model once, with the reasons.
//
// An error wraps ErrModel and carries a Failure: the model failed, or nothing
// that it wrote stands (ErrNothingLeft). The caller then answers without it
// and tells the reader ReaderLine. Dropped and Tokens are set with an error
// too. Progress is only reported when the whole answer is known to stand.
func WithModel(ctx context.Context, m Model, b Brief, spans []corpus.Quote, opt ModelOptions) (Drafted, error) {
	b.Sentences, b.Repair = sentencesOf(spans), nil
	var out Drafted
	draft, err := draftFitting(ctx, m, &b)
	out.Tokens = draft.Tokens
	if err != nil {
		return out, modelFailure(err)
	}
	if !draft.Answers {
		return out, nil
	}
	stand, rejected := sift(b, draft.Points)
	if len(rejected) > 0 {
		b.Repair = rejected
		second, err := m.Draft(ctx, b)
		out.Tokens.In += second.Tokens.In
		out.Tokens.Out += second.Tokens.Out
		if err == nil {
			repaired, _ := sift(b, second.Points)
			before := len(stand)
			stand = merge(stand, repaired)
			out.Dropped = max(0, len(rejected)-(len(stand)-before))
		} else {
			out.Dropped = len(rejected)
		}
	}
	out.Answers = true
	out.place(b, stand, spans, opt)
	if len(out.Points) == 0 {
		return out, &Failure{
			Reader: "What the language model wrote was not borne out by its quotes, so these are the quotes alone.",
			Err:    fmt.Errorf("%w: %s: %w", ErrModel, m.Name(), nothingLeft(rejected)),
		}
	}
	if opt.OnQuotes != nil {
		opt.OnQuotes(slices.Clone(out.Chosen))
	}
	if opt.OnPoint != nil {
		for _, p := range out.Points {
			opt.OnPoint(p)
		}
	}
	return out, nil
}

// ReaderLine returns what a reader is told of an error of WithModel: one
// sentence, without any text of the server's.
func ReaderLine(err error) string {
	var f *Failure
	if errors.As(err, &f) && f.Reader != "" {
		return f.Reader
	}
	return "The language model could not be used, so this answer was put together without it."
}

func modelFailure(err error) error {
	if errors.Is(err, ErrModel) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrModel, err)
}

func nothingLeft(rejected []Rejected) error {
	reasons := make([]string, len(rejected))
	for i, r := range rejected {
		reasons[i] = r.Reason
	}
	return fmt.Errorf("%w: %s", ErrNothingLeft, strings.Join(reasons, "; "))
}

func sentencesOf(spans []corpus.Quote) []Sentence {
	out := make([]Sentence, len(spans))
	for i, q := range spans {
		out[i] = Sentence{Text: q.Text(), Speaker: q.Article().Name(), Published: q.Article().Published}
	}
	return out
}

// draftFitting asks for a draft, once more with the better half of the
// sentences where all are too many for the model.
func draftFitting(ctx context.Context, m Model, b *Brief) (Draft, error) {
	draft, err := m.Draft(ctx, *b)
	if err == nil || !errors.Is(err, ErrTooLong) || len(b.Sentences) < 4 {
		return draft, err
	}
	b.Sentences = b.Sentences[:len(b.Sentences)/2]
	return m.Draft(ctx, *b)
}

// sift tells the points that pass the guard from those that do not.
func sift(b Brief, points []DraftPoint) (stand []DraftPoint, rejected []Rejected) {
	for _, p := range points[:min(len(points), MaxPoints)] {
		clean, reason := CleanPoint(p)
		if reason == "" {
			_, reason = Guard(b.Question, clean, b.Sentences)
		}
		if reason != "" {
			rejected = append(rejected, Rejected{Point: p, Reason: reason})
			continue
		}
		stand = append(stand, clean)
	}
	return stand, rejected
}

// merge appends the points of more that are not there yet.
func merge(stand, more []DraftPoint) []DraftPoint {
	for _, p := range more {
		if len(stand) < MaxPoints && !slices.ContainsFunc(stand, func(q DraftPoint) bool { return q.Text == p.Text }) {
			stand = append(stand, p)
		}
	}
	return stand
}

// place chooses the quotes that the points stand on, within the limits of an
// answer, and numbers them. A point that the limits leave with too few of its
// sentences is left out with a note.
func (d *Drafted) place(b Brief, stand []DraftPoint, spans []corpus.Quote, opt ModelOptions) {
	limit := opt.Quotes
	if limit <= 0 || limit > MaxQuotes {
		limit = MaxQuotes
	}
	var kept []DraftPoint
	left := 0
	for _, p := range stand {
		fits := d.fit(p.Sentences, spans, limit)
		p.Sentences = fits
		if ok, _ := Guard(b.Question, p, b.Sentences); !ok {
			left++
			continue
		}
		for _, n := range fits {
			if !slices.Contains(d.Chosen, n-1) {
				d.Chosen = append(d.Chosen, n-1)
			}
		}
		kept = append(kept, p)
	}
	slices.Sort(d.Chosen)
	for _, i := range d.Chosen {
		d.Quotes = append(d.Quotes, spans[i])
	}
	for _, p := range kept {
		point := Point{Text: p.Text}
		for _, n := range p.Sentences {
			point.Quotes = append(point.Quotes, 1+slices.Index(d.Chosen, n-1))
		}
		slices.Sort(point.Quotes)
		d.Points = append(d.Points, point)
	}
	if left > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%d more of the model's points needed more than %d quotes, or more than %d of one article.",
			left, limit, maxPerArticle))
	}
}

// fit returns those of the sentence numbers that may be printed beside what
// is chosen already.
func (d *Drafted) fit(numbers []int, spans []corpus.Quote, limit int) []int {
	var out []int
	chosen := slices.Clone(d.Chosen)
	for _, n := range numbers {
		i := n - 1
		if slices.Contains(out, n) {
			continue
		}
		if !slices.Contains(chosen, i) {
			same := 0
			for _, c := range chosen {
				if spans[c].Article().ID == spans[i].Article().ID {
					same++
				}
			}
			if len(chosen) == limit || same == maxPerArticle {
				continue
			}
			chosen = append(chosen, i)
		}
		out = append(out, n)
	}
	return out
}
