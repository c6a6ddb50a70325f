package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"

	"verbatim/internal/eval"
	"verbatim/retrieval"
)

// evalFit fits the weights by cross-validation, for a training or an ablation.
func (p *program) evalFit(ctx context.Context, w *workspace, o evalOptions, questions []eval.Question) error {
	heldOut, err := eval.HeldOut(ctx, w.store, questions)
	if err != nil {
		return err
	}
	examples := append(eval.Examples(questions, o.folds), heldOut...)
	options := retrieval.Options{Store: w.store, Embedder: w.engine.Embedder(), Lexicon: w.engine.Lexicon(), Log: w.log}
	var trainer eval.Trainer
	if err := trainer.Add(ctx, options, examples); err != nil {
		return err
	}
	out := evalResult{}
	if out.report, err = crossValidate(ctx, &trainer, o.folds, nil); err != nil {
		return err
	}
	if o.ablate {
		for _, name := range retrieval.PassageFeatures() {
			without, err := crossValidate(ctx, &trainer, o.folds, map[string]bool{name: true})
			if err != nil {
				return err
			}
			out.ablation = append(out.ablation, ablation{name, eval.Compare(without, out.report)})
		}
	}
	if o.train != "" {
		weights, err := trainer.Fit(ctx, -1, nil)
		if err != nil {
			return err
		}
		data, err := json.MarshalIndent(weights, "", "  ")
		if err != nil {
			return fmt.Errorf("encode the weights: %w", err)
		}
		if err := os.WriteFile(o.train, append(data, '\n'), 0o644); err != nil {
			return fmt.Errorf("write the weights: %w", err)
		}
	}
	return p.printEval(out, o.failures)
}

func crossValidate(ctx context.Context, t *eval.Trainer, folds int, off map[string]bool) (*eval.Report, error) {
	reports, err := t.CrossValidate(ctx, folds, off)
	if err != nil {
		return nil, err
	}
	return reports[0], nil
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
