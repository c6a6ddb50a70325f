package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"

	"verbatim/internal/app"
	"verbatim/internal/eval"
)

// How many questions that the corpus cannot answer are made to measure and to
// fit silence. Half of them are foreign, if there are any; the others are
// the corpus's own, asked over the articles that do not hold the answer.
const (
	measuredSilent = 300
	fittedSilent   = 800
)

// evalFit fits the weights by cross-validation, for a training or an ablation.
func (p *program) evalFit(ctx context.Context, w *app.Workspace, o evalOptions, questions []eval.Question) error {
	trainer := eval.Trainer{Folds: o.folds}
	silent, err := p.silent(ctx, w, o, questions, fittedSilent)
	if err != nil {
		return err
	}
	if err := trainer.Add(ctx, w.EngineOptions(), eval.Examples(questions)); err != nil {
		return err
	}
	if err := trainer.Add(ctx, w.EngineOptions(), silent); err != nil {
		return err
	}
	if o.also != "" {
		done, err := p.trainAlso(ctx, &trainer, o.also, questions)
		if err != nil {
			return err
		}
		defer done()
	}
	out := evalResult{}
	reports, err := trainer.CrossValidate(ctx)
	if err != nil {
		return err
	}
	out.reports(reports)
	if o.ablate {
		if out.ablation, err = trainer.Ablate(ctx); err != nil {
			return err
		}
	}
	if o.train != "" {
		if err := writeWeights(ctx, &trainer, o.train); err != nil {
			return err
		}
	}
	return p.printEval(out, o.failures)
}

func writeWeights(ctx context.Context, trainer *eval.Trainer, path string) error {
	weights, err := trainer.Fit(ctx, -1)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(weights, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the weights: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the weights: %w", err)
	}
	return nil
}

// silent makes questions that the corpus cannot answer.
func (p *program) silent(ctx context.Context, w *app.Workspace, o evalOptions, questions []eval.Question, n int) ([]eval.Example, error) {
	var foreign []eval.Question
	if o.foreign != "" {
		others, err := readQuestions(o.foreign)
		if err != nil {
			return nil, err
		}
		foreign = eval.Some(others, n/2)
	}
	own, err := eval.HeldOut(ctx, w.Store, eval.Some(questions, n-len(foreign)))
	if err != nil {
		return nil, err
	}
	newest, err := w.Newest(ctx)
	if err != nil {
		return nil, err
	}
	return append(own, eval.Foreign(foreign, newest)...), nil
}

// trainAlso adds the corpus and the questions of also, "CORPUS=QUESTIONS", to
// those that are fitted on, with some of foreign, which that corpus does not
// answer. done closes the corpus.
func (p *program) trainAlso(ctx context.Context, trainer *eval.Trainer, also string, foreign []eval.Question) (done func(), err error) {
	corpus, file, ok := strings.Cut(also, "=")
	if !ok {
		return nil, usagef("--also %q: it takes CORPUS=QUESTIONS", also)
	}
	questions, err := readQuestions(file)
	if err != nil {
		return nil, err
	}
	questions = slices.DeleteFunc(questions, func(q eval.Question) bool { return !q.Answerable() })
	second := *p
	second.flags.corpus = []string{corpus}
	w, err := second.open(ctx)
	if err != nil {
		return nil, err
	}
	for _, examples := range [...][]eval.Example{eval.Examples(questions), eval.Foreign(eval.Some(foreign, fittedSilent/4), "")} {
		if err := trainer.Add(ctx, w.EngineOptions(), examples); err != nil {
			w.Close()
			return nil, err
		}
	}
	return func() { w.Close() }, nil
}

// reports takes over those of a corpus and of the questions that it cannot
// answer, in this order.
func (r *evalResult) reports(list []*eval.Report) {
	r.report = list[0]
	if len(list) > 1 {
		r.silent = list[1]
	}
	if len(list) > 2 {
		r.also = list[2]
	}
}

// sortedMap yields m by its keys in order.
func sortedMap[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
