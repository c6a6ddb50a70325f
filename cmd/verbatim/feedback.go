package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/eval"
	"verbatim/internal/settings"
	"verbatim/retrieval/corpus"
)

func (p *program) feedbackCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "feedback",
		Short: "what readers said about answers",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("feedback has no command %q; there is 'feedback export'", args[0])
			}
			return usagef("feedback needs a command: 'feedback export'")
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	var server string
	export := &cobra.Command{
		Use:   "export",
		Short: "questions with complaints, as eval questions",
		Long: `Export prints each question whose answer a reader called wrong, as a line that
eval reads. "answers" and "evidence" are empty, which means that the articles do
not say: fill in the right answer. "complaint" is the reader's reason and "refs"
are the quotes that were shown. It is not known who complained.`,
		Example: `  verbatim feedback export > complaints.jsonl
  verbatim eval complaints.jsonl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.exportFeedback(cmd.Context(), server) },
	}
	export.Flags().StringVar(&server, "server", "*", "only of the Discord server with this `ID`")
	cmd.AddCommand(export)
	return cmd
}

type complaintJSON struct {
	ID        string          `json:"id"`
	Question  string          `json:"question"`
	Asked     corpus.Date     `json:"asked"`
	Answers   []string        `json:"answers"`
	Evidence  []eval.Evidence `json:"evidence"`
	Type      string          `json:"type"`
	Complaint string          `json:"complaint"`
	Refs      []string        `json:"refs"`
}

func (p *program) exportFeedback(ctx context.Context, server string) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	at := p.places(c.Data)
	out := struct {
		Questions []complaintJSON `json:"questions"`
		Notes     []string        `json:"notes"`
	}{[]complaintJSON{}, []string{}}
	if at.Catalogue != "" && exists(at.Settings()) {
		m, err := settings.Open(ctx, settings.Options{Path: at.Settings(), Now: p.now, Log: p.logger(c)})
		if err != nil {
			return err
		}
		defer m.Close()
		for f, err := range m.Complaints(ctx, server) {
			if err != nil {
				return fmt.Errorf("read the feedback: %w", err)
			}
			out.Questions = append(out.Questions, complaintJSON{
				ID: fmt.Sprintf("feedback-%d", f.ID), Question: f.Question, Asked: corpus.DateOf(f.Time.UTC()),
				Answers: []string{}, Evidence: []eval.Evidence{}, Type: "complaint", Complaint: f.Reason, Refs: api.List(f.Refs),
			})
		}
	}
	if len(out.Questions) == 0 {
		out.Notes = append(out.Notes, "There are no complaints.")
		p.notice("There are no complaints.")
	}
	if p.flags.json {
		return p.printJSON(out)
	}
	for _, q := range out.Questions {
		if err := p.printJSON(q); err != nil {
			return err
		}
	}
	return nil
}
