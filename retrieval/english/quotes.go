package english

// What a quote needs to stand alone, and what a point must not hold.
var (
	Binding       = setOf("binding")         // must not be cut off from what they qualify
	Subjects      = setOf("subject")         // can be, or begin, a subject
	Adverbials    = setOf("adverbial")       // begin a sentence before its subject
	Verbals       = setOf("verbal")          // behind a "this" that stands for something
	LinkEndings   = setOf("link.ending")     // endings of the names of sites
	NoInstruction = setOf("instruction.not") // behind a verb: it is no instruction
)
