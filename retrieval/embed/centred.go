package embed

import (
	"math"
	"sync"
)

// centre is the mean of all rows of a table, made at first use.
type centre struct {
	once sync.Once
	mean []float32
}

// Rank returns how many words of the table are more frequent than a folded word, and whether the word is
// known.
func (e *Embedder) Rank(word string) (int, bool) {
	row := e.find(word, hashWord(word))
	return row, row >= 0
}

// Words is the number of words that have a rank.
func (e *Embedder) Words() int { return e.words }

// AppendCentred appends to dst the vector of the word of a rank, with the mean of all words of the
// table taken off and scaled to length 1: the dot product of two such vectors is the centred cosine of
// the words, which is near 0 for unrelated ones, whereas plain cosines of frequent words are all
// high. (Mu and Viswanath 2018 remove the mean for the same reason.)
func (e *Embedder) AppendCentred(dst []float32, rank int) []float32 {
	mean := e.table.centre()
	n := len(dst)
	dst = append(dst, mean...)
	v := dst[n:]
	for i := range v {
		v[i] = -v[i]
	}
	e.table.add(v, rank, 1)
	if length := dot(v, v); length > 0 {
		scale := 1 / math.Sqrt(length)
		for i, x := range v {
			v[i] = float32(float64(x) * scale)
		}
	}
	return dst
}

func (t *asset) centre() []float32 {
	t.centred.once.Do(func() {
		sum := make([]float64, t.dim)
		row := make([]float32, t.dim)
		for r := range t.count {
			clear(row)
			t.add(row, r, 1)
			for i, x := range row {
				sum[i] += float64(x)
			}
		}
		mean := make([]float32, t.dim)
		for i, x := range sum {
			mean[i] = float32(x / float64(t.count))
		}
		t.centred.mean = mean
	})
	return t.centred.mean
}
