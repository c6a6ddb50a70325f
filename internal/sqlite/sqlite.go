// Package sqlite opens the SQLite databases of this program: the catalogue of
// articles and the settings of the bot. It makes a new file whole or not at all,
// never writes to a file that it does not know, brings older files to the
// present schema, and fails if SQLite would not keep what it reports as stored.
//
// A database is in WAL mode with synchronous=FULL: what Update reported as done
// survives a crash and a power cut.
package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

// Schema is what a kind of database looks like.
type Schema struct {
	// ApplicationID marks a file as of this kind, in its header. It is not 0.
	ApplicationID uint32
	// Migrations bring a database from version i to i+1, in one transaction
	// each. They are never changed once released; a new database is made by
	// running all of them.
	Migrations []string
}

// Version is the schema version that this program reads and writes.
func (s Schema) Version() int { return len(s.Migrations) }

// Options say how a database is opened.
type Options struct {
	// ReadOnly opens a file that exists and never writes to it.
	ReadOnly bool
	// Pragmas are set on the writing connection beside those of every database,
	// for example "secure_delete(1)".
	Pragmas []string
	// Lock, if set, is held while an older file is migrated.
	Lock func() (unlock func(), err error)
}

// DB is an open database, safe for concurrent use.
type DB struct {
	path   string
	schema Schema
	reads  *sql.DB // several connections that cannot write
	write  *sql.DB // one connection; nil if the file cannot be written
}

// readers is the number of connections that read at a time.
const readers = 4

// Open opens the database at path. Without ReadOnly it makes the file, with its
// folder, if there is none, and migrates an older one. A file that may not be
// written is opened for reading; Update then returns ErrReadOnly.
//
// It returns fs.ErrNotExist for a missing file with ReadOnly, ErrDamaged for a
// file that is damaged or another program's, ErrNewer for a later schema, and
// ErrOlder for an earlier one with ReadOnly. It changes none of these files.
func Open(ctx context.Context, path string, schema Schema, o Options) (*DB, error) {
	db := &DB{path: path, schema: schema}
	err := db.open(ctx, o)
	if err != nil {
		return nil, errors.Join(Explain("open "+path, err), db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, o Options) error {
	_, err := os.Lstat(db.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := lostLog(db.path); err != nil {
			return err
		}
		if o.ReadOnly {
			return err
		}
		err = db.create(ctx)
	}
	if err != nil {
		return err
	}
	if err := checkFile(db.path, db.schema.ApplicationID); err != nil {
		return err
	}
	return db.connect(ctx, o)
}

// OpenInMemory returns a new database that is gone when it is closed.
func OpenInMemory(ctx context.Context, schema Schema) (*DB, error) {
	one, err := sql.Open("sqlite", "file::memory:?"+url.Values{"_pragma": {"foreign_keys(1)"}}.Encode())
	if err != nil {
		return nil, fmt.Errorf("open a database in memory: %w", err)
	}
	one.SetMaxOpenConns(1) // each connection would be a database of its own
	one.SetConnMaxLifetime(0)
	db := &DB{schema: schema, reads: one, write: one}
	if err := migrate(ctx, one, schema, 0); err != nil {
		return nil, errors.Join(fmt.Errorf("open a database in memory: %w", err), one.Close())
	}
	return db, nil
}

// create makes an empty database under another name and moves it into place
// when it is whole, so that an empty or half-made file is never a database.
func (db *DB) create(ctx context.Context) error {
	dir := filepath.Dir(db.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unwritable("make "+dir, err)
	}
	draft := db.path + ".new-" + rand.Text()[:8]
	f, err := os.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable("make "+db.path, err)
	}
	defer os.Remove(draft)
	if err := f.Close(); err != nil {
		return err
	}
	one, err := sql.Open("sqlite", dsn(draft, "journal_mode(delete)", "synchronous(full)"))
	if err != nil {
		return err
	}
	err = migrate(ctx, one, db.schema, 0)
	if err = errors.Join(err, one.Close()); err != nil {
		if KindOf(err) == ErrReadOnly {
			return unwritable("make "+db.path, err)
		}
		return err
	}
	if err := setAsideLog(db.path); err != nil {
		return err
	}
	if err := os.Link(draft, db.path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(draft, db.path); err != nil {
			return err
		}
	}
	syncDir(dir)
	return nil
}

func (db *DB) connect(ctx context.Context, o Options) error {
	canWrite := writable(db.path)
	source := dsn(db.path, "busy_timeout(10000)", "query_only(1)")
	if !canWrite {
		source += "&mode=ro"
		if wal, err := os.Stat(db.path + "-wal"); (err != nil || wal.Size() == 0) && !writableDir(filepath.Dir(db.path)) {
			source += "&immutable=1"
		}
	}
	var err error
	if db.reads, err = sql.Open("sqlite", source); err != nil {
		return err
	}
	db.reads.SetMaxOpenConns(readers)
	db.reads.SetMaxIdleConns(readers)
	v, err := version(ctx, db.reads, db.schema)
	if err != nil {
		return err
	}
	latest := db.schema.Version()
	if o.ReadOnly || !canWrite {
		if v < latest {
			return fmt.Errorf("its version is %d and has to be brought to %d first: %w", v, latest, ErrOlder)
		}
		return nil
	}
	pragmas := append([]string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)",
		"wal_autocheckpoint(4000)"}, o.Pragmas...)
	if db.write, err = sql.Open("sqlite", dsn(db.path, pragmas...)+"&_txlock=immediate"); err != nil {
		return err
	}
	db.write.SetMaxOpenConns(1)
	if v < latest {
		if err := db.upgrade(ctx, o.Lock); err != nil {
			return err
		}
	}
	return db.assertDurable(ctx)
}

// upgrade brings an older database to this program's version.
func (db *DB) upgrade(ctx context.Context, lock func() (func(), error)) error {
	if lock != nil {
		unlock, err := lock()
		if err != nil {
			return err
		}
		defer unlock()
	}
	v, err := version(ctx, db.write, db.schema)
	if err != nil {
		return err
	}
	return migrate(ctx, db.write, db.schema, v)
}

// version returns the schema version of db, or an error that says why it is
// not a database of this kind.
func version(ctx context.Context, db *sql.DB, schema Schema) (int, error) {
	var app, v int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
		return 0, err
	}
	switch {
	case uint32(app) != schema.ApplicationID || v < 1:
		return 0, fmt.Errorf("%w: it is another program's database", ErrDamaged)
	case v > schema.Version():
		return 0, fmt.Errorf("%w: its version is %d, this program knows %d", ErrNewer, v, schema.Version())
	}
	return v, nil
}

// migrate brings db from a version to that of the schema, in one transaction.
func migrate(ctx context.Context, db *sql.DB, schema Schema, from int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for v := from; v < schema.Version(); v++ {
		if _, err := tx.ExecContext(ctx, schema.Migrations[v]); err != nil {
			return fmt.Errorf("bring the database to version %d: %w", v+1, err)
		}
	}
	stamp := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", schema.ApplicationID, schema.Version())
	if _, err := tx.ExecContext(ctx, stamp); err != nil {
		return err
	}
	return tx.Commit()
}

// assertDurable fails if SQLite would not keep what it reports as stored.
func (db *DB) assertDurable(ctx context.Context) error {
	var mode string
	var level int
	if err := db.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := db.write.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level); err != nil {
		return err
	}
	if !strings.EqualFold(mode, "wal") || level != 2 {
		return fmt.Errorf("journal mode %s with synchronous %d instead of wal with 2: the file system cannot hold a database safely", mode, level)
	}
	return nil
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}).String()
}
