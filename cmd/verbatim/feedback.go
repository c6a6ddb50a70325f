package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/internal/eval"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
	"verbatim/retrieval/corpus"
)

func (p *program) feedbackCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "feedback",
		Short: "what readers said about answers",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("feedback has no command %q; there are 'feedback export' and 'feedback unanswered'", args[0])
			}
			return usagef("feedback needs a command: 'feedback export' or 'feedback unanswered'")
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
	var of string
	unanswered := &cobra.Command{
		Use:   "unanswered",
		Short: "questions that the articles did not answer",
		Long: `Unanswered lists the questions that at least two users asked on Discord and that
the articles did not answer, those of most users first: how many users, the last
day, the question. They are kept if discord.retention.unanswered_days is set, and
it is not known who asked.`,
		Example: `  verbatim feedback unanswered`,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.listUnanswered(cmd.Context(), of) },
	}
	unanswered.Flags().StringVar(&of, "server", "*", "only of the Discord server with this `ID`")
	cmd.AddCommand(export, unanswered)
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

// unansweredJSON is a question that the articles did not answer.
type unansweredJSON struct {
	Question string      `json:"question"`
	Askers   int         `json:"askers"`
	Last     corpus.Date `json:"last"`
}

// maxUnanswered bounds the list of unanswered questions.
const maxUnanswered = 1000

func (p *program) listUnanswered(ctx context.Context, server string) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	at := p.places(c.Data)
	out := struct {
		Unanswered []unansweredJSON `json:"unanswered"`
		Notes      []string         `json:"notes"`
	}{[]unansweredJSON{}, []string{}}
	if at.Catalogue != "" && exists(at.Settings()) {
		m, err := settings.Open(ctx, settings.Options{Path: at.Settings(), Now: p.now, Log: p.logger(c)})
		if err != nil {
			return err
		}
		defer m.Close()
		list, err := m.Unanswered(ctx, server, maxUnanswered)
		if err != nil {
			return err
		}
		for _, u := range list {
			out.Unanswered = append(out.Unanswered, unansweredJSON{u.Question, u.Askers, corpus.DateOf(u.Last)})
		}
	}
	if len(out.Unanswered) == 0 {
		note := "No question without an answer was asked by two users."
		if c.Discord.Retention.UnansweredDays == 0 {
			note = "Questions without an answer are not kept: set discord.retention.unanswered_days."
		}
		out.Notes = append(out.Notes, note)
		p.notice("%s", note)
	}
	if p.flags.json {
		return p.printJSON(out)
	}
	s := p.newScreen(p.stdout)
	for _, u := range out.Unanswered {
		s.print(safetext.Line(fmt.Sprintf("%d  %s  %s", u.Askers, u.Last, u.Question)) + "\n")
	}
	return s.err
}
