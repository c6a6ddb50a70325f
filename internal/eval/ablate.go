package eval

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	answerrank "verbatim/answer/rank"
	"verbatim/retrieval/rank"
)

// Ablation is what the first corpus's figures are without one feature, each
// question measured with weights that were fitted anew without its block.
type Ablation struct {
	Stage   string             `json:"stage"`   // passage, word or sentence
	Without string             `json:"without"` // "" is the whole model
	Figures map[string]float64 `json:"figures"`
}

// LikeliestWord is how often the word that is likeliest to be in the answer is.
const LikeliestWord = "likeliest_word"

// Ablate leaves out one feature of the passages after the other, then of the
// words that may be the answer, then of the sentences. Words and sentences are
// those of the best passages under weights fitted on all questions, so that
// only their own weights differ.
func (t *Trainer) Ablate(ctx context.Context) ([]Ablation, error) {
	passages, err := leaveOut(ctx, "passage", rank.PassageFeatures(), t.withoutPassage)
	if err != nil {
		return nil, err
	}
	w, err := t.Fit(ctx, -1)
	if err != nil {
		return nil, err
	}
	probes, err := t.probe(ctx, w, -1)
	if err != nil {
		return nil, err
	}
	inWords := groupsOf(probes, func(p probed) group { return wordGroup(p, w) })
	perWord, err := leaveOut(ctx, "word", append(slices.DeleteFunc(answerrank.WordFeatures(), shape), allShapes), func(name string) map[string]float64 {
		return t.withoutWord(probes, inWords, name)
	})
	if err != nil {
		return nil, err
	}
	groups := groupsOf(probes, func(p probed) group { return sentenceGroup(p, w) })
	names := append(answerrank.SentenceFeatures(), allWords)
	sentences, err := leaveOut(ctx, "sentence", names, func(name string) map[string]float64 {
		return t.withoutSentence(w, probes, groups, name)
	})
	return slices.Concat(passages, perWord, sentences), err
}

// leaveOut measures without nothing and without each of names, on all cores.
func leaveOut(ctx context.Context, stage string, names []string, measure func(without string) map[string]float64) ([]Ablation, error) {
	names = slices.Concat([]string{""}, names)
	out := make([]Ablation, len(names))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i] = Ablation{Stage: stage, Without: name, Figures: measure(name)}
			return nil
		})
	}
	return out, g.Wait()
}

func (t *Trainer) withoutPassage(name string) map[string]float64 {
	names, off := rank.PassageFeatures(), map[string]bool{name: true}
	var sum Outcome
	sum.Values = make(map[string]float64)
	n := 0.0
	for f := range t.Folds {
		weights := fitList(t.passages(f), names, off)
		for i, x := range t.sets[0].examples {
			g := t.sets[0].passages[i]
			if x.fold != f || len(g.rows) == 0 {
				continue
			}
			n++
			rank := bestRank(g, names, weights)
			for name, k := range map[string]int{PassageHit1: 1, PassageHit4: 4, PassageHit10: 10} {
				sum.Values[name] += truth(rank >= 0 && rank < k)
			}
		}
	}
	for k := range sum.Values {
		sum.Values[k] /= max(1, n)
	}
	return sum.Values
}

// bestRank returns the rank, from 0, of the best hit of g under weights.
func bestRank(g group, names []string, weights map[string]float64) int {
	order := make([]int, len(g.rows))
	scores := make([]float64, len(g.rows))
	for i, r := range g.rows {
		order[i], scores[i] = i, rank.Features{Names: names, Values: r}.Score(weights)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return slices.IndexFunc(order, func(i int) bool { return g.hit[i] })
}

// without returns the groups of the probes that are not of block f.
func without(f int, probes []probed, groups []group) []group {
	var out []group
	for i, p := range probes {
		if p.example.fold != f {
			out = append(out, groups[i])
		}
	}
	return out
}

// allShapes stands for all features of a word that tell what shape of word
// answers which kind of question.
const allShapes = "shapes"

func shape(name string) bool {
	for _, s := range [...]string{"_name", "_figure", "_calendar", "_plain"} {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

func (t *Trainer) withoutWord(probes []probed, groups []group, name string) map[string]float64 {
	names, off := answerrank.WordFeatures(), map[string]bool{name: true}
	for _, n := range names {
		off[n] = off[n] || name == allShapes && shape(n)
	}
	hit, n := 0.0, 0.0
	for f := range t.Folds {
		weights := fitList(without(f, probes, groups), names, off)
		for i, p := range probes[:len(t.sets[0].examples)] {
			if p.example.fold != f || len(p.example.Question.Answers) == 0 {
				continue
			}
			n++
			hit += truth(bestRank(groups[i], names, weights) == 0)
		}
	}
	return map[string]float64{LikeliestWord: hit / max(1, n)}
}

// allWords stands for all features of a sentence that come from the words
// that may be the answer.
const allWords = "word_*"

func (t *Trainer) withoutSentence(w *rank.Weights, probes []probed, groups []group, name string) map[string]float64 {
	names, off := answerrank.SentenceFeatures(), map[string]bool{name: true}
	if name == allWords {
		for _, n := range names[len(answerrank.FirstLookFeatures()):] {
			off[n] = true
		}
	}
	first, hit, n := 0.0, 0.0, 0.0
	for f := range t.Folds {
		weights := *w
		weights.Sentence = fitList(without(f, probes, groups), names, off)
		for _, p := range probes[:len(t.sets[0].examples)] {
			if p.example.fold != f || len(p.example.Question.Answers) == 0 {
				continue
			}
			n++
			answers := foldAll(p.example.Question.Answers)
			for i, q := range p.probe.Choose(&weights) {
				if contains(q.Text(), answers) {
					hit++
					first += truth(i == 0)
					break
				}
			}
		}
	}
	return map[string]float64{QuoteHit: hit / max(1, n), FirstQuote: first / max(1, n)}
}
