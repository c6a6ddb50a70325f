package english

// Negation, modality, reasons and reach.
var (
	Negators        = setOf("negator")            // reverse what they govern
	NegatingVerbs   = setOf("negator.verb")       // so do these, in all their forms
	NegatingPhrases = phrasesOf("negator.phrase") // so do these
	PositiveNo      = setOf("negator.positive")   // stand behind a "no" that denies nothing
	Lacking         = setOf("lacking")            // say what "without" does
	Proof           = setOf("proof")              // words for showing or believing
	Modals          = setOf("modal")              // put a clause in the future or in doubt
	Hedges          = setOf("hedge")              // possible, still to come, or only wanted
	Hearsay         = setOf("hearsay")            // give their clause as somebody's claim
	Reasons         = setOf("reason")             // join an effect to its cause
	WeakReasons     = setOf("reason.weak")        // those that as often say something else
	ReasonPhrases   = phrasesOf("reason.phrase")
	ToCome          = setOf("to-come")        // put what is said after the writing
	Concessions     = phrasesOf("concession") // what follows was no reason
	Scopes          = groupsOf("scope")       // say how far a statement reaches
)
