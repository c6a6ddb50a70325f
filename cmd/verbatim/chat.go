package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/internal/app"
	"verbatim/internal/safetext"
)

// chatTurns is how many earlier questions a follow-up can refer to.
const chatTurns = 6

func (p *program) chatCommand() *cobra.Command {
	var mode string
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "questions and follow-ups in the terminal",
		Long: `Chat reads a question a line and answers each. A follow-up ("and the day
before?", "who said that?") is understood from the questions before it, and
shown as it was understood. An empty line or the end of input ends the chat;
so do quit and exit. /new forgets what was asked before.

With --json one object is printed for each question.`,
		Example: `  verbatim chat
  printf 'Who is the governor?\nWhen did he speak?\n' | verbatim chat --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.chat(cmd.Context(), mode) },
	}
	cmd.Flags().StringVar(&mode, "mode", "", "`MODE` is extractive or model")
	return cmd
}

func (p *program) chat(ctx context.Context, flag string) error {
	if m := answer.Mode(flag); m != "" && m != answer.ModeExtractive && m != answer.ModeModel {
		return usagef("--mode %q: it may be extractive or model", flag)
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	mode, err := p.mode(w, flag)
	if err != nil {
		return err
	}
	c := conversation{program: p, Workspace: w, mode: mode}
	if _, c.prompt = p.terminal(p.stdout); p.flags.json {
		c.prompt = false
	}
	c.echo = c.prompt && !typed(p.stdin)
	return c.run(ctx)
}

// typed reports whether what is read is typed into a terminal, which shows it.
func typed(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// conversation is a chat under way.
type conversation struct {
	*program
	*app.Workspace
	mode    answer.Mode
	prompt  bool
	echo    bool // questions are printed after the prompt
	history []answer.Turn
}

func (c *conversation) run(ctx context.Context) error {
	s := c.newScreen(c.stdout)
	ask := func() {
		if c.prompt {
			s.print(s.accent.Render("?") + " ")
		}
	}
	ask()
	for _, l := range linesUntil(ctx, c.stdin) {
		if l.err != nil {
			return l.err
		}
		if l.long {
			if c.echo {
				s.print("…\n")
			}
			if err := c.refuse("", fmt.Sprintf("the line has more than %d bytes", maxLine)); err != nil {
				return err
			}
			ask()
			continue
		}
		text := strings.TrimSpace(string(l.data))
		if c.echo {
			s.print(safetext.Line(text) + "\n")
		}
		switch strings.ToLower(text) {
		case "", "quit", "exit", "/quit", "/exit":
			return s.err
		case "/new":
			c.history = nil
			ask()
			continue
		}
		if err := c.turn(ctx, text); err != nil {
			return err
		}
		ask()
	}
	if c.prompt {
		s.print("\n")
	}
	return s.err
}

// turn answers one question. What is wrong with a question does not end the
// chat.
func (c *conversation) turn(ctx context.Context, question string) error {
	status := c.newStatus(c.Workspace, c.mode)
	a, err := c.Answerer.Ask(ctx, answer.Request{Question: question, Mode: c.mode, History: c.history, Progress: status.update})
	status.end()
	if err != nil && exitCode(deskError(err)) == exitUsage {
		return c.refuse(question, err.Error())
	}
	if err != nil {
		return err
	}
	c.history = append(c.history, answer.Turn{Question: a.Question, Answer: a.Text})
	if len(c.history) > chatTurns {
		c.history = c.history[1:]
	}
	if c.flags.json {
		return c.printJSON(api.NewAnswer(a, false))
	}
	if err := c.printAnswer(a, false); err != nil {
		return err
	}
	s := c.newScreen(c.stdout)
	s.print("\n")
	return s.err
}

// refuse says what is wrong with a question.
func (c *conversation) refuse(question, why string) error {
	if c.flags.json {
		return c.printJSON(map[string]any{"question": question, "error": why, "notes": []string{}})
	}
	s := c.newScreen(c.stdout)
	s.para("", safetext.Line(why)+".", s.warn)
	return s.err
}
