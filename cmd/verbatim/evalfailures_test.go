package main

import (
	"strings"
	"testing"

	"verbatim/answer"
	"verbatim/internal/eval"
)

// The worst failures come first: answers without an answer before refusals
// before a wrong first quote, and of each what the desk was surest of.
func TestFailuresOf(t *testing.T) {
	outcome := func(id string, sure float64, status answer.Status, values map[string]float64) eval.Outcome {
		return eval.Outcome{Question: eval.Question{ID: id, Answers: []string{"x"}}, Values: values, Answer: &answer.Answer{Status: status, Sure: sure}}
	}
	r := &eval.Report{Outcomes: []eval.Outcome{
		outcome("right", .9, answer.StatusAnswered, map[string]float64{eval.Answered: 1, eval.QuoteHit: 1, eval.FirstQuote: 1}),
		outcome("second", .9, answer.StatusAnswered, map[string]float64{eval.Answered: 1, eval.QuoteHit: 1, eval.FirstQuote: 0}),
		outcome("refused", .3, answer.StatusNoEvidence, map[string]float64{eval.Answered: 0, eval.QuoteHit: 0, eval.PassageHit10: 1}),
		outcome("surely-refused", .1, answer.StatusNoEvidence, map[string]float64{eval.Answered: 0, eval.QuoteHit: 0, eval.PassageHit10: 0}),
		outcome("missed", .5, answer.StatusAnswered, map[string]float64{eval.Answered: 1, eval.QuoteHit: 0, eval.PassageHit10: 1}),
		outcome("surely-missed", .8, answer.StatusAnswered, map[string]float64{eval.Answered: 1, eval.QuoteHit: 0, eval.PassageHit10: 0}),
		outcome("misquoted", .2, answer.StatusAnswered, map[string]float64{eval.Verbatim: .5}),
		{Question: eval.Question{ID: "only-searched"}},
	}}
	var ids []string
	for _, f := range failuresOf(r, 99) {
		ids = append(ids, f.ID)
		if strings.HasPrefix(f.ID, "surely") != strings.Contains(f.Why, "no passage") {
			t.Errorf("%s: %s", f.ID, f.Why)
		}
	}
	const want = "misquoted surely-missed missed surely-refused refused second"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("failures %s, want %s", got, want)
	}
	if got := failuresOf(r, 2); len(got) != 2 || got[1].ID != "surely-missed" {
		t.Errorf("two of them: %v", got)
	}
}
