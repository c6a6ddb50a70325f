package reader

import (
	"fmt"
	"runtime"
	"sync"

	"verbatim/answer/rank/align"
	"verbatim/retrieval/embed"
)

// Reader scores sentences. It is safe for concurrent use.
type Reader struct {
	nets  []*net
	words *embed.Embedder
}

// New returns the built-in reader. It fails only if the program was built with damaged weights.
func New() (*Reader, error) { return Load(readerBin) }

// Default returns the built-in reader that the program shares. It fails as New does.
var Default = sync.OnceValues(New)

// Load returns a reader with the weights of a file, as it is written by the training script.
func Load(data string) (*Reader, error) {
	nets, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("load the reader's weights: %w", err)
	}
	words, err := embed.New()
	if err != nil {
		return nil, fmt.Errorf("load the reader's words: %w", err)
	}
	return &Reader{nets: nets, words: words}, nil
}

// Null is the score of "none of the sentences answers": a sentence above it is likelier to answer than not.
func (r *Reader) Null() float32 {
	var sum float32
	for _, m := range r.nets {
		sum += m.null
	}
	return sum / float32(len(r.nets))
}

// Scores returns the scores of the candidates of g with the indexes which, on all processors.
func (r *Reader) Scores(g *align.Group, which []int) []float32 {
	in := newInputs(g)
	pairs := make([]Pair, len(which))
	split(len(which), func(k int, _ *scratch) { pairs[k] = in.pair(which[k]) })
	return r.score(in.question(), pairs)
}

// score returns the mean score of each pair over the nets.
func (r *Reader) score(q Question, pairs []Pair) []float32 {
	out := make([]float32, len(pairs))
	projections := r.projections(pairs)
	for i, m := range r.nets {
		a := m.ask(q, r.vector)
		of := projections[i]
		split(len(pairs), func(k int, s *scratch) {
			out[k] += m.score(q, a, pairs[k], func(rank int32) []float32 { return of[rank] }, s)
		})
	}
	for k := range out {
		out[k] /= float32(len(r.nets))
	}
	return out
}

// projections returns the projection of each word of pairs, by net and rank.
func (r *Reader) projections(pairs []Pair) []map[int32][]float32 {
	at := map[int32]int{}
	var ranks []int32
	for _, p := range pairs {
		for _, rank := range p.Ranks {
			if _, ok := at[rank]; !ok {
				at[rank] = len(ranks)
				ranks = append(ranks, rank)
			}
		}
	}
	out := make([]map[int32][]float32, len(r.nets))
	for i, m := range r.nets {
		flat := make([]float32, len(ranks)*m.h)
		split(len(ranks), func(k int, _ *scratch) { m.word(flat[k*m.h:(k+1)*m.h], ranks[k], r.vector) })
		out[i] = make(map[int32][]float32, len(ranks))
		for k, rank := range ranks {
			out[i][rank] = flat[k*m.h : (k+1)*m.h]
		}
	}
	return out
}

func (r *Reader) vector(rank int32) []float32 {
	return r.words.AppendCentred(make([]float32, 0, r.words.Dim()), int(rank))
}

// split calls do for 0 to n-1, from as many goroutines as there are processors.
func split(n int, do func(k int, s *scratch)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			var s scratch
			for k := w; k < n; k += workers {
				do(k, &s)
			}
		})
	}
	group.Wait()
}
