package rank

import (
	"verbatim/answer/rank/align"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/query"
)

// slot is what a question asks for: facts of the first kinds, or if a sentence
// has none of them, of the second ones. A question for no kind of fact has the
// zero slot.
type slot struct{ first, second facts.Kind }

const dates = facts.KindDate | facts.KindYear | facts.KindClock | facts.KindWeekday

// slotOf returns what q asks for.
func slotOf(q *query.Question) slot {
	switch q.Kind {
	case query.KindWho:
		return slot{facts.KindPerson, facts.KindName}
	case query.KindWhere:
		return slot{facts.KindPlace, facts.KindName}
	case query.KindWhen:
		return slot{dates, facts.KindDuration}
	case query.KindWhy:
		return slot{facts.KindReason, facts.KindMaybeReason}
	case query.KindSaid:
		return slot{facts.KindSpeech, facts.KindSpeech}
	case query.KindHowMany:
		return measureOf(q)
	case query.KindWhich, query.KindWhat:
		return slot{facts.KindName, facts.KindNumber}
	}
	return slot{}
}

// measureOf returns the kind of figure that q asks for.
func measureOf(q *query.Question) slot {
	switch {
	case q.Has("percentage") || q.Has("percent") || q.Has("proportion") || q.Has("share") || q.Has("fraction"):
		return slot{facts.KindPercent, facts.KindNumber}
	case q.Has("old") || q.Has("age"):
		return slot{facts.KindAge, facts.KindNumber}
	case q.Has("long") || q.Has("often"):
		return slot{facts.KindDuration, facts.KindNumber}
	case q.Has("much") || q.Has("cost") || q.Has("price"):
		return slot{facts.KindMoney | facts.KindPercent | facts.KindMeasure, facts.KindNumber}
	case q.Has("many"):
		return slot{facts.KindNumber, facts.KindNumber}
	}
	return slot{facts.KindMeasure, facts.KindNumber}
}

// fillers returns the facts of a sentence that may fill s and that the
// question does not hold.
func (s slot) fillers(f *facts.Facts, asked func(token int) bool) []facts.Fact {
	for _, kinds := range [...]facts.Kind{s.first, s.second} {
		var out []facts.Fact
		for fact := range f.Find(kinds) {
			if fresh := !anyOf(fact, asked); fresh {
				out = append(out, fact)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// anyOf reports whether is holds for a token of f.
func anyOf(f facts.Fact, is func(token int) bool) bool {
	for i := f.From; i < f.To; i++ {
		if is(i) {
			return true
		}
	}
	return false
}

// askedWords are the folded words and lemmas of a question.
type askedWords map[string]bool

func newAskedWords(q align.Text) askedWords {
	out := make(askedWords)
	for _, t := range q.Tokens {
		out[t.Text], out[t.Lemma] = true, true
	}
	return out
}

// holds reports whether the question holds w.
func (a askedWords) holds(w *align.Word) bool { return a[w.Text] || a[w.Lemma] }
