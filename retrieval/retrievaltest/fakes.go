// Package retrievaltest holds what tests of the engine, of its stores and of
// what is built on them need: small fakes, and the suite that every store has
// to pass.
package retrievaltest

import (
	"context"
	"hash/fnv"
	"math"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Dimension is the length of the vectors of an Embedder.
const Dimension = 16

// Embedder makes vectors of words by their hashes: equal texts have equal
// vectors, texts that share words similar ones. The zero Embedder is ready.
type Embedder struct {
	Name string // of the model; "fake" if empty
	Err  error  // that Embed returns, if set
}

var _ retrieval.Embedder = Embedder{}

// Model implements retrieval.Embedder.
func (e Embedder) Model() string {
	if e.Name == "" {
		return "fake"
	}
	return e.Name
}

// Embed implements retrieval.Embedder. A text without words has no vector.
func (e Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if e.Err != nil {
		return nil, e.Err
	}
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = vector(text)
	}
	return vectors, ctx.Err()
}

func vector(text string) []float32 {
	v := make([]float32, Dimension)
	sum := 0.0
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New64a()
		h.Write([]byte(word))
		bits := h.Sum64()
		for i := range v {
			v[i] += float32(int8(bits>>(i%8*8)))/128 + 0.01
		}
	}
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return nil
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(sum))
	}
	return v
}

// NewEntry returns an article of the source with one passage a paragraph
// (paragraphs are set apart by a blank line) and vectors of the fake Embedder.
func NewEntry(source, body string) retrieval.Entry {
	a := &corpus.Article{Body: body, Raw: []byte(body)}
	a.ID, a.Source, a.Title = corpus.NewID(source), source, "On "+source
	a.Bytes, a.BodyHash, a.RawHash = len(body), corpus.Hash(body), corpus.Hash("raw "+body)
	e := retrieval.Entry{Article: a, Model: Embedder{}.Model()}
	start := 0
	for _, part := range strings.SplitAfter(body, "\n\n") {
		text := strings.TrimRight(part, "\n")
		if text != "" {
			e.Passages = append(e.Passages, corpus.Span{Start: start, End: start + len(text)})
			e.Vectors = append(e.Vectors, vector(text))
		}
		start += len(part)
	}
	a.Passages = len(e.Passages)
	return e
}

// Revise returns e as revision n of its article with another body.
func Revise(e retrieval.Entry, n int, body string) retrieval.Entry {
	r := NewEntry(e.Article.Source, body)
	bare, _ := corpus.SplitID(e.Article.ID)
	r.Article.ID = corpus.RevisionID(bare, n)
	return r
}

// Terms returns a query for stems.
func Terms(stems ...string) retrieval.WordQuery {
	var q retrieval.WordQuery
	for _, s := range stems {
		q.Terms = append(q.Terms, retrieval.Term{Text: s})
	}
	return q
}
