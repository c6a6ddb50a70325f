package english

// Lists about what a statement may not be quoted without.
var (
	Announces      = phrasesOf("announces")       // the next sentence withdraws this one
	Retracts       = phrasesOf("retracts")        // begin a sentence that withdraws the one before
	RetractsWithin = phrasesOf("retracts-within") // the same, anywhere in it
	DenyingVerbs   = setOf("denies")              // deny what stands before
	DeniedThings   = setOf("deniable")            // objects of such a verb
	Corrects       = phrasesOf("corrects")        // of a sentence that corrects the article
	FirstPerson    = setOf("first-person")        // words of the speaker for himself
	AnswerOpenings = setOf("answering")           // begin an answer to a question
)
