package reader

import (
	_ "embed" // holds reader.bin
	"errors"
	"fmt"
	"math"
)

// The layout of reader.bin, all numbers little-endian:
//
//	magic       8 bytes   "VREADER", version
//	nets        uint32    how many nets, whose scores are averaged
//	h           uint32    width of the layers of each
//	attrLen     uint32    bytes of the attribution
//	reserved    uint32    0
//	nets        float16s  for each net its parameters in the order of net.parameters
//	attribution attrLen   what the weights were trained on
//
//go:embed reader.bin
var readerBin string

const (
	magic      = "VREADER\x01"
	headerSize = len(magic) + 4*4
	vectorDim  = 100
	maxNets    = 16
	maxWidth   = 256
)

// decode reads the nets of a file of weights.
func decode(data string) ([]*net, error) {
	if len(data) < headerSize || data[:len(magic)] != magic {
		return nil, errors.New("not a reader's weights of this version")
	}
	field := func(i int) int { return int(u32(data, len(magic)+4*i)) }
	count, h, attribution := field(0), field(1), field(2)
	if count < 1 || count > maxNets || h < 1 || h > maxWidth {
		return nil, fmt.Errorf("impossible weights of %d nets of width %d", count, h)
	}
	d := decoder{rest: data[headerSize:]}
	var nets []*net
	for range count {
		nets = append(nets, d.net(h))
	}
	if d.short || len(d.rest) != attribution {
		return nil, fmt.Errorf("weights of %d nets of width %d have the wrong length of %d bytes", count, h, len(data))
	}
	return nets, nil
}

// decoder takes parameters from the front of rest.
type decoder struct {
	rest  string
	short bool
}

func (d *decoder) floats(n int) []float32 {
	out := make([]float32, n)
	if len(d.rest) < 2*n {
		d.short = true
		return out
	}
	for i := range out {
		out[i] = half(uint16(d.rest[2*i]) | uint16(d.rest[2*i+1])<<8)
	}
	d.rest = d.rest[2*n:]
	return out
}

func (d *decoder) linear(in, out int, bias bool) linear {
	l := linear{in: in, out: out, weights: make([]float32, in*out)}
	for i, w := range d.floats(in * out) { // stored by output
		l.weights[i%in*out+i/in] = w
	}
	if bias {
		l.bias = d.floats(out)
	}
	return l
}

// net takes the parameters in the order in which the training script writes them.
func (d *decoder) net(h int) *net {
	m := &net{h: h}
	m.project = d.linear(vectorDim, h, true)
	m.encodeQ = d.linear(3*(h+QuestionFeatures), h, true)
	m.encodeS = d.linear(3*(h+SentenceFeatures), h, true)
	m.attend = d.linear(h, h, false)
	copy(m.match[:], d.floats(2))
	m.summary = d.linear(3*h, h, true)
	compareQ := d.linear(3*h+QuestionFeatures+MatchFeatures, h, true)
	m.pairS = d.linear(3*h+SentenceFeatures, h, true)
	m.second = d.linear(3*h, h, true)
	m.shift = d.linear(h, h, false)
	m.hidden = d.linear(5*h+OverallFeatures, h, true)
	m.out = d.linear(h, 1, true)
	m.null = d.floats(1)[0]
	own := 3*h + QuestionFeatures
	m.ownQ = compareQ.rows([2]int{0, h}, [2]int{3 * h, own})
	m.ownQ.bias = compareQ.bias
	m.pairQ = compareQ.rows([2]int{h, 3 * h}, [2]int{own, own + MatchFeatures})
	return m
}

// half returns the value of an IEEE 754 half-precision number.
func half(bits uint16) float32 {
	sign, exponent, fraction := uint32(bits>>15)<<31, int(bits>>10&31), uint32(bits&1023)
	switch exponent {
	case 0:
		value := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(value) | sign)
	case 31:
		exponent = 255 - 127 + 15
	}
	return math.Float32frombits(sign | uint32(exponent-15+127)<<23 | fraction<<13)
}

func u32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
