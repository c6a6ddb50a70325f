package local

import (
	"compress/flate"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"verbatim/internal/sqlite"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/local/record"
)

// catalogueName is the SQLite file that holds all that cannot be rebuilt.
const catalogueName = "catalogue.db"

// catalogue is the durable part of a store.
type catalogue struct{ *sqlite.DB }

// openCatalogue opens the catalogue of dir, which is made unless readOnly.
func openCatalogue(ctx context.Context, dir string, readOnly bool) (catalogue, error) {
	path := filepath.Join(dir, catalogueName)
	if err := lostCatalogue(dir, path); err != nil {
		return catalogue{}, err
	}
	db, err := sqlite.Open(ctx, path, schema, sqlite.Options{
		ReadOnly: readOnly,
		Lock:     func() (func(), error) { return lockToWrite(ctx, dir) },
	})
	return catalogue{db}, stored(err)
}

// lostCatalogue returns an error if the catalogue is gone but an index of it
// is there: a new catalogue in its place would hide that articles are missing.
func lostCatalogue(dir, path string) error {
	_, err := os.Lstat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	entries, err := os.ReadDir(indexesIn(dir))
	if err != nil || len(entries) == 0 {
		return nil
	}
	return fmt.Errorf("open catalogue %s: %w: the file is missing, but the index of its articles is there", path, retrieval.ErrDamaged)
}

// state is what a catalogue says of itself at one moment.
type state struct {
	sequence uint64 // grows with every change
	model    string
	size     int
	name     string // no other catalogue has it
}

// queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readState(ctx context.Context, q queryer) (s state, err error) {
	rows, err := q.QueryContext(ctx, "SELECT key, value FROM meta")
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return s, err
		}
		switch key {
		case "sequence":
			s.sequence, err = strconv.ParseUint(value, 10, 64)
		case "dimension":
			s.size, err = strconv.Atoi(value)
		case "model":
			s.model = value
		case "name":
			s.name = value
		}
		if err != nil {
			return s, fmt.Errorf("%w: its %s is %q", retrieval.ErrDamaged, key, value)
		}
	}
	return s, rows.Err()
}

func writeState(ctx context.Context, tx *sql.Tx, s state) error {
	for key, value := range map[string]string{
		"sequence": strconv.FormatUint(s.sequence, 10), "model": s.model, "dimension": strconv.Itoa(s.size),
	} {
		if _, err := tx.ExecContext(ctx, "UPDATE meta SET value = ? WHERE key = ?", value, key); err != nil {
			return err
		}
	}
	return nil
}

// change runs f in one transaction with the next sequence number.
func (c catalogue) change(ctx context.Context, f func(tx *sql.Tx, s *state) error) (s state, err error) {
	err = c.Update(ctx, func(tx *sql.Tx) error {
		if s, err = readState(ctx, tx); err != nil {
			return err
		}
		s.sequence++
		if err := f(tx, &s); err != nil {
			return err
		}
		return writeState(ctx, tx, s)
	})
	if err != nil {
		return state{}, stored(err)
	}
	return s, nil
}

// put stores entries in one transaction.
func (c catalogue) put(ctx context.Context, list []prepared, model string, size int) (state, error) {
	return c.change(ctx, func(tx *sql.Tx, s *state) error {
		if size != 0 {
			s.model, s.size = model, size
		}
		deflate, err := record.NewDeflater()
		if err != nil {
			return err
		}
		for i := range list {
			if err := putOne(ctx, tx, &list[i], s, deflate); err != nil {
				return fmt.Errorf("article %s: %w", list[i].info.ID, err)
			}
		}
		return nil
	})
}

func putOne(ctx context.Context, tx *sql.Tx, p *prepared, s *state, deflate *flate.Writer) error {
	bare, n := corpus.SplitID(p.info.ID)
	info, err := record.EncodeInfo(&p.info)
	if err != nil {
		return err
	}
	furniture, err := record.EncodeFurniture(p.article.Furniture)
	if err != nil {
		return err
	}
	raw, err := record.EncodeRaw(deflate, p.article.Raw, p.article.Body)
	if err != nil {
		return err
	}
	exec := func(query string, args ...any) (result sql.Result) {
		if err == nil {
			result, err = tx.ExecContext(ctx, query, args...)
		}
		return result
	}
	exec("DELETE FROM articles WHERE bare = ? AND revision = ?", bare, n)
	result := exec("INSERT INTO articles (bare, revision, sequence, info, furniture, passages) VALUES (?, ?, ?, ?, ?, ?)",
		bare, n, s.sequence, string(info), string(furniture), record.EncodeSpans(p.passages))
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	exec("INSERT INTO texts (article, body, raw) VALUES (?, ?, ?)", id, []byte(p.article.Body), raw)
	if len(p.vectors) > 0 && s.size > 0 {
		exec("INSERT INTO vectors (article, numbers) VALUES (?, ?)", id, record.EncodeVectors(p.vectors, s.size))
	}
	for _, d := range p.derived {
		exec("INSERT INTO derived (article, kind, version, data) VALUES (?, ?, ?, ?)", id, d.Kind, d.Version, append([]byte{}, d.Data...))
	}
	return err
}

// remove takes out all revisions of the articles with these bare IDs.
func (c catalogue) remove(ctx context.Context, ids []string) (state, error) {
	return c.change(ctx, func(tx *sql.Tx, s *state) error {
		for _, id := range ids {
			const note = `INSERT INTO removed (bare, sequence, revision)
				SELECT bare, ?, max(revision) FROM articles WHERE bare = ? GROUP BY bare
				ON CONFLICT (bare) DO UPDATE SET sequence = excluded.sequence, revision = max(revision, excluded.revision)`
			result, err := tx.ExecContext(ctx, note, s.sequence, id)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound))
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM articles WHERE bare = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteRemoved remembers the highest revisions that were removed elsewhere.
func (c catalogue) noteRemoved(ctx context.Context, removed map[string]int) error {
	if len(removed) == 0 {
		return nil
	}
	_, err := c.change(ctx, func(tx *sql.Tx, s *state) error {
		for bare, n := range removed {
			if _, err := tx.ExecContext(ctx, "INSERT INTO removed (bare, sequence, revision) VALUES (?, ?, ?)", bare, s.sequence, n); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// removed returns the highest revision that was taken out of each article.
func (c catalogue) removed(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := c.snapshot(ctx, func(tx *sql.Tx, _ state) error {
		found, err := tx.QueryContext(ctx, "SELECT bare, revision FROM removed")
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var bare string
			var n int
			if err := found.Scan(&bare, &n); err != nil {
				return err
			}
			out[bare] = n
		}
		return found.Err()
	})
	return out, err
}
