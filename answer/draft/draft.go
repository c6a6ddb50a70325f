package answer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"verbatim/retrieval/corpus"
)

// ErrTooLong says that a brief does not fit into the model's context. A Model
// wraps it, so that WithModel can show it less.
var ErrTooLong = errors.New("context length exceeded")

// ErrNothingLeft says that no point of a model passed the guard.
var ErrNothingLeft = errors.New("no point passed the guard")

// errContradiction says that a whole draft is not what its beginning was.
var errContradiction = errors.New("the draft does not hold the points that came before it was whole")

// maxPerArticle is how many quotes of one article an answer prints.
const maxPerArticle = 2

// ModelOptions says how WithModel is to answer. The zero value is fit for use.
type ModelOptions struct {
	Quotes int // at most so many; 0 means MaxQuotes
	// Order, where set, reorders the indices in spans of the quotes of an
	// answer, which it is given in the order of spans. It may be called often.
	Order func(chosen []int)
	// OnPoints, where set, is called each time that one more point stands, with
	// all that do so far, the last one new, and the indices in spans of their
	// quotes in order. Points are numbered over these: later the same points
	// stand on the same quotes, which may have other numbers then. Where
	// WithModel returns an error, the points are withdrawn.
	OnPoints func(points []Point, chosen []int)
}

// Drafted is what a model's answer comes to after the guard.
type Drafted struct {
	// Answers is false where the model found that the sentences do not answer;
	// then there are no points and no quotes.
	Answers bool
	Points  []Point        // each stands on Quotes, numbered from 1
	Quotes  []corpus.Quote // in the order of spans, the best first, or as Order has it
	Chosen  []int          // index in spans of each of Quotes
	Dropped int            // points that did not pass the guard, nor when repaired
	// Withdrawn counts, where the model failed, the points that had passed the
	// guard before it did.
	Withdrawn int
	Tokens    Tokens   // of all calls
	Notes     []string // for the reader
}

// WithModel lets m answer b.Question from spans and returns what stands: each
// point has passed Guard against the sentences that it names, and each quote
// is one of spans. b.Sentences are set from spans, so that a model sees
// nothing that could not be printed. Points that do not pass are given back to
// the model once, with the reasons. Points of a Streamer are sifted as they
// come: what stands is the same as if they had come at once.
//
// An error wraps ErrModel and carries a Failure: the model failed, or nothing
// that it wrote stands (ErrNothingLeft). The caller then answers without it
// and tells the reader ReaderLine. Dropped, Withdrawn and Tokens are set with
// an error too.
func WithModel(ctx context.Context, m Model, b Brief, spans []corpus.Quote, opt ModelOptions) (Drafted, error) {
	b.Sentences, b.Repair = sentencesOf(spans), nil
	s := newSieve(b, spans, opt)
	draft, err := s.draftFitting(ctx, m)
	if err == nil && !s.settle(draft) {
		err = &Failure{
			Reader: "The language model contradicted itself, so this answer was put together without it.",
			Err:    fmt.Errorf("%w: %s: %w", ErrModel, m.Name(), errContradiction),
		}
	}
	if err != nil {
		return Drafted{Tokens: draft.Tokens, Withdrawn: len(s.out.Points)}, modelFailure(err)
	}
	s.out.Tokens, s.out.Answers = draft.Tokens, draft.Answers
	if !draft.Answers {
		return s.out, nil
	}
	if len(s.rejected) > 0 {
		s.repair(ctx, m)
	}
	s.finish()
	if len(s.out.Points) == 0 {
		return s.out, &Failure{
			Reader: "What the language model wrote was not borne out by its quotes, so these are the quotes alone.",
			Err:    fmt.Errorf("%w: %s: %w", ErrModel, m.Name(), nothingLeft(s.rejected)),
		}
	}
	return s.out, nil
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
