package retrieval

import (
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/segment"
)

// Sentences returns the sentences of a that may be quoted, in order: no
// furniture, no cross-heads.
func Sentences(a *corpus.Article) []corpus.Span {
	return segment.Sentences(a.Body, a.Furniture)
}

// Sentence is a quotable sentence with what it may not be quoted without.
type Sentence = segment.Sentence

// Quotable returns the same sentences, each with what it may not be quoted
// without.
func Quotable(a *corpus.Article) []Sentence { return segment.Quotable(a.Body, a.Furniture) }
