package local

import (
	"context"
	"database/sql"
	"fmt"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/index"
)

const (
	// batchArticles is how many articles the indexes take in at a time.
	batchArticles = 64
	// spillFrom is the number of changed passages that stay in memory before
	// the word index is published.
	spillFrom = 50_000
	// publishFrom is the number of passages for which a process that only
	// read publishes what it had to index, so that the next one need not.
	publishFrom = 200
)

func (c catalogue) state(ctx context.Context) (s state, err error) {
	err = c.snapshot(ctx, func(_ *sql.Tx, now state) error {
		s = now
		return nil
	})
	return s, err
}

// live reads the newest revision of every article. damaged is told of those that
// cannot be read.
func (c catalogue) live(ctx context.Context, damaged func(id string, why error)) (live *liveArticles, s state, err error) {
	live = newLiveArticles()
	err = c.snapshot(ctx, func(tx *sql.Tx, now state) error {
		s = now
		for r, err := range rows(ctx, tx, now, 0, parts{damaged: damaged}) {
			if err != nil {
				return err
			}
			live.put(r.revision)
		}
		return nil
	})
	return live, s, err
}

// catchUp fills the vectors and brings the word index from the sequence
// number that it is at to that of the live articles. why says why it is not there.
func (s *Store) catchUp(ctx context.Context, at uint64, why string) error {
	filled := make(chan error, 1)
	go func() { filled <- s.fill(ctx, s.searcher.vectors) }()
	err := s.index(ctx, s.searcher.words, at, why, nil)
	if err = firstOf(err, <-filled); err != nil {
		return err
	}
	if err := s.verify(); err != nil {
		s.log.Warn("rebuild the indexes", "dir", s.dir, "because", err)
		s.owed = true
		return s.remake(ctx, nil)
	}
	return nil
}

// verify returns index.ErrShort if the word index does not have the passages
// of the live articles. It is called by the worker, between changes.
func (s *Store) verify() error { return has(s.searcher.words, s.live.passages) }

