package index

import (
	"context"
	"fmt"
	"math"

	"github.com/philippgille/chromem-go"

	"verbatim/retrieval"
)

// Vectors finds passages by vector. It is filled from the articles each
// time the program starts: chromem-go's own files lose documents.
type Vectors struct {
	collection *chromem.Collection
	// Model made the vectors, "" while there are none. The owner guards it.
	Model string
}

// NewVectors returns an empty index.
func NewVectors() (*Vectors, error) {
	collection, err := chromem.NewDB().CreateCollection("passages", nil, noEmbedding)
	if err != nil {
		return nil, fmt.Errorf("make vector index: %w", err)
	}
	return &Vectors{collection: collection}, nil
}

// noEmbedding stands where chromem-go would call a service.
func noEmbedding(context.Context, string) ([]float32, error) {
	return nil, fmt.Errorf("text given to the vector index")
}

// Add takes the vector of the passage at ref. The vector must not be changed
// afterwards.
func (v *Vectors) Add(ref string, vector []float32) error {
	err := v.collection.AddDocument(context.Background(), chromem.Document{ID: ref, Embedding: vector})
	if err != nil {
		return fmt.Errorf("add vector of %s: %w", ref, err)
	}
	return nil
}

// Remove removes the vectors of the passages at refs, if there are any.
func (v *Vectors) Remove(refs []string) error {
	if len(refs) == 0 {
		return nil
	}
	if err := v.collection.Delete(context.Background(), nil, nil, refs...); err != nil {
		return fmt.Errorf("remove vectors: %w", err)
	}
	return nil
}

// Count returns the number of passages that have a vector.
func (v *Vectors) Count() int { return v.collection.Count() }

// Search returns the k passages nearest to vector of those that resolve admits.
func (v *Vectors) Search(ctx context.Context, vector []float32, k int, resolve Resolve) ([]Match, error) {
	var failed error
	best := func(n int) ([]chromem.Result, bool) {
		count := v.collection.Count()
		if count == 0 {
			return nil, true
		}
		results, err := v.collection.QueryEmbedding(ctx, vector, min(n, count), nil, nil)
		if err != nil {
			failed = fmt.Errorf("search vectors: %w", err)
			return nil, true
		}
		if len(results) == count {
			return results, true
		}
		// Which ones of the last group of equals are here is chance.
		last := len(results) - 1
		for last >= 0 && results[last].Similarity == results[len(results)-1].Similarity {
			last--
		}
		return results[:last+1], false
	}
	found, err := collect(ctx, k, best, func(r chromem.Result) (Match, bool, error) {
		m, ok := resolve(r.ID, float64(r.Similarity))
		return m, ok, nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, failed
	}
	return found, err
}

// Unit returns a copy of vector with length 1. It returns ErrDimension if
// vector has not size numbers (any number where size is 0), and ErrVector
// if it has no direction.
func Unit(vector []float32, size int) ([]float32, error) {
	if len(vector) == 0 || size != 0 && len(vector) != size {
		return nil, fmt.Errorf("%w: %d instead of %d", retrieval.ErrDimension, len(vector), size)
	}
	sum := 0.0
	for _, x := range vector {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, retrieval.ErrVector
	}
	norm := math.Sqrt(sum)
	result := make([]float32, len(vector))
	for i, x := range vector {
		result[i] = float32(float64(x) / norm)
	}
	return result, nil
}
