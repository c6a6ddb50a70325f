package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"verbatim/answer"
	"verbatim/internal/app"
	"verbatim/internal/eval"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/rank"
)

// evalFolder measures the pairs of a folder, each over its own articles.
func (p *program) evalFolder(ctx context.Context, o evalOptions, dir string) (err error) {
	if o.fits() || o.plain || o.foreign != "" {
		return usagef("of a folder, eval takes --mode, --dump, --undated, --weights and --failures only")
	}
	pairs, err := eval.Folder(dir)
	if err != nil {
		return usagef("%w", err)
	}
	options := eval.FolderOptions{Mode: answer.Mode(o.mode), Undated: o.undated, Progress: p.counter("questions")}
	options.Open = func(ctx context.Context, pair eval.Pair) (eval.ProbingDesk, corpus.Date, func() error, error) {
		return p.openPair(ctx, pair, o.weights)
	}
	if o.dump != "" {
		f, err := os.Create(o.dump)
		if err != nil {
			return fmt.Errorf("write the dump: %w", err)
		}
		defer f.Close()
		b := bufio.NewWriter(f)
		options.Dump = eval.Dump(b)
		defer func() {
			if ferr := b.Flush(); err == nil && ferr != nil {
				err = fmt.Errorf("write the dump: %w", ferr)
			}
		}()
	}
	report, err := eval.RunFolder(ctx, pairs, options)
	if err != nil {
		return err
	}
	return p.printEval(evalResult{report: report}, o.failures)
}

// openPair opens the articles of one pair, as --corpus does. weights, if not
// empty, is the file of the weights to rank by; "{}" in it stands for the name
// of the pair, so that each is measured by weights that were fitted without it.
func (p *program) openPair(ctx context.Context, pair eval.Pair, weights string) (eval.ProbingDesk, corpus.Date, func() error, error) {
	one := *p
	one.flags.corpus = []string{pair.Articles}
	w, err := one.open(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	desk, newest, err := pairDesk(ctx, w, strings.ReplaceAll(weights, "{}", pair.Name))
	if err != nil {
		return nil, "", nil, errors.Join(err, w.Close())
	}
	return desk, newest, w.Close, nil
}

func pairDesk(ctx context.Context, w *app.Workspace, weights string) (eval.ProbingDesk, corpus.Date, error) {
	newest, err := w.Newest(ctx)
	if err != nil || weights == "" {
		return w.Answerer, newest, err
	}
	data, err := os.ReadFile(weights)
	if err != nil {
		return nil, "", usagef("--weights: %w", err)
	}
	o := w.EngineOptions()
	if o.Weights, err = rank.ParseWeights(data); err != nil {
		return nil, "", usagef("--weights %s: %w", weights, err)
	}
	e, err := retrieval.New(o)
	if err != nil {
		return nil, "", err
	}
	return answer.New(answer.Options{Engine: e}), newest, nil
}
