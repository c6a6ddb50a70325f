package embed

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Options choose among the ways of embedding that an ablation compares. The zero value
// is what New uses. Vectors made with different options must not be mixed: Model differs.
type Options struct {
	Unknown       Unknown
	UnknownWeight float64 // the weight of an unknown word, 0 means the default; the rarest known words have nearly 1
	A             float64 // the SIF parameter a, 0 means the table's
	KeepCommon    bool    // does not remove the common component
	MaxWords      int     // uses only the most frequent words, 0 means all
}

const (
	defaultUnknown       = UnknownHashed
	defaultUnknownWeight = 0.25
)

// An Embedder makes sentence vectors. It is safe for concurrent use and reads the
// table where it lies in the program.
type Embedder struct {
	table         *asset
	model         string
	unknown       Unknown
	unknownWeight float64
	a             float64
	words         int       // rows in use
	common        []float32 // unit length; nil: not removed
}

// New returns the default embedder. It fails only if the program was built with a
// damaged table.
func New() (*Embedder, error) { return NewWithOptions(Options{}) }

// NewWithOptions returns an embedder that differs from the default by opts.
func NewWithOptions(opts Options) (*Embedder, error) {
	t, err := openAsset(vectorsBin)
	if err != nil {
		return nil, fmt.Errorf("open the built-in word vectors: %w", err)
	}
	return newEmbedder(t, opts)
}

func newEmbedder(t *asset, opts Options) (*Embedder, error) {
	finite := !math.IsInf(opts.A, 0) && !math.IsInf(opts.UnknownWeight, 0)
	if opts.Unknown < UnknownDefault || opts.Unknown > UnknownNGrams || opts.MaxWords < 0 ||
		!(opts.UnknownWeight >= 0) || !(opts.A >= 0) || !finite {
		return nil, fmt.Errorf("embedder options %+v: out of range", opts)
	}
	e := &Embedder{
		table:         t,
		model:         fmt.Sprintf("glove-%d-sif/1", t.dim),
		unknown:       cmp.Or(opts.Unknown, defaultUnknown),
		unknownWeight: cmp.Or(opts.UnknownWeight, defaultUnknownWeight),
		a:             cmp.Or(opts.A, t.a),
		words:         min(cmp.Or(opts.MaxWords, t.count), t.count),
	}
	if !opts.KeepCommon {
		e.common = make([]float32, t.dim)
		for i := range e.common {
			e.common[i] = math.Float32frombits(u32(t.common, 4*i))
		}
	}
	if opts != (Options{}) {
		e.model += fmt.Sprintf("+unknown=%d*%g,a=%g,keepcommon=%t,words=%d",
			e.unknown, e.unknownWeight, e.a, opts.KeepCommon, e.words)
	}
	return e, nil
}

// Model names what made the vectors, to be stored with them: vectors of different
// models cannot be compared.
func (e *Embedder) Model() string { return e.model }

// Dim is the number of components of every vector.
func (e *Embedder) Dim() int { return e.table.dim }

// Attribution says where the word vectors are from and their licence.
func (e *Embedder) Attribution() string { return e.table.attribution }

// Embed returns one vector for each text, in order: Dim components, Euclidean length 1,
// all finite. A text that gives no direction, because it holds no letter or number or, with
// UnknownNothing, no known word, has no vector: nil stands for it, which must not be stored
// or searched with. The only error is that of ctx.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	s := scanner{word: make([]byte, 0, 64)}
	var spare []float32
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("embed text %d of %d: %w", i+1, len(texts), err)
		}
		v := spare
		if v == nil {
			v = make([]float32, e.table.dim)
		}
		s.text, s.pos = text, 0
		if e.sum(v, &s); e.finish(v) {
			out[i], spare = v, nil
		} else {
			clear(v)
			spare = v
		}
	}
	return out, nil
}

// sum adds the weighted vectors of the words of s to dst.
func (e *Embedder) sum(dst []float32, s *scanner) {
	for s.next() {
		if row := e.find(string(s.word), s.hash); row >= 0 {
			e.table.add(dst, row, float32(e.weight(row)))
		} else {
			addUnknown(dst, s.word, s.hash, e.unknown, float32(e.unknownWeight))
		}
	}
}

// finish removes the common component of v and scales it to length 1; false if
// next to nothing is left to be scaled.
func (e *Embedder) finish(v []float32) bool {
	before := dot(v, v)
	if e.common != nil {
		along := dot(v, e.common)
		for i, c := range e.common {
			v[i] -= float32(float32(along) * c)
		}
	}
	after := dot(v, v)
	if !(after > 1e-8*before) || math.IsInf(after, 0) {
		return false
	}
	scale := 1 / math.Sqrt(after)
	for i, x := range v {
		v[i] = float32(float64(x) * scale)
	}
	return true
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(float64(x) * float64(b[i]))
	}
	return sum
}

// Vector returns the vector of one folded word (lower case, no accents) as it was
// trained, to within half a step of its 8 bits: its length is not 1, nothing is removed.
func (e *Embedder) Vector(word string) ([]float32, bool) { return e.AppendVector(nil, word) }

// AppendVector appends the vector of word to dst, as Vector gives it, and reports whether
// the word is known; if not, dst is returned as it was.
func (e *Embedder) AppendVector(dst []float32, word string) ([]float32, bool) {
	row := e.find(word, hashWord(word))
	if row < 0 {
		return dst, false
	}
	n := len(dst)
	dst = slices.Grow(dst, e.table.dim)[:n+e.table.dim]
	clear(dst[n:])
	e.table.add(dst[n:], row, 1)
	return dst, true
}

// Weight returns the SIF weight a/(a+p) of one folded word, near 0 for the most frequent and
// near 1 for the rarest, and whether the word is known.
func (e *Embedder) Weight(word string) (float64, bool) {
	row := e.find(word, hashWord(word))
	if row < 0 {
		return 0, false
	}
	return e.weight(row), true
}

func (e *Embedder) weight(row int) float64 { return e.a / (e.a + e.table.frequency(row)) }

func (e *Embedder) find(word string, hash uint64) int {
	if row := e.table.find(word, hash); row < e.words {
		return row
	}
	return -1
}
