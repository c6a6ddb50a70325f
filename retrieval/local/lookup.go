package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// VectorModel implements retrieval.Store.
func (s *searcher) VectorModel(ctx context.Context) (model string, err error) {
	err = s.read(ctx, func() error {
		model = s.model
		return nil
	})
	return model, err
}

// Passages implements retrieval.Store.
func (s *searcher) Passages(ctx context.Context, id string) (spans []corpus.Span, err error) {
	bare, _ := corpus.SplitID(id)
	err = s.read(ctx, func() error {
		r, ok := s.live.newest[bare]
		if !ok || r.info.ID != id {
			return fmt.Errorf("passages of article %s: %w", id, retrieval.ErrNotFound)
		}
		spans = slices.Clone(r.passages)
		return nil
	})
	return spans, err
}

// Unembedded implements retrieval.Store.
func (s *Store) Unembedded(ctx context.Context) (ids []string, err error) {
	newest := make(map[string]bool)
	err = s.read(ctx, func() error {
		for _, r := range s.live.newest {
			if len(r.passages) > 0 {
				newest[r.info.ID] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.catalogue.snapshot(ctx, func(tx *sql.Tx, _ state) error {
		rows, err := tx.QueryContext(ctx, "SELECT a.bare, a.revision FROM articles a LEFT JOIN vectors v ON v.article = a.id WHERE v.article IS NULL ORDER BY a.id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var bare string
			var n int
			if err := rows.Scan(&bare, &n); err != nil {
				return err
			}
			if id := corpus.RevisionID(bare, n); newest[id] {
				ids = append(ids, id)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list articles without vectors: %w", err)
	}
	return ids, nil
}

// Derived implements retrieval.Store.
func (s *Store) Derived(ctx context.Context, kind string, f retrieval.Filter) ([]retrieval.Derived, error) {
	infos, err := s.Articles(ctx, f)
	if err != nil {
		return nil, err
	}
	kept, err := s.catalogue.derived(ctx, kind)
	if err != nil {
		return nil, err
	}
	var list []retrieval.Derived
	for _, i := range infos {
		if d, ok := kept[i.ID]; ok {
			list = append(list, d)
		}
	}
	return list, nil
}

// Backup implements retrieval.Store: the file is a catalogue, to be opened
// under its own name in another folder.
func (s *Store) Backup(ctx context.Context, path string) error {
	return stored(s.catalogue.Backup(ctx, path))
}

// Spellings implements retrieval.Store.
func (s *searcher) Spellings(ctx context.Context, stem string, edits int) (found map[string]int, err error) {
	err = s.read(ctx, func() error {
		found, err = s.words.Spellings(stem, edits)
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	return found, err
}
