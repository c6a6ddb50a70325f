package rank

import (
	"math"
	"testing"
)

func TestForest(t *testing.T) {
	f := Forest{
		Features: []string{"a", "b"},
		Trees: []Tree{
			{Feature: []int{0, -1, 1, -1, -1}, Value: []float32{.5, 1, 2, 10, 100}, Yes: []int{1, 0, 3, 0, 0}},
			{Feature: []int{-1}, Value: []float32{1}, Yes: []int{0}},
		},
		Slope: .1, Shift: -1,
	}
	if err := f.check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		a, b, sum float64
	}{{.4, 9, 2}, {.5, 1.9, 11}, {.6, 2, 101}} {
		got := f.Probability(Features{Names: []string{"b", "c", "a"}, Values: []float64{tt.b, 7, tt.a}})
		if want := 1 / (1 + math.Exp(1-.1*tt.sum)); math.Abs(got-want) > 1e-12 {
			t.Errorf("a %g, b %g: %g, want %g", tt.a, tt.b, got, want)
		}
	}
	for name, bad := range map[string]Tree{
		"empty": {}, "short": {Feature: []int{-1}}, "backward": {Feature: []int{0, -1, -1}, Value: []float32{0, 0, 0}, Yes: []int{0, 0, 0}},
		"outside": {Feature: []int{0, -1}, Value: []float32{0, 0}, Yes: []int{1, 0}}, "unknown": {Feature: []int{2, -1, -1}, Value: []float32{0, 0, 0}, Yes: []int{1, 0, 0}},
	} {
		if (&Forest{Features: f.Features, Trees: []Tree{bad}}).check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSentenceFor(t *testing.T) {
	w := Weights{Sentence: map[string]float64{"a": 1, "b": 2}, SentenceLarge: map[string]float64{"a": 3, "c": 4}}
	for passages, want := range map[int]map[string]float64{
		0: {"a": 1, "b": 2}, 1000: {"a": 1, "b": 2}, 3163: {"a": 2, "b": 1, "c": 2}, 10000: {"a": 3, "c": 4}, 1 << 30: {"a": 3, "c": 4},
	} {
		got := w.SentenceFor(passages)
		for _, name := range []string{"a", "b", "c"} {
			if math.Abs(got[name]-want[name]) > .001 {
				t.Errorf("%d passages: %s is %g, want %g", passages, name, got[name], want[name])
			}
		}
	}
}
