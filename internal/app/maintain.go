package app

import (
	"context"
	"errors"
	"fmt"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Remove takes all revisions of the articles with these bare IDs out of the
// catalogue. An unknown one is an *UnknownIDError, and then nothing is taken
// out.
func (a *App) Remove(ctx context.Context, ids []string) error {
	w, store, err := a.openCatalogue(ctx, true)
	if err != nil {
		return err
	}
	if store == nil {
		return &UnknownIDError{ids[0]}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if w, store, err = a.openCatalogue(ctx, false); err != nil {
		return err
	}
	err = remove(ctx, store, ids)
	if err != nil && !errors.As(err, new(*UnknownIDError)) && !errors.Is(err, retrieval.ErrNotFound) {
		err = w.writing(err)
	}
	return errors.Join(err, w.Close())
}

// UnknownIDError says that the catalogue has no article with this ID.
type UnknownIDError struct{ ID string }

func (e *UnknownIDError) Error() string {
	return fmt.Sprintf("there is no article %s in the catalogue", e.ID)
}

func remove(ctx context.Context, store retrieval.Store, ids []string) error {
	infos, err := store.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, i := range infos {
		bare, _ := corpus.SplitID(i.ID)
		known[bare] = true
	}
	stats, err := store.Stats(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		return err
	}
	for _, id := range stats.Unreadable {
		bare, _ := corpus.SplitID(id)
		known[bare] = true
	}
	for _, id := range ids {
		if !known[id] {
			return &UnknownIDError{id}
		}
	}
	return store.Delete(ctx, ids)
}

// Steps are told how far each step of a rebuild has come; any may be nil.
type Steps struct {
	Read, Embedded, Indexed func(done, all int)
}

// Reindex makes everything that is derived from the articles again: furniture,
// titles, dates and passages by the rules of this version, the vectors that are
// missing, and the indexes. ok is false if there is no catalogue.
func (a *App) Reindex(ctx context.Context, steps Steps) (health retrieval.Health, ok bool, err error) {
	w, store, err := a.openCatalogue(ctx, true)
	if err != nil || store == nil {
		return health, false, err
	}
	if err := w.Close(); err != nil {
		return health, false, err
	}
	if w, store, err = a.openCatalogue(ctx, false); err != nil {
		return health, false, err
	}
	if err = w.openEngine(); err == nil {
		if err = w.rebuild(ctx, store, steps); err != nil {
			err = w.writing(err)
		}
	}
	if err == nil {
		health, err = store.Check(ctx)
	}
	return health, true, errors.Join(err, w.Close())
}

func (w *Workspace) rebuild(ctx context.Context, store retrieval.Maintainer, steps Steps) error {
	if _, err := w.Engine.DropForeignVectors(ctx); err != nil {
		return err
	}
	if _, err := w.Engine.Rederive(ctx, steps.Read); err != nil {
		return err
	}
	if err := w.embedRest(ctx, steps.Embedded); err != nil {
		return err
	}
	return store.Rebuild(ctx, steps.Indexed)
}
