package main

import (
	"context"

	"github.com/spf13/cobra"

	"verbatim/internal/app"
)

func (p *program) reindexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "rebuild everything that is derived from the articles",
		Long: `Reindex reads all articles again by the rules of this version of the program:
furniture, titles, dates, passages, vectors and the word index. Their text does not
change, and refs keep working. An index that is missing, damaged or out of date is
rebuilt without it.`,
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
		return usagef("reindex writes the catalogue and cannot be used with --corpus")
	}
	a, err := p.app()
	if err != nil {
		return err
	}
	health, ok, err := a.Reindex(ctx, app.Steps{
		Read: p.counter("articles read"), Embedded: p.counter("articles embedded"), Indexed: p.counter("articles indexed"),
	})
	if err != nil {
		return err
	}
	out := reindexJSON{Notes: []string{}}
	if !ok {
		out.Notes = append(out.Notes, "Nothing has been ingested yet, so there is nothing to rebuild.")
		return p.printReindex(out)
	}
	out.Articles, out.Passages = health.Articles, health.Passages
	out.Notes = append(out.Notes, health.Problems...)
	return p.printReindex(out)
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
