package answer

import (
	"context"
	"errors"

	"verbatim/retrieval/corpus"
)

// ErrModel wraps every error of a Model; the desk answers without it then.
var ErrModel = errors.New("model")

// Model writes points over numbered sentences. It may be called from many
// goroutines. It only selects: what it returns names sentences by number,
// and the desk prints those sentences' own bytes.
type Model interface {
	// Name is the model's name as the operator configured it.
	Name() string
	// Draft asks for points that answer the brief. Any error means that the
	// desk answers without a model; errors carry a Failure where the reader
	// can be told more.
	Draft(ctx context.Context, b Brief) (Draft, error)
	// Rewrite turns the last question of a conversation into one that stands
	// alone. It returns the question unchanged where it already does.
	Rewrite(ctx context.Context, question string, history []Turn) (string, Tokens, error)
}

// Streamer is a Model that hands over the points of a draft as they come.
type Streamer interface {
	Model
	// DraftStream is Draft, and calls point with each point as soon as it is
	// whole, in order, from the goroutine of the caller, before it returns.
	// Points come early only where they are sure to be the first ones of the
	// Draft that is returned, unless the model contradicts itself; after an
	// error they are void. There may be fewer of them than in the Draft, or none.
	DraftStream(ctx context.Context, b Brief, point func(DraftPoint)) (Draft, error)
}

// Brief is what a model is shown.
type Brief struct {
	Question  string
	AsOf      corpus.Date
	Sentences []Sentence // numbered from 1 in this order
	// Repair holds, in the second and last round, the points that did not
	// pass the guard, with the reason for each.
	Repair []Rejected
}

// Sentence is a candidate sentence.
type Sentence struct {
	Text      string
	Speaker   string // outlet, else agency, else source
	Published corpus.Date
}

// Draft is a model's answer, before the guard.
type Draft struct {
	Answers bool // false: the sentences do not answer the question
	Points  []DraftPoint
	Tokens  Tokens
}

// DraftPoint is one sentence of prose with the numbers of the sentences that
// it claims to stand on.
type DraftPoint struct {
	Text      string
	Sentences []int
}

// Rejected is a point that did not pass the guard.
type Rejected struct {
	Point  DraftPoint
	Reason string
}

// Failure is an error of a model that a reader can be told in one line.
type Failure struct {
	Reader string // one plain sentence
	Err    error  // for the operator
}

func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns the operator's error.
func (f *Failure) Unwrap() error { return f.Err }
