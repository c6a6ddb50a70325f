package eval

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"verbatim/answer"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// TrainOptions say what is trained on what.
type TrainOptions struct {
	// Engine is what the engine is made of; its weights are replaced.
	Engine retrieval.Options
	// Folds is the number of blocks of a cross-validation: a question is
	// measured with weights that were fitted without its block.
	Folds int
	// Off are features that are left out, for an ablation.
	Off      map[string]bool
	Progress func(stage string, done, all int)
}

// trainPool is how many passages of a question the fit sees.
const trainPool = 120

// Example is a question that is fitted on, over the articles that Filter
// admits.
type Example struct {
	Question Question
	Filter   retrieval.Filter
	fold     int
}

// Examples puts questions in order of day, evidence and ID, and gives each
// the number of its block: neighbours in time fall into the same one.
func Examples(questions []Question, folds int) []Example {
	out := make([]Example, len(questions))
	for i, q := range questions {
		out[i].Question = q
	}
	return spread(out, folds)
}

func spread(out []Example, folds int) []Example {
	first := func(q Question) string {
		if len(q.Evidence) > 0 {
			return q.Evidence[0].Article
		}
		return ""
	}
	slices.SortStableFunc(out, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Question.Asked, b.Question.Asked), cmp.Compare(first(a.Question), first(b.Question)),
			cmp.Compare(a.Question.ID, b.Question.ID))
	})
	for i := range out {
		out[i].fold = i * max(1, folds) / max(1, len(out))
	}
	return out
}

// Trainer fits weights over one or more corpora.
type Trainer struct {
	sets []trainSet
}

// trainSet is a corpus with its questions.
type trainSet struct {
	engine   retrieval.Options
	examples []Example
	passages []group // by example
}

// Add puts a corpus and its questions beside the others. The features of the
// passages are computed once, here.
func (t *Trainer) Add(ctx context.Context, engine retrieval.Options, examples []Example) error {
	set := trainSet{engine: engine, examples: examples}
	e, err := retrieval.New(engine)
	if err != nil {
		return err
	}
	set.passages = make([]group, len(examples))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, x := range examples {
		g.Go(func() (err error) {
			if set.passages[i], err = passageGroup(gctx, e, x); err != nil {
				return fmt.Errorf("question %s: %w", x.Question.ID, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	t.sets = append(t.sets, set)
	return nil
}

func passageGroup(ctx context.Context, e *retrieval.Engine, x Example) (group, error) {
	var g group
	if len(x.Question.Answers) == 0 {
		return g, nil
	}
	res, err := e.Search(ctx, retrieval.Query{Text: x.Question.Question, AsOf: x.Question.Asked, Filter: x.Filter, K: trainPool, Features: true})
	if err != nil {
		return g, err
	}
	answers := foldAll(x.Question.Answers)
	for _, h := range res.Hits {
		g.rows = append(g.rows, h.Features.Values)
		g.hit = append(g.hit, contains(h.Article.Title+" . "+h.Text(), answers))
	}
	return g, nil
}

// Fit fits all weights on the examples of every block but without; -1 leaves
// none out.
func (t *Trainer) Fit(ctx context.Context, without int, off map[string]bool) (*retrieval.Weights, error) {
	w := new(retrieval.Weights)
	var passages []group
	for _, s := range t.sets {
		for i, x := range s.examples {
			if x.fold != without {
				passages = append(passages, s.passages[i])
			}
		}
	}
	w.Passage = fitList(passages, retrieval.PassageFeatures(), off)
	probes, err := t.probe(ctx, w, without)
	if err != nil {
		return nil, err
	}
	w.Sentence = fitList(sentenceGroups(probes), answer.SentenceFeatures(), off)
	var rows [][]float64
	var hits []bool
	for _, p := range probes {
		rows = append(rows, p.probe.Silence(w.Sentence).Values)
		hits = append(hits, p.example.Question.Answerable())
	}
	w.Silence = fitLogistic(rows, hits, answer.SilenceFeatures())
	return w, nil
}

// probed is an example with what the desk would choose from for it.
type probed struct {
	example Example
	probe   *answer.Probe
}

// sentenceGroups returns the candidate sentences of each answerable example.
func sentenceGroups(probes []probed) []group {
	var out []group
	for _, p := range probes {
		if len(p.example.Question.Answers) == 0 {
			continue
		}
		var g group
		answers := foldAll(p.example.Question.Answers)
		for _, s := range p.probe.Sentences {
			g.rows = append(g.rows, s.Features.Values)
			g.hit = append(g.hit, contains(s.Quote.Text(), answers))
		}
		out = append(out, g)
	}
	return out
}

// probe asks for every example of every block but without, on all cores.
func (t *Trainer) probe(ctx context.Context, w *retrieval.Weights, without int) ([]probed, error) {
	var out []probed
	for _, s := range t.sets {
		desk, err := s.desk(w)
		if err != nil {
			return nil, err
		}
		var some []probed
		for _, x := range s.examples {
			if x.fold != without {
				some = append(some, probed{example: x})
			}
		}
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i := range some {
			x := some[i].example
			g.Go(func() error {
				p, err := desk.Probe(gctx, answer.Request{Question: x.Question.Question, AsOf: x.Question.Asked, Filter: x.Filter})
				if err != nil {
					return fmt.Errorf("question %s: %w", x.Question.ID, err)
				}
				some[i].probe = p
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

func (s trainSet) desk(w *retrieval.Weights) (*answer.Desk, error) {
	o := s.engine
	o.Weights = w
	e, err := retrieval.New(o)
	if err != nil {
		return nil, err
	}
	return answer.New(answer.Options{Engine: e}), nil
}

// CrossValidate fits and measures block by block, and returns one report a
// corpus, in the order of Add.
func (t *Trainer) CrossValidate(ctx context.Context, folds int, off map[string]bool) ([]*Report, error) {
	outcomes := make([][]Outcome, len(t.sets))
	for f := range folds {
		w, err := t.Fit(ctx, f, off)
		if err != nil {
			return nil, err
		}
		for i, s := range t.sets {
			desk, err := s.desk(w)
			if err != nil {
				return nil, err
			}
			for _, x := range s.examples {
				if x.fold != f {
					continue
				}
				out, err := one(ctx, desk, x.Question, Options{Filter: x.Filter})
				if err != nil {
					return nil, fmt.Errorf("question %s: %w", x.Question.ID, err)
				}
				outcomes[i] = append(outcomes[i], out)
			}
		}
	}
	var out []*Report
	for _, o := range outcomes {
		out = append(out, summarize(o))
	}
	return out, nil
}

// HeldOut makes questions that a corpus cannot answer of ones that it can:
// each is asked over the articles whose title and body hold none of its
// answers.
func HeldOut(ctx context.Context, store retrieval.Store, questions []Question) ([]Example, error) {
	infos, err := store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	type text struct{ id, folded string }
	var texts []text
	for _, i := range infos {
		a, err := store.Article(ctx, i.ID)
		if err != nil {
			return nil, fmt.Errorf("read article %s: %w", i.ID, err)
		}
		bare, _ := corpus.SplitID(i.ID)
		texts = append(texts, text{bare, fold(a.Title + " . " + a.Body)})
	}
	var out []Example
	for _, q := range questions {
		answers := foldAll(q.Answers)
		x := Example{Question: Question{ID: q.ID + "-held-out", Question: q.Question, Asked: q.Asked, Type: "held-out"}}
		for _, t := range texts {
			if holds(t.folded, answers) {
				x.Filter.Except = append(x.Filter.Except, t.id)
			}
		}
		out = append(out, x)
	}
	return out, nil
}
