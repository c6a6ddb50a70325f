package eval

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMean(t *testing.T) {
	if f := ratio(nil); f != (Figure{}) {
		t.Errorf("of nothing: %+v", f)
	}
	if f := ratio(apart([]float64{.5})); f != (Figure{Value: .5, N: 1, Low: .5, High: .5}) {
		t.Errorf("of one: %+v", f)
	}
	r := rand.New(rand.NewPCG(1, 2))
	before := 1.0
	for _, n := range []int{20, 200, 2000} {
		values := make([]float64, n)
		for i := range values {
			values[i] = truth(r.Float64() < .7)
		}
		f := ratio(apart(values))
		if f.N != n || f.Value != average(values) || f.Low >= f.Value || f.Value >= f.High || f.Low < 0 || f.High > 1 {
			t.Errorf("%+v of %d", f, n)
		}
		// The normal approximation of the interval.
		want := 2 * 1.96 * math.Sqrt(f.Value*(1-f.Value)/float64(n))
		if width := f.High - f.Low; width >= before || math.Abs(width-want) > .25*want {
			t.Errorf("the interval of %d is %.3f wide, want %.3f", n, width, want)
		} else {
			before = width
		}
		if again := ratio(apart(values)); again != f {
			t.Errorf("%+v, then %+v", f, again)
		}
	}
}

func TestQuantile(t *testing.T) {
	sorted := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for q, want := range map[float64]float64{0: 1, .05: 1, .1: 1, .11: 2, .5: 5, .95: 10, 1: 10} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("quantile %g is %g, want %g", q, got, want)
		}
	}
	if quantile(nil, .5) != 0 {
		t.Error("of nothing")
	}
}

func TestPaired(t *testing.T) {
	same := []float64{0, 1, 1, 0, 1}
	if d := pairedApart(same, same); d.P != 1 || d.Before != .6 || d.After != .6 || d.N != 5 || d.Name != "x" {
		t.Errorf("identical: %+v", d)
	}
	if d := pairedApart(nil, nil); d.P != 1 || d.N != 0 {
		t.Errorf("nothing: %+v", d)
	}
	zeros, ones := make([]float64, 20), make([]float64, 20)
	for i := range ones {
		ones[i] = 1
	}
	d := pairedApart(zeros, ones)
	if d.P > .01 || d.Before != 0 || d.After != 1 {
		t.Errorf("all changed: %+v", d)
	}
	if back := pairedApart(ones, zeros); back.P != d.P {
		t.Errorf("the test has two sides: %g and %g", d.P, back.P)
	}
	// Of two changes, as many each way, half of all signs give so much or more.
	mixed := append([]float64{1, 0}, zeros[2:]...)
	other := append([]float64{0, 1}, zeros[2:]...)
	if d := pairedApart(mixed, other); d.P != 1 {
		t.Errorf("changes that cancel out: %+v", d)
	}
	// Three of three the same way: 2 of 8 draws of signs.
	if d := pairedApart(zeros[:3], ones[:3]); math.Abs(d.P-.25) > .04 {
		t.Errorf("three of three: p is %g, want about .25", d.P)
	}
}

func TestCompare(t *testing.T) {
	report := func(values ...map[string]float64) *Report {
		r := new(Report)
		for _, v := range values {
			r.Outcomes = append(r.Outcomes, Outcome{Values: v})
		}
		return r
	}
	before := report(map[string]float64{QuoteHit: 1, Refused: 1}, map[string]float64{QuoteHit: 0}, map[string]float64{Answered: 1})
	after := report(map[string]float64{QuoteHit: 1}, map[string]float64{QuoteHit: 1}, map[string]float64{Answered: 0, Verbatim: 1})
	got := Compare(before, after)
	want := []Difference{{Name: QuoteHit, Before: .5, After: 1, N: 2, P: 1}, {Name: Answered, Before: 1, After: 0, N: 1, P: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// apart makes each value a question of a story of its own.
func apart(values []float64) []share {
	var out []share
	for i, v := range values {
		out = append(out, share{strconv.Itoa(i), v, 1})
	}
	return out
}

func pairedApart(before, after []float64) Difference {
	var stories []string
	for i := range before {
		stories = append(stories, strconv.Itoa(i))
	}
	return paired("x", before, after, stories)
}

func TestRatioDrawsStories(t *testing.T) {
	var values, same []share
	for i := range 100 {
		v := float64(i / 50)
		values = append(values, share{strconv.Itoa(i), v, 1})
		same = append(same, share{strconv.Itoa(i / 50), v, 1})
	}
	f, g := ratio(values), ratio(same)
	if f.Value != .5 || g.Value != .5 {
		t.Errorf("the values are %v and %v, want .5", f.Value, g.Value)
	}
	if g.Low != 0 || g.High != 1 || f.Low < .3 || f.High > .7 {
		t.Errorf("intervals over questions %v and over two stories %v", f, g)
	}
}
