package retrievaltest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"verbatim/retrieval"
)

// countdown is a context that is cancelled after Err was called n times.
type countdown struct {
	context.Context
	left *atomic.Int64
}

func (c countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func testCancelledOnTheWay(t *testing.T, s retrieval.Store) {
	var entries []retrieval.Entry
	for n := range 50 {
		entries = append(entries, NewEntry(fmt.Sprintf("n%d", n), fmt.Sprintf("dam %d", n)))
	}
	put(t, s, entries...)
	for n := range 120 {
		ctx := countdown{t.Context(), new(atomic.Int64)}
		ctx.left.Store(int64(n))
		hits, err := s.Words(ctx, Terms("dam"), 50, retrieval.Filter{})
		if !(err == nil && len(hits.Hits) == 50) && !(errors.Is(err, context.Canceled) && len(hits.Hits) == 0) {
			t.Errorf("words cancelled at step %d: %d hits, %v", n, len(hits.Hits), err)
		}
		ctx.left.Store(int64(n))
		near, err := s.Nearest(ctx, Embedder{}.Model(), vector("dam"), 50, retrieval.Filter{})
		if !(err == nil && len(near) == 50) && !(errors.Is(err, context.Canceled) && len(near) == 0) {
			t.Errorf("nearest cancelled at step %d: %d hits, %v", n, len(near), err)
		}
	}
}
