package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// Path returns where the database is, "" for one in memory.
func (db *DB) Path() string { return db.path }

// ReadOnly reports whether Update returns ErrReadOnly.
func (db *DB) ReadOnly() bool { return db.write == nil }

// Reads returns the connections that cannot write, for single queries.
func (db *DB) Reads() *sql.DB { return db.reads }

// View runs f over one unchanging state of the database.
func (db *DB) View(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := db.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return db.Explain("read", err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return db.Explain("read", err)
	}
	return nil
}

// Update runs f in a transaction, which is on the disk when Update returns nil.
// If f returns an error, nothing changes. One Update runs at a time.
func (db *DB) Update(ctx context.Context, f func(tx *sql.Tx) error) error {
	if db.write == nil {
		return fmt.Errorf("write %s: %w", db.path, ErrReadOnly)
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return db.Explain("write", err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return db.Explain("write", err)
	}
	return db.Explain("write", tx.Commit())
}

// EmptyLog moves all changes from the log into the file and cuts the log to
// nothing, so that deleted text is in neither (see secure_delete). It reports
// false if a reader in another process prevented it.
func (db *DB) EmptyLog(ctx context.Context) (emptied bool, err error) {
	if db.write == nil {
		return false, fmt.Errorf("write %s: %w", db.path, ErrReadOnly)
	}
	var busy, pages, moved int
	err = db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	return busy == 0, db.Explain("empty the log of", err)
}

// Check has SQLite check the whole file and returns what is wrong, each a
// phrase; none if all is well.
func (db *DB) Check(ctx context.Context) (problems []string, err error) {
	err = db.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, "PRAGMA quick_check")
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var line string
			if err := found.Scan(&line); err != nil {
				return err
			}
			if line != "ok" {
				problems = append(problems, line)
			}
		}
		return found.Err()
	})
	return problems, err
}

// Backup writes one consistent state of the database to a new file at path,
// which only its owner may read. It goes on beside readers and a writer.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable("make backup "+path, err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			os.Remove(path)
		}
	}()
	from := db.write
	if db.path != "" {
		source := dsn(db.path, "busy_timeout(10000)")
		if !writable(db.path) {
			source += "&mode=ro"
		}
		if from, err = sql.Open("sqlite", source); err != nil {
			return err
		}
		defer from.Close()
	}
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return Explain("write backup "+path, err)
	}
	return Explain("write backup "+path, f.Sync())
}

// Close closes the database; all that was reported as done is in the file.
func (db *DB) Close() error {
	var err error
	if db.reads != nil {
		err = db.reads.Close()
	}
	if db.write != nil && db.write != db.reads {
		err = errors.Join(err, db.write.Close())
	}
	return err
}
