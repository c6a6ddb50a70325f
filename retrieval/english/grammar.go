package english

// Function words.
var (
	Stop            = setOf("stop")            // too common to search for
	Fillers         = setOf("filler")          // without content of their own, besides Stop
	Conjunctions    = setOf("conjunction")     // begin a clause
	Prepositions    = setOf("preposition")     // stand before a noun phrase
	Articles        = setOf("article")         // and possessives and demonstratives
	Be              = setOf("be")              // forms of "be"
	Auxiliaries     = setOf("auxiliary")       // stand before the main verb
	Pronouns        = setOf("pronoun")         // of the third person
	SpeakerPronouns = setOf("pronoun.speaker") // of the first and second person
	QuestionWords   = setOf("question")        // who, when, …
)
