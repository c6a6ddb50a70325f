package english

// Words that make a statement more exact, or let it reach farther, than what it
// stands on.
var (
	Exactly     = setOf("exactly")    // a figure is exact
	Beyond      = setOf("beyond")     // a figure is passed
	AtLeast     = setOf("at.least")   // a figure is reached, and may be passed
	Each        = setOf("each")       // before a period for which a figure holds
	Rates       = setOf("rate")       // for which a figure holds
	Farthest    = setOf("farthest")   // let a superlative hold of everything
	Definite    = setOf("definite")   // begin the description of somebody named elsewhere
	Appositions = setOf("apposition") // begin what is set off behind a name
	Contrasts   = setOf("contrast")   // behind them a text speaks in its own voice again
	Exceptions  = setOf("exception")  // before what a statement does not hold for
)
