package english

// Forms of words, and relations between words.
var (
	Irregular   = namesOf("irregular") // base form of an irregular form
	Synonyms    = groupsOf("synonym")  // near synonyms of news language
	Antonyms    = pairsOf("antonym")   // words that exclude each other
	Weighty     = groupsOf("weighty")  // words for grave harm, a group for each
	Imperatives = setOf("imperative")  // verbs that begin an instruction
	Address     = setOf("address")     // speak to the reader or of the writer
	Reciprocal  = setOf("reciprocal")  // verbs without a direction
	Begun       = setOf("begun")       // with "to" and a verb: it is done
)
