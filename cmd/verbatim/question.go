package main

import (
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
func (f *filterFlags) add(cmd *cobra.Command, n, most int, what string) {
	f.max = most
	fs := cmd.Flags()
	fs.StringArrayVar(&f.outlets, "outlet", nil, "only articles of this outlet or agency `NAME` (repeatable)")
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
		return out, "", usagef("-n %d: it may be 1 to %d", f.n, f.max)
	}
	for _, o := range f.outlets {
		if safetext.Blank(o) {
			return out, "", usagef("--outlet needs a name")
		}
		out.Outlets = append(out.Outlets, strings.TrimSpace(o))
	}
	return out, asOf, nil
}

// questionOf joins the arguments and refuses what is no question.
func questionOf(args []string, noun string) (string, error) {
	q := strings.Join(args, " ")
	if len(args) == 0 || safetext.Blank(q) {
		return "", usagef("there is no %s; put it in quotation marks after the command", noun)
	}
	if n := utf8.RuneCountInString(q); n > answer.MaxQuestion {
		return "", usagef("the %s has %s characters; at most %s are taken", noun, itoa(n), itoa(answer.MaxQuestion))
	}
	return q, nil
}

// mode returns the mode that a flag or else the config asks for.
func (p *program) mode(w *app.Workspace, flag string) (answer.Mode, error) {
	mode, err := w.Mode(answer.Mode(flag))
	return mode, deskError(err)
}

// deskError gives an error of the desk its exit code.
func deskError(err error) error {
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
