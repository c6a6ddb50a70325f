package english

// Page furniture.
var (
	Furniture     = rulesOf("furniture")      // for whole lines
	TeaserHeads   = phrasesOf("teaser.head")  // lines over links to other stories
	BioPhrases    = phrasesOf("bio")          // of a line that says who wrote a story
	Newsrooms     = phrasesOf("newsroom")     // begin a line that says where its writer works
	NewsroomWords = setOf("newsroom.word")    // in such a line
	PhotoCredits  = phrasesOf("photo.credit") // in brackets behind a caption
	PitchWords    = setOf("pitch")            // speak to the reader
	ShareServices = setOf("share.service")    // services and words for sharing
	ShareWords    = setOf("share.word")       // beside them
	FactLabels    = setOf("fact.label")       // before a colon
)
