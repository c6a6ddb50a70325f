package main

import (
	"context"
	"errors"
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
		Long: `Chat reads one question per line and answers it. A follow-up ("and the day
before?", "who said that?") is understood from the questions before it, and the
question that it was read as is shown. In a terminal the arrow keys edit the line
and bring back earlier ones.

A number opens that quote in its article, and "more" shows further passages.
/help lists the commands. Ctrl-D, the end of input, quit or exit ends the chat.

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
		return usagef("--mode %q is not extractive or model", flag)
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
	s := c.newScreen(c.stdout)
	prompt := s.accent.Render("?") + " "
	in, typing := p.stdin.(*os.File)
	out, onTerminal := p.stdout.(*os.File)
	if c.prompt && typed(p.stdin) && typing && onTerminal && p.getenv("TERM") != "dumb" {
		c.input = newLineEditor(in, out, prompt, func() (int, int) {
			columns, _ := p.terminal(p.stdout)
			return columns, p.terminalRows(p.stdout)
		})
		s.para("", "Ask a question about the articles. /help lists the commands, Ctrl-D ends the chat.", s.faint)
	} else {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		c.input = newPipedLines(ctx, p.stdin)
		c.show, c.echo = prompt, !typed(p.stdin)
	}
	return errors.Join(s.err, c.run(ctx))
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
	input   input
	mode    answer.Mode
	prompt  bool   // before each question
	show    string // the prompt, "" if the input shows it
	echo    bool   // questions are printed after the prompt
	history []answer.Turn

	last *answer.Answer // that numbers and more refer to
	seen int            // hits of a search for last's question that more has gone through
}

// run reads lines until the end of input.
func (c *conversation) run(ctx context.Context) error {
	for {
		s := c.newScreen(c.stdout)
		if c.prompt {
			s.print(c.show)
		}
		l, err := c.input.next(ctx)
		if err == io.EOF {
			if c.prompt {
				s.print("\n")
			}
			return s.err
		}
		if err != nil {
			return err
		}
		text := strings.TrimSpace(strings.ToValidUTF8(string(l.data), "\uFFFD"))
		if c.echo && c.prompt {
			if s.print(safetext.Line(text) + "\n"); l.long {
				s.print("…\n")
			}
		}
		if s.err != nil {
			return s.err
		}
		if l.long {
			err = c.refuse("", fmt.Sprintf("the line has more than %d bytes", maxLine))
		} else {
			err = c.line(ctx, text)
		}
		if errors.Is(err, errLeave) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// line does what one line asks for.
func (c *conversation) line(ctx context.Context, text string) error {
	if text == "" {
		return nil
	}
	if do, argument, ok := c.command(text); ok {
		return do(c, ctx, argument)
	}
	if line, ok := answer.SmallTalk(text); ok {
		return c.smallTalk(text, line)
	}
	return c.turn(ctx, text)
}

// smallTalk answers a line that asks nothing.
func (c *conversation) smallTalk(text, line string) error {
	if c.flags.json {
		return c.printJSON(map[string]any{"question": text, "answer": line, "notes": []string{}})
	}
	s := c.newScreen(c.stdout)
	s.para("", line, s.faint)
	return s.err
}

// turn answers one question. A question that cannot be answered does not end
// the chat.
func (c *conversation) turn(ctx context.Context, question string) error {
	if reply, ok := answer.SmallTalk(question); ok {
		return c.reply(question, reply)
	}
	status := c.newStatus(c.Workspace, c.mode)
	a, err := c.Answerer.Ask(ctx, answer.Request{Question: question, Mode: c.mode, History: c.history, Progress: status.update})
	status.end()
	if err != nil && exitCode(answerError(err)) == exitUsage {
		return c.refuse(question, err.Error())
	}
	if err != nil {
		return err
	}
	c.last, c.seen = a, 0
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
	return c.blankLine()
}

// reply answers what is not a question.
func (c *conversation) reply(text, reply string) error {
	if c.flags.json {
		return c.printJSON(map[string]any{"question": text, "reply": reply, "notes": []string{}})
	}
	s := c.newScreen(c.stdout)
	s.para("", reply, s.plain)
	return s.err
}

func (c *conversation) blankLine() error {
	s := c.newScreen(c.stdout)
	s.print("\n")
	return s.err
}

// refuse says what is wrong with a line; why begins with an ASCII letter.
func (c *conversation) refuse(question, why string) error {
	if c.flags.json {
		return c.printJSON(map[string]any{"question": question, "error": why, "notes": []string{}})
	}
	s := c.newScreen(c.stdout)
	s.para("", strings.ToUpper(why[:1])+safetext.Line(why[1:])+".", s.warn)
	return s.err
}
