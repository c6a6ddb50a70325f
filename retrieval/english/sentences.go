package english

// Lists about where sentences end. Words are as they stand in texts, with
// their capitals and the full stops inside them.
var (
	// Abbreviation gives what the full stop behind an abbreviation may be:
	// "title", "number", "month", "clock", "company" or "open".
	Abbreviation = namesOf("abbreviation")
	// Starter holds words that sentences begin with and names hardly do.
	Starter = setOf("starter")
	// ClockWord holds words that go on behind "a.m.", besides days and months.
	ClockWord = setOf("clock-word")
	// DomainEnding holds the last parts of addresses, with a capital.
	DomainEnding = setOf("domain-ending")
	// Says holds verbs of saying as they follow a quotation.
	Says = setOf("says")
	// NameParticle holds words in lower case that stand between names, besides
	// Connectors.
	NameParticle = setOf("name-particle")
	// Unfinished holds words that a sentence does not end with, in lower case.
	Unfinished = setOf("unfinished")
	// MarkedName holds names that are written with "!" or "?" behind them.
	MarkedName = setOf("marked-name")
	// ForeignMonth gives the numbers of months of other languages, from 1.
	ForeignMonth = numbersOf("foreign-month")
	// OrdinalArticle holds words of other languages before an ordinal figure.
	OrdinalArticle = setOf("ordinal-article")
)
