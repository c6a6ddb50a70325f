package facts

import (
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// readCues finds the words of reason, speech, negation, doubt and first
// place.
func (f *Facts) readCues() {
	const cues = words.IsReason | words.IsReasonPhrase | words.IsReporting | words.IsSpeech | words.IsNegator | words.IsNegatingPhrase |
		words.IsModal | words.IsHearsay | words.IsSuperlative
	for i := range f.Tokens {
		t := &f.Tokens[i]
		if t.Class&cues == 0 || f.marks[i].flags&inFigure != 0 && t.Class&words.IsSuperlative == 0 {
			continue
		}
		f.readReason(i)
		if t.Class&(words.IsReporting|words.IsSpeech) != 0 && f.verb(i) {
			f.add(KindSpeech, i, i+1)
		}
		if f.negator(i) {
			f.add(KindNegation, i, i+1)
		}
		if t.Class&(words.IsModal|words.IsHearsay) != 0 && !t.Cap {
			f.add(KindDoubt, i, i+1)
		}
		if t.Class&words.IsSuperlative != 0 && t.Text != "least" && !(t.Text == "most" && f.text(i-1) == "at") {
			f.add(KindSuperlative, i, i+1)
		}
	}
}

// readReason adds the phrase or word of reason that begins at token i.
func (f *Facts) readReason(i int) {
	t := &f.Tokens[i]
	if t.Class&words.IsReasonPhrase != 0 {
		if n := english.ReasonPhrases.Match(f.from(i)); n > 0 {
			f.add(KindReason, i, i+n)
			return
		}
	}
	switch {
	case t.Class&words.IsReason == 0 || t.Cap && f.marks[i].flags&inName != 0:
	case english.WeakReasons.Has(t.Text):
		f.add(KindMaybeReason, i, i+1)
	default:
		f.add(KindReason, i, i+1)
	}
}

// positiveNo reports whether "no" at token i denies nothing: "no fewer than",
// "No. 2".
func (f *Facts) positiveNo(i int) bool {
	if f.text(i) != "no" {
		return false
	}
	return english.PositiveNo.Has(f.text(i+1)) || f.is(i+1, words.IsFigure) && strings.HasPrefix(f.Gap(i+1), ".")
}

// negator reports whether token i is or begins what reverses what follows.
func (f *Facts) negator(i int) bool {
	return f.is(i, words.IsNegator) && !f.positiveNo(i) || f.is(i, words.IsNegatingPhrase) && english.NegatingPhrases.Match(f.from(i)) > 0
}

// verb tells a verb of reporting at token i from the noun or participle
// spelled alike: "the reports", "a statement", "the largest confirmed".
func (f *Facts) verb(i int) bool {
	if i > 0 {
		if english.BeforeNouns.Has(f.text(i-1)) || f.marks[i].gap&gapHyphen != 0 {
			return false
		}
	}
	if english.NounsAlike.Has(f.text(i)) && !f.verbAlike(i) {
		return false
	}
	return !f.Tokens[i].Cap || f.First(i)
}

// verbAlike reports whether a word that may be a noun is a verb at token i: it
// has a subject or an auxiliary before it, or "that" behind it.
func (f *Facts) verbAlike(i int) bool {
	if f.text(i+1) == "that" || i == 0 {
		return f.text(i+1) == "that"
	}
	before := f.text(i - 1)
	return f.is(i-1, words.IsPronoun|words.IsSpeaker|words.IsAuxiliary) || before == "to" || before == "who" || before == "not" || before == "also" ||
		f.marks[i-1].flags&inName != 0 && f.marks[i].gap&gapTight != 0
}

// Clause is a range of tokens between punctuation or conjunctions.
type Clause struct {
	Range
	Sentence int
}

// Clauses returns the clauses of the text in order: they end at punctuation
// outside of figures and before conjunctions. A clause of fewer than two
// content words joins the one before it.
func (f *Facts) Clauses() []Clause {
	if len(f.clauses) > 0 || len(f.Tokens) == 0 {
		return f.clauses
	}
	start, count := 0, 0
	flush := func(end int) {
		if end == start {
			return
		}
		last := len(f.clauses) - 1
		if count < 2 && last >= 0 && f.clauses[last].Sentence == f.Sentence(start) {
			f.clauses[last].To = end
		} else {
			f.clauses = append(f.clauses, Clause{Range{start, end}, f.Sentence(start)})
		}
		start, count = end, 0
	}
	for i := range f.Tokens {
		if i > 0 && (f.Sentence(i) != f.Sentence(i-1) || f.marks[i].gap&gapClause != 0 || f.is(i, words.IsConjunction)) {
			flush(i)
		}
		if f.Content(i) {
			count++
		}
	}
	flush(len(f.Tokens))
	return f.clauses
}

// ClauseOf returns the index among Clauses of the one that holds token i.
func (f *Facts) ClauseOf(i int) int {
	list := f.Clauses()
	for c := range list {
		if i < list[c].To {
			return c
		}
	}
	return len(list) - 1
}

// PastTense reports whether a word has the form of a verb in the past, which
// news is told in.
func PastTense(w *words.Word) bool {
	return english.Irregular.Has(w.Text) || len(w.Text) > 4 && strings.HasSuffix(w.Text, "ed")
}
