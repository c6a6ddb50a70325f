// Package draft lets a language model answer a question from numbered
// sentences. It renders the prompts, reads the model's JSON while it is still
// coming, passes each point through the guard, gives the rejected ones back to
// the model once, and returns what stands. It knows no server: a model is a
// function that completes a prompt.
package draft

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"verbatim/answer/guard"
	"verbatim/retrieval/corpus"
)

// Complete sends a prompt to a language model and returns the whole text of
// its answer. If onText is not nil, it may be called with each part of the text
// as it comes, in order, from the goroutine of the caller; after an error these
// parts are void. t counts what was read and written, after an error too. An
// error carries a Failure if the reader can be told more.
type Complete func(ctx context.Context, p Prompt, onText func(part string)) (text string, t Tokens, err error)

// Tokens counts what a model read and wrote.
type Tokens struct {
	In, Out int
}

// Turn is one earlier question of a conversation and what it was answered.
type Turn struct {
	Question string
	Answer   string
}

// Brief is what a model is shown.
type Brief struct {
	Question  string
	AsOf      corpus.Date
	Sentences []guard.Sentence // numbered from 1 in this order
	// Repair holds, in the second and last round, the points that did not
	// pass the guard, with the reason for each.
	Repair []Rejected
}

// Draft is a model's answer, before the guard.
type Draft struct {
	Answers bool // false: the sentences do not answer the question
	Points  []guard.Point
	Tokens  Tokens
}

// Rejected is a point that did not pass the guard.
type Rejected struct {
	Point  guard.Point
	Reason string
}

// Point is one statement of an answer with the numbers (from 1) of the
// quotes that carry it.
type Point struct {
	Text   string
	Quotes []int
}

// Failure is an error of a model that a reader can be told in one line.
type Failure struct {
	Reader string // one plain sentence
	Err    error  // for the operator
}

func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns the operator's error.
func (f *Failure) Unwrap() error { return f.Err }

// ErrModel wraps every error of a model; the question is answered without it
// then.
var ErrModel = errors.New("model")

// ErrContextLength says that a prompt does not fit into the model's context.
// Complete wraps it, so that the model can be shown less.
var ErrContextLength = errors.New("context length exceeded")

// ErrNothingLeft says that no point of a model passed the guard.
var ErrNothingLeft = errors.New("no point passed the guard")

// errContradiction says that a whole draft is not what its beginning was.
var errContradiction = errors.New("the draft does not hold the points that came before it was whole")

// The most quotes that an answer prints, and those of one article.
const (
	maxQuotes     = 5
	maxPerArticle = 2
)

// Options say how Write is to answer. The zero value is fit for use.
type Options struct {
	Quotes int // at most so many; 0 means 5
	// Order, where set, reorders the indices in spans of the quotes of an
	// answer, which it is given in the order of spans. It may be called often.
	Order func(chosen []int)
	// OnPoints, where set, is called each time that one more point stands, with
	// all that do so far, the last one new, and the indices in spans of their
	// quotes in order. Points are numbered over these: later the same points
	// stand on the same quotes, which may have other numbers then. Where
	// Write returns an error, the points are withdrawn.
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

// Write lets a model answer b.Question from spans and returns what stands: each
// point has passed guard.Check against the sentences that it names, and each
// quote is one of spans. b.Sentences are set from spans, so that a model sees
// nothing that could not be printed. Points that do not pass are given back to
// the model once, with the reasons. Points are filtered as they come: what
// stands is the same as if they had come at once.
//
// An error wraps ErrModel and carries a Failure: the model failed, or nothing
// that it wrote stands (ErrNothingLeft). The caller then answers without it
// and tells the reader ReaderLine. Dropped, Withdrawn and Tokens are set with
// an error too.
func Write(ctx context.Context, complete Complete, b Brief, spans []corpus.Quote, opt Options) (Drafted, error) {
	return write(ctx, drafterOf(complete), b, spans, opt)
}

// drafter asks a model for a draft. point may be called with its first points
// before it returns.
type drafter func(ctx context.Context, b Brief, point func(guard.Point)) (Draft, error)

// drafterOf asks complete for a draft and reads its points as they come.
func drafterOf(complete Complete) drafter {
	return func(ctx context.Context, b Brief, point func(guard.Point)) (Draft, error) {
		p, err := DraftPrompt(b)
		if err != nil {
			return Draft{}, err
		}
		var onText func(string)
		if point != nil {
			var early EarlyPoints
			onText = func(part string) {
				for _, found := range early.Next(part) {
					point(found)
				}
			}
		}
		text, tokens, err := complete(ctx, p, onText)
		if err != nil {
			return Draft{Tokens: tokens}, err
		}
		d, err := ParseDraft(text)
		d.Tokens = tokens
		if err != nil {
			err = &Failure{
				Reader: "The language model gave no usable answer, so this answer was put together without it.",
				Err:    fmt.Errorf("%w: %w", ErrModel, err),
			}
		}
		return d, err
	}
}

func write(ctx context.Context, ask drafter, b Brief, spans []corpus.Quote, opt Options) (Drafted, error) {
	b.Sentences, b.Repair = sentencesOf(spans), nil
	s := newFilter(b, spans, opt)
	draft, err := s.draftFitting(ctx, ask)
	if err == nil && !s.complete(draft) {
		err = &Failure{
			Reader: "The language model contradicted itself, so this answer was put together without it.",
			Err:    fmt.Errorf("%w: %w", ErrModel, errContradiction),
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
		s.repair(ctx, ask)
	}
	s.finish()
	if len(s.out.Points) == 0 {
		return s.out, &Failure{
			Reader: "What the language model wrote was not borne out by its quotes, so these are the quotes alone.",
			Err:    fmt.Errorf("%w: %w", ErrModel, nothingLeft(s.rejected)),
		}
	}
	return s.out, nil
}

// ReaderLine returns what a reader is told of an error of Write: one
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

func sentencesOf(spans []corpus.Quote) []guard.Sentence {
	out := make([]guard.Sentence, len(spans))
	for i, q := range spans {
		out[i] = guard.Sentence{Text: q.Text(), Speaker: q.Article().Name(), Published: q.Article().Published}
	}
	return out
}
