package english

// How messages that ask nothing are told from questions, and follow-ups from
// questions that stand alone.
var (
	SmallTalk        = namesOf("smalltalk")            // word → what it does
	SmallTalkPhrases = phraseMapOf("smalltalk.phrase") // the same of phrases
	SmallTalkFillers = setOf("smalltalk.filler")       // beside those

	PeoplePronouns = setOf("reference.people")
	ThingPronouns  = setOf("reference.thing")
	MoreOfTheSame  = setOf("reference.more") // at the end of a question
)
