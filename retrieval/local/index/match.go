package index

import (
	"cmp"
	"context"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Match is a passage that an index found, with what decides ties.
type Match struct {
	retrieval.Candidate
	Published corpus.Date
}

// order puts the higher score first, then the newer article, then the smaller
// ref.
func order(a, b Match) int {
	return cmp.Or(
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(b.Published, a.Published),
		cmp.Compare(a.Ref.Article, b.Ref.Article),
		cmp.Compare(a.Ref.Start, b.Ref.Start),
		cmp.Compare(a.Ref.End, b.Ref.End),
	)
}

// spare is how many passages more than asked for are looked at first, for
// ties at the cut.
const spare = 32

// Resolve turns the ref of a passage into a match, or refuses it.
type Resolve func(ref string, score float64) (Match, bool)

// collect returns the k first matches in order. best gives the n highest
// scores, never a part of a group of equal ones, and says whether that is
// all; admit drops what may not be found. n grows until k are admitted.
func collect[T any](ctx context.Context, k int, best func(n int) ([]T, bool),
	admit func(T) (Match, bool, error)) ([]Match, error) {
	if k <= 0 {
		return nil, ctx.Err()
	}
	for n := k + spare; ; n *= 8 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		top, all := best(n)
		found := make([]Match, 0, len(top))
		for _, t := range top {
			m, ok, err := admit(t)
			if err != nil {
				return nil, err
			}
			if ok {
				found = append(found, m)
			}
		}
		if all || len(found) >= k {
			slices.SortFunc(found, order)
			return found[:min(k, len(found))], nil
		}
	}
}

// Candidates returns the candidates of matches.
func Candidates(found []Match) []retrieval.Candidate {
	list := make([]retrieval.Candidate, len(found))
	for i, m := range found {
		list[i] = m.Candidate
	}
	return list
}
