package main

import (
	"context"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/retrieval"
)

func (p *program) quoteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "quote WORDS",
		Short: "find words verbatim: where, who, when",
		Long: `Quote finds words exactly as they are in the articles. What looks the same counts as
the same: white space, quotation marks, case, hyphens. Page furniture and titles
are not searched. It exits with 3 if no article contains the words.`,
		Example: `  verbatim quote "more than 1,000"
  verbatim quote --json "retake all the districts"`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.quote(cmd.Context(), args) },
	}
}

func (p *program) quote(ctx context.Context, args []string) error {
	words, err := p.questionOf(ctx, args, "text to find")
	if err != nil {
		return err
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	res, err := w.Answerer.Find(ctx, words, retrieval.Filter{})
	if err != nil {
		return answerError(err)
	}
	res.Notes = append(res.Notes, w.Notes...)
	if p.flags.json {
		err = p.printJSON(api.NewMatches(res))
	} else {
		err = p.page(ctx, func() error { return p.printMatches(res) })
	}
	if err == nil && len(res.Matches) == 0 {
		err = silent(exitNoEvidence)
	}
	return err
}
