package local

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// Memory is a store that holds everything in memory and writes nothing.
type Memory struct {
	searcher
	writing sync.Mutex
	// revisions are the articles by bare ID, then by revision number; guarded
	// by searcher.mu.
	revisions map[string]map[int]*corpus.Article
	removed   map[string]int // highest revision taken out, by bare ID; guarded by searcher.mu
}

var (
	_ retrieval.Store   = (*Memory)(nil)
	_ retrieval.Remover = (*Memory)(nil)
)

// NewMemory returns an empty store in memory.
func NewMemory() (*Memory, error) {
	words, err := openWords("")
	if err != nil {
		return nil, err
	}
	vectors, err := newVectors()
	if err != nil {
		return nil, err
	}
	return &Memory{
		searcher:  searcher{table: newTable(), words: words, vectors: vectors},
		revisions: map[string]map[int]*corpus.Article{},
		removed:   map[string]int{},
	}, nil
}

// Put implements retrieval.Store.
func (m *Memory) Put(ctx context.Context, entries []retrieval.Entry) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	if err := m.open(ctx); err != nil {
		return err
	}
	list, model, size, err := prepare(entries, m.model, m.size)
	if err != nil {
		return err
	}
	m.mu.Lock()
	for _, p := range list {
		bare, n := corpus.SplitID(p.info.ID)
		if m.revisions[bare] == nil {
			m.revisions[bare] = map[int]*corpus.Article{}
		}
		article := *p.article
		article.Info = p.info
		m.revisions[bare][n] = &article
	}
	m.model, m.size = model, size
	m.mu.Unlock()
	return m.apply(list)
}

// Delete implements retrieval.Store.
func (m *Memory) Delete(ctx context.Context, ids []string) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	if err := m.open(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	for _, id := range ids {
		if m.revisions[id] == nil {
			m.mu.Unlock()
			return fmt.Errorf("remove article %s: %w", id, retrieval.ErrNotFound)
		}
	}
	for _, id := range ids {
		for n := range m.revisions[id] {
			m.removed[id] = max(m.removed[id], n)
		}
		delete(m.revisions, id)
	}
	m.mu.Unlock()
	return m.hide(ids)
}

// Removed implements retrieval.Remover.
func (m *Memory) Removed(ctx context.Context) (map[string]int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return maps.Clone(m.removed), ctx.Err()
}

// Article implements retrieval.Store.
func (m *Memory) Article(ctx context.Context, id string) (article *corpus.Article, err error) {
	err = m.read(ctx, func() error {
		bare, n := number(id)
		stored := m.revisions[bare][n]
		if stored == nil {
			return fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
		}
		a := *stored
		a.Furniture = slices.Clone(a.Furniture)
		m.table.date(&a.Info)
		article = &a
		return nil
	})
	return article, err
}

// Close implements retrieval.Store.
func (m *Memory) Close() error {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	return m.words.close()
}

// open returns an error where the store is closed or ctx is done.
func (m *Memory) open(ctx context.Context) error {
	if m.closed {
		return errClosed
	}
	return ctx.Err()
}

// number splits "ID", "ID.1" or "ID.n" into the bare ID and the revision.
func number(id string) (bare string, n int) {
	if bare, ok := strings.CutSuffix(id, ".1"); ok {
		return bare, 1
	}
	return corpus.SplitID(id)
}
