package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/app"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
)

type ingestOptions struct{ dryRun, writeMetadata bool }

func (p *program) ingestCommand() *cobra.Command {
	var o ingestOptions
	cmd := &cobra.Command{
		Use:   "ingest SOURCE...",
		Short: "add or refresh files, folders and JSON Lines",
		Long: `Ingest adds articles to the catalogue, and refreshes those that changed: text
files, folders of them, and JSON Lines (.jsonl, .jsonl.gz) with one object a line:
{"id"?, "url"?, "title"?, "outlet"?, "agency"?, "published"?, "author"?, "text"}.
A folder may hold articles.yaml with the title, outlet and date of its files.
For each new article it prints the title, date and outlet that it found; with
--write-metadata it writes an articles.yaml to correct beside the files.

It is safe to repeat and safe to interrupt: an unchanged article is left alone, a
changed one becomes a new revision, and what was reported as stored is stored. A
source that cannot be read is reported with the reason, and the rest is ingested.`,
		Example: `  verbatim ingest ~/articles
  verbatim ingest --dry-run feed.jsonl.gz
  verbatim ingest --write-metadata ~/articles
  verbatim ingest --json story.txt`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.ingest(cmd.Context(), o, args) },
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "report what would be done, and change nothing")
	cmd.Flags().BoolVar(&o.writeMetadata, "write-metadata", false, "write an articles.yaml to fill in into each folder that has none")
	return cmd
}

func (p *program) ingest(ctx context.Context, o ingestOptions, args []string) error {
	if len(args) == 0 {
		return usagef("ingest needs at least one file or folder")
	}
	if len(p.flags.corpus) > 0 {
		return usagef("ingest writes the catalogue and cannot be used with --corpus")
	}
	if o.dryRun && o.writeMetadata {
		return usagef("--dry-run changes nothing and cannot be used with --write-metadata")
	}
	if err := checkSources(args); err != nil {
		return err
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
	if err == nil && o.writeMetadata {
		report.Notes, err = p.writeMetadata(ctx, w, args, report.Notes)
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

// checkSources refuses what is neither a file nor a folder.
func checkSources(args []string) error {
	for _, a := range args {
		if a == "" {
			return usagef("the name of a file or folder is empty")
		}
		if strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") {
			return usagef("%s: web addresses cannot be ingested, only files and folders", safetext.Line(a))
		}
	}
	return nil
}

// writeMetadata writes the articles.yaml to fill in, and adds to the notes where
// they are.
func (p *program) writeMetadata(ctx context.Context, w *app.Workspace, paths, notes []string) ([]string, error) {
	written, kept, err := w.WriteMetadata(ctx, paths)
	for _, path := range written {
		notes = append(notes, "Wrote "+path+": correct it and ingest the folder again.")
	}
	for _, dir := range kept {
		notes = append(notes, "There is an articles.yaml in "+dir+" already; it was not changed.")
	}
	if len(written)+len(kept) == 0 && err == nil {
		notes = append(notes, "There is no text file for which an articles.yaml could be written.")
	}
	return notes, err
}

// shownFound is how many articles of an ingest are listed.
const shownFound = 20

func (p *program) printReport(r retrieval.Report) error {
	if p.flags.json {
		return p.printJSON(api.NewIngest(r))
	}
	s := p.newScreen(p.stdout)
	s.para("", fmt.Sprintf("%s added, %s changed, %s the same, %s refused.",
		itoa(r.Added), itoa(r.Changed), itoa(r.Same), itoa(r.AllRefused())), s.bold)
	s.found(r.Found)
	for _, x := range r.Refused {
		s.para("  ", safetext.Line(x.Source)+": "+safetext.Line(x.Why), s.warn)
	}
	if r.MoreRefused > 0 {
		s.para("  ", "... and "+itoa(r.MoreRefused)+" more.", s.warn)
	}
	s.notes(r.Notes)
	return s.err
}

// found lists what was found out about articles, and counts what is missing.
func (s *screen) found(list []retrieval.Found) {
	undated, untitled, noOutlet := 0, 0, 0
	for i, f := range list {
		title, outlet := safetext.Field(f.Title), safetext.Field(f.Outlet)
		if title == "" {
			title = "no title"
			untitled++
		}
		if outlet == "" {
			outlet = "no outlet"
			noOutlet++
		}
		if f.Published == "" {
			undated++
		}
		if i < shownFound {
			s.para("  ", strings.Join([]string{safetext.Field(f.Source), dated(f.Published, f.Basis), outlet, title}, safetext.Separator), s.plain)
		}
		if i < shownFound && len(f.Unused) > 0 {
			s.para("    ", "keys that were not used: "+safetext.Line(strings.Join(f.Unused, ", ")), s.faint)
		}
	}
	if n := len(list) - shownFound; n > 0 {
		s.para("  ", "... and "+plural(n, "article")+" more.", s.plain)
	}
	if undated+untitled+noOutlet > 0 {
		s.para("", fmt.Sprintf("Of these, %s without a date, %s without a title, %s without an outlet. An articles.yaml beside the files says what the texts do not; --write-metadata writes one to fill in.",
			itoa(undated), itoa(untitled), itoa(noOutlet)), s.faint)
	}
}
