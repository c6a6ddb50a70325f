package draft

import (
	"context"
	"errors"
	"fmt"

	"verbatim/answer/guard"
)

// Written is what a model's answer comes to after the guard.
type Written struct {
	Verdict Verdict
	Reason  Reason
	// Points stand in the order of the draft, each with the numbers of the
	// sentences that carry it. Its text is the model's, or that of its
	// sentences. There are none unless Verdict is Answered.
	Points []guard.Point
	// Sentences are all that the model selected and that may be shown, the most
	// direct first; if Verdict is NotAnswered, those that it named as nearest.
	Sentences []int
	Replaced  int // points whose wording was replaced by their sentences
	// Withdrawn counts, if the model failed, the points that had passed the
	// guard before it did.
	Withdrawn int
	Tokens    Tokens // of all calls
	Notes     []string
}

// Write lets a model answer b.Question from b.Sentences and returns what
// stands. Each point has passed guard.Check against the sentences that it
// names, or is the text of these sentences. Wording that does not pass is given
// back to the model once, with the reasons. Points are filtered as they come:
// what stands is the same as if they had come at once.
//
// onPoints, if not nil, is called each time that one more point stands, with
// all that do so far, the last one new. They stand in the result with the same
// text and sentences, though others may come between, unless Write returns an
// error: then they are withdrawn.
//
// An error wraps ErrModel and carries a Failure. The caller then answers
// without the model and tells the reader ReaderLine. Withdrawn and Tokens are
// set with an error too.
func Write(ctx context.Context, complete Complete, b Brief, onPoints func([]guard.Point)) (Written, error) {
	return write(ctx, drafterOf(complete), b, onPoints)
}

// drafter asks a model for a draft. point, if not nil, may be called with its
// first points before it returns.
type drafter func(ctx context.Context, b Brief, point func(guard.Point)) (Draft, error)

func write(ctx context.Context, ask drafter, b Brief, onPoints func([]guard.Point)) (Written, error) {
	f := newFilter(b, onPoints)
	draft, err := f.draft(ctx, ask)
	if err == nil && !f.settle(draft) {
		err = &Failure{
			Reader: "The language model contradicted itself, so this answer was put together without it.",
			Err:    fmt.Errorf("%w: %w", ErrModel, errContradiction),
		}
	}
	if err != nil {
		return Written{Tokens: f.out.Tokens, Withdrawn: len(f.kept)}, modelFailure(err)
	}
	f.out.Verdict, f.out.Reason = draft.Verdict, draft.Reason
	if draft.Verdict == Answered && len(f.rejected) > 0 {
		f.repair(ctx, ask)
	}
	f.finish(draft)
	if f.out.Verdict == Answered && len(f.out.Points) == 0 {
		return f.out, &Failure{
			Reader: "The language model named no sentence that was found, so this answer was put together without it.",
			Err:    fmt.Errorf("%w: %w", ErrModel, errNothingSelected),
		}
	}
	return f.out, nil
}

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

func modelFailure(err error) error {
	if errors.Is(err, ErrModel) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrModel, err)
}
