package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Figure is a mean over the questions that it is defined for, with its 95 %
// bootstrap confidence interval.
type Figure struct {
	Value float64 `json:"value"`
	N     int     `json:"n"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// resamples is how often the bootstrap draws.
const resamples = 1000

// share is what one question adds to a figure: the figure is the sum of part
// over the sum of whole.
type share struct {
	story       string
	part, whole float64
}

// ratio returns the figure that shares make, with its percentile bootstrap
// interval (Efron and Tibshirani 1993), drawn with a fixed seed. Stories are
// drawn, not questions: those of one story share sentences.
func ratio(shares []share) Figure {
	f := Figure{N: len(shares)}
	stories := make(map[string]int)
	var sums []share // by story
	for _, s := range shares {
		i, ok := stories[s.story]
		if !ok {
			i = len(sums)
			stories[s.story] = i
			sums = append(sums, share{})
		}
		sums[i].part += s.part
		sums[i].whole += s.whole
	}
	all := func(pick func(int) int) float64 {
		part, whole := 0.0, 0.0
		for i := range sums {
			s := sums[pick(i)]
			part, whole = part+s.part, whole+s.whole
		}
		return part / max(whole, 1e-9)
	}
	if len(sums) == 0 {
		return f
	}
	f.Value = all(func(i int) int { return i })
	r := rand.New(rand.NewPCG(1, uint64(len(shares))))
	drawn := make([]float64, resamples)
	for k := range drawn {
		drawn[k] = all(func(int) int { return r.IntN(len(sums)) })
	}
	slices.Sort(drawn)
	f.Low, f.High = quantile(drawn, .025), quantile(drawn, .975)
	return f
}

// bootstrap is ratio for a figure of pairs of outcomes.
func bootstrap(outcomes []Outcome, figure func([]Outcome) (value float64, n int)) Figure {
	var f Figure
	f.Value, _ = figure(outcomes)
	f.N = len(outcomes)
	stories := make(map[string][]Outcome)
	var order []string
	for _, o := range outcomes {
		s := o.Question.story()
		if stories[s] == nil {
			order = append(order, s)
		}
		stories[s] = append(stories[s], o)
	}
	r := rand.New(rand.NewPCG(3, uint64(len(outcomes))))
	drawn := make([]float64, resamples/5)
	for k := range drawn {
		var sample []Outcome
		for range order {
			sample = append(sample, stories[order[r.IntN(len(order))]]...)
		}
		drawn[k], _ = figure(sample)
	}
	slices.Sort(drawn)
	f.Low, f.High = quantile(drawn, .025), quantile(drawn, .975)
	return f
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}

// quantile returns the q-th quantile of sorted values by the nearest rank.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// Difference is how much a figure changes from one configuration to another
// over the same questions.
type Difference struct {
	Name   string  `json:"name"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	N      int     `json:"n"`
	// P is the two-sided p-value of a paired randomisation test (Fisher):
	// how often signs drawn at random, one a story, give so great a difference.
	P float64 `json:"p"`
}

// paired compares two lists of values of the same questions.
func paired(name string, before, after []float64, stories []string) Difference {
	d := Difference{Name: name, Before: average(before), After: average(after), N: len(before)}
	byStory := make(map[string]float64)
	var order []string
	for i := range before {
		if _, ok := byStory[stories[i]]; !ok {
			order = append(order, stories[i])
		}
		byStory[stories[i]] += after[i] - before[i]
	}
	var diffs []float64
	for _, s := range order {
		if x := byStory[s]; x != 0 {
			diffs = append(diffs, x)
		}
	}
	if len(diffs) == 0 {
		d.P = 1
		return d
	}
	observed, hits := math.Abs(average(diffs)), 0
	r := rand.New(rand.NewPCG(2, uint64(len(diffs))))
	const rounds = 2000
	for range rounds {
		sum := 0.0
		for _, x := range diffs {
			if r.IntN(2) == 0 {
				x = -x
			}
			sum += x
		}
		if math.Abs(sum)/float64(len(diffs)) >= observed-1e-12 {
			hits++
		}
	}
	d.P = float64(hits+1) / (rounds + 1)
	return d
}
