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
