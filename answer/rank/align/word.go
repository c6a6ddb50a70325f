package align

import (
	"math"
	"strconv"
	"strings"

	"verbatim/retrieval/english"
)

// Word is a distinct word with what is known of it. Words are shared and must not be changed.
type Word struct {
	Text  string // folded, as package words folds it
	Lemma string // its dictionary form; digits for a number word
	Rank  int    // how many words are more frequent, or -1 for an unknown word
	IDF   float32

	Class Class
}

// Class is a set of properties of a word.
type Class uint32

const (
	Function     Class = 1 << iota // a stop word, a question word, an auxiliary, "many" or "much": not matched by meaning
	Asking                         // a question word
	Number                         // digits, or a word that stands for a number
	Calendar                       // a month, a day, a period, a figure that may be a year
	Unit                           // a unit of measure or a currency
	Reason                         // joins an effect to its cause
	Saying                         // a verb of speech
	Person                         // a title, an office or a noun of persons
	Given                          // a given name
	Place                          // a country, a region, a city, a people
	Organisation                   // a word in the name of an organisation
	Negation                       // reverses what it governs
	Pronoun                        // of the third person
)

// Is reports whether the word has one of the properties.
func (w *Word) Is(c Class) bool { return w.Class&c != 0 }

const (
	unknownRank = 60000 // of a word without a vector
	figureIDF   = .7    // of a word that begins with a digit
)

// idf maps a rank to 0 for the most frequent words and to 1 for rare ones: the logarithm of the
// inverse frequency under Zipf's law, flattened for the 20 most frequent.
func idf(rank int) float32 {
	return float32(min(1, math.Log1p(float64(rank)/20)/math.Log1p(unknownRank/20.)))
}

// newWord looks a folded word up.
func (a *Aligner) newWord(text string) *Word {
	w := &Word{Text: text, Lemma: a.net.Lemma(text), Rank: -1}
	if value, ok := english.Cardinals.Get(text); ok {
		w.Lemma = strconv.Itoa(int(value))
	}
	plain, _, _ := strings.Cut(text, "'")
	for _, form := range [...]string{text, w.Lemma, plain, strings.TrimSuffix(plain, "n")} {
		if rank, ok := a.vectors.Rank(form); ok {
			w.Rank = rank
			break
		}
	}
	switch {
	case digit(text):
		w.IDF = figureIDF
	case w.Rank < 0:
		w.IDF = 1
	default:
		w.IDF = idf(w.Rank)
	}
	w.Class = classOf(text, w.Lemma)
	return w
}

func digit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

// classOf looks a word and its lemma up in the word lists.
func classOf(text, lemma string) Class {
	if digit(text) {
		if len(text) == 4 && (text[:2] == "19" || text[:2] == "20") {
			return Number | Calendar
		}
		return Number
	}
	var c Class
	add := func(is bool, class Class) {
		if is {
			c |= class
		}
	}
	add(english.QuestionWords.Has(text), Asking)
	add(c != 0 || english.Stop.Has(text) || english.Auxiliaries.Has(text) || text == "many" || text == "much", Function)
	add(english.Reasons.Has(text), Reason)
	add(english.Negators.Has(text) || strings.HasSuffix(text, "n't"), Negation)
	add(english.Pronouns.Has(text), Pronoun)
	add(english.Cardinals.Has(text) || english.Magnitudes.Has(text) || english.Fractions.Has(text) || english.Vague.Has(text), Number)
	if c&Function != 0 && text != "may" {
		return c
	}
	add(english.Months.Has(text) || english.ShortMonths.Has(text) || english.Weekdays.Has(text) || english.RelativeDays.Has(text) ||
		english.Periods.Has(text) || english.DayParts.Has(text), Calendar)
	add(english.Units.Has(text) || english.Currencies.Has(text), Unit)
	add(english.ReportingVerbs.Has(lemma), Saying)
	add(english.Titles.Has(text) || english.Offices.Has(lemma) || english.Persons.Has(lemma), Person)
	add(english.GivenNames.Has(text), Given)
	add(english.Countries.Has(text) || english.Regions.Has(text) || english.Cities.Has(text) || english.Demonyms.Has(text), Place)
	add(english.Organisations.Has(text) || english.Bodies.Has(text), Organisation)
	return c
}

func auxiliary(w *Word) bool { return english.Auxiliaries.Has(w.Text) }
