package local

import (
	"compress/flate"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// catalogueName is the SQLite file that holds all that cannot be rebuilt.
const catalogueName = "catalogue.db"

// catalogue is the durable part of a store: one SQLite file in WAL mode.
type catalogue struct {
	path  string
	reads *sql.DB // several connections that cannot write
	write *sql.DB // one connection; nil where the file cannot be written
}

// openCatalogue opens the catalogue of dir, which is made unless readOnly. It
// never writes over a file that it does not understand.
func openCatalogue(ctx context.Context, dir string, readOnly bool) (c *catalogue, err error) {
	path := filepath.Join(dir, catalogueName)
	what := "open catalogue " + path
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !readOnly {
		err = create(ctx, dir, path)
	}
	if err != nil {
		return nil, explain(what, err)
	}
	if err := checkHeader(path); err != nil {
		return nil, explain(what, err)
	}
	c = &catalogue{path: path}
	if err := c.connect(ctx, readOnly || !writable(path)); err != nil {
		c.close()
		return nil, explain(what, err)
	}
	return c, nil
}

// create makes an empty catalogue under another name and moves it into place
// when it is whole, so that an empty or half-made file is never a catalogue.
func create(ctx context.Context, dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unwritable("make "+dir, err)
	}
	draft := path + ".new-" + unique()
	defer os.Remove(draft)
	db, err := openSQLite(draft)
	if err != nil {
		return err
	}
	err = migrate(ctx, db, 0, schemaVersion)
	if err = errors.Join(err, db.Close()); err != nil {
		if kindOf(err) == retrieval.ErrReadOnly {
			return unwritable("make "+path, err)
		}
		return err
	}
	if err := os.Link(draft, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(draft, path); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

// openSQLite opens a SQLite file that needs no log beside it.
func openSQLite(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "journal_mode(delete)", "synchronous(full)"))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	// Not every file system can sync a directory; where it can, it is done.
	_ = d.Sync()
	return nil
}

// checkHeader finds a file that is no SQLite file or that has lost its end,
// which SQLite itself notices only when it reads the missing part.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: it does not begin like a SQLite file", retrieval.ErrDamaged)
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil // the end may still lie in the log
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		size = 1 << 16
	}
	if want := size * int64(binary.BigEndian.Uint32(header[28:])); info.Size() < want {
		return fmt.Errorf("%w: it has %d bytes of %d", retrieval.ErrDamaged, info.Size(), want)
	}
	return nil
}

// writable reports whether the file at path may be written.
func writable(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func (c *catalogue) connect(ctx context.Context, readOnly bool) error {
	pragmas := []string{"busy_timeout(10000)", "query_only(1)"}
	source := dsn(c.path, pragmas...)
	if !writable(c.path) {
		source += "&mode=ro"
		if wal, err := os.Stat(c.path + "-wal"); err != nil || wal.Size() == 0 {
			if !writableDir(filepath.Dir(c.path)) {
				source += "&immutable=1"
			}
		}
	}
	var err error
	if c.reads, err = sql.Open("sqlite", source); err != nil {
		return err
	}
	c.reads.SetMaxOpenConns(4)
	c.reads.SetMaxIdleConns(4)
	v, err := version(ctx, c.reads)
	if err != nil {
		return err
	}
	if readOnly {
		if v < schemaVersion {
			return fmt.Errorf("its version is %d and has to be brought to %d first: %w: %w", v, schemaVersion, retrieval.ErrOlder, retrieval.ErrReadOnly)
		}
		return nil
	}
	c.write, err = sql.Open("sqlite", dsn(c.path, "busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)",
		"foreign_keys(1)", "wal_autocheckpoint(4000)")+"&_txlock=immediate")
	if err != nil {
		return err
	}
	c.write.SetMaxOpenConns(1)
	if v < schemaVersion {
		if err := c.upgrade(ctx); err != nil {
			return err
		}
	}
	return c.assertDurable(ctx)
}

func writableDir(dir string) bool {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}

// upgrade brings an older catalogue to this program's version.
func (c *catalogue) upgrade(ctx context.Context) error {
	unlock, err := lockDir(filepath.Dir(c.path))
	if err != nil {
		return err
	}
	defer unlock()
	v, err := version(ctx, c.write)
	if err != nil {
		return err
	}
	return migrate(ctx, c.write, v, schemaVersion)
}

// assertDurable fails where SQLite would not keep what it reports as stored.
func (c *catalogue) assertDurable(ctx context.Context) error {
	var mode string
	var level int
	if err := c.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := c.write.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level); err != nil {
		return err
	}
	if !strings.EqualFold(mode, "wal") || level != 2 {
		return fmt.Errorf("journal mode %s with synchronous %d instead of wal with 2: the file system cannot hold a catalogue safely", mode, level)
	}
	return nil
}

func (c *catalogue) close() error {
	var err error
	if c.reads != nil {
		err = c.reads.Close()
	}
	if c.write != nil {
		err = errors.Join(err, c.write.Close())
	}
	return err
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
func (c *catalogue) change(ctx context.Context, f func(tx *sql.Tx, s *state) error) (state, error) {
	if c.write == nil {
		return state{}, fmt.Errorf("write catalogue %s: %w", c.path, retrieval.ErrReadOnly)
	}
	s, err := c.transact(ctx, f)
	if err != nil {
		return state{}, explain("write catalogue "+c.path, err)
	}
	return s, nil
}

func (c *catalogue) transact(ctx context.Context, f func(tx *sql.Tx, s *state) error) (s state, err error) {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return s, err
	}
	defer tx.Rollback()
	if s, err = readState(ctx, tx); err != nil {
		return s, err
	}
	s.sequence++
	if err := f(tx, &s); err != nil {
		return s, err
	}
	if err := writeState(ctx, tx, s); err != nil {
		return s, err
	}
	return s, tx.Commit()
}

// put stores entries in one transaction.
func (c *catalogue) put(ctx context.Context, list []prepared, model string, size int) (state, error) {
	return c.change(ctx, func(tx *sql.Tx, s *state) error {
		if size != 0 {
			s.model, s.size = model, size
		}
		deflate, err := newDeflater()
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
	info, err := encodeInfo(&p.info)
	if err != nil {
		return err
	}
	furniture, err := encodeFurniture(p.article.Furniture)
	if err != nil {
		return err
	}
	raw, err := encodeRaw(deflate, p.article.Raw, p.article.Body)
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
		bare, n, s.sequence, string(info), string(furniture), encodeSpans(p.passages))
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	exec("INSERT INTO texts (article, body, raw) VALUES (?, ?, ?)", id, []byte(p.article.Body), raw)
	if len(p.vectors) > 0 && s.size > 0 {
		exec("INSERT INTO vectors (article, numbers) VALUES (?, ?)", id, encodeVectors(p.vectors, s.size))
	}
	return err
}

// remove takes out all revisions of the articles with these bare IDs.
func (c *catalogue) remove(ctx context.Context, ids []string) (state, error) {
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

// removed returns the highest revision that was taken out of each article.
func (c *catalogue) removed(ctx context.Context) (map[string]int, error) {
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
