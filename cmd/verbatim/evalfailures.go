package main

import (
	"cmp"
	"slices"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/internal/eval"
)

// failuresOf returns the n worst failures: wrong quotes first, then answers
// without an answer in them, then refusals, then a wrong first quote; of each
// the one that the desk was surest of.
func failuresOf(r *eval.Report, n int) []failureJSON {
	type failure struct {
		eval.Outcome
		why   string
		worst int
		sure  float64 // of what it did
	}
	var all []failure
	for _, o := range r.Outcomes {
		if o.Answer == nil {
			continue
		}
		why, worst := failureOf(o)
		sure := o.Answer.Sure
		if o.Answer.Status != answer.StatusAnswered {
			sure = 1 - sure
		}
		if why != "" {
			all = append(all, failure{o, why, worst, sure})
		}
	}
	slices.SortStableFunc(all, func(a, b failure) int { return cmp.Or(cmp.Compare(b.worst, a.worst), cmp.Compare(b.sure, a.sure)) })
	var out []failureJSON
	for _, o := range all[:min(n, len(all))] {
		f := failureJSON{ID: o.Question.ID, Question: o.Question.Question, Why: o.why, Wanted: api.List(o.Question.Answers), Sure: o.Answer.Sure}
		if o.Answer.Status == answer.StatusAnswered {
			f.Printed = api.NewQuotes(o.Answer.Quotes, false)
		} else {
			f.Printed = api.NewQuotes(o.Answer.Nearest, false)
		}
		out = append(out, f)
	}
	return out
}

// failureOf says what is wrong with an outcome, or nothing, and how bad it is.
func failureOf(o eval.Outcome) (why string, worst int) {
	is := func(name string) bool { v, ok := o.Values[name]; return ok && v < 1 }
	known := len(o.Question.Answers) > 0
	switch {
	case is(eval.Verbatim):
		return "a quote differs from its article", 5
	case is(eval.Refused):
		return "answered, although the articles do not say", 4
	case is(eval.Answered) && known && is(eval.PassageHit10):
		return "refused; no passage of the first ten holds an answer", 2
	case is(eval.Answered):
		return "refused, although the articles say", 2
	case is(eval.QuoteHit) && known && is(eval.PassageHit10):
		return "no quote holds an answer, and no passage of the first ten does", 3
	case is(eval.QuoteHit) && known:
		return "no quote holds an answer, but a passage of the first ten does", 3
	case is(eval.FirstQuote) && known:
		return "the first quote holds no answer", 1
	}
	return "", 0
}
