package main

import (
	"context"

	"github.com/spf13/cobra"

	"verbatim/retrieval/local"
)

func (p *program) reindexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "rebuild everything that is derived from the articles",
		Long: `Reindex reads all articles again by the rules of this version of the program:
furniture, titles, dates, passages, vectors and the word index. Their text does not
change, and refs go on to work. An index that is missing, damaged or behind is
mended without it.`,
		Example: "  verbatim reindex",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.reindex(cmd.Context()) },
	}
}

type reindexJSON struct {
	Articles int      `json:"articles"`
	Passages int      `json:"passages"`
	Notes    []string `json:"notes"`
}

func (p *program) reindex(ctx context.Context) error {
	if len(p.flags.corpus) > 0 {
		return usagef("reindex writes the catalogue; --corpus does not go with it")
	}
	w, store, err := p.openCatalogue(ctx, true)
	if err != nil {
		return err
	}
	out := reindexJSON{Notes: []string{}}
	if store == nil {
		out.Notes = append(out.Notes, "Nothing has been ingested yet, so there is nothing to rebuild.")
		return p.printReindex(out)
	}
	if err := w.Close(); err != nil {
		return err
	}
	if w, store, err = p.openCatalogue(ctx, false); err != nil {
		return err
	}
	defer w.Close()
	if err := p.openEngine(w, store); err != nil {
		return err
	}
	if err := p.rebuild(ctx, w, store); err != nil {
		return catalogueError(p.places(w.config.Data).catalogue, err)
	}
	health, err := store.Check(ctx)
	if err != nil {
		return err
	}
	out.Articles, out.Passages = health.Articles, health.Passages
	out.Notes = append(out.Notes, health.Problems...)
	return p.printReindex(out)
}

// rebuild makes all that is derived again, and the vectors where they are
// missing, of another model, or of passages that are other ones now.
func (p *program) rebuild(ctx context.Context, w *workspace, store *local.Store) error {
	if _, err := w.engine.DropForeignVectors(ctx, store); err != nil {
		return err
	}
	if _, err := w.engine.Rederive(ctx, store, p.counter("articles read")); err != nil {
		return err
	}
	if err := p.embedRest(ctx, w, store); err != nil {
		return err
	}
	return store.Rebuild(ctx, p.counter("articles indexed"))
}

func (p *program) printReindex(r reindexJSON) error {
	if p.flags.json {
		return p.printJSON(r)
	}
	s := p.newScreen(p.stdout)
	s.para("", plural(r.Articles, "article")+" with "+plural(r.Passages, "passage")+" indexed.", s.bold)
	s.notes(r.Notes)
	return s.err
}
