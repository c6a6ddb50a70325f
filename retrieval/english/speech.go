package english

// Saying and claiming.
var (
	ReportingVerbs = setOf("reporting")     // give something as somebody's words or belief; base forms
	SpeechVerbs    = setOf("speech")        // what a question asks for the words of; base forms
	ClaimNouns     = setOf("claim")         // nouns for what somebody says or believes
	RumourVerbs    = setOf("rumour")        // in the passive, a claim of nobody by name; base forms
	OpinionVerbs   = setOf("opinion")       // verbs of thinking; base forms
	Findings       = setOf("finding")       // nouns for what shows something
	Showing        = setOf("showing")       // verbs behind these
	NounsAlike     = setOf("noun.alike")    // forms of reporting verbs that are nouns more often
	Between        = setOf("adverb.before") // between a subject and its verb
	BeforeNouns    = setOf("noun.before")   // a verb of reporting behind one is a noun
)
