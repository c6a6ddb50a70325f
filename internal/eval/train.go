package eval

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"verbatim/answer"
	answerrank "verbatim/answer/rank"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/rank"
	"verbatim/retrieval/words"
)

// trainPool is how many passages of a question the fit sees.
const trainPool = 120

// Example is a question that is fitted on, over the articles that Filter
// admits.
type Example struct {
	Question Question
	Filter   retrieval.Filter
	fold     int
}

// Examples returns questions as examples over a whole corpus.
func Examples(questions []Question) []Example {
	out := make([]Example, len(questions))
	for i, q := range questions {
		out[i].Question = q
	}
	return out
}

// spread puts examples in order of day, evidence and ID, and gives each the
// number of its block: neighbours in time fall into the same one.
func spread(examples []Example, folds int) []Example {
	first := func(q Question) string {
		if len(q.Evidence) > 0 {
			return q.Evidence[0].Article
		}
		return ""
	}
	out := slices.Clone(examples)
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
	// Folds is the number of blocks of a cross-validation: a question is
	// measured with weights that were fitted without its block.
	Folds int
	sets  []trainSet
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
	examples = spread(examples, t.Folds)
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

// Fit fits the linear weights on the examples of every block but without; -1
// leaves none out. Answerability is that of the binary: it is fitted from a
// dump, by the scripts in train/.
func (t *Trainer) Fit(ctx context.Context, without int) (*rank.Weights, error) {
	w := new(rank.Weights)
	w.Passage = fitList(t.passages(without), rank.PassageFeatures(), nil)
	probes, err := t.probe(ctx, w, without)
	if err != nil {
		return nil, err
	}
	w.FirstLook = fitList(groupsOf(probes, func(p probed) group { return firstGroup(p, w) }), answerrank.FirstLookFeatures(), nil)
	w.Word = fitList(groupsOf(probes, func(p probed) group { return wordGroup(p, w) }), answerrank.WordFeatures(), nil)
	w.Sentence = fitList(groupsOf(probes, func(p probed) group { return sentenceGroup(p, w) }), answerrank.SentenceFeatures(), nil)
	builtin, err := rank.DefaultWeights()
	if err != nil {
		return nil, err
	}
	w.Answerability = builtin.Answerability
	return w, nil
}

// passages returns the ranked passages of the examples of every block but
// without.
func (t *Trainer) passages(without int) []group {
	var out []group
	for _, s := range t.sets {
		for i, x := range s.examples {
			if x.fold != without {
				out = append(out, s.passages[i])
			}
		}
	}
	return out
}

// probed is an example with what the desk would choose from for it.
type probed struct {
	example Example
	probe   *answerrank.TrainingView
}

// groupsOf makes a group of each probe, on all cores.
func groupsOf(probes []probed, of func(probed) group) []group {
	out := make([]group, len(probes))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range probes {
		g.Go(func() error {
			out[i] = of(p)
			return nil
		})
	}
	_ = g.Wait() // none of them fails
	return out
}

// sentenceGroup returns the candidate sentences of an answerable example.
func sentenceGroup(p probed, w *rank.Weights) (g group) {
	if len(p.example.Question.Answers) == 0 {
		return g
	}
	answers := foldAll(p.example.Question.Answers)
	for _, s := range p.probe.Sentences(w) {
		g.rows = append(g.rows, s.Features.Values)
		g.hit = append(g.hit, contains(s.Quote.Text(), answers))
	}
	return g
}

// firstGroup is sentenceGroup with the features of the first look.
func firstGroup(p probed, w *rank.Weights) group {
	g := sentenceGroup(p, w)
	for i := range g.rows {
		g.rows[i] = g.rows[i][:len(answerrank.FirstLookFeatures())]
	}
	return g
}

// wordGroup returns the words that may answer an answerable example. Those
// that do stand in an answer, and in a sentence that holds it.
func wordGroup(p probed, w *rank.Weights) (g group) {
	if len(p.example.Question.Answers) == 0 {
		return g
	}
	answers, tokens := foldAll(p.example.Question.Answers), tokensOf(p.example.Question.Answers)
	for _, word := range p.probe.Words(w) {
		g.rows = append(g.rows, word.Features.Values)
		g.hit = append(g.hit, tokens[word.Text] &&
			slices.ContainsFunc(word.In, func(q corpus.Quote) bool { return contains(q.Text(), answers) }))
	}
	return g
}

// tokensOf returns the tokens of answers as ranking sees them.
func tokensOf(answers []string) map[string]bool {
	out := make(map[string]bool)
	for _, a := range answers {
		for _, t := range words.NewVocabulary(nil).View(a).Tokens {
			if !t.Is(words.IsStop) {
				out[t.Text] = true
			}
		}
	}
	return out
}

// probe asks for every example of every block but without, on all cores.
func (t *Trainer) probe(ctx context.Context, w *rank.Weights, without int) ([]probed, error) {
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
				p, err := desk.TrainingView(gctx, answer.Request{Question: x.Question.Question, AsOf: x.Question.Asked, Filter: x.Filter})
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

func (s trainSet) desk(w *rank.Weights) (*answer.Answerer, error) {
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
func (t *Trainer) CrossValidate(ctx context.Context) ([]*Report, error) {
	outcomes := make([][]Outcome, len(t.sets))
	for f := range t.Folds {
		w, err := t.Fit(ctx, f)
		if err != nil {
			return nil, err
		}
		for i, s := range t.sets {
			desk, err := s.desk(w)
			if err != nil {
				return nil, err
			}
			some, err := measure(ctx, desk, s.examples, f)
			if err != nil {
				return nil, err
			}
			outcomes[i] = append(outcomes[i], some...)
		}
	}
	var out []*Report
	for _, o := range outcomes {
		out = append(out, summarize(o))
	}
	return out, nil
}

// RunExamples asks each example over its own articles, on all cores.
func RunExamples(ctx context.Context, desk *answer.Answerer, examples []Example) (*Report, error) {
	outcomes, err := measure(ctx, desk, spread(examples, 1), 0)
	if err != nil {
		return nil, err
	}
	return summarize(outcomes), nil
}

// measure asks the examples of one block, on all cores.
func measure(ctx context.Context, desk *answer.Answerer, examples []Example, fold int) ([]Outcome, error) {
	var block []Example
	for _, x := range examples {
		if x.fold == fold {
			block = append(block, x)
		}
	}
	out := make([]Outcome, len(block))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, x := range block {
		g.Go(func() (err error) {
			if out[i], err = one(gctx, desk, x.Question, Options{Filter: x.Filter}); err != nil {
				return fmt.Errorf("question %s: %w", x.Question.ID, err)
			}
			return nil
		})
	}
	return out, g.Wait()
}

// HeldOut makes questions that a corpus cannot answer of ones that it can:
// each is asked over the articles whose title and body hold none of its
// answers.
func HeldOut(ctx context.Context, store retrieval.Store, questions []Question) ([]Example, error) {
	infos, err := store.Articles(ctx, retrieval.Filter{})
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	out := make([]Example, len(questions))
	answers := make([][]string, len(questions))
	for i, q := range questions {
		for _, a := range foldAll(q.Answers) {
			answers[i] = append(answers[i], bare(a))
		}
		out[i].Question = Question{ID: q.ID + "-held-out", Question: q.Question, Asked: q.Asked, Type: "held-out"}
	}
	for _, info := range infos {
		a, err := store.Article(ctx, info.ID)
		if err != nil {
			return nil, fmt.Errorf("read article %s: %w", info.ID, err)
		}
		id, _ := corpus.SplitID(info.ID)
		folded := fold(a.Title + " . " + a.Body)
		for i := range out {
			if holds(folded, answers[i]) {
				out[i].Filter.Except = append(out[i].Filter.Except, id)
			}
		}
	}
	return out, nil
}

// bare returns a folded answer without an article before it: what says "White
// House" answers "the White House".
func bare(folded string) string {
	for _, article := range [...]string{" the ", " a ", " an "} {
		if rest, ok := strings.CutPrefix(folded, article); ok && rest != "" {
			return " " + rest
		}
	}
	return folded
}

// Foreign makes questions that a corpus cannot answer of ones about another.
func Foreign(questions []Question, asked corpus.Date) []Example {
	var out []Example
	for _, q := range questions {
		day := q.Asked
		if day == "" {
			day = asked
		}
		out = append(out, Example{Question: Question{ID: q.ID + "-foreign", Question: q.Question, Asked: day, Type: "foreign"}})
	}
	return out
}

// Some returns n of the answerable questions, evenly spread over them.
func Some(questions []Question, n int) []Question {
	var answerable []Question
	for _, q := range questions {
		if len(q.Answers) > 0 {
			answerable = append(answerable, q)
		}
	}
	if n >= len(answerable) {
		return answerable
	}
	out := make([]Question, n)
	for i := range out {
		out[i] = answerable[(2*i+1)*len(answerable)/(2*n)]
	}
	return out
}
