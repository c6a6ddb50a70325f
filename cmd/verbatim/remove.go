package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/internal/app"
	"verbatim/internal/safetext"
)

func (p *program) removeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove ID...",
		Short: "remove articles and everything derived from them",
		Long: `Remove deletes all revisions of the articles with these IDs: their text, their
bytes as received, and everything derived from them. If one ID is unknown, nothing
is removed.`,
		Example: `  verbatim remove clh4lq5jbc
  verbatim sources --json somewhere | jq -r .articles[].id | xargs verbatim remove`,
		ValidArgsFunction: p.completeArticle,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.remove(cmd.Context(), args) },
	}
}

func (p *program) remove(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("remove needs the ID of an article; 'verbatim sources' lists them")
	}
	if len(p.flags.corpus) > 0 {
		return usagef("remove writes the catalogue and cannot be used with --corpus")
	}
	var ids []string
	for _, a := range args {
		if safetext.Blank(a) {
			return usagef("an ID is empty")
		}
		bare, _, _ := strings.Cut(strings.TrimSpace(a), ".")
		ids = append(ids, bare)
	}
	a, err := p.app()
	if err != nil {
		return err
	}
	err = a.Remove(ctx, ids)
	if unknown, ok := errors.AsType[*app.UnknownIDError](err); ok {
		return p.unknownID(unknown.ID)
	}
	if err != nil {
		return err
	}
	if p.flags.json {
		return p.printJSON(removeJSON{Removed: ids, Notes: []string{}})
	}
	s := p.newScreen(p.stdout)
	s.para("", plural(len(ids), "article")+" removed.", s.bold)
	return s.err
}

type removeJSON struct {
	Removed []string `json:"removed"`
	Error   string   `json:"error,omitempty"`
	Notes   []string `json:"notes"`
}

func (p *program) unknownID(id string) error {
	err := fmt.Errorf("there is no article %s in the catalogue; nothing was removed", safetext.Line(id))
	if p.flags.json {
		if werr := p.printJSON(removeJSON{Removed: []string{}, Error: err.Error(), Notes: []string{}}); werr != nil {
			return werr
		}
	}
	return err
}
