package eval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"verbatim/answer"
	answerrank "verbatim/answer/rank"
	"verbatim/retrieval/corpus"
)

// Pair is a collection of articles with the questions that are asked of it.
type Pair struct {
	Name      string // "a" of a.articles.jsonl.gz
	Articles  string // the file of the articles
	Questions []Question
}

// The ends of the names of a pair's files.
const (
	articlesEnd  = ".articles.jsonl.gz"
	questionsEnd = ".questions.jsonl"
)

// Folder reads the pairs X.articles.jsonl.gz and X.questions.jsonl of dir, in
// the order of their names.
func Folder(dir string) ([]Pair, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"+questionsEnd))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	slices.Sort(files)
	var out []Pair
	for _, path := range files {
		p := Pair{Name: strings.TrimSuffix(filepath.Base(path), questionsEnd)}
		p.Articles = strings.TrimSuffix(path, questionsEnd) + articlesEnd
		if _, err := os.Stat(p.Articles); err != nil {
			return nil, fmt.Errorf("find the articles of %s: %w", path, err)
		}
		if p.Questions, err = readFile(path); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no pair of files X%s and X%s", dir, articlesEnd, questionsEnd)
	}
	return out, nil
}

func readFile(path string) ([]Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the questions: %w", err)
	}
	defer f.Close()
	questions, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return questions, nil
}

// ProbingDesk answers and shows what it chose from.
type ProbingDesk interface {
	Desk
	Prober
}

// FolderOptions say how the questions of a folder are asked.
type FolderOptions struct {
	// Open indexes the articles of a pair. newest is the newest date among them.
	Open func(ctx context.Context, p Pair) (desk ProbingDesk, newest corpus.Date, closing func() error, err error)
	Mode answer.Mode // as answer.Request.Mode
	// Undated leaves out the day on which a question was asked.
	Undated bool
	// Dump, if set, is called for each question in order, with what would be
	// chosen from. The questions are then not answered.
	Dump     func(pair string, o Outcome, p *answerrank.TrainingView) error
	Progress func(done, all int)
}

// RunFolder asks the questions of each pair over its own articles, on all
// cores. The report's ByFile holds the figures of each pair.
func RunFolder(ctx context.Context, pairs []Pair, o FolderOptions) (*Report, error) {
	var all []Outcome
	files := make(map[string]map[string]Figure)
	total, done := 0, 0
	for _, p := range pairs {
		total += len(p.Questions)
	}
	for _, p := range pairs {
		outcomes, err := runPair(ctx, p, o, func(n int) {
			if o.Progress != nil {
				o.Progress(done+n, total)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		done += len(outcomes)
		all = append(all, outcomes...)
		files[p.Name] = figures(outcomes)
	}
	r := summarize(all)
	if len(pairs) > 1 {
		r.ByFile = files
	}
	return r, nil
}

// runPair asks the questions of one pair.
func runPair(ctx context.Context, p Pair, o FolderOptions, progress func(done int)) (out []Outcome, err error) {
	desk, newest, closing, err := o.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closing()) }()
	out = make([]Outcome, len(p.Questions))
	probes := make([]*answerrank.TrainingView, len(p.Questions))
	var mu sync.Mutex
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range p.Questions {
		if o.Undated {
			q.Asked = ""
		}
		g.Go(func() (err error) {
			out[i] = Outcome{Question: q, Values: make(map[string]float64)}
			if o.Dump == nil {
				if out[i], err = one(gctx, desk, q, Options{AskOnly: true, Mode: o.Mode, Today: newest}); err != nil {
					return fmt.Errorf("question %s: %w", q.ID, err)
				}
			}
			if probes[i], err = desk.TrainingView(gctx, answer.Request{Question: q.Question, AsOf: q.Asked, Today: newest}); err != nil {
				return fmt.Errorf("question %s: %w", q.ID, err)
			}
			out[i].rankedHits(probes[i].Ranked())
			mu.Lock()
			defer mu.Unlock()
			done++
			progress(done)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if o.Dump == nil {
		return out, nil
	}
	for i := range out {
		if err := o.Dump(p.Name, out[i], probes[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
