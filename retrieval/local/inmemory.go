package local

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
)

// InMemory is a store that holds everything in memory and writes nothing.
type InMemory struct {
	searcher
	writing sync.Mutex
	// revisions are the articles by bare ID, then by revision number; guarded
	// by searcher.mu.
	revisions map[string]map[int]*corpus.Article
	removed   map[string]int                          // highest revision removed, by bare ID; guarded by searcher.mu
	derived   map[string]map[string]retrieval.Derived // by revision ID, then kind; guarded by searcher.mu
}

var (
	_ retrieval.Store = (*InMemory)(nil)
)

// NewInMemory returns an empty store in memory.
func NewInMemory() (*InMemory, error) {
	words, err := index.NewWords()
	if err != nil {
		return nil, err
	}
	vectors := index.NewVectors()
	return &InMemory{
		searcher:  searcher{live: newLiveArticles(), words: words, vectors: vectors},
		revisions: map[string]map[int]*corpus.Article{},
		removed:   map[string]int{},
		derived:   map[string]map[string]retrieval.Derived{},
	}, nil
}

// Put implements retrieval.Store.
func (m *InMemory) Put(ctx context.Context, entries []retrieval.Entry) error {
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
		m.derived[p.info.ID] = make(map[string]retrieval.Derived, len(p.derived))
		for _, d := range p.derived {
			d.Article, d.Data = p.info.ID, append([]byte{}, d.Data...)
			m.derived[p.info.ID][d.Kind] = d
		}
	}
	m.model, m.size = model, size
	m.mu.Unlock()
	return m.apply(list)
}

// Delete implements retrieval.Store.
func (m *InMemory) Delete(ctx context.Context, ids []string) error {
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
			delete(m.derived, corpus.RevisionID(id, n))
		}
		delete(m.revisions, id)
	}
	m.mu.Unlock()
	return m.hide(ids)
}

// Removed implements retrieval.Store.
func (m *InMemory) Removed(ctx context.Context) (map[string]int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return maps.Clone(m.removed), ctx.Err()
}

// Article implements retrieval.Store.
func (m *InMemory) Article(ctx context.Context, id string) (article *corpus.Article, err error) {
	err = m.read(ctx, func() error {
		bare, n := number(id)
		stored := m.revisions[bare][n]
		if stored == nil {
			return fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
		}
		a := *stored
		a.Furniture = slices.Clone(a.Furniture)
		m.live.date(&a.Info)
		article = &a
		return nil
	})
	return article, err
}

// Original implements retrieval.Store.
func (m *InMemory) Original(ctx context.Context, id string) (*corpus.Article, error) {
	return m.Article(ctx, id)
}

// Derived implements retrieval.Store.
func (m *InMemory) Derived(ctx context.Context, kind string, f retrieval.Filter) (list []retrieval.Derived, err error) {
	err = m.read(ctx, func() error {
		for _, i := range m.live.list(f) {
			if d, ok := m.derived[i.ID][kind]; ok {
				d.Data = slices.Clone(d.Data)
				list = append(list, d)
			}
		}
		return nil
	})
	return list, err
}

// Unembedded implements retrieval.Store.
func (m *InMemory) Unembedded(ctx context.Context) (ids []string, err error) {
	err = m.read(ctx, func() error {
		for _, r := range m.live.sorted {
			if len(r.passages) > 0 && !r.embedded {
				ids = append(ids, r.info.ID)
			}
		}
		return nil
	})
	return ids, err
}

// ForgetVectors implements retrieval.Store.
func (m *InMemory) ForgetVectors(ctx context.Context) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	if err := m.open(ctx); err != nil {
		return err
	}
	vectors := index.NewVectors()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.vectors, m.model, m.size = vectors, "", 0
	for _, r := range m.live.newest {
		r.embedded = false
	}
	return nil
}

// Backup implements retrieval.Store: the file is the catalogue of a Store. It
// has no vectors, which can be made again.
func (m *InMemory) Backup(ctx context.Context, path string) error {
	db, err := sqlite.OpenInMemory(ctx, schema)
	if err != nil {
		return stored(err)
	}
	c := catalogue{db}
	defer c.Close()
	err = m.read(ctx, func() error {
		var list []prepared
		for _, revisions := range m.revisions {
			for _, article := range revisions {
				list = append(list, m.prepared(article))
			}
		}
		if len(list) > 0 {
			if _, err := c.put(ctx, list, "", 0); err != nil {
				return err
			}
		}
		return c.noteRemoved(ctx, m.removed)
	})
	if err != nil {
		return err
	}
	return stored(c.Backup(ctx, path))
}

// prepared returns a stored revision as the catalogue takes it.
func (m *InMemory) prepared(article *corpus.Article) prepared {
	p := prepared{revision: &revision{info: article.Info}, article: article}
	bare, _ := corpus.SplitID(article.ID)
	if r := m.live.newest[bare]; r != nil && r.info.ID == article.ID {
		p.revision = r
	}
	for _, d := range m.derived[article.ID] {
		p.derived = append(p.derived, d)
	}
	return p
}

// Close implements retrieval.Store.
func (m *InMemory) Close() error {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	return m.words.Close()
}

// open returns an error if the store is closed or ctx is done.
func (m *InMemory) open(ctx context.Context) error {
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
