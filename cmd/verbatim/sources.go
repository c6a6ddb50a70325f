package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

func (p *program) sourcesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sources [FILTER]",
		Short: "list the articles: ID, date, outlet, title",
		Long: `Sources lists the articles, the newest revision of each. With FILTER it lists
those whose title, outlet, agency, source or ID contains it, in upper or lower case.`,
		Example: `  verbatim sources
  verbatim sources afp
  verbatim sources --json | jq -r .articles[].id`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.sources(cmd.Context(), strings.Join(args, " "))
		},
	}
}

func (p *program) sources(ctx context.Context, filter string) error {
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	infos, err := w.Answerer.Sources(ctx, retrieval.Filter{}, filter)
	if err != nil {
		return err
	}
	if p.flags.json {
		return p.printJSON(api.NewArticles(infos, w.Notes))
	}
	return p.page(ctx, func() error { return p.printSources(infos, filter) })
}

func (p *program) printSources(infos []corpus.Info, filter string) error {
	s := p.newScreen(p.stdout)
	if len(infos) == 0 {
		if filter == "" {
			s.para("", "There are no articles.", s.bold)
		} else {
			s.para("", "No article matches "+safetext.Line(filter)+".", s.bold)
		}
		return s.err
	}
	outlet := 0
	for i := range infos {
		outlet = max(outlet, len([]rune(safetext.Line(listed(&infos[i])))))
	}
	outlet = min(outlet, 28)
	for i := range infos {
		info := &infos[i]
		date := string(info.Published)
		if date == "" {
			date = "undated   "
		}
		name := []rune(safetext.Line(listed(info)))
		if s.width > 0 && len(name) > outlet {
			name = append(name[:outlet-1], '…')
		}
		pad := strings.Repeat(" ", max(0, outlet-len(name)))
		s.para(s.accent.Render(info.ID)+"  "+date+"  "+string(name)+pad+"  ", safetext.Line(info.Title), s.bold)
	}
	s.para("", plural(len(infos), "article")+".", s.faint)
	return s.err
}

// listed returns what the list names as the origin of an article: its outlet
// or agency, else its source, which tells it from a file of the same name in
// another folder.
func listed(info *corpus.Info) string {
	if info.Outlet == "" && info.Agency == "" {
		return info.Source
	}
	return info.Name()
}
