package index

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/philippgille/chromem-go"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Vectors finds passages by vector. It is filled from the articles each time the
// program starts: chromem-go's own files lose documents.
//
// A search compares the question with every vector, so each owner (a Discord
// server, "" for the operator) has vectors of its own: what one server ingested
// costs the others nothing. Vectors may be used from many goroutines.
type Vectors struct {
	// Model made the vectors, "" while there are none. The owner guards it.
	Model string

	mu     sync.RWMutex
	owners map[string]*chromem.Collection
}

// NewVectors returns an empty index.
func NewVectors() *Vectors { return &Vectors{owners: map[string]*chromem.Collection{}} }

// of returns the vectors of an owner, nil if there are none.
func (v *Vectors) of(owner string) *chromem.Collection {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.owners[owner]
}

// make returns the vectors of an owner, which may be new.
func (v *Vectors) make(owner string) (*chromem.Collection, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if c := v.owners[owner]; c != nil {
		return c, nil
	}
	c, err := chromem.NewDB().CreateCollection("passages", nil, noEmbedding)
	if err != nil {
		return nil, fmt.Errorf("make vector index: %w", err)
	}
	v.owners[owner] = c
	return c, nil
}

// noEmbedding stands where chromem-go would call a service.
func noEmbedding(context.Context, string) ([]float32, error) {
	return nil, fmt.Errorf("text given to the vector index")
}

// Add takes the vector of an owner's passage at ref. The vector must not be
// changed afterwards.
func (v *Vectors) Add(owner, ref string, vector []float32) error {
	c, err := v.make(owner)
	if err == nil {
		err = c.AddDocument(context.Background(), chromem.Document{ID: ref, Embedding: vector})
	}
	if err != nil {
		return fmt.Errorf("add vector of %s: %w", ref, err)
	}
	return nil
}

// Remove removes the vectors of an owner's passages at refs, if there are any.
func (v *Vectors) Remove(owner string, refs []string) error {
	c := v.of(owner)
	if c == nil || len(refs) == 0 {
		return nil
	}
	if err := c.Delete(context.Background(), nil, nil, refs...); err != nil {
		return fmt.Errorf("remove vectors: %w", err)
	}
	return nil
}

// Count returns the number of passages that have a vector.
func (v *Vectors) Count() (n int) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, c := range v.owners {
		n += c.Count()
	}
	return n
}

// Search returns the k passages nearest to vector of those of the owners in
// scope that resolve admits.
func (v *Vectors) Search(ctx context.Context, vector []float32, k int, scope corpus.Scope, resolve Resolve) ([]Match, error) {
	var found []Match
	for _, owner := range v.seen(scope) {
		own, err := searchOne(ctx, v.of(owner), vector, k, resolve)
		if err != nil {
			return nil, err
		}
		found = append(found, own...)
	}
	slices.SortFunc(found, order)
	return found[:min(max(k, 0), len(found))], ctx.Err()
}

// seen lists the owners that have vectors in scope.
func (v *Vectors) seen(scope corpus.Scope) (owners []string) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for owner := range v.owners {
		if scope.All || owner == "" || owner == scope.Server {
			owners = append(owners, owner)
		}
	}
	return owners
}

func searchOne(ctx context.Context, collection *chromem.Collection, vector []float32, k int, resolve Resolve) ([]Match, error) {
	var failed error
	best := func(n int) ([]chromem.Result, bool) {
		count := collection.Count()
		if count == 0 {
			return nil, true
		}
		results, err := collection.QueryEmbedding(ctx, vector, min(n, count), nil, nil)
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
// vector has not size numbers (any number if size is 0), and ErrVector
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
