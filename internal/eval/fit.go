package eval

import (
	"math"
	"sync"
)

// group is the candidates of one question: their features and which of them
// hold an answer.
type group struct {
	rows [][]float64
	hit  []bool
}

// useful reports whether there is something to learn from g.
func (g group) useful() bool {
	yes := 0
	for _, h := range g.hit {
		if h {
			yes++
		}
	}
	return yes > 0 && yes < len(g.hit)
}

// scaling is the mean and the standard deviation of each feature.
type scaling struct {
	mean, dev []float64
}

func scalingOf(groups []group, n int) scaling {
	s := scaling{mean: make([]float64, n), dev: make([]float64, n)}
	count := 0.0
	for _, g := range groups {
		for _, r := range g.rows {
			count++
			for i, x := range r {
				s.mean[i] += x
				s.dev[i] += x * x
			}
		}
	}
	for i := range s.mean {
		s.mean[i] /= max(count, 1)
		s.dev[i] = math.Sqrt(max(0, s.dev[i]/max(count, 1)-s.mean[i]*s.mean[i]))
	}
	return s
}

func (s scaling) apply(groups []group) []group {
	out := make([]group, len(groups))
	for k, g := range groups {
		rows := make([][]float64, len(g.rows))
		for j, r := range g.rows {
			row := make([]float64, len(r))
			for i, x := range r {
				if s.dev[i] > 1e-9 {
					row[i] = (x - s.mean[i]) / s.dev[i]
				}
			}
			rows[j] = row
		}
		out[k] = group{rows: rows, hit: g.hit}
	}
	return out
}

// The settings of a fit. They were chosen once and are not tuned.
const (
	fitRounds = 250
	fitRate   = .05
	fitDecay  = 1e-3 // L2 on standardised weights
)

// adam is the optimiser of Kingma and Ba (2015).
type adam struct {
	m, v []float64
	t    float64
}

func (a *adam) step(w, grad []float64) {
	if a.m == nil {
		a.m, a.v = make([]float64, len(w)), make([]float64, len(w))
	}
	a.t++
	for i, g := range grad {
		a.m[i] = .9*a.m[i] + .1*g
		a.v[i] = .999*a.v[i] + .001*g*g
		m, v := a.m[i]/(1-math.Pow(.9, a.t)), a.v[i]/(1-math.Pow(.999, a.t))
		w[i] -= fitRate * m / (math.Sqrt(v) + 1e-8)
	}
}

// fitList fits a linear score so that, of each group, a candidate that holds
// an answer is the most likely one under a softmax over the scores (listwise
// maximum likelihood, Cao et al. 2007). Features for which off is true keep
// the weight 0. The weights are for features as they are, not standardised.
func fitList(groups []group, names []string, off map[string]bool) map[string]float64 {
	var useful []group
	for _, g := range groups {
		if g.useful() {
			useful = append(useful, g)
		}
	}
	s := scalingOf(useful, len(names))
	for i, n := range names {
		if off[n] {
			s.dev[i] = 0
		}
	}
	scaled := s.apply(useful)
	w := make([]float64, len(names))
	opt := new(adam)
	for range fitRounds {
		grad := gradient(scaled, w)
		for i := range grad {
			grad[i] = grad[i]/float64(max(1, len(scaled))) + fitDecay*w[i]
		}
		opt.step(w, grad)
	}
	return s.unscale(w, names)
}

// parts is how many parts a gradient is summed in, side by side. Their number
// is fixed, so that sums are the same on any machine.
const parts = 8

// gradient returns the sum of the gradients of all groups.
func gradient(groups []group, w []float64) []float64 {
	var sums [parts][]float64
	var wait sync.WaitGroup
	for k := range parts {
		wait.Go(func() {
			sums[k] = make([]float64, len(w))
			for _, g := range groups[k*len(groups)/parts : (k+1)*len(groups)/parts] {
				listGradient(g, w, sums[k])
			}
		})
	}
	wait.Wait()
	for _, part := range sums[1:] {
		for i, x := range part {
			sums[0][i] += x
		}
	}
	return sums[0]
}

func (s scaling) unscale(w []float64, names []string) map[string]float64 {
	out := make(map[string]float64)
	for i, n := range names {
		if s.dev[i] > 1e-9 {
			out[n] = round(w[i] / s.dev[i])
		}
	}
	return out
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// listGradient adds the gradient of -log P(a hit) to grad.
func listGradient(g group, w, grad []float64) {
	p := make([]float64, len(g.rows))
	top := math.Inf(-1)
	for j, r := range g.rows {
		p[j] = dot(w, r)
		top = max(top, p[j])
	}
	all, hits := 0.0, 0.0
	for j := range p {
		p[j] = math.Exp(p[j] - top)
		all += p[j]
		if g.hit[j] {
			hits += p[j]
		}
	}
	for j, r := range g.rows {
		d := p[j] / all
		if g.hit[j] {
			d -= p[j] / hits
		}
		if math.Abs(d) < 1e-7 {
			continue
		}
		for i, x := range r {
			grad[i] += d * x
		}
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
