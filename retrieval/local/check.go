package local

import (
	"context"
	"database/sql"
	"fmt"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
	"verbatim/retrieval/local/record"
)

// Check implements retrieval.Maintainer.
func (s *Store) Check(ctx context.Context) (retrieval.Health, error) {
	h := retrieval.Health{Schema: schema.Version()}
	err := s.read(ctx, func() error {
		for _, r := range s.live.newest {
			h.Articles++
			h.Passages += len(r.passages)
		}
		h.Vectors, h.Model = s.searcher.vectors.Count(), s.model
		indexed, err := s.searcher.words.Count()
		if err == nil && indexed != h.Passages {
			problem(&h, "The word index holds %d passages, the catalogue %d: run reindex.", indexed, h.Passages)
		}
		return err
	})
	if err != nil {
		return h, err
	}
	return h, s.catalogue.check(ctx, &h)
}

func problem(h *retrieval.Health, format string, args ...any) {
	h.Problems = append(h.Problems, fmt.Sprintf(format, args...))
}

// check has SQLite check its file, then reads every revision.
func (c catalogue) check(ctx context.Context, h *retrieval.Health) error {
	problems, err := c.Check(ctx)
	for _, p := range problems {
		problem(h, "The catalogue is damaged: %s.", p)
	}
	if err != nil {
		return stored(err)
	}
	return c.snapshot(ctx, func(tx *sql.Tx, s state) error {
		found, err := tx.QueryContext(ctx, "SELECT a.bare, a.revision, a.info, a.furniture, a.passages, t.body FROM articles a LEFT JOIN texts t ON t.article = a.id")
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var bare string
			var n int
			var info, furniture, passages, body sql.RawBytes
			if err := found.Scan(&bare, &n, &info, &furniture, &passages, &body); err != nil {
				return err
			}
			h.Revisions++
			id := corpus.RevisionID(bare, n)
			if why := record.Damage(id, info, furniture, passages, string(body)); why != "" {
				bare, _ := corpus.SplitID(id)
				problem(h, "Article %s is damaged: %s. Remove it with 'verbatim remove %s' and ingest it again.", id, why, bare)
			}
		}
		return found.Err()
	})
}

// Rebuild implements retrieval.Maintainer.
func (s *Store) Rebuild(ctx context.Context, progress func(done, all int)) error {
	unlock, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	s.queue.Lock()
	if s.isClosed() {
		s.queue.Unlock()
		return errClosed
	}
	result := make(chan error, 1)
	s.push(func() {
		err := s.remake(ctx, progress)
		if err == nil {
			err = s.renew(ctx)
		}
		result <- err
	})
	s.queue.Unlock()
	return <-result
}

// remake makes the live articles and the indexes from the catalogue and puts them in
// the place of those that are.
func (s *Store) remake(ctx context.Context, progress func(done, all int)) error {
	live, st, err := s.catalogue.live(ctx, s.noteDamaged)
	if err != nil {
		return err
	}
	words, err := index.NewWords()
	if err != nil {
		return err
	}
	vectors := index.NewVectors()
	s.mu.Lock()
	s.live, s.model, s.size, vectors.Model = live, st.model, st.size, st.model
	s.mu.Unlock()
	s.at = st
	if err = s.index(ctx, words, 0, "", progress); err == nil {
		err = s.fill(ctx, vectors)
	}
	if err == nil {
		err = has(words, s.live.passages)
	}
	if err != nil {
		_ = words.Close()
		return err
	}
	s.mu.Lock()
	old := s.searcher.words
	s.searcher.words, s.searcher.vectors, s.broken = words, vectors, nil
	s.mu.Unlock()
	return old.Close()
}
