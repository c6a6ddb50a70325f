package english

// Numbers and units.
var (
	Cardinals        = numbersOf("cardinal")      // value of a number word
	Ordinals         = numbersOf("ordinal")       // value of an ordinal word
	OrdinalSuffixes  = setOf("ordinal.suffix")    // "st", "nd", …
	Magnitudes       = numbersOf("magnitude")     // what a word multiplies a number by
	Fractions        = numbersOf("fraction")      // parts of one
	BeforePronounOne = setOf("one.pronoun")       // a "one" behind them is no number
	Two              = setOf("two")               // say that it is two
	Vague            = setOf("vague")             // "dozens", "hundreds"
	Quantities       = setOf("quantity")          // tell how many, though no numbers
	Bounds           = phraseMapOf("bound")       // before a number: more, less, nearly, about
	BoundsAfter      = phraseMapOf("bound.after") // behind a number
	BeforeFigures    = setOf("figure.before")     // between a verb and its figure
	Superlatives     = setOf("superlative")       // claim a first place

	Units          = namesOf("unit")            // unit that a form stands for
	CapitalUnits   = namesOf("unit.capital")    // unit of a form in upper case
	UnitMultiples  = numbersOf("unit.multiple") // how many of its unit a form is
	Currencies     = namesOf("currency")        // currency that a form stands for
	SignsBefore    = namesOf("currency.sign")   // unit of a sign before a number
	SignsAfter     = namesOf("unit.sign")       // unit of a sign behind a number
	EssentialUnits = setOf("unit.essential")    // without which a number says something else
)
