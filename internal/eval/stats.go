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

// mean returns the mean of values with its percentile bootstrap interval
// (Efron and Tibshirani 1993), drawn with a fixed seed.
func mean(values []float64) Figure {
	f := Figure{N: len(values)}
	if len(values) == 0 {
		return f
	}
	f.Value = average(values)
	means := draw(values)
	f.Low, f.High = quantile(means, .025), quantile(means, .975)
	return f
}

func draw(values []float64) []float64 {
	r := rand.New(rand.NewPCG(1, uint64(len(values))))
	means := make([]float64, resamples)
	for i := range means {
		sum := 0.0
		for range values {
			sum += values[r.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	slices.Sort(means)
	return means
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
	// how often signs drawn at random give so great a difference.
	P float64 `json:"p"`
}

// paired compares two lists of values of the same questions.
func paired(name string, before, after []float64) Difference {
	d := Difference{Name: name, Before: average(before), After: average(after), N: len(before)}
	var diffs []float64
	for i := range before {
		if x := after[i] - before[i]; x != 0 {
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
