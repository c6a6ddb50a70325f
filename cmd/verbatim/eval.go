package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/internal/app"
	"verbatim/internal/eval"
	"verbatim/internal/safetext"
)

type evalOptions struct {
	mode     string
	failures int
	plain    bool
	ablate   bool
	train    string
	foreign  string
	also     string
	folds    int
	dump     string
	undated  bool
	guard    string
	weights  string
}

func (p *program) evalCommand() *cobra.Command {
	o := evalOptions{folds: 5}
	cmd := &cobra.Command{
		Use:   "eval QUESTIONS|DIR",
		Short: "measure retrieval and answers against known ones",
		Long: `Eval asks the questions of a file of JSON Lines and compares what comes back with
the known answers. A line is {"id", "question", "asked"?, "answers": [...],
"evidence": [{"article", "quote"}], "type"}; one without answers and evidence is
a question that the corpus does not answer.

Each figure is printed with the number of its questions and a 95 % bootstrap
interval. --plain compares with plain BM25 on the same questions. --ablate and
--train fit the ranking's weights again: both measure by cross-validation over
blocks of dates, so that no question is measured with weights that were fitted on
it; --train also writes the weights of all questions.

With a folder of pairs X.articles.jsonl.gz and X.questions.jsonl, each file of
questions is asked over its own articles. --dump writes every question with its
ranked sentences and their features, for training.

Silence is measured with 300 questions that the corpus cannot answer: the
questions of --foreign, and questions of the file asked without every article
that holds an answer. A table tells how sure it was and how often that was
right; answer.threshold in the config file moves the line.`,
		Example: `  verbatim eval questions.jsonl
  verbatim eval --corpus articles.jsonl.gz --plain questions.jsonl
  verbatim eval --failures 10 questions.jsonl
  verbatim eval --guard points.jsonl
  verbatim eval --corpus articles.jsonl.gz --foreign others.jsonl questions.jsonl
  verbatim eval --corpus articles.jsonl.gz --train weights.json questions.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.eval(cmd.Context(), o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.mode, "mode", "", "`MODE` is extractive or model")
	f.IntVar(&o.failures, "failures", 0, "print the `N` questions that went wrong the worst: what was wanted, what was printed")
	f.BoolVar(&o.plain, "plain", false, "compare with plain BM25")
	f.BoolVar(&o.ablate, "ablate", false, "show what each feature adds")
	f.StringVar(&o.train, "train", "", "fit the weights and write them to `FILE`")
	f.StringVar(&o.foreign, "foreign", "", "measure silence too, with answerable questions of `FILE`, which the corpus does not answer")
	f.StringVar(&o.also, "also", "", "fit on a second `CORPUS=QUESTIONS` too, with --train or --ablate")
	f.StringVar(&o.dump, "dump", "", "write each question of a folder with its ranked sentences to `FILE`")
	f.StringVar(&o.guard, "guard", "", "measure the guard on the points of `FILE` instead")
	f.BoolVar(&o.undated, "undated", false, "leave out the day on which each question of a folder was asked")
	f.StringVar(&o.weights, "weights", "", "rank a folder by the weights of `FILE`; {} in it stands for the name of each pair")
	f.IntVar(&o.folds, "folds", o.folds, "blocks of the cross-validation")
	return cmd
}

func (o evalOptions) check(args []string) error {
	if o.guard != "" && len(args) == 0 {
		return nil
	}
	if len(args) != 1 || o.guard != "" {
		return usagef("eval takes one file of questions, or --guard with a file of points")
	}
	if m := answer.Mode(o.mode); m != "" && m != answer.ModeExtractive && m != answer.ModeModel {
		return usagef("--mode %q is not extractive or model", o.mode)
	}
	if o.failures < 0 || o.folds < 2 {
		return usagef("--failures must not be negative, and --folds at least 2")
	}
	if o.also != "" && !o.fits() {
		return usagef("--also goes with --train or --ablate")
	}
	return nil
}

// fits reports whether weights are to be fitted.
func (o evalOptions) fits() bool { return o.ablate || o.train != "" }

func (p *program) eval(ctx context.Context, o evalOptions, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	if o.guard != "" {
		return p.evalGuard(o)
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return p.evalFolder(ctx, o, args[0])
	}
	questions, err := readQuestions(args[0])
	if err != nil {
		return err
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	newest, err := w.Newest(ctx)
	if err != nil {
		return err
	}
	for i := range questions {
		questions[i].Today = newest
		if questions[i].Asked == "" && o.fits() {
			questions[i].Asked = newest
		}
	}
	if o.fits() {
		return p.evalFit(ctx, w, o, questions)
	}
	out, err := p.evalRun(ctx, w, o, questions)
	if err != nil {
		return err
	}
	return p.printEval(out, o.failures)
}

// evalRun measures the program as it is.
func (p *program) evalRun(ctx context.Context, w *app.Workspace, o evalOptions, questions []eval.Question) (out evalResult, err error) {
	mode, err := p.mode(w, o.mode)
	if err != nil {
		return out, err
	}
	out.report, err = eval.Run(ctx, w.Answerer, questions, eval.Options{Mode: mode, Progress: p.counter("questions")})
	if err != nil {
		return out, err
	}
	if w.Budget != nil && mode != answer.ModeExtractive {
		if ok, err := w.Budget.Allow(ctx, ""); err == nil && !ok {
			out.report.Notes = append(out.report.Notes, "The day's allowance for the language model (model.daily_tokens) is used up: some questions were answered without it.")
		}
	}
	if o.foreign != "" {
		examples, err := p.silent(ctx, w, o, questions, measuredSilent)
		if err != nil {
			return out, err
		}
		if out.silent, err = eval.RunExamples(ctx, w.Answerer, examples); err != nil {
			return out, err
		}
	}
	if o.plain {
		plain, err := eval.Run(ctx, w.Answerer, questions, eval.Options{Plain: true, SearchOnly: true})
		if err != nil {
			return out, err
		}
		out.differences = eval.Compare(plain, out.report)
	}
	return out, nil
}

func readQuestions(path string) ([]eval.Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("read the questions: %w", err)
	}
	defer f.Close()
	questions, err := eval.Read(f)
	if err != nil {
		return nil, usagef("%s: %w", path, err)
	}
	return questions, nil
}

// evalResult is what an evaluation has to print.
type evalResult struct {
	report      *eval.Report
	silent      *eval.Report      // of questions that the corpus cannot answer
	also        *eval.Report      // of the second corpus
	differences []eval.Difference // from plain BM25
	ablation    []eval.Ablation
}

type evalJSON struct {
	Questions  int                               `json:"questions"`
	Figures    map[string]eval.Figure            `json:"figures"`
	ByType     map[string]map[string]eval.Figure `json:"by_type"`
	ByFile     map[string]map[string]eval.Figure `json:"by_file,omitempty"`
	QuoteWords int                               `json:"quote_words"`
	P50MS      float64                           `json:"p50_ms"`
	P95MS      float64                           `json:"p95_ms"`
	Compared   []eval.Difference                 `json:"compared"`
	Ablation   []eval.Ablation                   `json:"ablation"`
	Silent     map[string]map[string]eval.Figure `json:"silent"` // by type of question
	Also       map[string]eval.Figure            `json:"also"`
	Certainty  []eval.Bin                        `json:"certainty"`
	Thresholds []eval.Trade                      `json:"thresholds"`
	Failures   []failureJSON                     `json:"failures"`
	Notes      []string                          `json:"notes"`
}

type failureJSON struct {
	ID       string      `json:"id"`
	Question string      `json:"question"`
	Why      string      `json:"why"`
	Wanted   []string    `json:"wanted"`
	Sure     float64     `json:"sure"`
	Printed  []api.Quote `json:"printed"`
}

func (p *program) printEval(r evalResult, failures int) error {
	failed := failuresOf(r.report, failures)
	if p.flags.json {
		out := evalJSON{
			Questions: r.report.Questions, Figures: r.report.Figures, ByType: r.report.ByType, ByFile: r.report.ByFile,
			QuoteWords: r.report.QuoteWords, P50MS: api.Milliseconds(r.report.P50), P95MS: api.Milliseconds(r.report.P95),
			Compared: api.List(r.differences), Ablation: api.List(r.ablation), Failures: api.List(failed), Notes: api.List(r.report.Notes),
		}
		out.Silent, out.Also = map[string]map[string]eval.Figure{}, map[string]eval.Figure{}
		if r.silent != nil {
			out.Silent = r.silent.ByType
		}
		if r.also != nil {
			out.Also = r.also.Figures
		}
		out.Certainty, out.Thresholds = r.certainty()
		if out.Figures == nil {
			out.Figures = map[string]eval.Figure{}
		}
		if out.ByType == nil {
			out.ByType = map[string]map[string]eval.Figure{}
		}
		return p.printJSON(out)
	}
	s := p.newScreen(p.stdout)
	s.print(plural(r.report.Questions, "question") + "\n\n")
	s.figures(r.report)
	s.differences("against plain BM25", r.differences)
	s.silence(r)
	if r.also != nil {
		s.print("\nthe second corpus: " + plural(r.also.Questions, "question") + "\n\n")
		s.figures(r.also)
	}
	s.ablation(r.ablation)
	for _, f := range failed {
		s.failure(f)
	}
	s.notes(r.report.Notes)
	return s.err
}

// figures prints the table of figures.
func (s *screen) figures(r *eval.Report) {
	s.print(fmt.Sprintf("%-18s %7s %6s   %s\n", "figure", "value", "n", "95 % interval"))
	for _, name := range eval.Names() {
		if f, ok := r.Figures[name]; ok {
			s.print(fmt.Sprintf("%-18s %7.3f %6d   %.3f to %.3f\n", name, f.Value, f.N, f.Low, f.High))
		}
	}
	if r.QuoteWords > 0 {
		s.print(fmt.Sprintf("%-18s %7d\n", "words a quote", r.QuoteWords))
	}
	if r.P95 > 0 {
		s.print(fmt.Sprintf("%-18s %7.1f\n%-18s %7.1f\n", "ms p50", api.Milliseconds(r.P50), "ms p95", api.Milliseconds(r.P95)))
	}
	s.figuresBy(r.ByFile)
	s.figuresBy(r.ByType)
}

// figuresBy prints the figures of each part of a report.
func (s *screen) figuresBy(parts map[string]map[string]eval.Figure) {
	for kind, figures := range sortedMap(parts) {
		var parts []string
		n := 0
		for _, name := range eval.Names() {
			if f, ok := figures[name]; ok {
				parts = append(parts, fmt.Sprintf("%s %.3f", name, f.Value))
				n = max(n, f.N)
			}
		}
		s.print("\n")
		s.para("", fmt.Sprintf("%s (%d)", safetext.Line(kind), n), s.bold)
		s.para("  ", strings.Join(parts, ", "), s.plain)
	}
}

func (s *screen) differences(title string, list []eval.Difference) {
	if len(list) == 0 {
		return
	}
	s.print("\n")
	s.para("", title, s.bold)
	for _, d := range list {
		s.print(fmt.Sprintf("%-18s %7.3f -> %.3f  (%+.3f, n %d, p %.3f)\n", d.Name, d.Before, d.After, d.After-d.Before, d.N, d.P))
	}
}

func (s *screen) failure(f failureJSON) {
	s.print("\n")
	s.para("", f.ID+": "+safetext.Line(f.Question), s.bold)
	s.para("  ", f.Why, s.warn)
	if len(f.Wanted) > 0 {
		s.para("  wanted: ", safetext.Line(strings.Join(f.Wanted, " | ")), s.plain)
	}
	for _, q := range f.Printed {
		s.para(fmt.Sprintf("  [%d] ", q.N), q.Text, s.plain)
		s.para("      ", q.Ref+" "+safetext.Line(q.Source), s.faint)
	}
}
