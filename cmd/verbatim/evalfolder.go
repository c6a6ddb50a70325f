package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"verbatim/answer"
	"verbatim/internal/eval"
	"verbatim/retrieval/corpus"
)

// evalFolder measures the pairs of a folder, each over its own articles.
func (p *program) evalFolder(ctx context.Context, o evalOptions, dir string) (err error) {
	if o.fits() || o.plain || o.foreign != "" {
		return usagef("of a folder, eval takes --mode, --dump, --undated and --failures only")
	}
	pairs, err := eval.Folder(dir)
	if err != nil {
		return usagef("%w", err)
	}
	options := eval.FolderOptions{Mode: answer.Mode(o.mode), Undated: o.undated, Progress: p.counter("questions"), Open: p.openPair}
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

// openPair opens the articles of one file, as --corpus does.
func (p *program) openPair(ctx context.Context, articles string) (eval.ProbingDesk, corpus.Date, func() error, error) {
	one := *p
	one.flags.corpus = []string{articles}
	w, err := one.open(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	newest, err := w.Newest(ctx)
	if err != nil {
		w.Close()
		return nil, "", nil, err
	}
	return w.Answerer, newest, w.Close, nil
}
