package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"verbatim/retrieval"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
	"verbatim/seeds"
)

// seedsNotice says which articles serve while the catalogue is empty.
const seedsNotice = "Nothing has been ingested yet: the five articles inside the program are the corpus. 'verbatim ingest' adds your own."

// Open opens a corpus for reading: that of --corpus, else the catalogue, else,
// while the catalogue holds no article of the operator, the articles inside
// the program.
func (a *App) Open(ctx context.Context) (*Workspace, error) {
	w := &Workspace{app: a}
	if err := w.openStore(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := w.openAnswerer(nil); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *Workspace) openStore(ctx context.Context) error {
	a := w.app
	if len(a.Corpus) > 0 {
		return w.openCorpus(ctx)
	}
	if a.Places.Catalogue == "" {
		a.Notice("There is no home directory, so nothing is kept. " + seedsNotice)
		return w.openSeeds(ctx)
	}
	store, err := a.openReading(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		a.Notice(seedsNotice)
		return w.openSeeds(ctx)
	}
	if err != nil {
		return readingError(a.Places.Catalogue, err)
	}
	if store, err = a.upToDate(ctx, store); err != nil {
		return readingError(a.Places.Catalogue, err)
	}
	stats, err := store.Stats(ctx, retrieval.Filter{})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	if stats.Articles == 0 {
		a.Notice(seedsNotice)
		return errors.Join(store.Close(), w.openSeeds(ctx))
	}
	return w.serve(store)
}

// openReading opens the catalogue only for reading, after it was brought to
// this program's version if an older one wrote it.
func (a *App) openReading(ctx context.Context) (*local.Store, error) {
	dir := a.Places.Catalogue
	store, err := local.Open(ctx, dir, local.Options{ReadOnly: true, Log: a.Log})
	if !errors.Is(err, retrieval.ErrOlder) {
		return store, err
	}
	if store, err = local.Open(ctx, dir, local.Options{Log: a.Log}); err == nil {
		err = store.Close()
	}
	if err != nil {
		return nil, err
	}
	return local.Open(ctx, dir, local.Options{ReadOnly: true, Log: a.Log})
}

// upToDate returns store, open for reading, after its articles were read again
// if another version's rules had read them. If that fails they serve as they
// are.
func (a *App) upToDate(ctx context.Context, store *local.Store) (*local.Store, error) {
	old, err := stale(ctx, store)
	if err != nil || old.Articles == 0 {
		return store, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	if err := a.readAgain(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.Notice("The articles could not be read by the new rules for titles, dates and passages and are served as they were: " + shortReason(err) + ".")
	}
	return a.openReading(ctx)
}

// openSeeds indexes the articles inside the program in memory.
func (w *Workspace) openSeeds(ctx context.Context) error {
	report, err := w.inMemory(ctx, load.FS(ctx, seeds.Files(), "seeds", w.app.loadOptions()))
	if err != nil {
		return fmt.Errorf("index the embedded articles: %w", err)
	}
	if len(report.Refused) > 0 {
		return fmt.Errorf("index the embedded articles: %w", &report.Refused[0])
	}
	return nil
}

func (a *App) loadOptions() load.Options {
	return load.Options{MaxBytes: a.Config.Ingest.MaxBytes, MaxUnpacked: a.Config.Ingest.MaxUnpacked}
}

// OpenForWriting opens the catalogue and makes it if there is none. With dry
// nothing is made and nothing may be written. The workspace has no answerer.
func (a *App) OpenForWriting(ctx context.Context, dry bool) (*Workspace, error) {
	w, store, err := a.openCatalogue(ctx, dry)
	if err != nil {
		return nil, err
	}
	if store == nil {
		memory, err := local.NewInMemory()
		if err != nil {
			return nil, err
		}
		w.use(memory)
	}
	if err := w.openEngine(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if store != nil && !dry {
		if err := w.readAgain(ctx, store); err != nil {
			return nil, errors.Join(w.writing(err), w.Close())
		}
	}
	return w, nil
}

// openCatalogue opens the catalogue without an engine. With readOnly a missing
// one gives a nil store.
func (a *App) openCatalogue(ctx context.Context, readOnly bool) (*Workspace, *local.Store, error) {
	w := &Workspace{app: a, keepVectors: !readOnly}
	dir := a.Places.Catalogue
	if dir == "" {
		return nil, nil, usagef("there is no home directory to keep articles in; name a folder with --data")
	}
	var store *local.Store
	var err error
	if readOnly {
		store, err = a.openReading(ctx)
	} else {
		store, err = local.Open(ctx, dir, local.Options{Log: a.Log})
	}
	if readOnly && errors.Is(err, fs.ErrNotExist) {
		return w, nil, nil
	}
	if readOnly && err != nil {
		return nil, nil, readingError(dir, err)
	}
	if err != nil {
		return nil, nil, catalogueError(dir, err)
	}
	w.use(store)
	return w, store, nil
}

// CheckCatalogue examines the catalogue and changes nothing. It is
// fs.ErrNotExist if there is none.
func (a *App) CheckCatalogue(ctx context.Context) (retrieval.Health, error) {
	store, err := local.Open(ctx, a.Places.Catalogue, local.Options{ReadOnly: true, Log: a.Log})
	if err != nil {
		return retrieval.Health{}, err
	}
	health, err := store.Check(ctx)
	return health, errors.Join(err, store.Close())
}

// readingError says what to do about a catalogue that cannot be opened for
// reading.
func readingError(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("read the catalogue in %s: %w; check the permissions of the folder, or name another with --data", dir, fs.ErrPermission)
	}
	return catalogueError(dir, err)
}

// catalogueError says what to do about a catalogue that cannot be opened.
func catalogueError(dir string, err error) error {
	switch {
	case errors.Is(err, retrieval.ErrDamaged):
		return fmt.Errorf("open the catalogue in %s: %w; nothing was changed: restore it from a backup, or move the folder away and ingest again", dir, err)
	case errors.Is(err, retrieval.ErrNewer):
		return fmt.Errorf("open the catalogue in %s: %w; use that version", dir, err)
	case errors.Is(err, retrieval.ErrLocked):
		return fmt.Errorf("write the catalogue in %s: %w; wait until it has finished", dir, err)
	case errors.Is(err, syscall.EMFILE):
		return fmt.Errorf("open the catalogue in %s: %w; raise the limit of open files (ulimit -n) and run the command again", dir, err)
	case errors.Is(err, retrieval.ErrReadOnly):
		return fmt.Errorf("write the catalogue in %s: %w; check the permissions of the folder, or name another with --data", dir, err)
	case errors.Is(err, retrieval.ErrFull):
		return fmt.Errorf("write the catalogue in %s: %w; free some space and run the command again: everything reported as stored is kept", dir, err)
	}
	return fmt.Errorf("open the catalogue in %s: %w", dir, err)
}
