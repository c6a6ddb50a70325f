package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"verbatim/answer"
	"verbatim/internal/app"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// filterFlags are the flags that limit what is searched.
type filterFlags struct {
	outlets            []string
	since, until, asOf string
	n                  int
	explain            bool
	batch              string
	max                int // of n
}

// add defines the flags on cmd; n counts what, of which there are at most max.
func (f *filterFlags) add(p *program, cmd *cobra.Command, n, most int, what string) {
	f.max = most
	fs := cmd.Flags()
	fs.StringArrayVar(&f.outlets, "outlet", nil, "only articles of this outlet or agency `NAME` (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("outlet", p.completeOutlet) // it fails only for a flag that is not defined
	fs.StringVar(&f.since, "since", "", "only articles of `DATE` (YYYY-MM-DD) or later")
	fs.StringVar(&f.until, "until", "", "only articles of `DATE` (YYYY-MM-DD) or earlier")
	fs.StringVar(&f.asOf, "as-of", "", "what \"now\" and \"this week\" mean: `DATE` (default today)")
	fs.IntVarP(&f.n, "number", "n", n, fmt.Sprintf("print `N` %s, at most %d", what, most))
	fs.BoolVar(&f.explain, "explain", false, "show what each feature adds to a score")
	fs.StringVar(&f.batch, "batch", "", "read questions from `FILE` of JSON Lines (- for standard input), write one object a line")
}

// filter checks the flags and returns what they mean.
func (f *filterFlags) filter() (retrieval.Filter, corpus.Date, error) {
	var out retrieval.Filter
	var asOf corpus.Date
	for _, d := range []struct {
		flag, value string
		to          *corpus.Date
	}{{"since", f.since, &out.Since}, {"until", f.until, &out.Until}, {"as-of", f.asOf, &asOf}} {
		if d.value == "" {
			continue
		}
		date, err := corpus.ParseDate(d.value)
		if err != nil {
			return out, "", usagef("--%s: %w", d.flag, err)
		}
		*d.to = date
	}
	if out.Since != "" && out.Until != "" && out.Since > out.Until {
		return out, "", usagef("--since %s is later than --until %s", out.Since, out.Until)
	}
	if f.n < 1 || f.n > f.max {
		return out, "", usagef("-n %d is not between 1 and %d", f.n, f.max)
	}
	for _, o := range f.outlets {
		if safetext.Blank(o) {
			return out, "", usagef("--outlet needs a name")
		}
		out.Outlets = append(out.Outlets, strings.TrimSpace(o))
	}
	return out, asOf, nil
}

// questionOf joins the arguments and refuses what is not a question. Without an
// argument, or with "-", the question is read from standard input, unless that is
// a terminal.
func (p *program) questionOf(ctx context.Context, args []string, noun string) (string, error) {
	q := strings.Join(args, " ")
	if len(args) == 0 && !typed(p.stdin) || q == "-" {
		var err error
		if q, err = p.readQuestion(ctx, noun); err != nil {
			return "", err
		}
	}
	if safetext.Blank(q) {
		return "", usagef("there is no %s; put it in quotation marks after the command", noun)
	}
	if utf8.RuneCountInString(q) > answer.MaxQuestion {
		return "", tooLong(noun)
	}
	return q, nil
}

func tooLong(noun string) error {
	return usagef("the %s has more than %s characters", noun, itoa(answer.MaxQuestion))
}

// readQuestion reads a question of one or more lines, and no more of standard
// input than a question may have.
func (p *program) readQuestion(ctx context.Context, noun string) (string, error) {
	var b strings.Builder
	for _, l := range linesUntil(ctx, p.stdin) {
		if l.err != nil {
			return "", fmt.Errorf("read the question from standard input: %w", l.err)
		}
		b.WriteString(" " + strings.TrimSpace(strings.ToValidUTF8(string(l.data), "\uFFFD")))
		if l.long || b.Len() > answer.MaxQuestion*utf8.UTFMax {
			return "", tooLong(noun)
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// mode returns the mode that a flag or else the config asks for.
func (p *program) mode(w *app.Workspace, flag string) (answer.Mode, error) {
	mode, err := w.Mode(answer.Mode(flag))
	return mode, answerError(err)
}

// answerError gives an error of the answerer its exit code.
func answerError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, answer.ErrQuestion), errors.Is(err, answer.ErrLongQuestion):
		return usage(err)
	case errors.Is(err, answer.ErrNoModel):
		return usagef("--mode model needs a model: set model.name in the config")
	}
	return err
}
