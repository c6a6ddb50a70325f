package english

// Names of persons, organisations and places, and the words about them.
var (
	Common         = setOf("common")             // begin a sentence without being a name
	CommonSuffixes = numbersOf("common.suffix")  // endings of words that are hardly names
	Connectors     = setOf("connector")          // lower-case words inside a name
	DemonymEndings = numbersOf("demonym.ending") // least length of the name before an ending
	Sounds         = namesOf("sound")            // letter that others sound like
	StandIns       = setOf("standin")            // stand, with "the", for a name
	Aliases        = groupsOf("alias")           // name one country or body

	OfficeModifiers = setOf("office.modifier") // before an office, and of it
	PersonPronouns  = setOf("pronoun.person")  // of one person
	Things          = setOf("thing")           // in names that are not a person's
	NamedDays       = setOf("weekday.name")    // make a name of the day behind them
	Titles          = setOf("title")           // right before a person's name
	Offices         = setOf("office")          // offices, ranks and roles
	Persons         = setOf("person")          // other nouns of persons
	GivenNames      = setOf("given")           // frequent given names

	Organisations  = setOf("organisation")    // words in an organisation's name
	Bodies         = setOf("body")            // organisations known by one word
	Agencies       = phraseMapOf("agency")    // shown name of a news agency
	AgenciesAsIs   = phrasesOf("agency.self") // agencies shown as written
	AgencyAcronyms = setOf("agency.acronym")  // agencies only if in capitals

	PlaceKinds        = setOf("place.kind")        // city, mount, province, …
	PlaceHeads        = setOf("place.head")        // make a place's name of the name beside them
	PlacePrepositions = setOf("place.preposition") // right before a place
	Countries         = namesOf("country")         // country of a one-word name or adjective
	Demonyms          = setOf("demonym")           // of peoples; no places
	Cities            = setOf("city")              // large cities
	Regions           = setOf("region")            // continents, states, regions
	PlacePhrases      = phrasesOf("place.phrase")  // places of several words
)
