package draft

import (
	"context"
	"slices"

	"verbatim/answer/guard"
)

// Trial is what a model makes of a plain question over one sentence.
type Trial string

// The outcomes of a trial of a model that keeps to the form.
const (
	TrialAnswered Trial = "answered" // with the sentence, or a point that it carries
	TrialNoAnswer Trial = "no answer"
	TrialInvented Trial = "invented" // wrote what its sentence does not say
)

// Try asks a model one plain question, for the diagnosis of a set-up. An error
// is that of the call, or ErrDraft.
func Try(ctx context.Context, complete Complete) (Trial, error) {
	sentence := guard.Sentence{Text: "The town bought four buses on Monday, the mayor said.", Speaker: "Example", Published: "2021-01-05"}
	b := Brief{
		Question:  "How many buses were bought?",
		Sentences: []Sentence{{Sentence: sentence, Article: "example"}},
	}
	d, err := drafterOf(complete)(ctx, b, nil)
	switch {
	case err != nil:
		return "", err
	case d.Verdict == NotAnswered:
		return TrialNoAnswer, nil
	case slices.ContainsFunc(d.Points, func(p guard.Point) bool {
		clean, reason := guard.Clean(p)
		ok, _ := guard.Check(b.Question, clean, []guard.Sentence{sentence})
		return ok && reason == ""
	}), len(d.Points) == 0:
		return TrialAnswered, nil
	}
	return TrialInvented, nil
}
