package english

// Lists about the lines above and below a story.
var (
	HeadLabels     = phrasesOf("head-label") // labels before a colon
	Editions       = phrasesOf("edition")    // "first edition"
	Kickers        = phrasesOf("kicker")     // stand above a headline and are none
	NavWords       = setOf("nav-word")       // of navigation lines
	HeadWords      = setOf("head-word")      // in lower case, in bylines and date lines
	EventWords     = setOf("event-word")     // make a day that of an event
	FutureWords    = setOf("future")         // put a sentence after its writing
	NewspaperWords = setOf("newspaper-word") // in the names of newspapers
	NewspaperEnds  = setOf("newspaper-end")  // at the end of such a name
	Broadcasters   = setOf("broadcaster")    // outlets known by one word
	NoPlace        = setOf("no-place")       // stand before a colon and are no place
	EventLabels    = setOf("event-label")    // labels of an announcement
)
