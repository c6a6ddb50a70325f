package main

import (
	"context"
	"errors"
	"io/fs"

	"verbatim/retrieval/local"
)

// openForWriting opens the catalogue, and makes it where there is none. With
// dry nothing is made and nothing may be written.
func (p *program) openForWriting(ctx context.Context, dry bool) (*workspace, error) {
	w, store, err := p.openCatalogue(ctx, dry)
	if err != nil {
		return nil, err
	}
	if store == nil {
		memory, err := local.NewMemory()
		if err != nil {
			return nil, err
		}
		w.use(memory)
		return w, p.openEngine(w, memory)
	}
	if err := p.openEngine(w, store); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// openCatalogue opens the catalogue. With readOnly a missing one gives a nil
// store.
func (p *program) openCatalogue(ctx context.Context, readOnly bool) (*workspace, *local.Store, error) {
	c, err := p.settings()
	if err != nil {
		return nil, nil, err
	}
	w := &workspace{config: c, log: p.logger(c), keepVectors: !readOnly}
	at := p.places(c.Data)
	if at.catalogue == "" {
		return nil, nil, usagef("there is no home directory to keep articles in; name a folder with --data")
	}
	var store *local.Store
	if readOnly {
		store, err = openReading(ctx, at.catalogue, w.log)
	} else {
		store, err = local.Open(ctx, at.catalogue, local.Options{Log: w.log})
	}
	if readOnly && errors.Is(err, fs.ErrNotExist) {
		return w, nil, nil
	}
	if readOnly && err != nil {
		return nil, nil, readingError(at.catalogue, err)
	}
	if err != nil {
		return nil, nil, catalogueError(at.catalogue, err)
	}
	w.use(store)
	return w, store, nil
}
