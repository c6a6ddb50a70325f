// Package draft lets a language model answer a question from numbered
// sentences. The model first selects sentences, then decides whether they
// answer, then may word them as points. The package renders the prompts, reads
// the model's JSON while it is still coming, passes each point through the
// guard, gives the rejected ones back to the model once, and puts the selected
// sentences in the place of wording that does not pass. It knows no server: a
// model is a function that completes a prompt.
package draft

import (
	"context"
	"errors"

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

func (t *Tokens) add(more Tokens) {
	t.In += more.In
	t.Out += more.Out
}

// Turn is one earlier question of a conversation and what it was answered.
type Turn struct {
	Question string
	Answer   string
}

// Sentence is a sentence that a model is shown.
type Sentence struct {
	guard.Sentence
	Article string // id; sentences of an article are shown together
	Title   string // of the article
	Start   int    // byte offset in the article, by which its sentences are ordered
}

// Brief is what a model is shown.
type Brief struct {
	Question  string
	AsOf      corpus.Date
	Sentences []Sentence // best first; numbered from 1 in this order
	// Most is how many sentences may be selected in all; 0 means
	// DefaultSelected.
	Most int
	// Repair holds, in the second and last round, the points that did not
	// pass the guard, with the reason for each.
	Repair []Rejected
	// Unreadable says that the model's first answer was not of the form asked
	// for.
	Unreadable bool
}

// DefaultSelected is how many sentences may be selected if a brief does not say.
const DefaultSelected = 8

// most returns how many sentences may be selected.
func (b *Brief) most() int {
	if b.Most > 0 {
		return b.Most
	}
	return DefaultSelected
}

// Verdict says whether the sentences answer the question.
type Verdict string

// The verdicts of a model.
const (
	Answered    Verdict = "answered"
	Partly      Verdict = "partly"
	NotAnswered Verdict = "no"
)

// Reason says why the sentences do not answer.
type Reason string

// The reasons that a model may give for NotAnswered.
const (
	ReasonNone     Reason = "none"
	ReasonNoTopic  Reason = "no_article"     // nothing on the subject
	ReasonPerson   Reason = "other_person"   // on somebody else
	ReasonPlace    Reason = "other_place"    // on somewhere else
	ReasonTime     Reason = "other_time"     // on another time
	ReasonNoDetail Reason = "detail_missing" // on the subject, without what is asked for
)

// Draft is a model's answer, before the guard.
type Draft struct {
	Verdict   Verdict
	Reason    Reason
	Sentences []int // that the model selected, or that come nearest
	Points    []guard.Point
	Tokens    Tokens
}

// Rejected is a point that did not pass the guard.
type Rejected struct {
	Point  guard.Point
	Reason string
	index  int // of the point in its draft
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

// errContradiction says that a whole draft is not what its beginning was.
var errContradiction = errors.New("the draft does not hold the points that came before it was whole")

// errNothingSelected says that a draft that answers names no sentence of the
// brief.
var errNothingSelected = errors.New("the draft names no sentence that is there")

// ReaderLine returns what a reader is told of an error of Write: one
// sentence, without any text of the server's.
func ReaderLine(err error) string {
	var f *Failure
	if errors.As(err, &f) && f.Reader != "" {
		return f.Reader
	}
	return "The language model could not be used, so this answer was put together without it."
}
