package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/load"
	"verbatim/retrieval/local"
)

const (
	// cacheKept is how long an index that nobody asks is kept.
	cacheKept = 30 * 24 * time.Hour
	// doneName is the file that says that an index in the cache is whole. It
	// holds what the ingest reported.
	doneName = "done.json"
)

// openCorpus opens the articles of --corpus: indexed in a directory of the
// cache that is named for their content, or in memory where it cannot be.
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
		w.app.Log.Info("open the cache", "dir", a.Places.Cache, "err", err)
		if cerr := w.Close(); cerr != nil {
			w.app.Log.Info("close the cache", "err", cerr)
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

// corpusReport tells what of --corpus could not be taken.
func (a *App) corpusReport(r retrieval.Report) {
	const most = 5
	for i, refused := range r.Refused {
		if i == most {
			a.Notice(fmt.Sprintf("... and %d more; 'verbatim ingest --dry-run' lists them all.", len(r.Refused)-most))
			break
		}
		a.Notice(fmt.Sprintf("Not taken: %s: %s", refused.Source, refused.Why))
	}
	if r.Added+r.Changed+r.Same == 0 {
		a.Notice("No article was found in --corpus.")
	}
}

// openCached opens the index of --corpus in the cache, and makes it first
// where it is not there or not whole.
func (w *Workspace) openCached(ctx context.Context) error {
	a := w.app
	key, err := contentKey(ctx, a.Corpus, thisBuild(), fmt.Sprint(a.Config.Ingest.MaxBytes), fmt.Sprintf("%+v", a.Config.Embeddings))
	if err != nil {
		return err
	}
	root := a.Places.corpora()
	dir := filepath.Join(root, key)
	done := filepath.Join(dir, doneName)
	var report retrieval.Report
	data, err := os.ReadFile(done)
	whole := err == nil && json.Unmarshal(data, &report) == nil
	store, err := local.Open(ctx, dir, local.Options{ReadOnly: whole, Log: a.Log})
	if errors.Is(err, retrieval.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
		w.app.Log.Info("make the cache again", "dir", dir, "err", err)
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove a damaged cache: %w", err)
		}
		whole = false
		store, err = local.Open(ctx, dir, local.Options{Log: a.Log})
	}
	if err != nil {
		return err
	}
	w.keepVectors = !whole
	if err := w.serve(store); err != nil {
		return err
	}
	if whole {
		now := a.Now()
		if err := os.Chtimes(done, now, now); err != nil {
			w.app.Log.Debug("note the use of the cache", "err", err)
		}
		a.corpusReport(report)
		return nil
	}
	if report, err = w.fillCache(ctx); err != nil {
		return err
	}
	// Closing writes the index out, so that a run that is cut off later does
	// not cost it.
	if err := w.Close(); err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	if store, err = local.Open(ctx, dir, local.Options{ReadOnly: true, Log: a.Log}); err != nil {
		return err
	}
	if err := w.serve(store); err != nil {
		return err
	}
	if data, err = json.Marshal(report); err == nil {
		err = os.WriteFile(done, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	a.sweep(root)
	return nil
}

func (w *Workspace) fillCache(ctx context.Context) (retrieval.Report, error) {
	update, end := w.app.progress("indexing", w.app.Corpus)
	report, err := w.Engine.Ingest(ctx, load.Paths(ctx, w.app.Corpus, w.app.loadOptions()), retrieval.IngestOptions{Progress: update})
	end()
	if err != nil {
		return report, fmt.Errorf("index the articles of --corpus: %w", err)
	}
	w.app.corpusReport(report)
	return report, nil
}

// thisBuild tells this build of the program from others: an index that another
// build has made may rest on other rules and is made anew. The linker writes an
// id that is a hash of all code near the start of the file.
func thisBuild() string {
	const head = 64 << 10
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, f, head); err != nil && err != io.EOF {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// sweep removes the indexes that were not used for a long time.
func (a *App) sweep(root string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		a.Log.Debug("sweep the cache", "err", err)
		return
	}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		info, err := os.Stat(filepath.Join(dir, doneName))
		if err != nil || a.Now().Sub(info.ModTime()) < cacheKept {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			a.Log.Debug("sweep the cache", "dir", dir, "err", err)
		}
	}
}

// contentKey returns a hash of the names and bytes of all files at paths, and
// of what else the index depends on.
func contentKey(ctx context.Context, paths []string, also ...string) (string, error) {
	h := sha256.New()
	for _, s := range also {
		fmt.Fprintf(h, "%q\n", s)
	}
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%q\n", filepath.Base(abs))
		err = filepath.WalkDir(abs, func(name string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			rel, rerr := filepath.Rel(abs, name)
			fmt.Fprintf(h, "%q %t\n", filepath.ToSlash(rel), err == nil && rerr == nil)
			if err != nil || d.IsDir() {
				return nil
			}
			hashFile(h, name)
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// hashFile adds the content of a regular file to h, or why it has none.
func hashFile(h hash.Hash, name string) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		fmt.Fprintf(h, "no file\n")
		return
	}
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintf(h, "unreadable\n")
		return
	}
	defer f.Close()
	n, err := io.Copy(h, f)
	fmt.Fprintf(h, "\n%d %t\n", n, err == nil)
}

// shortReason names the last cause of err.
func shortReason(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
