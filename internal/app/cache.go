package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"verbatim/retrieval"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
)

const (
	// cacheKept is how long an index that nobody asks is kept.
	cacheKept = 30 * 24 * time.Hour
	// unfinishedKept is how long an index is kept whose making was interrupted.
	unfinishedKept = 24 * time.Hour
	// doneName is the file that says that an index in the cache is complete. It
	// holds what the ingest reported.
	doneName = "done.json"
	// lockPoll is how often a process looks whether another one has finished the
	// index that it waits for.
	lockPoll = 50 * time.Millisecond
)

// openCorpus opens the articles of --corpus: indexed in a directory of the
// cache that is named for their content, or in memory if it cannot be used.
func (w *Workspace) openCorpus(ctx context.Context) error {
	a := w.app
	for _, path := range a.Corpus {
		if _, err := os.Stat(path); err != nil {
			return usagef("--corpus: %w", err)
		}
	}
	if a.Places.Cache != "" {
		err := w.openCached(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		a.Log.Info("open the cache", "dir", a.Places.Cache, "err", err)
		if cerr := w.Close(); cerr != nil {
			a.Log.Info("close the cache", "err", cerr)
		}
		a.Notice(fmt.Sprintf("The cache in %s cannot be used (%s): the articles are indexed in memory.", a.Places.Cache, shortReason(err)))
	} else {
		a.Notice("There is no home directory: the articles are indexed in memory.")
	}
	report, err := w.inMemory(ctx, load.Paths(ctx, a.Corpus, a.loadOptions()))
	if err != nil {
		return fmt.Errorf("index the articles of --corpus: %w", err)
	}
	a.corpusReport(report)
	return nil
}

// inMemory indexes items in a store that is gone at the end of the run.
func (w *Workspace) inMemory(ctx context.Context, items iter.Seq2[retrieval.Item, error]) (retrieval.Report, error) {
	store, err := local.NewInMemory()
	if err != nil {
		return retrieval.Report{}, err
	}
	if err := w.serve(store); err != nil {
		return retrieval.Report{}, err
	}
	return w.Engine.Ingest(ctx, items, retrieval.IngestOptions{})
}

// corpusReport says which files of --corpus could not be read.
func (a *App) corpusReport(r retrieval.Report) {
	const most = 5
	for i, refused := range r.Refused {
		if i == most {
			a.Notice(fmt.Sprintf("... and %d more; 'verbatim ingest --dry-run' lists them all.", r.AllRefused()-most))
			break
		}
		a.Notice(fmt.Sprintf("Not indexed: %s: %s", refused.Source, refused.Why))
	}
	if r.Added+r.Changed+r.Same == 0 {
		a.Notice("No article was found in --corpus.")
	}
}

// errUnfinished means that an index in the cache is missing, incomplete or
// damaged.
var errUnfinished = errors.New("the index is not complete")

// openCached opens the index of --corpus in the cache, and makes it first if
// it is not complete. Of several processes one makes it and the others wait.
func (w *Workspace) openCached(ctx context.Context) error {
	a := w.app
	key, err := a.contentKey(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(a.Places.corpora(), key)
	if err := w.openFinished(ctx, dir); !errors.Is(err, errUnfinished) {
		return err
	}
	if err := os.MkdirAll(a.Places.corpora(), 0o700); err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	unlock, err := a.lockCache(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	if err := w.openFinished(ctx, dir); !errors.Is(err, errUnfinished) {
		return err
	}
	if err := w.fillCache(ctx, dir); err != nil {
		return err
	}
	a.sweep(dir)
	return nil
}

// lockCache waits until no other process makes the index in dir.
func (a *App) lockCache(ctx context.Context, dir string) (unlock func(), err error) {
	lock := flock.New(dir + ".lock")
	ok, err := lock.TryLock()
	if err == nil && !ok {
		a.Notice("Another process is indexing these articles: waiting for it.")
		ok, err = lock.TryLockContext(ctx, lockPoll)
	}
	if err != nil || !ok {
		return nil, fmt.Errorf("lock the cache: %w", err)
	}
	return func() {
		if err := lock.Unlock(); err != nil {
			a.Log.Debug("unlock the cache", "err", err)
		}
	}, nil
}

// openFinished opens the index in dir, or returns errUnfinished.
func (w *Workspace) openFinished(ctx context.Context, dir string) error {
	a := w.app
	done := filepath.Join(dir, doneName)
	var report retrieval.Report
	data, err := readRegular(done)
	if err != nil || json.Unmarshal(data, &report) != nil {
		return errUnfinished
	}
	store, err := local.Open(ctx, dir, local.Options{ReadOnly: true, Log: a.Log})
	if errors.Is(err, retrieval.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
		a.Log.Info("make the cache again", "dir", dir, "err", err)
		return errUnfinished
	}
	if err != nil {
		return err
	}
	if err := w.serve(store); err != nil {
		return err
	}
	now := a.Now()
	if err := os.Chtimes(done, now, now); err != nil {
		a.Log.Debug("note the use of the cache", "err", err)
	}
	a.corpusReport(report)
	return nil
}

// fillCache makes the index in dir, or finishes one that was interrupted, and
// opens it.
func (w *Workspace) fillCache(ctx context.Context, dir string) error {
	a := w.app
	if err := os.Remove(filepath.Join(dir, doneName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make the cache again: %w", err)
	}
	store, err := local.Open(ctx, dir, local.Options{Log: a.Log})
	if errors.Is(err, retrieval.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove a damaged cache: %w", err)
		}
		store, err = local.Open(ctx, dir, local.Options{Log: a.Log})
	}
	if err != nil {
		return err
	}
	w.keepVectors = true
	if err := w.serve(store); err != nil {
		return err
	}
	update, end := a.progress(ctx, "indexing", a.Corpus)
	report, err := w.Engine.Ingest(ctx, load.Paths(ctx, a.Corpus, a.loadOptions()), retrieval.IngestOptions{Progress: update})
	end()
	if err != nil {
		return fmt.Errorf("index the articles of --corpus: %w", err)
	}
	// Closing writes the index out, so that a run that is cut off later does
	// not cost it.
	if err := w.Close(); err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	data, err := json.Marshal(report)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, doneName), data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	return w.openFinished(ctx, dir)
}

// sweep removes the indexes that were not used for a long time and those that
// were never finished, but for the one in use.
func (a *App) sweep(use string) {
	root := a.Places.corpora()
	entries, err := os.ReadDir(root)
	if err != nil {
		a.Log.Debug("sweep the cache", "err", err)
		return
	}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if dir == use || !e.IsDir() || a.keep(dir) {
			continue
		}
		lock := flock.New(dir + ".lock")
		if ok, err := lock.TryLock(); err != nil || !ok {
			continue // it is being made
		}
		if err := errors.Join(os.RemoveAll(dir), os.Remove(lock.Path()), lock.Unlock()); err != nil {
			a.Log.Debug("sweep the cache", "dir", dir, "err", err)
		}
	}
}

// keep reports whether the index in dir is to stay.
func (a *App) keep(dir string) bool {
	if info, err := os.Stat(filepath.Join(dir, doneName)); err == nil {
		return a.Now().Sub(info.ModTime()) < cacheKept
	}
	info, err := os.Stat(dir)
	return err != nil || a.Now().Sub(info.ModTime()) < unfinishedKept
}

// readRegular returns what is in the file at path. A named pipe or a device is
// an error: opening one may wait for ever.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return os.ReadFile(path)
}

// shortReason names the last cause of err.
func shortReason(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return strings.TrimSpace(err.Error())
		}
		err = next
	}
}
