package retrieval

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/segment"
)

// markRepeats brings the marks of all newest revisions in line with the lines that
// several stories share, and returns the IDs of the articles that it stored
// again. What has the right marks is only read, at the speed of reading bodies; memory
// holds 16 bytes for each line that may be shared.
func (e *Engine) markRepeats(ctx context.Context) (changed []string, err error) {
	infos, err := e.store.Articles(ctx, everything)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	outlines, err := e.outlines(ctx, infos)
	if err != nil {
		return nil, err
	}
	repeats := repeatsOf(infos, outlines)
	infos = slices.DeleteFunc(infos, func(i corpus.Info) bool {
		o := outlines[0]
		outlines = outlines[1:]
		return o.Settled(repeats[i.Server])
	})
	for batch := range slices.Chunk(infos, ingestBatch) {
		ids, err := e.markBatch(ctx, batch, repeats)
		changed = append(changed, ids...)
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (e *Engine) markBatch(ctx context.Context, infos []corpus.Info, repeats map[string]*segment.Repeats) (ids []string, err error) {
	var entries []Entry
	for i := range infos {
		old, err := e.store.Original(ctx, infos[i].ID)
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
			continue // removed in the meantime, or left out
		}
		if err != nil {
			return nil, err
		}
		entry, err := reread(old, repeats[infos[i].Server])
		if err != nil {
			return nil, err
		}
		if !slices.Equal(old.Furniture, entry.Article.Furniture) {
			entries = append(entries, entry)
			ids = append(ids, entry.Article.ID)
		}
	}
	if len(entries) == 0 {
		return nil, nil
	}
	if e.embedder != nil {
		if err := e.embedEntries(ctx, entries); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			// As with new articles, words find them until they have vectors.
			e.log.Warn("embed articles whose furniture was marked again", "err", err)
		}
	}
	if err := e.store.Put(ctx, entries); err != nil {
		return nil, fmt.Errorf("store %d articles whose furniture was marked again: %w", len(entries), err)
	}
	return ids, nil
}

// outlines returns those of the articles of infos, that of a removed or damaged one empty.
func (e *Engine) outlines(ctx context.Context, infos []corpus.Info) ([]segment.Outline, error) {
	outlines := make([]segment.Outline, len(infos))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range infos {
		g.Go(func() error {
			a, err := e.store.Article(ctx, infos[i].ID)
			if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
				return nil
			}
			if err != nil {
				return err
			}
			outlines[i] = segment.NewOutline(a.Body, a.Furniture)
			return nil
		})
	}
	return outlines, g.Wait()
}

// repeatsOf returns what the articles of each server share, "" being the
// operator. What a server ingests changes no article of others.
func repeatsOf(infos []corpus.Info, outlines []segment.Outline) map[string]*segment.Repeats {
	by := map[string][]segment.Outline{"": nil}
	for i := range infos {
		by[infos[i].Server] = append(by[infos[i].Server], outlines[i])
	}
	common := segment.NewRepeats(nil, by[""])
	repeats := make(map[string]*segment.Repeats, len(by))
	for server, list := range by {
		repeats[server] = segment.NewRepeats(common, list)
	}
	repeats[""] = common
	return repeats
}

// reread reads a stored article again. One that holds nothing but shared
// lines keeps them.
func reread(old *corpus.Article, repeats *segment.Repeats) (Entry, error) {
	item := Item{Source: old.Source, Raw: old.Raw, Body: &old.Body, Given: old.Given, Server: old.Server, Collection: old.Collection, stored: true}
	for {
		a, err := ReadAmong(item, repeats)
		if err != nil {
			return Entry{}, fmt.Errorf("read article %s again: %w", old.ID, err)
		}
		a.ID, a.RawHash = old.ID, old.RawHash
		passages := segment.Passages(a.Body, a.Furniture)
		if a.Passages = len(passages); a.Passages > 0 || repeats == nil {
			return Entry{Article: a, Passages: passages}, nil
		}
		repeats = nil
	}
}
