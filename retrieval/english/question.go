package english

// How questions are asked.
var (
	Measures       = setOf("ask.measure")    // ask for a number behind "how"
	AskedKinds     = namesOf("ask.kind")     // kind of question that a noun asks; base forms
	AskedPersons   = setOf("ask.person")     // ask for a person if they come last; base forms
	AskFillers     = setOf("ask.filler")     // say nothing of the answer
	AskBroad       = setOf("ask.broad")      // ask about a subject in general
	TypeFillers    = setOf("ask.type")       // say nothing of what is asked for
	AskNow         = setOf("ask.now")        // ask about the days around the day of asking
	AskLatest      = setOf("ask.latest")     // ask how things stand now
	Outlets        = setOf("ask.outlet")     // those who report
	CompareVerbs   = setOf("ask.compare")    // of a question that compares reports
	CauseVerbs     = setOf("ask.cause")      // behind "what": a question for a reason
	EventVerbs     = setOf("ask.event")      // behind "what": a question for what happened
	TypeEndVerbs   = setOf("ask.verb")       // end the words that name what is asked for
	AskAuxiliaries = setOf("ask.auxiliary")  // begin a question for yes or no
	AskSkipped     = setOf("ask.skip")       // skipped on the way to what is asked for
	FollowUps      = phrasesOf("followup")   // what a follow-up begins with
	Instances      = pairsOf("ask.instance") // kinds of things and well-known instances
)
