package retrieval

import (
	"verbatim/retrieval/corpus"
)

// Item is one article as a loader found it, not yet read.
type Item struct {
	// Source is the identity: its hash is the article's ID.
	Source string
	// Raw is the bytes as received: a whole file, or one JSON line.
	Raw []byte
	// Body is the text if the loader already has it as a value (the text
	// field of a JSON line); nil if Raw itself is the text.
	Body *string
	// Given is what was said of the article beside its text.
	Given corpus.Given
	// Server is the Discord server that ingests it, "" for the operator.
	Server string
	// Collection is the one that it goes into, "" for the default one.
	Collection string
	// Notes say what the loader could not read of it, in plain words.
	Notes []string
	// Unused are the keys of its metadata that were not used.
	Unused []string

	stored bool // Body is that of a stored article, decoded already
}
