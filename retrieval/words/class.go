package words

import (
	"slices"
	"strings"
	"sync"

	"verbatim/retrieval/english"
)

// Class is a set of what the lists of package english say of a word. A word
// is in several: "may" is a month and a modal.
type Class uint64

// The classes.
const (
	IsStop           Class = 1 << iota // too common to search for
	IsFiller                           // without content of its own
	IsFigure                           // begins with a digit
	IsYear                             // four digits that may be a year
	IsCardinal                         // a number in letters, from zero to ninety
	IsOrdinal                          // first, second, …
	IsMagnitude                        // hundred, million, dozen
	IsFraction                         // half, quarter
	IsVague                            // dozens, hundreds
	IsQuantity                         // tells how many: a number in letters but "one", or "none"
	IsUnit                             // km, percent, dollars
	IsMonth                            // January, in full
	IsShortMonth                       // Jan
	IsWeekday                          // Sunday, in full
	IsRelativeDay                      // today, yesterday
	IsPeriod                           // week, months
	IsReporting                        // a verb that gives a claim: say, deny
	IsSpeech                           // a verb of speech that a question asks for
	IsClaim                            // a noun for a claim
	IsRumour                           // in the passive, a claim of nobody by name
	IsOpinion                          // a verb of thinking
	IsProof                            // a word for showing or believing
	IsReason                           // joins an effect to its cause
	IsNegator                          // reverses what it governs
	IsModal                            // future or doubt
	IsHedge                            // possible, still to come, or only wanted
	IsHearsay                          // reportedly
	IsPronoun                          // of the third person
	IsSpeaker                          // of the first or second person
	IsArticle                          // the, a, its, this
	IsPreposition                      // in, of, under
	IsConjunction                      // begins a clause
	IsBe                               // a form of "be"
	IsAuxiliary                        // stands before the main verb
	IsQuestion                         // who, when
	IsTitle                            // Mr, Gen
	IsOffice                           // president, spokesman
	IsPerson                           // man, victim
	IsGivenName                        // John, Mohammad
	IsOrganisation                     // in an organisation's name
	IsBody                             // an organisation by itself: NATO
	IsAgency                           // a news agency by one word
	IsPlaceKind                        // city, province
	IsPlace                            // a country, city or region by itself
	IsDemonym                          // Afghan
	IsConnector                        // of, bin
	IsCommon                           // begins a sentence without being a name
	IsStandIn                          // stands, with "the", for a name
	IsSuperlative                      // largest, first
	IsBound                            // begins a phrase before a number: more (than), about
	IsNegatingPhrase                   // begins a phrase that reverses: rather (than)
	IsReasonPhrase                     // begins a phrase of reason: as (a result of)
	IsPlacePhrase                      // begins a place of several words: New (York)
	IsPlacePrep                        // stands right before a place
)

// classes are the classes of words, and those of all words of a base.
type classes struct{ exact, base map[string]Class }

