package reader

import "math"

// linear is a layer: weights has a row of out values for each of in inputs. No bias means zeros.
type linear struct {
	in, out       int
	weights, bias []float32
}

// apply computes n outputs: the i-th from the in values at x[i*xStride:] to the out values at
// dst[i*dstStride:]. Rows of x may overlap: with a stride of one token, an input of three tokens is a window.
//
// About half of all inputs are zeros, behind a relu or as features that a word does not have, so the
// rows of weights of the others are added up, four at a time. Each sum is taken in the order of the inputs.
func (l *linear) apply(dst []float32, dstStride int, x []float32, xStride, n int) {
	for i := range n {
		l.row(dst[i*dstStride:i*dstStride+l.out], x[i*xStride:i*xStride+l.in])
	}
}

func (l *linear) row(dst, x []float32) {
	clear(dst)
	copy(dst, l.bias)
	var at [4]int
	n := 0
	for k, v := range x {
		if v == 0 {
			continue
		}
		at[n] = k
		if n++; n == len(at) {
			l.four(dst, x, &at)
			n = 0
		}
	}
	for _, k := range at[:n] {
		add(dst, x[k], l.weights[k*l.out:])
	}
}

// four adds the rows of weights of four inputs to dst.
func (l *linear) four(dst, x []float32, at *[4]int) {
	x0, x1, x2, x3 := x[at[0]], x[at[1]], x[at[2]], x[at[3]]
	w0, w1 := l.weights[at[0]*l.out:][:len(dst)], l.weights[at[1]*l.out:][:len(dst)]
	w2, w3 := l.weights[at[2]*l.out:][:len(dst)], l.weights[at[3]*l.out:][:len(dst)]
	for o, sum := range dst {
		sum += float32(x0 * w0[o])
		sum += float32(x1 * w1[o])
		sum += float32(x2 * w2[o])
		sum += float32(x3 * w3[o])
		dst[o] = sum
	}
}

// add adds w times row to sum.
func add(sum []float32, w float32, row []float32) {
	row = row[:len(sum)]
	for k := range sum {
		sum[k] += float32(w * row[k])
	}
}

// rows returns the layer over a part of the inputs, without its bias.
func (l *linear) rows(ranges ...[2]int) linear {
	out := linear{out: l.out}
	for _, r := range ranges {
		out.in += r[1] - r[0]
		out.weights = append(out.weights, l.weights[r[0]*l.out:r[1]*l.out]...)
	}
	return out
}

// exp returns e to the x for x <= 0 or so, to 1e-8 of its value. The standard library's differs in the last
// bit from machine to machine.
func exp(x float32) float32 {
	if x < -80 {
		return 0
	}
	v := float64(min(x, 80))
	n := math.Floor(float64(v*math.Log2E) + .5)
	r := v - float64(n*math.Ln2)
	// Taylor's series to the 7th power; r is at most .35.
	p := 1. / 5040
	for _, c := range [...]float64{1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1, 1} {
		p = float64(p*r) + c
	}
	return float32(p * math.Float64frombits(uint64(int64(n)+1023)<<52))
}

func tanh(x float32) float32 {
	e := exp(-2 * max(x, -x))
	t := (1 - e) / (1 + e)
	if x < 0 {
		return -t
	}
	return t
}
