package reader

import "math"

// linear is a layer: weights has a row of in values for each of out outputs. No bias means zeros.
type linear struct {
	in, out       int
	weights, bias []float32
}

// apply computes n outputs: the i-th from the in values at x[i*xStride:] to the out values at
// dst[i*dstStride:]. Rows of x may overlap: with a stride of one token, an input of three tokens is a window.
//
// Two rows are computed with four outputs at a time, since that keeps the operands in registers. Each
// sum is taken in the order of the inputs, whatever the blocks.
func (l *linear) apply(dst []float32, dstStride int, x []float32, xStride, n int) {
	i := 0
	for ; i+2 <= n; i += 2 {
		l.two(dst[i*dstStride:i*dstStride+l.out], dst[(i+1)*dstStride:(i+1)*dstStride+l.out],
			x[i*xStride:i*xStride+l.in], x[(i+1)*xStride:(i+1)*xStride+l.in])
	}
	if i < n {
		l.one(dst[i*dstStride:i*dstStride+l.out], x[i*xStride:i*xStride+l.in])
	}
}

func (l *linear) two(dst0, dst1, x0, x1 []float32) {
	o := 0
	x1 = x1[:len(x0)]
	for ; o+4 <= l.out; o += 4 {
		w := l.weights[o*l.in : (o+4)*l.in]
		w0, w1, w2, w3 := w[:len(x0)], w[l.in:][:len(x0)], w[2*l.in:][:len(x0)], w[3*l.in:][:len(x0)]
		var a0, a1, a2, a3, b0, b1, b2, b3 float32
		for k, x := range x0 {
			y := x1[k]
			a0 += float32(x * w0[k])
			b0 += float32(y * w0[k])
			a1 += float32(x * w1[k])
			b1 += float32(y * w1[k])
			a2 += float32(x * w2[k])
			b2 += float32(y * w2[k])
			a3 += float32(x * w3[k])
			b3 += float32(y * w3[k])
		}
		dst0[o], dst0[o+1], dst0[o+2], dst0[o+3] = a0, a1, a2, a3
		dst1[o], dst1[o+1], dst1[o+2], dst1[o+3] = b0, b1, b2, b3
	}
	for ; o < l.out; o++ {
		dst0[o], dst1[o] = l.output(o, x0), l.output(o, x1)
	}
	for o, b := range l.bias {
		dst0[o] += b
		dst1[o] += b
	}
}

func (l *linear) one(dst, x []float32) {
	for o := range dst {
		dst[o] = l.output(o, x)
	}
	for o, b := range l.bias {
		dst[o] += b
	}
}

func (l *linear) output(o int, x []float32) float32 {
	w := l.weights[o*l.in : (o+1)*l.in][:len(x)]
	var sum float32
	for k, v := range x {
		sum += float32(v * w[k])
	}
	return sum
}

// columns returns the layer over a part of the inputs, without its bias.
func (l *linear) columns(ranges ...[2]int) linear {
	out := linear{out: l.out}
	for _, r := range ranges {
		out.in += r[1] - r[0]
	}
	for o := range l.out {
		for _, r := range ranges {
			out.weights = append(out.weights, l.weights[o*l.in+r[0]:o*l.in+r[1]]...)
		}
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