var classTable = sync.OnceValue(func() *classes {
	t := &classes{exact: make(map[string]Class), base: make(map[string]Class)}
	for _, l := range []struct {
		class Class
		set   english.Set
	}{
		{IsStop, english.Stop}, {IsFiller, english.Fillers}, {IsArticle, english.Articles}, {IsPreposition, english.Prepositions},
		{IsConjunction, english.Conjunctions}, {IsBe, english.Be}, {IsAuxiliary, english.Auxiliaries}, {IsQuestion, english.QuestionWords},
		{IsPronoun, english.Pronouns}, {IsSpeaker, english.SpeakerPronouns},
		{IsVague, english.Vague}, {IsQuantity, english.Quantities}, {IsSuperlative, english.Superlatives},
		{IsPeriod, english.Periods},
		{IsNegator, english.Negators}, {IsModal, english.Modals}, {IsHedge, english.Hedges}, {IsHearsay, english.Hearsay}, {IsReason, english.Reasons},
		{IsTitle, english.Titles}, {IsOffice, english.Offices}, {IsPerson, english.Persons}, {IsGivenName, english.GivenNames},
		{IsOrganisation, english.Organisations}, {IsBody, english.Bodies}, {IsAgency, english.AgencyAcronyms},
		{IsPlaceKind, english.PlaceKinds}, {IsPlacePrep, english.PlacePrepositions}, {IsDemonym, english.Demonyms},
		{IsPlace, english.Cities}, {IsPlace, english.Regions},
		{IsConnector, english.Connectors}, {IsCommon, english.Common}, {IsStandIn, english.StandIns},
	} {
		for _, w := range l.set.Words() {
			t.exact[w] |= l.class
		}
	}
	for _, l := range []struct {
		class Class
		set   english.Set
	}{{IsReporting, english.ReportingVerbs}, {IsSpeech, english.SpeechVerbs}, {IsClaim, english.ClaimNouns},
		{IsRumour, english.RumourVerbs}, {IsOpinion, english.OpinionVerbs}, {IsProof, english.Proof}} {
		for _, w := range l.set.Words() {
			t.base[baseOf(w)] |= l.class
		}
	}
	for _, w := range english.NegatingVerbs.Words() {
		t.exact[w] |= IsNegator
		t.base[Stem(w)] |= IsNegator
	}
	t.addValues()
	t.addPhrases()
	return t
})

// addValues adds the words that stand for a number, a unit, a day or a
// country.
func (t *classes) addValues() {
	add(t, IsCardinal, english.Cardinals)
	add(t, IsOrdinal, english.Ordinals)
	add(t, IsMagnitude, english.Magnitudes)
	add(t, IsFraction, english.Fractions)
	add(t, IsUnit, english.Units)
	add(t, IsUnit, english.Currencies)
	add(t, IsMonth, english.Months)
	add(t, IsShortMonth, english.ShortMonths)
	add(t, IsWeekday, english.Weekdays)
	add(t, IsRelativeDay, english.RelativeDays)
	for w := range english.Countries.All() {
		if !english.Demonyms.Has(w) {
			t.exact[w] |= IsPlace
		}
	}
	for w, class := range t.exact {
		if class&(IsCardinal|IsVague) != 0 && w != "one" || class&IsMagnitude != 0 && len(w) > 2 {
			t.exact[w] |= IsQuantity
		}
	}
}

func add[V any](t *classes, class Class, m english.Map[V]) {
	for w := range m.All() {
		t.exact[w] |= class
	}
}

// addPhrases adds the words that begin a phrase, and the agencies of one word.
func (t *classes) addPhrases() {
	for class, list := range map[Class][]string{
		IsBound: english.Bounds.All(), IsNegatingPhrase: english.NegatingPhrases.All(), IsReasonPhrase: english.ReasonPhrases.All(), IsPlacePhrase: english.PlacePhrases.All(),
	} {
		for _, phrase := range list {
			first, _, _ := strings.Cut(phrase, " ")
			t.exact[first] |= class
		}
	}
	for _, name := range slices.Concat(english.Agencies.All(), english.AgenciesAsIs.All()) {
		if !strings.ContainsAny(name, " -") {
			t.exact[name] |= IsAgency
		}
	}
}

func baseOf(word string) string {
	if base, ok := english.Irregular.Get(word); ok {
		return Stem(base)
	}
	return Stem(word)
}

// classOf returns the classes of a word whose other fields are set.
func classOf(w *Word) Class {
	if w.Text == "" {
		return 0
	}
	if w.Text[0] >= '0' && w.Text[0] <= '9' {
		if len(w.Text) == 4 && (w.Text[:2] == "19" || w.Text[:2] == "20") {
			return IsFigure | IsYear
		}
		return IsFigure
	}
	t := classTable()
	class := t.exact[w.Text] | t.base[w.Base]
	if strings.HasSuffix(w.Text, "n't") {
		class |= IsNegator
	}
	return class
}
