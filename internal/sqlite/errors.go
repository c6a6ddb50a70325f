package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The kinds of errors that a database returns, wrapped. Test with errors.Is.
var (
	ErrDamaged  = errors.New("the file is damaged")
	ErrNewer    = errors.New("a newer version of this program wrote it")
	ErrOlder    = errors.New("an older version of this program wrote it")
	ErrReadOnly = errors.New("it cannot be written")
	ErrFull     = errors.New("no space is left")
)

// Explain wraps err of SQLite or of the file system so that errors.Is finds
// its kind. It returns nil for nil.
func Explain(what string, err error) error {
	if err == nil {
		return nil
	}
	if kind := KindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%s: %w: %w", what, kind, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// KindOf returns the kind of an error of SQLite or of the file system, or nil.
func KindOf(err error) error {
	for _, kind := range []error{ErrDamaged, ErrNewer, ErrOlder, ErrReadOnly, ErrFull} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		return ErrFull
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return ErrReadOnly
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return ErrReadOnly
	case sqlite3.SQLITE_IOERR:
		switch e.Code() {
		case sqlite3.SQLITE_IOERR_WRITE:
			return ErrFull
		case sqlite3.SQLITE_IOERR_SHORT_READ:
			return ErrDamaged
		}
	}
	return nil
}

// Explain is Explain for an error of a query on db. SQLite does not say why it cannot
// open a file; if the process has too many files open, the error does.
func (db *DB) Explain(what string, err error) error {
	var e *sqlite.Error
	if db.path == "" || !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_CANTOPEN {
		return Explain(what+" "+db.path, err)
	}
	f, cause := os.Open(db.path)
	if cause != nil {
		return fmt.Errorf("%s %s: %w: %w", what, db.path, cause, err)
	}
	f.Close()
	return Explain(what+" "+db.path, err)
}

// unwritable is Explain for what fails when a folder or file is made or opened
// for writing.
func unwritable(what string, err error) error {
	if KindOf(err) == nil {
		return fmt.Errorf("%s: %w: %w", what, ErrReadOnly, err)
	}
	return Explain(what, err)
}
