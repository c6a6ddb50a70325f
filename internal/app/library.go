package app

import (
	"context"
	"errors"

	"verbatim/internal/library"
)

// Library returns what serves many readers from the workspace, which stays
// open until the library is closed. UseSettings must have been called.
func (w *Workspace) Library() *library.Library {
	return library.New(library.Options{
		Catalogue: library.Set{Store: w.Store, Engine: w.Engine, Answerer: w.Answerer},
		OpenSeeds: func(ctx context.Context) (library.Set, error) {
			s := &Workspace{app: w.app}
			if err := s.openSeeds(ctx); err != nil {
				return library.Set{}, errors.Join(err, s.Close())
			}
			return library.Set{Store: s.Store, Engine: s.Engine}, nil
		},
		NewAnswerer: w.newAnswerer,
		MaxBytes:    w.app.Config.Ingest.MaxBytes,
		MaxUnpacked: w.app.Config.Ingest.UploadUnpacked,
	})
}
