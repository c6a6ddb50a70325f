package draft

import (
	"context"
	"fmt"
	"slices"

	"verbatim/answer/guard"
)

// Trial is what a model makes of a plain question.
type Trial string

// The outcomes of a trial of a model that keeps to the form.
const (
	TrialAnswered Trial = "answered" // with the sentence, or a point that it carries
	TrialNoAnswer Trial = "no answer"
	TrialInvented Trial = "invented" // wrote what its sentence does not say
)

// fullSentences is how many sentences a prompt of full size holds.
const fullSentences = 40

// Try asks a model one plain question, for the diagnosis of a set-up. The
// sentence that answers comes first; if full is set, as many others follow as
// in a prompt of full size, so that a server that cuts the front of a long
// prompt is found out. prompt is what was sent. An error is that of the call,
// or ErrDraft.
func Try(ctx context.Context, complete Complete, full bool) (outcome Trial, prompt Prompt, read Tokens, err error) {
	b := Brief{Question: "How many buses were bought?", Sentences: []Sentence{trialSentence(0, "The town bought four buses on Monday, the mayor said.")}}
	for i := 1; full && i < fullSentences; i++ {
		b.Sentences = append(b.Sentences, trialSentence(i, fmt.Sprintf(
			"Report %d of the season says that rain fell on the hills north of the river for most of the week, that the roads to the villages stayed open, "+
				"and that the harvest of apples and pears in the valley will begin some days later than it did in the years before.", i)))
	}
	d, err := drafterOf(func(ctx context.Context, p Prompt, onText func(string)) (string, Tokens, error) {
		prompt = p
		return complete(ctx, p, onText)
	})(ctx, b, nil)
	switch {
	case err != nil:
		return "", prompt, d.Tokens, err
	case d.Verdict == NotAnswered:
		return TrialNoAnswer, prompt, d.Tokens, nil
	case carried(b, d):
		return TrialAnswered, prompt, d.Tokens, nil
	}
	return TrialInvented, prompt, d.Tokens, nil
}

func trialSentence(i int, text string) Sentence {
	return Sentence{
		Sentence: guard.Sentence{Text: text, Speaker: "Example", Published: "2021-01-05"},
		Article:  fmt.Sprintf("example%d", i/8), Title: "News of the week", Start: i,
	}
}

// carried reports whether d selects the first sentence, or words a point that
// its sentences carry.
func carried(b Brief, d Draft) bool {
	if len(d.Points) == 0 {
		return slices.Contains(d.Sentences, 1)
	}
	var sentences []guard.Sentence
	for _, s := range b.Sentences {
		sentences = append(sentences, s.Sentence)
	}
	return slices.ContainsFunc(d.Points, func(p guard.Point) bool {
		clean, reason := guard.Clean(p)
		ok, _ := guard.Check(b.Question, clean, sentences)
		return ok && reason == "" && slices.Contains(clean.Sentences, 1)
	})
}
