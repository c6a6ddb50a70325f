package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/retrieval/corpus"
)

func (p *program) searchCommand() *cobra.Command {
	var o filterFlags
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "print ranked passages, without an answer",
		Long: `Search prints the passages that match a query, the best first, each with its
outlet or agency, date, title and ref. A passage of several sentences is cut to
those that match best; --json has the whole passage. The same text in other
articles is listed as copies. It exits with 3 if nothing is found.`,
		Example: `  verbatim search "commandos in Faizabad"
  verbatim search -n 3 --explain "border guards"
  verbatim search --json --batch questions.jsonl > hits.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.search(cmd.Context(), o, args) },
	}
	o.add(p, cmd, answer.DefaultHits, answer.MaxHits, "passages")
	return cmd
}

func (p *program) search(ctx context.Context, o filterFlags, args []string) error {
	filter, asOf, err := o.filter()
	if err != nil {
		return err
	}
	if o.batch != "" && len(args) > 0 {
		return usagef("with --batch the queries come from the file, not from the command line")
	}
	r := answer.SearchRequest{Filter: filter, AsOf: asOf, N: o.n, Explain: o.explain}
	if o.batch == "" {
		if r.Query, err = p.questionOf(ctx, args, "query"); err != nil {
			return err
		}
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	if o.batch != "" {
		newest, err := w.Newest(ctx)
		if err != nil {
			return err
		}
		r.Today = newest
		return p.batch(ctx, o.batch, asOf, func(id json.RawMessage, query string, asOf corpus.Date) (any, error) {
			r.Query, r.AsOf = query, asOf
			res, err := w.Answerer.Search(ctx, r)
			if err != nil {
				return nil, err
			}
			return api.WithID[api.Search]{ID: id, V: api.NewSearch(res, o.explain)}, nil
		})
	}
	res, err := w.Answerer.Search(ctx, r)
	if err != nil {
		return answerError(err)
	}
	res.Notes = append(res.Notes, w.Notes...)
	if p.flags.json {
		err = p.printJSON(api.NewSearch(res, o.explain))
	} else {
		err = p.page(ctx, func() error { return p.printHits(res, o.explain) })
	}
	if err == nil && len(res.Hits) == 0 {
		err = silent(exitNoEvidence)
	}
	return err
}
