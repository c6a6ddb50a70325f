package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/segment"
)

// DropForeignVectors removes the vectors of the store if they are of another
// model than e's, so that two models are never mixed, and reports whether it
// did. Articles are found by words alone until Reembed has put them back.
func (e *Engine) DropForeignVectors(ctx context.Context) (bool, error) {
	if e.embedder == nil {
		return false, nil
	}
	model, err := e.store.VectorModel(ctx)
	if err != nil || model == "" || model == e.embedder.Model() {
		return false, err
	}
	if err := e.store.ForgetVectors(ctx); err != nil {
		return false, fmt.Errorf("forget the vectors of %s: %w", model, err)
	}
	return true, nil
}

// Reembed gives vectors to the articles of the store that have none, up to 64 a
// transaction, and returns how many it was. What was stored before an error
// stays stored. progress, if set, is told how many articles of all are done.
func (e *Engine) Reembed(ctx context.Context, progress func(done, all int)) (int, error) {
	if e.embedder == nil {
		return 0, nil
	}
	ids, err := e.store.Unembedded(ctx)
	if err != nil {
		return 0, err
	}
	for done := 0; done < len(ids); {
		end := min(done+ingestBatch, len(ids))
		entries := make([]Entry, 0, end-done)
		for _, id := range ids[done:end] {
			a, err := e.store.Original(ctx, id)
			if errors.Is(err, ErrDamaged) {
				continue
			}
			if err != nil {
				return done, err
			}
			entries = append(entries, Entry{Article: a, Passages: segment.Passages(a.Body, a.Furniture)})
		}
		if err := e.embedEntries(ctx, entries); err != nil {
			return done, err
		}
		if err := e.store.Put(ctx, entries); err != nil {
			return done, fmt.Errorf("store the vectors of %d articles: %w", len(entries), err)
		}
		if done = end; progress != nil {
			progress(done, len(ids))
		}
	}
	return len(ids), nil
}

// Rederive reads every article of the store again by the rules of this program, and
// stores those again whose furniture, facts or passages come out otherwise, as
// lines that several of them share may. The body stays as it is, so refs go on
// to work. It returns how many it stored; progress is told how many of all are
// read.
func (e *Engine) Rederive(ctx context.Context, progress func(done, all int)) (int, error) {
	infos, err := e.store.Articles(ctx, everything)
	if err != nil {
		return 0, fmt.Errorf("list articles: %w", err)
	}
	outlines, err := e.outlines(ctx, infos)
	if err != nil {
		return 0, err
	}
	repeats := repeatsOf(infos, outlines)
	changed := 0
	var entries []Entry
	for i := range infos {
		entry, same, err := e.rederive(ctx, infos[i].ID, repeats[infos[i].Server])
		if err != nil {
			return changed, err
		}
		if !same {
			entries = append(entries, entry)
		}
		if len(entries) == ingestBatch || i == len(infos)-1 && len(entries) > 0 {
			if e.embedder != nil {
				if err := e.embedEntries(ctx, entries); err != nil {
					return changed, err
				}
			}
			if err := e.store.Put(ctx, entries); err != nil {
				return changed, fmt.Errorf("store %d articles: %w", len(entries), err)
			}
			changed += len(entries)
			entries = nil
		}
		if progress != nil {
			progress(i+1, len(infos))
		}
	}
	return changed, nil
}

// rederive reads one article again, and reports whether it comes out the same. A
// damaged one is left as it is.
func (e *Engine) rederive(ctx context.Context, id string, repeats *segment.Repeats) (entry Entry, same bool, err error) {
	old, err := e.store.Original(ctx, id)
	if errors.Is(err, ErrDamaged) {
		return entry, true, nil
	}
	if err != nil {
		return entry, false, err
	}
	passages, err := e.store.Passages(ctx, id)
	if err != nil {
		return entry, false, err
	}
	if entry, err = reread(old, repeats); err != nil {
		return entry, false, err
	}
	same = slices.Equal(passages, entry.Passages) && slices.Equal(old.Furniture, entry.Article.Furniture) &&
		sameFacts(old.Info, entry.Article.Info)
	return entry, same, nil
}

// sameFacts reports whether a and b say the same, but for an inferred date.
func sameFacts(a, b corpus.Info) bool {
	if a.Basis == corpus.BasisInferred {
		a.Published, a.Basis = "", corpus.BasisNone
	}
	return slices.Equal(a.Days, b.Days) && a.Title == b.Title && a.Outlet == b.Outlet && a.Agency == b.Agency &&
		a.Author == b.Author && a.Place == b.Place && a.URL == b.URL && a.Language == b.Language &&
		a.Published == b.Published && a.Basis == b.Basis && a.PublishedSpan == b.PublishedSpan
}

// embedEntries fills the vectors of all entries by one call.
func (e *Engine) embedEntries(ctx context.Context, entries []Entry) error {
	var texts []string
	for _, x := range entries {
		for _, span := range x.Passages {
			texts = append(texts, IndexText(&x.Article.Info, x.Article.Body[span.Start:span.End]))
		}
	}
	if len(texts) == 0 {
		return nil
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
