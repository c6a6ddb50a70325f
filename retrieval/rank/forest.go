package rank

import (
	"errors"
	"math"
)

// Forest is a model of boosted regression trees over named features (Friedman
// 2001, Greedy Function Approximation). The sum of what the trees give is the
// log odds of an event, which a logistic calibration makes a probability.
type Forest struct {
	Features []string `json:"features"` // that the trees split by
	Trees    []Tree   `json:"trees"`
	// The probability is 1 / (1 + exp(-(Slope*sum + Shift))).
	Slope float64 `json:"slope"`
	Shift float64 `json:"shift"`
}

// Tree is a binary tree. Node 0 is the root. A node with Feature -1 is a leaf
// of value Value; of another, a feature below Value leads to node Yes, any
// other to the node after it.
type Tree struct {
	Feature []int     `json:"feature"`
	Value   []float32 `json:"value"`
	Yes     []int     `json:"yes"`
}

// check returns an error unless every node leads to a later one.
func (f *Forest) check() error {
	for _, t := range f.Trees {
		n := len(t.Feature)
		if n == 0 || len(t.Value) != n || len(t.Yes) != n {
			return errors.New("a tree is not whole")
		}
		for i, feature := range t.Feature {
			if feature >= len(f.Features) || feature >= 0 && (t.Yes[i] <= i || t.Yes[i]+1 >= n) {
				return errors.New("a tree has a node out of place")
			}
		}
	}
	return nil
}

// Probability returns the probability that f gives for features. One that is
// missing counts as 0.
func (f *Forest) Probability(features Features) float64 {
	at := make(map[string]float64, len(features.Names))
	for i, name := range features.Names {
		at[name] = features.Values[i]
	}
	row := make([]float32, len(f.Features))
	for i, name := range f.Features {
		row[i] = float32(at[name])
	}
	sum := 0.0
	for i := range f.Trees {
		sum += float64(f.Trees[i].leaf(row))
	}
	return 1 / (1 + math.Exp(-(f.Slope*sum + f.Shift)))
}

func (t *Tree) leaf(row []float32) float32 {
	i := 0
	for t.Feature[i] >= 0 {
		if row[t.Feature[i]] < t.Value[i] {
			i = t.Yes[i]
		} else {
			i = t.Yes[i] + 1
		}
	}
	return t.Value[i]
}
