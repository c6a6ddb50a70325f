package retrieval

import (
	"context"
	"fmt"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/segment"
)

// Vectored is a Store that keeps vectors and knows which articles lack them.
type Vectored interface {
	Store
	// VectorModel names the model of the stored vectors, "" where there are
	// none.
	VectorModel(ctx context.Context) (string, error)
	// ForgetVectors takes out all vectors and their model.
	ForgetVectors(ctx context.Context) error
	// Unembedded returns the IDs of the newest revisions without vectors.
	Unembedded(ctx context.Context) ([]string, error)
	// Original returns an article with its raw bytes.
	Original(ctx context.Context, id string) (*corpus.Article, error)
}

// DropForeignVectors takes out the vectors of s where they are of another
// model than e's, so that two models are never mixed, and reports whether it
// did. Articles are found by words alone until Reembed has put them back.
func (e *Engine) DropForeignVectors(ctx context.Context, s Vectored) (bool, error) {
	if e.embedder == nil {
		return false, nil
	}
	model, err := s.VectorModel(ctx)
	if err != nil || model == "" || model == e.embedder.Model() {
		return false, err
	}
	if err := s.ForgetVectors(ctx); err != nil {
		return false, fmt.Errorf("forget the vectors of %s: %w", model, err)
	}
	return true, nil
}

// Reembed gives vectors to the articles of s that have none, up to 64 a
// transaction, and returns how many it was. What was stored before an error
// stays stored. progress, where set, is told how many articles of all are done.
func (e *Engine) Reembed(ctx context.Context, s Vectored, progress func(done, all int)) (int, error) {
	if e.embedder == nil {
		return 0, nil
	}
	ids, err := s.Unembedded(ctx)
	if err != nil {
		return 0, err
	}
	for done := 0; done < len(ids); {
		end := min(done+ingestBatch, len(ids))
		entries := make([]Entry, 0, end-done)
		for _, id := range ids[done:end] {
			a, err := s.Original(ctx, id)
			if err != nil {
				return done, err
			}
			entries = append(entries, Entry{Article: a, Passages: segment.Passages(a.Body, a.Furniture)})
		}
		if err := e.embedEntries(ctx, entries); err != nil {
			return done, err
		}
		if err := s.Put(ctx, entries); err != nil {
			return done, fmt.Errorf("store the vectors of %d articles: %w", len(entries), err)
		}
		if done = end; progress != nil {
			progress(done, len(ids))
		}
	}
	return len(ids), nil
}

// embedEntries fills the vectors of all entries by one call.
func (e *Engine) embedEntries(ctx context.Context, entries []Entry) error {
	var texts []string
	for _, x := range entries {
		for _, span := range x.Passages {
			texts = append(texts, IndexText(&x.Article.Info, x.Article.Body[span.Start:span.End]))
		}
	}
	vectors, err := e.embedder.Embed(ctx, texts)
	if err != nil {
		return fmt.Errorf("embed %d passages: %w", len(texts), err)
	}
	if len(vectors) != len(texts) {
		return fmt.Errorf("embed %d passages: got %d vectors", len(texts), len(vectors))
	}
	for i := range entries {
		n := len(entries[i].Passages)
		entries[i].Vectors, entries[i].Model = vectors[:n], e.embedder.Model()
		vectors = vectors[n:]
	}
	return nil
}
