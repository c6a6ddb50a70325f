package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/internal/app"
	"verbatim/retrieval/corpus"
)

type askOptions struct {
	filterFlags
	mode string
}

// defaultAsk are the options of a question without a command.
func defaultAsk() askOptions {
	return askOptions{filterFlags: filterFlags{n: answer.MaxQuotes, max: answer.MaxQuotes}}
}

func (p *program) askCommand() *cobra.Command {
	var o askOptions
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "answer with quotes, or say that the articles do not say",
		Long: `Ask answers a question with at most five quotes. Each is a passage of a stored
article, word for word, and is shown with its outlet or agency, date, title and
ref. If the articles may not answer the question, ask says so above the quotes. If
they do not, it says so, names what was searched, shows the nearest passages and
exits with 3. Without QUESTION, or with "-", it reads one from standard input.

With --batch, each line of the file is an object with "id", "question" and
optionally "asked", the day of asking. One answer per line is written, in order.`,
		Example: `  verbatim ask "How many Afghan soldiers fled to Tajikistan?"
  verbatim ask --outlet Reuters --since 2021-07-01 "Who closed the border?"
  verbatim ask --as-of 2021-07-08 "What happened this week?"
  verbatim ask --json "Who is the governor?" | jq .quotes
  verbatim ask --batch questions.jsonl > answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.ask(cmd.Context(), o, args) },
	}
	o.add(p, cmd, answer.MaxQuotes, answer.MaxQuotes, "quotes")
	cmd.Flags().StringVar(&o.mode, "mode", "", "`MODE` is extractive or model (default: model if one is configured)")
	return cmd
}

func (p *program) ask(ctx context.Context, o askOptions, args []string) error {
	filter, asOf, err := o.filter()
	if err != nil {
		return err
	}
	if o.batch != "" && len(args) > 0 {
		return usagef("with --batch the questions come from the file, not from the command line")
	}
	if m := answer.Mode(o.mode); m != "" && m != answer.ModeExtractive && m != answer.ModeModel {
		return usagef("--mode %q is not extractive or model", o.mode)
	}
	question := ""
	if o.batch == "" {
		if question, err = p.questionOf(ctx, args, "question"); err != nil {
			return err
		}
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	mode, err := p.mode(w, o.mode)
	if err != nil {
		return err
	}
	request := answer.Request{Question: question, Filter: filter, AsOf: asOf, Quotes: o.n, Mode: mode, Explain: o.explain}
	if o.batch != "" {
		return p.askBatch(ctx, w, o, request)
	}
	return p.askOne(ctx, w, o, request)
}

func (p *program) askOne(ctx context.Context, w *app.Workspace, o askOptions, r answer.Request) error {
	status := p.newStatus(w, r.Mode)
	r.Progress = status.update
	a, err := w.Answerer.Ask(ctx, r)
	status.end()
	if err != nil {
		return answerError(err)
	}
	a.Notes = append(a.Notes, w.Notes...)
	if p.flags.json {
		err = p.printJSON(api.NewAnswer(a, o.explain))
	} else {
		err = p.printAnswer(a, o.explain)
	}
	if err != nil {
		return err
	}
	if a.Status == answer.StatusNoEvidence {
		return silent(exitNoEvidence)
	}
	return nil
}

func (p *program) askBatch(ctx context.Context, w *app.Workspace, o askOptions, r answer.Request) error {
	newest, err := w.Newest(ctx)
	if err != nil {
		return err
	}
	r.Today = newest
	return p.batch(ctx, o.batch, r.AsOf, func(id json.RawMessage, question string, asOf corpus.Date) (any, error) {
		r.Question, r.AsOf = question, asOf
		a, err := w.Answerer.Ask(ctx, r)
		if err != nil {
			return nil, err
		}
		return api.WithID[api.Answer]{ID: id, V: api.NewAnswer(a, o.explain)}, nil
	})
}
