// Package facts reads from a text what news is about: figures with their unit
// and bound, dates, names of persons, places and organisations, who says what,
// what is denied or in doubt, and why. There is one reader of these, so that
// ranking, the comparison of sources and the guard agree on what a figure is.
//
// It reads words, not meaning. English is read from left to right by rules
// over the tokens' classes (package words) and the lists of package english;
// what the rules do not know is a word. Nothing here fails: any text has
// facts, perhaps none.
//
// # Use
//
//	vocabulary := words.NewVocabulary(stemmer) // one for a question
//	var reader facts.Reader                    // reuses its memory
//	f := reader.Read(vocabulary.View(sentence))
//	if f.Has(facts.KindMoney | facts.KindPercent) { … }
//	for fact := range f.Find(facts.KindPerson) {
//		tokens := f.Tokens[fact.From:fact.To]
//	}
//
// A Reader's Facts are valid until its next Read; the function [Read] returns
// Facts to keep. Figures, dates, names, reasons and the kinds of everything
// are read at once, in one or two microseconds for ten words. Clauses, claims
// and negations cost as much again and are read when they are asked for.
//
// Which kinds answer which question: "how many" KindNumber (with
// [Figure.Counts] for what is counted), "how much" KindMoney, KindPercent or
// KindMeasure, "how old" KindAge, "how long" KindDuration, "when" KindDate,
// KindYear, KindClock, "who" KindPerson, then KindOrganisation, "where"
// KindPlace, "why" KindReason, then KindMaybeReason. A name whose kind cannot be
// told has only KindName.
//
// Positions are of tokens, the end exclusive; [Facts.Bytes] gives the bytes
// of the text that they stand for.
package facts
