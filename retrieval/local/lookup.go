package local

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

var _ retrieval.Vectored = (*Store)(nil)

// VectorModel names the model of the stored vectors, "" where there are none.
func (s *Store) VectorModel(ctx context.Context) (model string, err error) {
	err = s.read(ctx, func() error {
		model = s.model
		return nil
	})
	return model, err
}

// Unembedded returns the IDs of the newest revisions that have passages and
// no vectors, of all servers.
func (s *Store) Unembedded(ctx context.Context) (ids []string, err error) {
	newest := make(map[string]bool)
	err = s.read(ctx, func() error {
		for _, r := range s.searcher.table.newest {
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

// Passages returns the spans that a newest revision was cut into, or
// ErrNotFound.
func (s *Store) Passages(ctx context.Context, id string) (spans []corpus.Span, err error) {
	bare, _ := corpus.SplitID(id)
	err = s.read(ctx, func() error {
		r, ok := s.searcher.table.newest[bare]
		if !ok || r.info.ID != id {
			return fmt.Errorf("passages of article %s: %w", id, retrieval.ErrNotFound)
		}
		spans = slices.Clone(r.passages)
		return nil
	})
	return spans, err
}
