package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
)

// errClosed is the answer of a store after Close.
var errClosed = errors.New("the store is closed")

// searcher is what both stores search: the newest revisions with an index
// over their words and one over their vectors.
type searcher struct {
	mu      sync.RWMutex
	closed  bool
	live    *liveArticles
	words   *index.Words
	vectors *index.Vectors
	model   string // that made the vectors, "" while there are none
	size    int    // numbers in each vector
	// wait, if set, returns when all that is stored can be found.
	wait func(ctx context.Context) error
}

// read runs f while nothing changes.
func (s *searcher) read(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.wait != nil {
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
	s.mu.RLock()
	for !s.closed && !s.live.sortedAndDated() {
		s.mu.RUnlock()
		s.mu.Lock()
		s.live.sortAndDate()
		s.mu.Unlock()
		s.mu.RLock()
	}
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	return f()
}

// Articles implements retrieval.Store.
func (s *searcher) Articles(ctx context.Context, f retrieval.Filter) (infos []corpus.Info, err error) {
	err = s.read(ctx, func() error {
		infos = s.live.list(f)
		return nil
	})
	return infos, err
}

// Stats implements retrieval.Store.
func (s *searcher) Stats(ctx context.Context, f retrieval.Filter) (stats retrieval.Stats, err error) {
	err = s.read(ctx, func() error {
		stats = s.live.stats(f)
		return nil
	})
	return stats, err
}

// Words implements retrieval.Store.
func (s *searcher) Words(ctx context.Context, q retrieval.WordQuery, k int, f retrieval.Filter) (hits retrieval.WordHits, err error) {
	err = s.read(ctx, func() error {
		hits, err = s.words.Search(ctx, q.Terms, k, s.live.resolver(f))
		if err == nil && hits.Passages < s.live.passages {
			err = fmt.Errorf("%w: it has %d of %d", index.ErrShort, hits.Passages, s.live.passages)
		}
		return err
	})
	if err != nil {
		return retrieval.WordHits{}, err
	}
	return hits, nil
}

// Nearest implements retrieval.Store.
func (s *searcher) Nearest(ctx context.Context, model string, vector []float32, k int, f retrieval.Filter) (found []retrieval.Candidate, err error) {
	err = s.read(ctx, func() error {
		if s.model != "" && s.model != model {
			return fmt.Errorf("%w: the store's are of %s, the question's of %s", retrieval.ErrModel, s.model, model)
		}
		query, err := index.Unit(vector, s.size)
		if err != nil {
			return err
		}
		matches, err := s.vectors.Search(ctx, query, k, f.Scope, s.live.resolver(f))
		found = index.Candidates(matches)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// prepared is an entry that was found right, with what the indexes take.
type prepared struct {
	*revision
	article *corpus.Article
	vectors [][]float32 // of length 1; nil if a passage has none
	derived []retrieval.Derived
}

// prepare checks every entry, so that nothing can fail half way, for a store
// whose vectors are of the given model and size ("" and 0 if it has none).
// It returns those of the store with the entries.
func prepare(entries []retrieval.Entry, model string, size int) (list []prepared, _ string, _ int, err error) {
	for _, e := range entries {
		if e.Article == nil || e.Article.ID == "" {
			return nil, "", 0, errors.New("store an article: it has no ID")
		}
		p, err := prepareOne(e, &model, &size)
		if err != nil {
			return nil, "", 0, fmt.Errorf("store article %s: %w", e.Article.ID, err)
		}
		list = append(list, p)
	}
	return list, model, size, nil
}

func prepareOne(e retrieval.Entry, model *string, size *int) (prepared, error) {
	article := *e.Article
	article.Furniture = slices.Clone(article.Furniture)
	p := prepared{
		revision: &revision{info: e.Article.Info, passages: slices.Clone(e.Passages), embedded: len(e.Vectors) > 0},
		article:  &article,
		derived:  slices.Clone(e.Derived),
	}
	p.info.Bytes, p.info.Passages = len(e.Article.Body), len(e.Passages)
	for i, span := range e.Passages {
		if _, err := e.Article.Text(span); err != nil {
			return p, err
		}
		if i > 0 && comparePassages(span, e.Passages[i-1]) <= 0 {
			return p, fmt.Errorf("passage %d-%d is not in order", span.Start, span.End)
		}
		if e.Article.Marked(span) {
			return p, fmt.Errorf("passage %d-%d holds page furniture", span.Start, span.End)
		}
	}
	kinds := map[string]bool{}
	for _, d := range e.Derived {
		if d.Kind == "" || kinds[d.Kind] {
			return p, fmt.Errorf("derived data of kind %q: there is no name, or two of it", d.Kind)
		}
		kinds[d.Kind] = true
	}
	if len(e.Vectors) == 0 {
		return p, nil
	}
	if len(e.Vectors) != len(e.Passages) {
		return p, fmt.Errorf("%d vectors for %d passages", len(e.Vectors), len(e.Passages))
	}
	p.vectors = make([][]float32, len(e.Vectors))
	for i, v := range e.Vectors {
		if v == nil {
			continue
		}
		if e.Model == "" || *model != "" && *model != e.Model {
			return p, fmt.Errorf("%w: the store's are of %q, the article's of %q", retrieval.ErrModel, *model, e.Model)
		}
		u, err := index.Unit(v, *size)
		if err != nil {
			return p, fmt.Errorf("passage %d: %w", i, err)
		}
		p.vectors[i], *model, *size = u, e.Model, len(u)
	}
	return p, nil
}

// documents returns what the word index takes for the passages.
func (p *prepared) documents() []index.Passage {
	list := make([]index.Passage, len(p.passages))
	for i, ref := range p.refs() {
		span := p.passages[i]
		list[i] = index.Passage{Ref: ref, Text: retrieval.IndexText(&p.info, p.article.Body[span.Start:span.End])}
	}
	return list
}

// apply brings entries that are stored into the indexes. The new passages
// are indexed before the table shows them and the old ones taken out after
// it hid them, so that a search finds one revision or the other, whole.
func (s *searcher) apply(list []prepared) error {
	var add []index.Passage
	for i := range list {
		add = append(add, list[i].documents()...)
	}
	if err := s.words.Change(add, nil); err != nil {
		return err
	}
	stale, err := s.show(list)
	if err == nil && len(stale) > 0 {
		err = s.words.Change(nil, stale)
	}
	return err
}

// show puts entries into the table and their vectors beside it. It returns
// the refs that the word index holds in vain now.
func (s *searcher) show(list []prepared) (stale []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range list {
		refs := p.refs()
		old, ok := s.live.put(p.revision)
		if !ok {
			stale = append(stale, refs...)
			continue
		}
		if old != nil {
			gone := old.refs()
			if err := s.vectors.Remove(old.info.Server, gone); err != nil {
				return nil, err
			}
			stale = append(stale, without(gone, refs)...)
		}
		for i, v := range p.vectors {
			if v == nil {
				continue
			}
			if err := s.vectors.Add(p.info.Server, refs[i], v); err != nil {
				return nil, err
			}
		}
	}
	return stale, nil
}

// hide takes articles out of the table and the vectors, then out of the word
// index.
func (s *searcher) hide(ids []string) error {
	s.mu.Lock()
	var stale []string
	for _, id := range ids {
		if r := s.live.newest[id]; r != nil {
			refs := r.refs()
			stale = append(stale, refs...)
			s.live.remove(id)
			if err := s.vectors.Remove(r.info.Server, refs); err != nil {
				s.mu.Unlock()
				return err
			}
		}
	}
	s.mu.Unlock()
	return s.words.Change(nil, stale)
}

// without returns the refs of list that are not in kept.
func without(list, kept []string) (rest []string) {
	keep := make(map[string]bool, len(kept))
	for _, ref := range kept {
		keep[ref] = true
	}
	for _, ref := range list {
		if !keep[ref] {
			rest = append(rest, ref)
		}
	}
	return rest
}
