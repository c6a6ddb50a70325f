package main

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
func (p *program) openCorpus(ctx context.Context, w *workspace, at places) error {
	for _, path := range p.flags.corpus {
		if _, err := os.Stat(path); err != nil {
			return usagef("--corpus: %w", err)
		}
	}
	if at.cache != "" {
		err := p.openCached(ctx, w, at.cache)
		if err == nil || ctx.Err() != nil {
			return err
		}
		w.log.Info("open the cache", "dir", at.cache, "err", err)
		if cerr := w.Close(); cerr != nil {
			w.log.Info("close the cache", "err", cerr)
		}
		p.notice("The cache in %s cannot be used (%s): the articles are indexed in memory.", at.cache, shortReason(err))
	} else {
		p.notice("There is no home directory: the articles are indexed in memory.")
	}
	report, err := p.inMemory(ctx, w, w.corpusItems(ctx, p.flags.corpus))
	if err != nil {
		return fmt.Errorf("index the articles of --corpus: %w", err)
	}
	p.corpusReport(report)
	return nil
}

// inMemory indexes items in a store that is gone at the end of the run.
func (p *program) inMemory(ctx context.Context, w *workspace, items iter.Seq2[retrieval.Item, error]) (retrieval.Report, error) {
	store, err := local.NewMemory()
	if err != nil {
		return retrieval.Report{}, err
	}
	w.use(store)
	if err := p.openEngine(w, store); err != nil {
		return retrieval.Report{}, err
	}
	return w.engine.Ingest(ctx, items, retrieval.IngestOptions{})
}

func (w *workspace) corpusItems(ctx context.Context, paths []string) iter.Seq2[retrieval.Item, error] {
	return load.Paths(ctx, paths, load.Options{MaxBytes: w.config.Ingest.MaxBytes})
}

// corpusReport tells what of --corpus could not be taken.
func (p *program) corpusReport(r retrieval.Report) {
	const most = 5
	for i, refused := range r.Refused {
		if i == most {
			p.notice("... and %d more; 'verbatim ingest --dry-run' lists them all.", len(r.Refused)-most)
			break
		}
		p.notice("Not taken: %s: %s", refused.Source, refused.Why)
	}
	if r.Added+r.Changed+r.Same == 0 {
		p.notice("No article was found in --corpus.")
	}
}

// openCached opens the index of --corpus in the cache, and makes it first
// where it is not there or not whole.
func (p *program) openCached(ctx context.Context, w *workspace, cache string) error {
	key, err := contentKey(ctx, p.flags.corpus, thisBuild(), fmt.Sprint(w.config.Ingest.MaxBytes), fmt.Sprintf("%+v", w.config.Embeddings))
	if err != nil {
		return err
	}
	root := filepath.Join(cache, "corpus")
	dir := filepath.Join(root, key)
	done := filepath.Join(dir, doneName)
	var report retrieval.Report
	data, err := os.ReadFile(done)
	whole := err == nil && json.Unmarshal(data, &report) == nil
	store, err := local.Open(ctx, dir, local.Options{ReadOnly: whole, Log: w.log})
	if errors.Is(err, retrieval.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
		w.log.Info("make the cache again", "dir", dir, "err", err)
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove a damaged cache: %w", err)
		}
		whole = false
		store, err = local.Open(ctx, dir, local.Options{Log: w.log})
	}
	if err != nil {
		return err
	}
	w.use(store)
	w.keepVectors = !whole
	if err := p.openEngine(w, store); err != nil {
		return err
	}
	if whole {
		now := p.now()
		if err := os.Chtimes(done, now, now); err != nil {
			w.log.Debug("note the use of the cache", "err", err)
		}
		p.corpusReport(report)
		return nil
	}
	if report, err = p.fillCache(ctx, w); err != nil {
		return err
	}
	// Closing writes the index out, so that a run that is cut off later does
	// not cost it.
	if err := w.Close(); err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	if store, err = local.Open(ctx, dir, local.Options{ReadOnly: true, Log: w.log}); err != nil {
		return err
	}
	w.use(store)
	if err := p.openEngine(w, store); err != nil {
		return err
	}
	if data, err = json.Marshal(report); err == nil {
		err = os.WriteFile(done, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("finish the cache: %w", err)
	}
	p.sweep(w, root)
	return nil
}

func (p *program) fillCache(ctx context.Context, w *workspace) (retrieval.Report, error) {
	bar := p.newProgressOf("indexing", totalBytes(p.flags.corpus))
	report, err := w.engine.Ingest(ctx, w.corpusItems(ctx, p.flags.corpus), retrieval.IngestOptions{Progress: bar.update})
	bar.end()
	if err != nil {
		return report, fmt.Errorf("index the articles of --corpus: %w", err)
	}
	p.corpusReport(report)
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
func (p *program) sweep(w *workspace, root string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		w.log.Debug("sweep the cache", "err", err)
		return
	}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		info, err := os.Stat(filepath.Join(dir, doneName))
		if err != nil || p.now().Sub(info.ModTime()) < cacheKept {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			w.log.Debug("sweep the cache", "dir", dir, "err", err)
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
