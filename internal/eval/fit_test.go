package eval

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/words"
)

// listOf makes groups whose best candidate by the weights, with noise, holds
// the answer.
func listOf(n int, weights []float64, noise float64) []group {
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]group, n)
	for k := range out {
		best, top := 0, math.Inf(-1)
		for j := range 8 {
			row := make([]float64, len(weights))
			score := noise * r.NormFloat64()
			for i := range row {
				row[i] = r.NormFloat64()
				score += weights[i] * row[i]
			}
			out[k].rows = append(out[k].rows, row)
			if score > top {
				best, top = j, score
			}
		}
		out[k].hit = make([]bool, 8)
		out[k].hit[best] = true
	}
	return out
}

func TestFitList(t *testing.T) {
	names := []string{"more", "less", "chance", "much"}
	groups := listOf(300, []float64{1, -1, 0, 3}, .5)
	w := fitList(groups, names, nil)
	if !(w["more"] > .3 && w["less"] < -.3 && math.Abs(w["chance"]) < .3 && w["much"] > 2*w["more"]) {
		t.Errorf("fitted %v", w)
	}
	if diff := cmp.Diff(w, fitList(groups, names, nil)); diff != "" {
		t.Errorf("a second fit differs (-first +second):\n%s", diff)
	}
	off := fitList(groups, names, map[string]bool{"much": true})
	if _, ok := off["much"]; ok || off["more"] <= 0 {
		t.Errorf("without a feature: %v", off)
	}
	// The weights are for features as they are: in another unit they differ by it.
	for _, g := range groups {
		for _, r := range g.rows {
			r[0] *= 100
		}
	}
	if scaled := fitList(groups, names, nil); math.Abs(scaled["more"]*100-w["more"]) > .02*w["more"] {
		t.Errorf("in another unit: %g, then %g", w["more"], scaled["more"])
	}
}

// Groups that hold no answer, or nothing but answers, teach nothing; a
// feature that never changes has no weight.
func TestFitListUseless(t *testing.T) {
	names := []string{"x", "same"}
	useless := []group{{}, {rows: [][]float64{{1, 1}, {2, 1}}, hit: []bool{false, false}}, {rows: [][]float64{{5, 1}, {-2, 1}}, hit: []bool{true, true}}}
	if w := fitList(useless, names, nil); len(w) != 0 {
		t.Errorf("fitted %v to nothing", w)
	}
	good := group{rows: [][]float64{{1, 1}, {-1, 1}}, hit: []bool{true, false}}
	w := fitList([]group{good}, names, nil)
	if diff := cmp.Diff(w, fitList(append(useless, good), names, nil)); diff != "" || w["x"] <= 0 || len(w) != 1 {
		t.Errorf("%v (-want +got):\n%s", w, diff)
	}
}

func TestBestRank(t *testing.T) {
	g := group{rows: [][]float64{{1}, {3}, {2}}, hit: []bool{false, false, true}}
	for weight, want := range map[float64]int{1: 1, -1: 1, 0: 2} {
		if got := bestRank(g, []string{"x"}, map[string]float64{"x": weight}); got != want {
			t.Errorf("weight %g: rank %d, want %d", weight, got, want)
		}
	}
	if got := bestRank(group{rows: [][]float64{{1}}, hit: []bool{false}}, []string{"x"}, nil); got != -1 {
		t.Errorf("no hit: rank %d", got)
	}
}

// A gradient summed side by side is the sum over all groups, however many
// there are.
func TestGradient(t *testing.T) {
	w := []float64{1, -2, .5}
	for _, n := range []int{0, 1, parts - 1, parts, 5*parts + 3} {
		groups := listOf(n, w, 1)
		want := make([]float64, len(w))
		for _, g := range groups {
			listGradient(g, w, want)
		}
		for i, x := range gradient(groups, w) {
			if math.Abs(x-want[i]) > 1e-9 {
				t.Errorf("%d groups: component %d is %g, want %g", n, i, x, want[i])
			}
		}
	}
}

// The words of an answer are told as ranking sees them: figures without their
// commas, letters without their accents.
func TestTokensOf(t *testing.T) {
	got := tokensOf([]string{"1,037", "$787.5m", "90%", "Beyoncé", "the White House"})
	want := make(map[string]bool)
	for _, text := range []string{"Some 1,037 fled", "it paid $787.5m", "90% of Beyoncé", "a White House"} {
		for _, tok := range words.NewVocabulary(nil).View(text).Tokens {
			want[tok.Text] = true
		}
	}
	for _, other := range []string{"some", "fled", "it", "paid", "of", "a"} {
		delete(want, other)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}
