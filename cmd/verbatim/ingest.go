package main

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

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/openai"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

type ingestOptions struct{ dryRun bool }

func (p *program) ingestCommand() *cobra.Command {
	var o ingestOptions
	cmd := &cobra.Command{
		Use:   "ingest SOURCE...",
		Short: "add or refresh articles: files, folders, JSON Lines",
		Long: `Ingest adds articles to the catalogue, and refreshes those that changed: text
files, folders of them, and JSON Lines (.jsonl, .jsonl.gz) with an object a line:
{"id"?, "url"?, "title"?, "outlet"?, "agency"?, "published"?, "author"?, "text"}.
A folder may hold articles.yaml, which says of its files what their text does not.

It is safe to repeat and safe to interrupt: what is the same is left alone, what
changed becomes a new revision, and what was reported as stored is stored. A
source that cannot be taken is reported with the reason, and the rest goes on.`,
		Example: `  verbatim ingest ~/articles
  verbatim ingest --dry-run feed.jsonl.gz
  verbatim ingest --json story.txt`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.ingest(cmd.Context(), o, args) },
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

type refusalJSON struct {
	Source string `json:"source"`
	Why    string `json:"why"`
}

type ingestJSON struct {
	Added   int           `json:"added"`
	Changed int           `json:"changed"`
	Same    int           `json:"same"`
	Refused []refusalJSON `json:"refused"`
	Notes   []string      `json:"notes"`
}

func (p *program) ingest(ctx context.Context, o ingestOptions, args []string) error {
	if len(args) == 0 {
		return usagef("ingest needs at least one file or folder")
	}
	if len(p.flags.corpus) > 0 {
		return usagef("ingest writes the catalogue; --corpus does not go with it")
	}
	for _, a := range args {
		if strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") {
			return usagef("%s: addresses cannot be ingested, only files and folders", safetext.Line(a))
		}
	}
	w, err := p.openForWriting(ctx, o.dryRun)
	if err != nil {
		return err
	}
	defer w.Close()
	report, err := p.runIngest(ctx, w, o, args)
	if cerr := w.Close(); err == nil && cerr != nil {
		err = cerr
	}
	if o.dryRun {
		report.Notes = append(report.Notes, "This was a dry run: nothing was stored.")
	}
	if err != nil {
		report.Notes = append(report.Notes, "The ingest did not end. What is counted here is stored; run it again for the rest.")
	}
	if perr := p.printReport(report); perr != nil {
		return perr
	}
	if err != nil {
		return catalogueError(p.places(w.config.Data).catalogue, err)
	}
	if report.Added+report.Changed+report.Same == 0 {
		if len(report.Refused) == 0 {
			return errors.New("no article was found")
		}
		return errors.New("every source was refused")
	}
	return nil
}

// runIngest ingests, and gives vectors to all that has none: what came while
// the embeddings were out of reach, or had vectors of another model.
func (p *program) runIngest(ctx context.Context, w *workspace, o ingestOptions, args []string) (retrieval.Report, error) {
	items := w.corpusItems(ctx, args)
	if o.dryRun {
		return p.dryRun(ctx, w, items)
	}
	store, ok := w.store.(retrieval.Vectored)
	if !ok {
		return retrieval.Report{}, errors.New("this store keeps no vectors")
	}
	dropped, err := w.engine.DropForeignVectors(ctx, store)
	if err != nil {
		return retrieval.Report{}, err
	}
	bar := p.newProgressOf("ingesting", totalBytes(args))
	report, err := w.engine.Ingest(ctx, items, retrieval.IngestOptions{Progress: bar.update})
	bar.end()
	if err != nil {
		return report, err
	}
	if dropped {
		report.Notes = append(report.Notes, "The embeddings are other ones than before: all articles are embedded anew.")
	}
	if err := p.embedRest(ctx, w, store); err != nil {
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		w.log.Warn("embed articles", "err", err)
		report.Notes = append(report.Notes, "Some articles have no vectors yet and are found by words alone, because the embeddings did not work; run the ingest again. 'verbatim doctor' says more.")
	}
	return report, nil
}

// embedRest gives vectors to the articles without, and then drops what was
// kept of them.
func (p *program) embedRest(ctx context.Context, w *workspace, store retrieval.Vectored) error {
	if _, err := w.engine.Reembed(ctx, store, p.counter("articles embedded")); err != nil {
		return err
	}
	if at := p.places(w.config.Data); at.cache != "" {
		if err := (vectorCache{dir: at.vectors()}).clear(); err != nil {
			w.log.Debug("drop kept vectors", "err", err)
		}
	}
	return nil
}

// dryRun reports what an ingest would do and, where the embeddings cost
// something, how many tokens.
func (p *program) dryRun(ctx context.Context, w *workspace, items iter.Seq2[retrieval.Item, error]) (retrieval.Report, error) {
	known := make(map[string]string)
	store, ok := w.store.(retrieval.Vectored)
	if ok {
		infos, err := store.AllArticles(ctx)
		if err != nil {
			return retrieval.Report{}, err
		}
		for _, i := range infos {
			bare, _ := corpus.SplitID(i.ID)
			known[bare] = i.RawHash
		}
	}
	tokens, fresh := 0, make(map[string]bool)
	counted := func(yield func(retrieval.Item, error) bool) {
		for item, err := range items {
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
	report, err := w.engine.Ingest(ctx, counted, retrieval.IngestOptions{DryRun: true})
	if err != nil || w.config.Embeddings.Model == "" {
		return report, err
	}
	if ok {
		rest, err := restTokens(ctx, w.engine, store, fresh)
		if err != nil {
			return report, err
		}
		tokens += rest
	}
	report.Notes = append(report.Notes, fmt.Sprintf("The embeddings would read about %s tokens.", itoa(tokens)))
	return report, nil
}

// restTokens estimates the tokens of the stored articles that an ingest would
// give vectors to, because they have none or those of another model; fresh
// ones, by bare ID, are counted already.
func restTokens(ctx context.Context, engine *retrieval.Engine, store retrieval.Vectored, fresh map[string]bool) (int, error) {
	model, err := store.VectorModel(ctx)
	if err != nil {
		return 0, err
	}
	ids, err := store.Unembedded(ctx)
	if err != nil {
		return 0, err
	}
	if e := engine.Embedder(); model != "" && e != nil && model != e.Model() {
		infos, err := store.AllArticles(ctx)
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

func (p *program) printReport(r retrieval.Report) error {
	if p.flags.json {
		out := ingestJSON{Added: r.Added, Changed: r.Changed, Same: r.Same, Refused: []refusalJSON{}, Notes: api.List(r.Notes)}
		for _, x := range r.Refused {
			out.Refused = append(out.Refused, refusalJSON(x))
		}
		return p.printJSON(out)
	}
	s := p.newScreen(p.stdout)
	s.para("", fmt.Sprintf("%s added, %s changed, %s the same, %s refused.",
		itoa(r.Added), itoa(r.Changed), itoa(r.Same), itoa(len(r.Refused))), s.bold)
	for _, x := range r.Refused {
		s.para("  ", safetext.Line(x.Source)+": "+safetext.Line(x.Why), s.warn)
	}
	s.notes(r.Notes)
	return s.err
}

// totalBytes estimates how many bytes an ingest of paths reads, or returns -1
// where that is not known. It only serves the time left of a progress bar.
func totalBytes(paths []string) int64 {
	var total int64
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
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

// unpackedSize returns the size of a file, or what a gzip file says of its
// content, which is its size modulo 4 GiB.
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
