package app

import (
	"context"
	"errors"
	"fmt"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local"
)

// stale returns how many articles of store were read by other rules than those
// of this program, and the bytes of their bodies.
func stale(ctx context.Context, store *local.Store) (retrieval.Stats, error) {
	version, err := store.Reading(ctx)
	if err != nil || version == retrieval.ReadingVersion {
		return retrieval.Stats{}, err
	}
	return store.Stats(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
}

// readAgain reads all articles of the catalogue by the rules of this program
// if those of another version read them. Bodies, IDs and refs stay as they are.
func (a *App) readAgain(ctx context.Context) error {
	w, store, err := a.openCatalogue(ctx, false)
	if err != nil {
		return err
	}
	err = w.readAgain(ctx, store)
	return errors.Join(err, w.Close())
}

func (w *Workspace) readAgain(ctx context.Context, store *local.Store) error {
	version, err := store.Reading(ctx)
	if err != nil || version == retrieval.ReadingVersion {
		return err
	}
	stats, err := stale(ctx, store)
	if err != nil {
		return err
	}
	if stats.Articles > 0 {
		if w.Engine == nil {
			if err := w.openEngine(); err != nil {
				return err
			}
		}
		articles := "1 article is"
		if stats.Articles > 1 {
			articles = fmt.Sprintf("all %d articles are", stats.Articles)
		}
		w.app.Notice("The rules for titles, dates and passages are new: " + articles + " read again, once.")
		progress := func(_, _ int) {}
		if w.app.Progress != nil {
			update, end := w.app.Progress("reading", stats.Bytes)
			defer end()
			if update != nil { // nil if no progress is shown
				progress = func(done, all int) {
					update(retrieval.Progress{Articles: done, Bytes: stats.Bytes * int64(done) / int64(max(all, 1))})
				}
			}
		}
		if _, err := w.Engine.Rederive(ctx, progress); err != nil {
			return fmt.Errorf("read the articles again: %w", err)
		}
	}
	return store.SetReading(ctx, retrieval.ReadingVersion)
}
