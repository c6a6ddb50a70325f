package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
)

type ingestOptions struct{ dryRun bool }

func (p *program) ingestCommand() *cobra.Command {
	var o ingestOptions
	cmd := &cobra.Command{
		Use:   "ingest SOURCE...",
		Short: "add or refresh files, folders and JSON Lines",
		Long: `Ingest adds articles to the catalogue, and refreshes those that changed: text
files, folders of them, and JSON Lines (.jsonl, .jsonl.gz) with one object a line:
{"id"?, "url"?, "title"?, "outlet"?, "agency"?, "published"?, "author"?, "text"}.
A folder may hold articles.yaml with the title, outlet and date of its files.

It is safe to repeat and safe to interrupt: an unchanged article is left alone, a
changed one becomes a new revision, and what was reported as stored is stored. A
source that cannot be read is reported with the reason, and the rest is ingested.`,
		Example: `  verbatim ingest ~/articles
  verbatim ingest --dry-run feed.jsonl.gz
  verbatim ingest --json story.txt`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.ingest(cmd.Context(), o, args) },
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "report what would be done, and change nothing")
	return cmd
}

func (p *program) ingest(ctx context.Context, o ingestOptions, args []string) error {
	if len(args) == 0 {
		return usagef("ingest needs at least one file or folder")
	}
	if len(p.flags.corpus) > 0 {
		return usagef("ingest writes the catalogue and cannot be used with --corpus")
	}
	for _, a := range args {
		if a == "" {
			return usagef("the name of a file or folder is empty")
		}
		if strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") {
			return usagef("%s: web addresses cannot be ingested, only files and folders", safetext.Line(a))
		}
	}
	a, err := p.app()
	if err != nil {
		return err
	}
	w, err := a.OpenForWriting(ctx, o.dryRun)
	if err != nil {
		return err
	}
	var report retrieval.Report
	if o.dryRun {
		report, err = w.DryRun(ctx, args)
	} else {
		report, err = w.Ingest(ctx, args, p.counter("articles embedded"))
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if o.dryRun {
		report.Notes = append(report.Notes, "This was a dry run: nothing was stored.")
	}
	if err != nil {
		report.Notes = append(report.Notes, "The ingest was not finished. Everything counted here is stored; run it again for the rest.")
	}
	if perr := p.printReport(report); perr != nil {
		return perr
	}
	if err != nil {
		return err
	}
	if report.Added+report.Changed+report.Same == 0 {
		if len(report.Refused) == 0 {
			return errors.New("no article was found")
		}
		return errors.New("every source was refused")
	}
	return nil
}

func (p *program) printReport(r retrieval.Report) error {
	if p.flags.json {
		return p.printJSON(api.NewIngest(r))
	}
	s := p.newScreen(p.stdout)
	s.para("", fmt.Sprintf("%s added, %s changed, %s the same, %s refused.",
		itoa(r.Added), itoa(r.Changed), itoa(r.Same), itoa(r.AllRefused())), s.bold)
	for _, x := range r.Refused {
		s.para("  ", safetext.Line(x.Source)+": "+safetext.Line(x.Why), s.warn)
	}
	s.notes(r.Notes)
	return s.err
}
