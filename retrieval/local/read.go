package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/record"
)

// newestSince selects the newest revisions that were stored after a sequence
// number.
const newestSince = ` FROM articles a %s WHERE a.sequence > ? AND NOT EXISTS
	(SELECT 1 FROM articles b WHERE b.bare = a.bare AND b.revision > a.revision) ORDER BY a.sequence, a.id`

// row is a revision as it lies in the catalogue.
type row struct {
	*revision
	id       string
	sequence uint64
	body     string      // if it was asked for
	vectors  [][]float32 // if they were asked for
}

// snapshot runs f over one unchanging state of the catalogue.
func (c catalogue) snapshot(ctx context.Context, f func(tx *sql.Tx, s state) error) error {
	return stored(c.View(ctx, func(tx *sql.Tx) error {
		s, err := readState(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, s)
	}))
}

// sequence returns the number of the last change.
func (c catalogue) sequence(ctx context.Context) (n uint64, err error) {
	err = c.Reads().QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'sequence'").Scan(&n)
	return n, stored(c.Explain("read", err))
}

// parts says what of a row is read beside the info and the passages.
type parts struct {
	body, vectors bool
	// damaged is told of a row that cannot be read, which is then left out; nil
	// tells no one.
	damaged func(id string, why error)
}

// rows yields the newest revisions stored after since, oldest change first,
// without those that are damaged.
func rows(ctx context.Context, tx *sql.Tx, s state, since uint64, p parts) iter.Seq2[row, error] {
	columns, join := "SELECT a.bare, a.revision, a.sequence, a.info, a.passages", ""
	if p.body {
		columns, join = columns+", t.body", join+" JOIN texts t ON t.article = a.id"
	}
	if p.vectors {
		columns, join = columns+", v.numbers", join+" LEFT JOIN vectors v ON v.article = a.id"
	}
	return func(yield func(row, error) bool) {
		found, err := tx.QueryContext(ctx, columns+fmt.Sprintf(newestSince, join), since)
		if err != nil {
			yield(row{}, err)
			return
		}
		defer found.Close()
		for found.Next() {
			r, err := scanRow(found, s, p)
			if errors.Is(err, retrieval.ErrDamaged) {
				if p.damaged != nil {
					p.damaged(r.id, err)
				}
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := found.Err(); err != nil {
			yield(row{}, err)
		}
	}
}

func scanRow(found *sql.Rows, s state, p parts) (row, error) {
	var bare string
	var n int
	var info, passages, body, numbers sql.RawBytes
	r := row{}
	into := []any{&bare, &n, &r.sequence, &info, &passages}
	if p.body {
		into = append(into, &body)
	}
	if p.vectors {
		into = append(into, &numbers)
	}
	if err := found.Scan(into...); err != nil {
		return r, err
	}
	r.id = corpus.RevisionID(bare, n)
	id := r.id
	spans, err := record.DecodeSpans(passages)
	if err != nil {
		return r, fmt.Errorf("article %s: %w: %w", id, retrieval.ErrDamaged, err)
	}
	r.revision = &revision{passages: spans}
	if r.info, err = record.DecodeInfo(info, id, len(spans)); err != nil {
		return r, fmt.Errorf("article %s: %w: %w", id, retrieval.ErrDamaged, err)
	}
	r.body = string(body)
	for _, span := range spans {
		if span.Start < 0 || span.End < span.Start || p.body && span.End > len(r.body) {
			return r, fmt.Errorf("article %s: %w: passage %d-%d", id, retrieval.ErrDamaged, span.Start, span.End)
		}
	}
	if len(numbers) > 0 {
		if r.vectors, err = record.DecodeVectors(numbers, len(spans), s.size); err != nil {
			return r, fmt.Errorf("article %s: %w: %w", id, retrieval.ErrDamaged, err)
		}
	}
	return r, nil
}

// removedSince returns the bare IDs that were taken out after since.
func removedSince(ctx context.Context, tx *sql.Tx, since uint64) (ids []string, err error) {
	found, err := tx.QueryContext(ctx, "SELECT bare FROM removed WHERE sequence > ?", since)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, found.Err()
}

// article reads one revision with its body, and its raw bytes if asked.
func (c catalogue) article(ctx context.Context, bare string, n int, withRaw bool) (*corpus.Article, error) {
	id := corpus.RevisionID(bare, n)
	columns := "a.info, a.furniture, a.passages, t.body, NULL"
	if withRaw {
		columns = "a.info, a.furniture, a.passages, t.body, t.raw"
	}
	var info, furniture, passages, body, raw []byte
	err := c.Reads().QueryRowContext(ctx, "SELECT "+columns+
		" FROM articles a JOIN texts t ON t.article = a.id WHERE a.bare = ? AND a.revision = ?", bare, n).
		Scan(&info, &furniture, &passages, &body, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
	}
	if err != nil {
		return nil, stored(c.Explain("read article "+id+" in", err))
	}
	spans, err := record.DecodeSpans(passages)
	if err != nil {
		return nil, fmt.Errorf("read article %s: %w: %w", id, retrieval.ErrDamaged, err)
	}
	a := &corpus.Article{Body: string(body)}
	if a.Info, err = record.DecodeInfo(info, id, len(spans)); err == nil {
		a.Furniture, err = record.DecodeFurniture(furniture)
	}
	if err == nil {
		a.Raw, err = record.DecodeRaw(raw, a.Body)
	}
	if err == nil && a.BodyHash != "" && corpus.Hash(a.Body) != a.BodyHash {
		err = errors.New("its body is not the one that was stored")
	}
	if err != nil {
		return nil, fmt.Errorf("read article %s: %w: %w", id, retrieval.ErrDamaged, err)
	}
	return a, nil
}

// derived returns the data of a kind of all revisions, by ID.
func (c catalogue) derived(ctx context.Context, kind string) (map[string]retrieval.Derived, error) {
	list := map[string]retrieval.Derived{}
	err := c.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT a.bare, a.revision, d.version, d.data
			FROM derived d JOIN articles a ON a.id = d.article WHERE d.kind = ?`, kind)
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var bare string
			var n int
			d := retrieval.Derived{Kind: kind}
			if err := found.Scan(&bare, &n, &d.Version, &d.Data); err != nil {
				return err
			}
			d.Article = corpus.RevisionID(bare, n)
			list[d.Article] = d
		}
		return found.Err()
	})
	return list, stored(err)
}
