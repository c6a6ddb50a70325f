package answer

import (
	"context"

	"verbatim/answer/draft"
)

// Model is a language model. It may be called from many goroutines. It only
// selects and words: what it names are sentences by number, and an answer
// prints those sentences' own bytes.
type Model interface {
	// Complete is a draft.Complete: it sends p and returns the text of the
	// model's answer. Any error means that the question is answered without
	// the model; it carries a draft.Failure if the reader can be told more.
	Complete(ctx context.Context, p draft.Prompt, onText func(part string)) (text string, t Tokens, err error)
}
