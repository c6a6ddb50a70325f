package answer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"verbatim/answer/draft"
)

// Budget limits and counts what a model may read and write. It may be called
// from many goroutines.
type Budget interface {
	// Allow reports whether server may use the model now.
	Allow(ctx context.Context, server string) (bool, error)
	// Spend counts the tokens of a call that was made for a question, which is
	// named by an id and never by its words.
	Spend(ctx context.Context, server, question string, t Tokens) error
}

// mayUseModel reports whether r is to be answered by the model now. A note
// says so if only the budget, or that it cannot be read, is against it.
func (an *Answerer) mayUseModel(ctx context.Context, r Request, a *Answer) bool {
	if an.model == nil || r.Mode == ModeExtractive {
		return false
	}
	err := an.allowed(ctx, r)
	if err == nil {
		return true
	}
	note := draft.ReaderLine(err)
	if errors.Is(err, errUsedUp) {
		note = "Today's allowance for the language model is used up, so this answer was put together without it."
	}
	if !slices.Contains(a.Notes, note) {
		a.Notes = append(a.Notes, note)
	}
	return false
}

var errUsedUp = errors.New("the token budget is used up")

// allowed returns nil if the budget allows one more call.
func (an *Answerer) allowed(ctx context.Context, r Request) error {
	if an.budget == nil {
		return nil
	}
	ok, err := an.budget.Allow(ctx, r.Filter.Scope.Server)
	switch {
	case err != nil:
		an.log.Warn("read the token budget", "err", err)
		return fmt.Errorf("read the token budget: %w", err)
	case !ok:
		return errUsedUp
	}
	return nil
}

// complete returns the model as a draft.Complete for one question: each call
// that is not kept from before needs the leave of the budget and is counted.
func (an *Answerer) complete(r Request, a *Answer) draft.Complete {
	return an.completions.kept(func(ctx context.Context, p draft.Prompt, onText func(string)) (string, Tokens, error) {
		if err := an.allowed(ctx, r); err != nil {
			return "", Tokens{}, callError{err}
		}
		text, t, err := an.model.Complete(ctx, p, onText)
		an.spend(ctx, r, a, t)
		if err != nil {
			err = callError{err}
		}
		return text, t, err
	})
}

// callError marks an error of a call, which has been logged where it happened.
type callError struct{ error }

func (e callError) Unwrap() error { return e.error }

// levelOf returns the level at which an error of model mode is logged. That of
// a call has been logged already.
func levelOf(err error) slog.Level {
	var call callError
	if errors.As(err, &call) {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

func (an *Answerer) spend(ctx context.Context, r Request, a *Answer, t Tokens) {
	a.Tokens.In += t.In
	a.Tokens.Out += t.Out
	if an.budget == nil || t == (Tokens{}) {
		return
	}
	if err := an.budget.Spend(context.WithoutCancel(ctx), r.Filter.Scope.Server, r.id, t); err != nil {
		an.log.Warn("count tokens", "err", err)
	}
}