func has(words *index.Words, passages int) error {
	n, err := words.Count()
	if err == nil && n != passages {
		err = fmt.Errorf("%w: it has %d of %d", index.ErrShort, n, passages)
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// fill reads the vectors of the live articles into v.
func (s *Store) fill(ctx context.Context, v *index.Vectors) error {
	if s.at.size == 0 {
		return nil
	}
	added := 0
	err := s.catalogue.snapshot(ctx, func(tx *sql.Tx, now state) error {
		for r, err := range rows(ctx, tx, now, 0, parts{vectors: true, damaged: s.noteDamaged}) {
			if err != nil {
				return err
			}
			if r.sequence > s.at.sequence {
				continue // follow will bring it
			}
			refs := r.refs()
			for i, vector := range r.vectors {
				if vector == nil {
					continue
				}
				if err := v.Add(r.info.Server, refs[i], vector); err != nil {
					return err
				}
				added++
			}
		}
		return nil
	})
	if n := v.Count(); err == nil && n != added {
		err = fmt.Errorf("fill the vector index: it has %d vectors of %d", n, added)
	}
	return err
}

// index brings w from a sequence number to that of the live articles.
func (s *Store) index(ctx context.Context, w *index.Words, at uint64, why string, progress func(done, all int)) error {
	if at == s.at.sequence {
		return nil
	}
	all := len(s.live.newest)
	if at == 0 && all > 0 && why != "" {
		s.log.Warn("rebuilding the word index", "dir", s.dir, "because", why, "articles", all)
		s.owed = true
	}
	done := 0
	return s.catalogue.snapshot(ctx, func(tx *sql.Tx, now state) error {
		gone, err := removedSince(ctx, tx, at)
		if err != nil {
			return err
		}
		if err := s.reindex(w, gone, nil, at); err != nil {
			return err
		}
		var batch []row
		flush := func() error {
			err := s.reindex(w, nil, batch, at)
			done += len(batch)
			if progress != nil {
				progress(done, all)
			}
			batch = batch[:0]
			return err
		}
		for r, err := range rows(ctx, tx, now, at, parts{body: true, damaged: s.leaveOut}) {
			if err == nil && r.sequence > s.at.sequence {
				continue // follow will bring it
			}
			if err == nil {
				batch = append(batch, r)
			}
			if err == nil && len(batch) == batchArticles {
				err = flush()
			}
			if err != nil {
				return err
			}
		}
		return flush()
	})
}

// reindex brings articles as they are in the catalogue, or as they are gone
// from it, into a word index that was at the sequence number before.
func (s *Store) reindex(w *index.Words, gone []string, changed []row, before uint64) error {
	var add []index.Passage
	for _, r := range changed {
		p := prepared{revision: r.revision, article: &corpus.Article{Body: r.body}}
		add = append(add, p.documents()...)
		bare, _ := corpus.SplitID(r.info.ID)
		gone = append(gone, bare)
	}
	var stale []string
	if before > 0 {
		for _, bare := range gone {
			refs, err := w.Refs(bare)
			if err != nil {
				return err
			}
			stale = append(stale, refs...)
		}
	}
	kept := make([]string, len(add))
	for i, p := range add {
		kept[i] = p.Ref
	}
	stale = without(stale, kept)
	s.fresh += len(add) + len(stale)
	return w.Change(add, stale)
}

// follow takes in what other processes stored.
func (s *Store) follow(ctx context.Context) error {
	n, err := s.catalogue.sequence(ctx)
	if err != nil || n == s.at.sequence {
		return err
	}
	s.articles.clear()
	return s.catalogue.snapshot(ctx, func(tx *sql.Tx, now state) error {
		gone, err := removedSince(ctx, tx, s.at.sequence)
		if err == nil {
			err = s.hide(gone)
		}
		if err == nil {
			err = s.agree(now)
		}
		if err != nil {
			return err
		}
		var batch []prepared
		flush := func() error {
			err := s.apply(batch)
			s.fresh += passagesOf(batch)
			batch = nil
			return err
		}
		for r, err := range rows(ctx, tx, now, s.at.sequence, parts{body: true, vectors: true, damaged: s.leaveOut}) {
			if err == nil {
				batch = append(batch, prepared{revision: r.revision, article: &corpus.Article{Info: r.info, Body: r.body}, vectors: r.vectors})
			}
			if err == nil && len(batch) == batchArticles {
				err = flush()
			}
			if err != nil {
				return err
			}
		}
		if err := flush(); err != nil {
			return err
		}
		s.at = now
		return s.verify()
	})
}

// agree takes over the model of the catalogue. Where it changed, the vectors
// of the one before go.
func (s *Store) agree(now state) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.searcher.vectors.Model != now.model {
		vectors := index.NewVectors()
		s.searcher.vectors = vectors
	}
	s.model, s.size, s.searcher.vectors.Model = now.model, now.size, now.model
	return nil
}

// spill publishes the word index and goes on from the published one, if
// too much of it lies in memory.
func (s *Store) spill() {
	if s.fresh < spillFrom {
		return
	}
	if err := s.renew(context.Background()); err != nil {
		s.log.Warn("write the word index to disk", "dir", s.dir, "err", err)
		s.fresh = 0
	}
}

// lockToPublish takes the lock for writing an index only.
func (s *Store) lockToPublish() (func(), error) { return lockDir(s.dir, publishing) }

// renew publishes the word index and opens the published one in its place.
func (s *Store) renew(ctx context.Context) error {
	if err := s.hold(s.lockToPublish); err != nil {
		return err
	}
	defer s.unlock()
	p, err := s.publish(ctx)
	if err != nil {
		return err
	}
	w, err := index.OpenWords(p)
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.searcher.words
	s.searcher.words = w
	s.mu.Unlock()
	s.fresh, s.owed = 0, false
	p.Sweep(indexesIn(s.dir))
	return old.Close()
}

// publishAtEnd saves the next process the work of indexing what changed. That
// it fails costs that work and nothing else.
func (s *Store) publishAtEnd() {
	if s.broken != nil || s.fresh == 0 || !s.owed && s.fresh < publishFrom {
		return
	}
	if s.hold(s.lockToPublish) != nil {
		return
	}
	defer s.unlock()
	p, err := s.publish(context.Background())
	if err != nil {
		s.log.Warn("write the word index to disk", "dir", s.dir, "err", err)
		return
	}
	p.Sweep(indexesIn(s.dir))
}

// publish writes a snapshot of the word index. The caller holds the lock.
func (s *Store) publish(ctx context.Context) (index.Snapshot, error) {
	of := index.Origin{Catalogue: s.at.name, Sequence: s.at.sequence}
	return s.searcher.words.Publish(ctx, indexesIn(s.dir), of, s.live.passages)
}

// ForgetVectors implements retrieval.Store.
func (s *Store) ForgetVectors(ctx context.Context) error {
	unlock, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	st, err := s.catalogue.change(ctx, func(tx *sql.Tx, st *state) error {
		st.model, st.size = "", 0
		_, err := tx.ExecContext(ctx, "DELETE FROM vectors")
		return err
	})
	if err != nil {
		return err
	}
	s.changed(func() error { return nil }, st, 0)
	return nil
}
