package app

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"verbatim/internal/openai"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
)

// Ingest adds the articles of files and folders to the catalogue, and gives
// vectors to all articles that have none: those that came while the embeddings
// server could not be reached, or that had vectors of another model. embedded,
// if not nil, is told how many articles of all have got vectors. What the report
// counts is stored, also if there is an error.
func (w *Workspace) Ingest(ctx context.Context, paths []string, embedded func(done, all int)) (retrieval.Report, error) {
	dropped, err := w.Engine.DropForeignVectors(ctx)
	if err != nil {
		return retrieval.Report{}, w.writing(err)
	}
	update, end := w.app.progress(ctx, "ingesting", paths)
	report, err := w.Engine.Ingest(ctx, load.Paths(ctx, paths, w.app.loadOptions()), retrieval.IngestOptions{Progress: update})
	end()
	if err != nil {
		return report, w.writing(err)
	}
	if err := w.inferFound(ctx, report.Found); err != nil {
		return report, err
	}
	if dropped {
		report.Notes = append(report.Notes, "The embedding model has changed: all articles are embedded again.")
	}
	if err := w.embedRest(ctx, embedded); err != nil {
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		w.app.Log.Warn("embed articles", "err", err)
		report.Notes = append(report.Notes, "Some articles have no vectors yet and are found by words alone, because the embeddings did not work; run the ingest again. 'verbatim doctor' says more.")
	}
	return report, nil
}

// inferFound fills in the dates that follow from the whole corpus.
func (w *Workspace) inferFound(ctx context.Context, found []retrieval.Found) error {
	if len(found) == 0 {
		return nil
	}
	infos, err := w.Store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return err
	}
	byID := make(map[string]*corpus.Info, len(infos))
	for i := range infos {
		byID[infos[i].ID] = &infos[i]
	}
	for i := range found {
		if info, ok := byID[found[i].ID]; ok {
			found[i].Published, found[i].Basis = info.Published, info.Basis
		}
	}
	return nil
}

// writing says what to do about a catalogue that could not be written.
func (w *Workspace) writing(err error) error { return catalogueError(w.app.Places.Catalogue, err) }

// embedRest gives vectors to the articles without, and then drops those that
// were kept for it.
func (w *Workspace) embedRest(ctx context.Context, embedded func(done, all int)) error {
	if _, err := w.Engine.Reembed(ctx, embedded); err != nil {
		return err
	}
	if w.app.Places.Cache != "" {
		if err := (vectorCache{dir: w.app.Places.vectors()}).clear(); err != nil {
			w.app.Log.Debug("drop kept vectors", "err", err)
		}
	}
	return nil
}

// DryRun reports what an ingest would do and, if an embeddings server would be
// paid for it, about how many tokens.
func (w *Workspace) DryRun(ctx context.Context, paths []string) (retrieval.Report, error) {
	known := make(map[string]string)
	infos, err := w.Store.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		return retrieval.Report{}, err
	}
	for _, i := range infos {
		bare, _ := corpus.SplitID(i.ID)
		known[bare] = i.RawHash
	}
	tokens, fresh := 0, make(map[string]bool)
	var counted iter.Seq2[retrieval.Item, error] = func(yield func(retrieval.Item, error) bool) {
		for item, err := range load.Paths(ctx, paths, w.app.loadOptions()) {
			if id := corpus.NewID(item.Source); err == nil && known[id] != retrieval.RawHash(item) {
				text := string(item.Raw)
				if item.Body != nil {
					text = *item.Body
				}
				tokens += openai.EstimateTokens(text)
				fresh[id] = true
			}
			if !yield(item, err) {
				return
			}
		}
	}
	report, err := w.Engine.Ingest(ctx, counted, retrieval.IngestOptions{DryRun: true})
	if err != nil || w.app.Config.Embeddings.Model == "" {
		return report, err
	}
	rest, err := restTokens(ctx, w.Engine, fresh)
	if err != nil {
		return report, err
	}
	report.Notes = append(report.Notes, fmt.Sprintf("The embeddings server would read about %d tokens.", tokens+rest))
	return report, nil
}

// restTokens estimates the tokens of the stored articles that an ingest would
// give vectors to, because they have none or those of another model; fresh
// ones, by bare ID, are counted already.
func restTokens(ctx context.Context, engine *retrieval.Engine, fresh map[string]bool) (int, error) {
	store := engine.Store()
	model, err := store.VectorModel(ctx)
	if err != nil {
		return 0, err
	}
	ids, err := store.Unembedded(ctx)
	if err != nil {
		return 0, err
	}
	if e := engine.Embedder(); model != "" && e != nil && model != e.Model() {
		infos, err := store.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
		if err != nil {
			return 0, err
		}
		ids = ids[:0]
		for _, i := range infos {
			ids = append(ids, i.ID)
		}
	}
	tokens := 0
	for _, id := range ids {
		if bare, _ := corpus.SplitID(id); fresh[bare] {
			continue
		}
		a, err := store.Original(ctx, id)
		if err != nil {
			return 0, err
		}
		tokens += openai.EstimateTokens(a.Body)
	}
	return tokens, nil
}

// progress starts to show how much of the files at paths is read.
func (a *App) progress(ctx context.Context, what string, paths []string) (update func(retrieval.Progress), end func()) {
	if a.Progress == nil {
		return nil, func() {}
	}
	return a.Progress(what, totalBytes(ctx, paths))
}

// totalBytes estimates how many bytes an ingest of paths reads, or returns -1
// if that is not known. It only serves the time left of a progress bar.
func totalBytes(ctx context.Context, paths []string) int64 {
	var total int64
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil || d.IsDir() || !load.Takes(filepath.Base(name)) {
				return err
			}
			n, err := unpackedSize(name)
			total += n
			return err
		})
		if err != nil {
			return -1
		}
	}
	return total
}

// unpackedSize returns the size of a file, or what a gzip file says about its
// content, which is the content's size modulo 4 GiB.
func unpackedSize(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(name, ".gz") || info.Size() < 4 {
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var tail [4]byte
	if _, err := f.ReadAt(tail[:], info.Size()-4); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint32(tail[:])), nil
}
